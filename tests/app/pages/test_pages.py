"""The page as it is served, and what its one callback calls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import dash
import pytest
from dash import html
from test_form import parts

from app.factory import create_app
from app.launch import admit, refusal
from app.pages import PAGES, Page, ids, page_at
from app.pages.assets_folder import assets_folder
from app.pages.frame import facts as page_facts
from app.pages.frame import layout
from app.pages.help import KEYS
from app.panels import Panel
from app.services import Services, build_services
from app.settings import Settings
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError, QueueFullError, UnknownFieldError


@pytest.fixture(scope="module")
def services(tmp_path_factory) -> Iterator[Services]:
    environment = {"NNPROBE_HOME": str(tmp_path_factory.mktemp("home")), "NNPROBE_MAX_WAITING": "2"}
    services = build_services(Settings.from_environment({**environment, "NNPROBE_MAX_JOBS": "1"}))
    yield services
    services.close()


@pytest.fixture(scope="module")
def app(services) -> dash.Dash:
    return create_app(services)


@pytest.fixture(scope="module")
def index(app) -> str:
    return app.server.test_client().get("/").get_data(as_text=True)


def test_the_shell_says_language_title_and_viewport(index):
    assert '<html lang="en">' in index
    assert "<title>nnprobe: watch a neural network learn</title>" in index
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in index


def test_nothing_is_fetched_from_another_machine(index):
    assert re.findall(r'(?:src|href)="(?!/|data:)[^"]*"', index) == []
    for file in (*assets_folder().rglob("*.css"), *assets_folder().rglob("*.js")):
        text = file.read_text()
        assert re.findall(r"https?://(?!www\.w3\.org)[^\s'\"`)]+", text) == [], file.name


def test_every_script_and_style_of_the_page_is_there(app, index):
    client = app.server.test_client()
    paths = re.findall(r'(?:src|href)="(/[^"]+)"', index)
    assert len(paths) > 20
    for path in paths:
        with client.get(path) as response:
            assert response.status_code == 200, path


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def page(request) -> Page:
    return request.param


def test_the_layout_has_its_panels_with_their_names_and_numbers(page):
    found = list(parts(layout(page, PAGES)))
    sections = [part for part in found if hasattr(part, "data-panel")]
    assert [getattr(part, "data-panel") for part in sections] == [panel.name for panel in page.panels]
    shown = [getattr(part, "data-panel") for part in sections if not part.hidden]
    assert shown == list(page.opens_with), "the others are in the page, and not seen"
    assert all(float(getattr(part, f"data-{side}")) > 0 for part in sections for side in ("width", "height"))
    assert [part.id for part in sections] == [ids.panel(panel.name) for panel in page.panels]
    every = {part.id for part in found if getattr(part, "id", None)}
    assert all(getattr(part, "aria-labelledby") in every for part in sections)
    assert {panel.graph_id for panel in page.panels} <= every


def test_a_page_has_any_number_of_panels_but_none_twice_and_opens_with_its_own():
    def made(count, **rest):
        panels = tuple(Panel(name=f"panel{k}", title=f"Panel {k}", help=".") for k in range(count))
        return Page(name="any", path="/any", title="Any", help=".", kind="any", **{"panels": panels, **rest})

    assert len(made(17).opens_with) == 17
    assert made(3, first=("panel2", "panel0")).opens_with == ("panel2", "panel0")
    for wrong in ((), (*made(1).panels, *made(2).panels)):
        with pytest.raises(ValueError, match="at least one, each with its own name"):
            made(0, panels=wrong)
    with pytest.raises(ValueError, match="any must open with panels of its own"):
        made(2, first=("panel2",))


def test_the_chooser_the_shelf_and_the_index_name_every_panel(page):
    for where in ("chooser-rows", "shelf", "index"):
        (list_of,) = (part for part in parts(layout(page, PAGES)) if getattr(part, "id", None) == where)
        named = [getattr(part, "data-of") for part in parts(list_of) if hasattr(part, "data-of")]
        assert named == [panel.name for panel in page.panels], where
    facts = json.loads(page_facts(page, PAGES, "cpu"))
    meta = {panel.name: json.loads(json.dumps(panel.meta)) for panel in page.panels}
    assert facts["panels"] == {"all": list(meta), "first": list(page.opens_with), "meta": meta}


def test_a_preset_is_about_panels_of_its_page_and_those_its_sentence_names(page):
    titles = {panel.title: panel.name for panel in page.panels}
    for preset in page.presets:
        assert set(preset.panels) <= set(titles.values()), preset.name
        said = re.search(r"[Ww]atch the (.*?) panels?\b", preset.watch)
        named = re.findall("|".join(titles), said[1]) if said else []
        assert {titles[title] for title in named} <= set(preset.panels), preset.name


def test_names_of_panels_and_paths_are_unique_over_all_pages():
    names = [panel.name for page in PAGES for panel in page.panels]
    assert len(names) == len(set(names))
    assert len({page.path for page in PAGES}) == len({page.kind for page in PAGES}) == len(PAGES)
    scripts = {file.stem for file in (assets_folder() / "panels").glob("*.js")}
    assert scripts == set(names)


def test_ids_are_unique_on_the_page(page):
    found = [part.id for part in parts(layout(page, PAGES)) if getattr(part, "id", None)]
    assert len(found) == len(set(found))


def test_every_button_says_what_it_is(page):
    def said(part: object) -> str:
        if isinstance(part, str):
            return part
        if isinstance(part, list):
            return "".join(said(child) for child in part)
        return str(getattr(part, "aria-label", "")) or said(getattr(part, "children", None) or "")

    for part in parts(layout(page, PAGES)):
        if isinstance(part, html.Button) and not hasattr(part, "aria-labelledby"):
            assert said(part).strip(), part


def test_the_header_leads_to_every_page_and_marks_this_one(page):
    links = {part.href: part for part in parts(layout(page, PAGES)) if getattr(part, "className", "") == "page-link"}
    assert list(links) == [one.path for one in PAGES]
    assert [href for href, link in links.items() if getattr(link, "aria-current", "") == "page"] == [page.path]
    assert [link.children for link in links.values()] == [one.title for one in PAGES]


def test_a_shell_has_the_scripts_of_its_own_panels_and_asks_for_its_own_layout(app, page):
    client = app.server.test_client()
    shell = client.get(page.path).get_data(as_text=True)
    assert set(re.findall(r"/assets/panels/(\w+)\.js", shell)) == {panel.name for panel in page.panels}
    assert set(re.findall(r"/assets/pages/(\w+)\.js", shell)) <= {page.name}
    assert f'"requests_pathname_prefix":"{page.prefix}"' in shell
    said = json.loads(unescape(re.search(r'<meta name="nnprobe-page" content="([^"]*)"', shell)[1]))
    assert (said["name"], said["kind"]) == (page.name, page.kind)
    assert said["paths"] == {one.name: one.path for one in PAGES}
    found = client.get(f"{page.prefix}_dash-layout").get_data(as_text=True)
    assert all(f'"{ids.panel(panel.name)}"' in found for panel in page.panels)
    assert client.get(f"{page.prefix}_dash-dependencies").get_json()


def test_a_run_is_shown_on_the_page_of_its_kind(app):
    client = app.server.test_client()
    answer = client.get("/compare?steps=3&run=preset-default&at=7")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/?steps=3&run=preset-default&at=7"
    assert client.get("/?run=preset-default").status_code == 200
    assert client.get("/compare?run=nobody").status_code == 200
    assert client.get("/compare?run=../../etc").status_code == 200


def test_an_unknown_path_is_a_page_that_says_so_and_leads_home(app):
    client = app.server.test_client()
    for path in ("/nowhere", "/compare/more", "/<b>"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "There is no such page" in answer.text
        assert all(f'href="{page.path}"' in answer.text for page in PAGES)
        assert "<b>" not in answer.text
        assert re.findall(r'(?:src|href)="(?!/|data:)[^"]*"', answer.text) == []
    assert client.get("/compare/").status_code == 200


def test_a_path_that_is_nobodys_is_the_first_page():
    assert [page_at(path).name for path in ("/", "/compare", "/compare/_dash-layout", "/nothing")] == [
        "lab",
        "compare",
        "compare",
        "lab",
    ]


def test_the_help_sheet_names_every_key_that_does_something():
    script = (assets_folder() / "frame" / "keys.js").read_text()
    table = script[script.index("const ACTS = {") : script.index("\n  };", script.index("const ACTS"))]
    acts = {one or two for one, two in re.findall(r"^    (?:'([^']+)'|(\w+)): ", table, re.MULTILINE)}
    names = {"ArrowLeft": "←", "ArrowRight": "→", " ": "Space", "Escape": "Esc"}
    sheet = " ".join(key for key, _ in KEYS).lower().split()
    assert acts == {*"ltsbrpfdcv?0", " ", "ArrowLeft", "ArrowRight", "Home", "End", "Escape"}
    assert {names.get(act, act).lower() for act in acts} <= set(sheet)


def test_train_admits_the_run_it_is_asked_for(services):
    answer = admit(services, {"config": {"max_phi": 12, "hidden": [4, 4]}, "replaces": None})
    status = services.jobs.status(answer["run"])
    assert status.state == "queued"
    assert RunConfig.from_mapping(status.config) == RunConfig(max_phi=12, hidden=(4, 4))
    assert RunConfig.from_json(answer["config"]) == RunConfig(max_phi=12, hidden=(4, 4))


def test_a_new_train_stops_the_run_it_replaces(services):
    first = admit(services, {"config": {}})["run"]
    second = admit(services, {"config": {}, "replaces": first})["run"]
    assert first != second
    assert services.jobs.status(first).state == "stopped"
    assert services.jobs.status(second).state == "queued"


def test_a_refused_request_is_a_sentence_and_its_field(services):
    with pytest.raises(ConfigError) as caught:
        admit(services, {"config": {"lr": -1}})
    assert refusal(caught.value) == {"error": "lr must be a number from 1e-07 to 100, got -1.", "field": "lr"}
    with pytest.raises(UnknownFieldError, match="Unknown field speed; the known ones are dataset"):
        admit(services, {"config": {"speed": 3}})
    assert refusal(QueueFullError(100, 100))["field"] is None


def test_the_callback_answers_in_one_of_two_stores(app):
    client = app.server.test_client()
    dependencies = client.get("/_dash-dependencies").get_json()
    one = next(item for item in dependencies if item["inputs"] == [{"id": ids.REQUEST, "property": "data"}])

    def ask(request: object) -> dict[str, dict[str, object]]:
        body = {
            "output": one["output"],
            "outputs": [{"id": ids.LAUNCH, "property": "data"}, {"id": ids.REFUSED, "property": "data"}],
            "inputs": [{"id": ids.REQUEST, "property": "data", "value": request}],
            "changedPropIds": [f"{ids.REQUEST}.data"],
        }
        return json.loads(client.post("/_dash-update-component", json=body).data)["response"]

    refused = ask({"config": {"noise": 99}, "nonce": "n"})
    assert set(refused) == {ids.REFUSED}
    assert refused[ids.REFUSED]["data"] == {
        "error": "noise must be a number from 0 to 5, got 99.",
        "field": "noise",
        "nonce": "n",
    }
