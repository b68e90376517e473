"""Compare: many networks at once, over a grid of settings."""

from app.pages.page import Page, Words
from app.panels import fates, sweep_curve, sweep_spectra, sweep_stress

PAGE = Page(
    name="compare",
    path="/compare",
    title="Compare",
    help="Many networks trained at once over one or two settings: how accuracy, weights and robustness depend on them.",
    kind="sweep",
    panels=(
        sweep_curve.PANEL,
        sweep_spectra.PANEL,
        sweep_stress.PANEL,
        fates.PANEL,
    ),
    words=Words(act="Sweep", doing="sweeping", unit="networks", tip="Train every network of the grid"),
)
