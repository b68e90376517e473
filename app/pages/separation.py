"""Separation: which layer tells which classes apart, before and after training."""

from app.pages.page import Page, Words
from app.panels import layer_grid, pairs, pca, tests

PAGE = Page(
    name="separation",
    path="/separation",
    title="Separation",
    help="How far apart the classes are in every layer, before and after training, and whether that is chance.",
    kind="separation",
    panels=(
        pairs.PANEL,
        layer_grid.PANEL,
        pca.PANEL,
        tests.PANEL,
    ),
    words=Words(act="Measure", doing="measuring", unit="stages", tip="Measure the separation at every stage"),
)
