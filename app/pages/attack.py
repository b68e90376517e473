"""Attack: adversarial examples, and what becomes of a network under them."""

from app.pages.page import Page, Words
from app.panels import attack_curve, attack_gallery, attack_transitions

PAGE = Page(
    name="attack",
    path="/attack",
    title="Attack",
    help="Small changes of the input that make a network err: how far accuracy and confidence fall as they grow.",
    kind="attack",
    panels=(
        attack_curve.PANEL,
        attack_gallery.PANEL,
        attack_transitions.PANEL,
    ),
    words=Words(
        act="Attack", doing="attacking", unit="steps", tip="Train the network, then attack it at every strength"
    ),
)
