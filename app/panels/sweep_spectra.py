"""Spectra: frobenius norms and eigenvalues of the weight matrices against the setting that is varied."""

from app.panels.panel import Panel

PANEL = Panel(
    name="sweep_spectra",
    number=2,
    title="Spectra",
    help="Frobenius norms and eigenvalues of the weight matrices against the setting that is varied.",
)
