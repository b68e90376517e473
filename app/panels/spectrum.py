"""Spectrum: singular values and eigenvalues of the weight matrices."""

from app.panels.panel import Panel

PANEL = Panel(
    name="spectrum",
    title="Spectrum",
    probe="spectrum",
    help="Eigenvalues of every square weight matrix in the complex plane, before training in grey, with the circle of "
    "radius σ√n that random matrices fill in the limit of large n, and the way each of them went; how many are complex "
    "and how far their moduli spread, over time; singular values of every matrix, shaded the band of random ones "
    "(Marchenko and Pastur 1967); norms over time. "
    "Renumbering the units of a layer changes the eigenvalues but neither the network's function nor the singular "
    "values: those lead. Most eigenvalues of a random matrix are complex by chance (Edelman 1994).",
)
