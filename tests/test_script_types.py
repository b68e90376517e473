"""TypeScript holds a panel's script to what a panel, its context and its marks are (types/): lies told to it are named.

That the page's own scripts hold to it is `make test`'s to say (tsconfig.json).
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from contributed import ROOT, shown
from node import node

TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
#: A panel that says nothing wrong; each lie puts one of its lines otherwise.
TRUE = """
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.truth = {
    empty: 'Nothing yet.',
    layout: (ctx) => ({ ...layout.base(ctx), ...layout.axes(ctx, 1, { left: 0, top: 0, width: 9, height: 9 }) }),
    marks(ctx, seq) {
      const out = /** @type {Mark[]} */ ([]), series = ctx.film.series('series.loss'), [x, y] = ctx.layer(0, seq);
      out.push({ kind: 'points', axis: 1, x, y, shape: 0, size: 4, colour: ctx.theme.ink });
      out.push({ kind: 'line', axis: 1, x: series.steps, y: series.column('train_loss'), colour: ctx.theme.soft });
      out.push({ kind: 'text', axis: 0, x: 4, y: 4, text: ctx.names[0], colour: ctx.theme.soft, anchor: 'left' });
      return out;
    },
    says: (ctx, seq) => `step ${ctx.format.count(ctx.frame(seq).step)}`,
  };
})();
"""
#: What is wrong, the words in their place, and what TypeScript calls by name.
LIES = {
    "a field of a mark that there is not": ("size: 4, colour", "size: 4, color", "'color' does not exist"),
    "a mark without a field it must have": ("size: 4, colour", "colour", "'size' is missing"),
    "a kind of mark that there is not": ("kind: 'line'", "kind: 'curve'", "'\"curve\"' is not assignable"),
    "a field of another kind of mark": ("kind: 'line', axis: 1,", "kind: 'line', axis: 1, anchor: 'left',", "'anchor'"),
    "a field of a mark with another sort of value": ("anchor: 'left'", "anchor: 'centre'", "'\"centre\"'"),
    "a field of the context that there is not": ("ctx.names[0]", "ctx.layerNames[0]", "'layerNames' does not exist"),
    "a colour that the theme has not": ("ctx.theme.ink", "ctx.theme.black", "'black' does not exist"),
    "something the film does not say": ("ctx.film.series('", "ctx.film.curve('", "'curve' does not exist"),
    "a part of a panel that nobody asks for": ("says: (ctx", "tells: (ctx", "'tells' does not exist"),
    "a panel without its marks": ("    marks(ctx, seq) {", "    draws(ctx, seq) {", "'draws' does not exist"),
    "a list of marks that is none": ("/** @type {Mark[]} */ ([])", "[]", "not assignable to type 'Mark[]'"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, str]:
    """Of each script what TypeScript says of it: the true one, the lies by their place in the table, those shown."""
    assert TSC.exists(), "TypeScript is not installed: `.venv/bin/python tests/node.py npm ci` does it."
    folder = tmp_path_factory.mktemp("scripts")
    scripts = {"true": TRUE}
    for k, (was, put, _) in enumerate(LIES.values()):
        assert TRUE.count(was) == 1, was
        scripts[f"lie{k}"] = TRUE.replace(was, put)
    scripts |= {Path(path).stem: text for path, _, text in shown() if path.endswith(".js")}
    for name, text in scripts.items():
        (folder / f"{name}.js").write_text(text)
    config = {"extends": str(ROOT / "tsconfig.json"), "include": ["*.js", str(ROOT / "types" / "*.d.ts")]}
    (folder / "tsconfig.json").write_text(json.dumps(config))
    done = subprocess.run(node(str(TSC), "--pretty", "false"), cwd=folder, capture_output=True, text=True)
    said = re.split(r"^(?=\w+\.js\(|\S+\.d\.ts\()", done.stdout, flags=re.MULTILINE)
    assert all(part == "" or part.split(".js(")[0] in scripts for part in said), done.stdout
    return {name: "".join(part for part in said if part.startswith(f"{name}.js(")) for name in scripts}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_named(found, lie):
    said = found[f"lie{list(LIES).index(lie)}"]
    assert LIES[lie][2] in said, said


def test_what_is_true_passes(found):
    assert found["true"] == ""


def test_scripts_that_contributing_shows_pass(found):
    own = {name: said for name, said in found.items() if name != "true" and not name.startswith("lie")}
    assert own == {"dimension": "", "mistakes": ""}
