"""Layers over time: mean separation and a linear probe's accuracy of every layer at every stage."""

from app.panels.panel import Panel

PANEL = Panel(
    name="layer_grid",
    title="Layers over time",
    short="Layers",
    help="A row a layer, a column a stage: the mean separation of all class pairs, or how far it has moved since the "
    "start (the effect size; no p-value belongs to it while it runs), and beside it the test accuracy of a linear "
    "probe: discriminant analysis with equal priors, its ridge chosen on the training points. The two measure "
    "different things: neighbours, and a hyperplane. A cell also tells what 95 % of shuffled labels lie between.",
)
