"""Lab: one network, watched while it learns."""

from dash import html

from app.pages.form import Form
from app.pages.page import Page
from app.pages.presets import PRESETS
from app.pages.run_form import CONTROLS, LIMITS, REDRAWS, SECTIONS
from app.panels import PANELS
from nnprobe_core.config import RunConfig

PAGE = Page(
    name="lab",
    path="/",
    title="Lab",
    help="One network, watched while it learns: its boundary, every layer, its spectrum and its separation.",
    story="A run is a film. Train records it, the clock plays it: go back, go on, or stay at the live edge while it "
    "grows. A tap on a point follows that point through every layer.",
    kind="run",
    panels=PANELS,
    form=Form(RunConfig, CONTROLS, SECTIONS, redraws=REDRAWS, limits=LIMITS),
    score="test accuracy",
    presets=PRESETS,
    eager=True,
    paces=True,
    step=True,
    # The data and the network, drawn by assets/form/sketch.js; its caption says the same in words.
    extra=html.Figure(html.Figcaption(), id="sketch"),
    # Those that teach: large, and the others a tap away.
    first=("boundary", "layers", "loss", "spectrum", "separation"),
)
