"""Norms and eigenvalues of the weight matrices against the setting that is varied."""

from app.panels.panel import Panel

PANEL = Panel(
    name="sweep_spectra",
    title="Spectra",
    help="At the end of training, per weight matrix: the Frobenius norm, how far the largest and the smallest |λ| are "
    "apart, and how many eigenvalues are complex. Only square matrices have eigenvalues, and renumbering a layer's "
    "units changes them, not the network. Most eigenvalues of a random matrix are complex by chance "
    "alone (Edelman 1994).",
)
