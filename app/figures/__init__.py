"""Figures: what the page's panels show of a film, as Plotly figures and as files. Drawn by the page's own scripts."""

from app.figures.figure import Picture, Pictures, figure, pictures
from app.figures.studio import FigureError

__all__ = ["FigureError", "Picture", "Pictures", "figure", "pictures"]
