"""Spectrum: singular values and eigenvalues of the weight matrices."""

from app.panels.panel import Panel

PANEL = Panel(
    name="spectrum",
    number=5,
    title="Spectrum",
    probe="spectrum",
    help="Eigenvalues of every square weight matrix in the complex plane, before training in grey, with the circle of "
    "radius σ√n that random matrices fill in the limit of large n; singular values of every matrix; norms over time. "
    "Renumbering the units of a layer changes the eigenvalues but neither the network's function nor the singular "
    "values: those lead. Most eigenvalues of a random matrix are complex by chance (Edelman 1994).",
)
