"""Attack: how far a point must move for the network to change its mind, and how accuracy falls under such moves."""

from app.panels.panel import Panel
from nnprobe_core.probes.robustness import SHARES

LARGEST = 0.12  #: ε that may be asked for, as a share of the longer side of the part of the plane that is shown

PANEL = Panel(
    name="attack",
    title="Attack",
    probe="robustness",
    help="Choose a point and move ε: the smallest change of the input within ε that raises the network's loss most "
    "(FGSM in one step, BIM in ten, PGD in ten from several random starts) leads the point to its adversary, drawn in "
    "the plane and in every layer's map. The curves say how many test points keep their class under such an attack, "
    "beside random noise of the same size (dashed): while training, at ε of 1, 2 and 4 % of the picture's side, and "
    "against ε at this moment. Past the true midline between two arms of a spiral another class may be right.",
    meta={"shares": SHARES, "largest": LARGEST},
)
