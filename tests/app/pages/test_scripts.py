"""Scripts come in an order that follows from what they say they need."""

from __future__ import annotations

import re
from pathlib import Path

import networkx
import pytest

from app.factory import create_app
from app.pages import PAGES
from app.pages.assets_folder import assets_folder
from app.pages.scripts import STYLES, Scripts, floor, given, needed
from app.services import build_services
from app.settings import Settings

NAMESPACE = "(() => {\n  window.nnprobe = {};\n})();\n"


def script(needs: str, gives: str) -> str:
    return (
        f"(() => {{\n  const {{ {needs} }} = nnprobe;\n  nnprobe.{gives} = 1;\n}})();\n"
        if needs
        else f"nnprobe.{gives} = 1;"
    )


@pytest.fixture
def folder(tmp_path) -> Path:
    """Scripts whose needs run against the alphabet, over two folders."""
    files = {
        "base/nnprobe": NAMESPACE,
        "base/zeal": script("", "zeal"),
        "base/query": script("zeal", "query"),
        "player/film": script("emitter, query: ask", "film"),
        "player/zemitter": script("zeal", "emitter"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.js").write_text(text)
    return tmp_path


def test_a_script_comes_after_those_that_make_what_it_needs(folder):
    names = ("base/nnprobe", "base/zeal", "base/query", "player/zemitter", "player/film")
    assert Scripts(folder).order == names


def test_a_circle_is_named(folder):
    (folder / "base" / "zeal.js").write_text(script("query", "zeal"))
    with pytest.raises(ValueError, match=r"^Scripts that need one another: .*base/(zeal|query).*base/(zeal|query)"):
        _ = Scripts(folder).order


def test_what_nobody_gives_is_named(folder):
    (folder / "base" / "zeal.js").write_text(script("clock", "zeal"))
    with pytest.raises(ValueError, match=r"^base/zeal.js needs clock, which no script gives\.$"):
        _ = Scripts(folder).order


def test_what_is_made_above_is_named(folder):
    (folder / "base" / "zeal.js").write_text(script("film", "zeal"))
    with pytest.raises(ValueError, match=r"^base/zeal.js needs what is made above its folder, by player/film\.$"):
        _ = Scripts(folder).order


def used(text: str) -> set[str]:
    """The names that a script takes from the others, at its top or whenever it is called."""
    text = re.sub(r"/\*.*?\*/|(?<![:\\])//[^\n]*", "", text, flags=re.DOTALL)
    names = set(re.findall(r"\bnnprobe\.(\w+)", text))
    for taken in re.findall(r"\{((?:[^{}]|\{[^{}]*\})*)\}\s*=\s*nnprobe\b(?!\.)", text):
        names |= {re.split("[:=]", name)[0].strip() for name in re.sub(r"\{[^{}]*\}", "", taken).split(",")}
    return names - given(text) - {"", "panels", "pages"}


@pytest.fixture(scope="module")
def uses() -> networkx.DiGraph:
    """Which script uses which, at any time: an edge to each that makes a name it takes."""
    folder = assets_folder()
    texts = {file.relative_to(folder).with_suffix("").as_posix(): file.read_text() for file in folder.rglob("*.js")}
    makers = {name: one for one, text in texts.items() for name in given(text) - {"panels", "pages"}}
    graph = networkx.DiGraph()
    graph.add_nodes_from(texts)
    for one, text in texts.items():
        unknown = used(text) - set(makers)
        assert unknown == set(), one
        graph.add_edges_from((one, makers[name]) for name in used(text))
    return graph


def test_scripts_use_one_another_in_no_circle(uses):
    assert uses.number_of_edges() > 200
    assert [circle for circle in networkx.strongly_connected_components(uses) if len(circle) > 1] == []


def test_no_script_uses_one_of_a_folder_above_its_own(uses):
    assert [(one, other) for one, other in uses.edges if floor(other) > floor(one)] == []


def test_each_name_is_made_by_one_script():
    made = [name for file in assets_folder().rglob("*.js") for name in given(file.read_text()) - {"panels", "pages"}]
    assert len(made) == len(set(made)) > 60


def test_a_page_and_a_panel_speak_of_no_other_one():
    """Of what pages and panels say of themselves (`nnprobe.pages.compare`) nobody else may know by name."""
    for file in assets_folder().rglob("*.js"):
        known = set(re.findall(r"\bnnprobe\.(?:pages|panels)\.(\w+)", file.read_text()))
        assert known <= {file.stem}, file


def test_a_shell_has_its_scripts_and_styles_in_order(tmp_path):
    services = build_services(Settings.from_environment({"NNPROBE_HOME": str(tmp_path)}))
    try:
        client = create_app(services).server.test_client()
        shells = [client.get(page.path).get_data(as_text=True) for page in PAGES]
    finally:
        services.close()
    for shell in shells:
        assert tuple(re.findall(r"/assets/styles/(\w+)\.css", shell)) == STYLES
        known: set[str] = set()
        names = re.findall(r"/assets/([\w/]+)\.js", shell)
        for name in names:
            text = (assets_folder() / f"{name}.js").read_text()
            assert needed(text) <= known, name
            known |= given(text)
        assert len(names) == len(set(names)) > 50
        assert sorted(names, key=floor) == names
        # Dash's own come before ours and its renderer after them, as it has them itself.
        assert shell.index("/react@") < shell.index("/assets/base/") < shell.index("/dash_renderer.")
