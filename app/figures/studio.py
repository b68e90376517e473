"""Studio: a film opened on its page in a headless Chromium, with a server of its own in a temporary folder.

The page draws all there is to draw, so a figure is what the page shows. Nothing leaves the machine.
"""

from __future__ import annotations

import json
import threading
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from app.figures.chromium import chromium_path
from nnprobe_core.errors import NnprobeError
from nnprobe_core.frame import FILM, SETTLED, header
from nnprobe_core.record import DONE, Status

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RUN = "figure"
_PATIENCE = 120_000  #: milliseconds for the page to open on a machine that has much else to do
_READY = """settled => window.nnprobe && nnprobe.session && nnprobe.session.ready && nnprobe.stage.ready
    && window.Plotly && nnprobe.film.run === 'figure' && nnprobe.film.complete
    && (!settled || nnprobe.film.hasSettled)"""
_NEEDS = (
    "Figures are drawn in a headless Chromium: pip install 'nnprobe[figure]', and playwright install chromium "
    "(or name a Chromium in NNPROBE_CHROMIUM)."
)


class FigureError(NnprobeError):
    """There is no such figure, or no means to draw it; a sentence."""


class Studio:
    """A page that shows one film; see :func:`open_studio`."""

    def __init__(self, hand: Executor, browser: Browser, page: Page) -> None:
        self._hand, self._browser, self._page = hand, browser, page

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A panel's picture: ``seq``, ``step`` and ``figure`` (JSON); FigureError with the page's sentence."""
        script = Path(__file__).with_name("figure.js").read_text(encoding="utf-8")
        answer: dict[str, Any] = self._evaluate(script, dict(request))
        if "sentence" in answer:
            raise FigureError(answer["sentence"])
        return {**answer, "figure": json.loads(answer["figure"])}

    def svg(self, figure: Mapping[str, Any]) -> str:
        """Plotly's own SVG of a figure."""
        return unquote(self._image(figure, "svg").split(",", 1)[1])

    def png(self, figure: Mapping[str, Any], scale: float) -> bytes:
        """A PNG of ``scale`` times the figure's pixels."""
        return b64decode(self._image(figure, "png", scale).split(",", 1)[1])

    def pdf(self, figure: Mapping[str, Any]) -> bytes:
        """A PDF of one page of the figure's size; lines and text stay what they are."""
        width, height = (f"{figure['layout'][side]}px" for side in ("width", "height"))
        style = f"@page {{ size: {width} {height}; margin: 0 }} body {{ margin: 0 }} svg {{ display: block }}"
        content = f"<!DOCTYPE html><style>{style}</style>{self.svg(figure)}"

        def printed() -> bytes:
            page = self._browser.new_page()
            try:
                page.set_content(content)
                return page.pdf(width=width, height=height, print_background=True, page_ranges="1")
            finally:
                page.close()

        return self._hand.submit(printed).result()

    def _image(self, figure: Mapping[str, Any], kind: str, scale: float = 1) -> str:
        layout = figure["layout"]
        how = {"format": kind, "width": layout["width"], "height": layout["height"], "scale": scale}
        found: str = self._evaluate("([figure, how]) => Plotly.toImage(figure, how)", [dict(figure), how])
        return found

    def _evaluate(self, script: str, argument: object) -> Any:
        return self._hand.submit(self._page.evaluate, script, argument).result()


@contextmanager
def open_studio(tracks: Mapping[str, Sequence[bytes]], theme: str) -> Iterator[Studio]:
    """The film ``tracks`` (encoded frames by track) on its page, in the theme ``light`` or ``dark``."""
    try:
        from playwright.sync_api import Error
    except ImportError:
        raise FigureError(_NEEDS) from None
    path = chromium_path()
    if path is None:
        raise FigureError(_NEEDS)
    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(prefix="nnprobe-figure-"))
        address = stack.enter_context(_serve(Path(home), tracks))
        # Playwright wants a thread without an event loop; a notebook's own has one.
        hand = stack.enter_context(ThreadPoolExecutor(max_workers=1))
        inner = ExitStack()
        stack.callback(lambda: hand.submit(inner.close).result())
        try:
            where, settled = f"{address}/?run={RUN}&at=0&panels=all", bool(tracks.get(SETTLED))
            browser, page = hand.submit(_open, inner, path, where, theme, settled).result()
            yield Studio(hand, browser, page)
        except Error as error:
            raise FigureError(f"Chromium ({path}) could not draw the figure: {str(error).splitlines()[0]}") from None


def _open(stack: ExitStack, path: str, address: str, theme: str, settled: bool) -> tuple[Browser, Page]:
    """A browser and a page that is ready, until ``stack`` is closed."""
    from playwright.sync_api import sync_playwright

    playwright = stack.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    stack.callback(browser.close)
    # As small as a phone, and at rest: no panel is drawn but the one that is asked for.
    page = browser.new_page(viewport={"width": 390, "height": 600}, color_scheme=theme)  # type: ignore[arg-type]
    page.set_default_timeout(_PATIENCE)
    page.goto(address)
    page.wait_for_function(_READY, arg=settled)
    return browser, page


@contextmanager
def _serve(home: Path, tracks: Mapping[str, Sequence[bytes]]) -> Iterator[str]:
    """The address of a server, of this machine alone, whose one run is the film."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    from app.factory import create_app
    from app.services import build_services
    from app.settings import Settings

    class Quiet(WSGIRequestHandler):
        def log(self, *_: Any) -> None:
            """Nobody reads a line a request here."""

    services = build_services(Settings(home=home, max_jobs=1), warm=False)
    try:
        services.log.create(_status(tracks[FILM]))
        for track, frames in tracks.items():
            for seq, data in enumerate(frames):
                services.log.append(RUN, seq, data, track)
        server = make_server("127.0.0.1", 0, create_app(services).server, threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.shutdown()
            thread.join()
    finally:
        services.close()


def _status(frames: Sequence[bytes]) -> Status:
    config, step, now = header(frames[0]).get("config"), int(header(frames[-1])["step"]), time.time()
    if not isinstance(config, dict):
        raise FigureError("A figure's film must begin with its config; this one has none.")
    return Status(RUN, DONE, config=config, created=now, updated=now, step=step, steps=step, frames=len(frames))
