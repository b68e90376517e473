"""``python -m nnprobe_core.autograd.toy_mlp``: what the toy networks and the digits reach, in a table.

Each line is one recipe from three seeds of weights and order; accuracy is on points that were not trained on.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import digits, train_toy_mlp


def main(seeds: Sequence[int] = (0, 1, 2)) -> None:
    """Print the table, a line as soon as it is known."""
    print(f"{'points':<8}  {'hidden':>6}  {'loss':<7}  {'optimiser':<18}  {'accuracy of each seed':<21}  lowest")
    for recipe in train_toy_mlp.RECIPES:
        hidden = "-".join(map(str, recipe.hidden_layer_sizes))
        scores = [train_toy_mlp.train(recipe, seed)[1] for seed in seeds]
        _line(recipe.structure, hidden, "BCELoss", recipe.optimiser, scores)
    _line("digits", str(digits.HIDDEN), "CELoss", "Adam .01", [digits.train(seed) for seed in seeds])


def _line(points: str, hidden: str, loss: str, optimiser: str, scores: Sequence[float]) -> None:
    shown = "  ".join(f"{score:.1%}" for score in scores)
    print(f"{points:<8}  {hidden:>6}  {loss:<7}  {optimiser:<18}  {shown:<21}  {min(scores):.1%}", flush=True)


if __name__ == "__main__":
    main()
