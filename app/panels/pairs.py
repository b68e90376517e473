"""Class pairs: histograms of the separation of every pair of classes, by layer, before and after training."""

from app.panels.panel import Panel
from nnprobe_core.separation.histograms import BINS

PANEL = Panel(
    name="pairs",
    title="Class pairs",
    help="The Henze-Penrose separation of every pair of classes, a row a layer: bars up are now, bars down before "
    "training, ticks their means. 1: apart; 0: one distribution. It is what neighbours can see at this number of "
    "points, not information: no layer can add any. Of fewer than ten pairs, 30 resamples of points are shown in "
    "place of pairs; they overlap, so their spread is no error bar. A click on a bar shows its first pair in panel 3.",
    meta={"bins": BINS},
    shape="tall",
)
