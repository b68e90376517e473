"""Scripts come in an order that follows from what they say they need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.factory import create_app
from app.pages import PAGES
from app.pages.assets_folder import assets_folder
from app.pages.scripts import STYLES, Scripts, given, needed
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
    """Four scripts whose needs run against the alphabet."""
    files = {
        "z/nnprobe": NAMESPACE,
        "a/film": script("emitter, query: ask", "film"),
        "b/emitter": script("", "emitter"),
        "c/query": script("emitter", "query"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / f"{name}.js").write_text(text)
    return tmp_path


def test_a_script_comes_after_those_that_make_what_it_needs(folder):
    assert Scripts(folder).order == ("z/nnprobe", "b/emitter", "c/query", "a/film")


def test_a_circle_is_named(folder):
    (folder / "b" / "emitter.js").write_text(script("film", "emitter"))
    with pytest.raises(ValueError, match=r"^Scripts that need one another: .*b/emitter.*a/film"):
        _ = Scripts(folder).order


def test_what_nobody_gives_is_named(folder):
    (folder / "b" / "emitter.js").write_text(script("clock", "emitter"))
    with pytest.raises(ValueError, match=r"^b/emitter.js needs clock, which no script gives\.$"):
        _ = Scripts(folder).order


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
        # Dash's own come before ours and its renderer after them, as it has them itself.
        assert shell.index("/react@") < shell.index("/assets/base/") < shell.index("/dash_renderer.")
