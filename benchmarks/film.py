"""How fast a film is shown: real Chromium at 1920×1080, the default run, every panel of the overview.

Frames shown a second while frames are recorded at 60 a second; what a frame costs the page's main thread (all its
tasks, by Chromium's own counter of processor time: what other processes take meanwhile is not the page's work; the
wall clock's figure stands beside it); from the move of a data slider to the new points; click to first frame; reload
to picture; what travels to the first picture, and on a reload; and the same run sent through Dash's ``set_progress`` as
figures (benchmarks/set_progress_app.py), in turns with it.
"""

from __future__ import annotations

from benchmarks.report import Row, one_thread, report

one_thread()

import os  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import urllib.request  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright  # noqa: E402

from tests.find_chromium import chromium_path  # noqa: E402

ROUNDS, CLICKS, RELOADS = 3, 10, 5
WATCH_S = 3.5  #: of each film, after its first frame
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
READY = "window.nnprobe && nnprobe.session && nnprobe.session.ready && nnprobe.stage.ready"
#: The film that a first visit opens is there to its last frame, and a picture of it.
WHOLE = "window.nnprobe && nnprobe.film && nnprobe.film.run && nnprobe.film.complete && nnprobe.stats.frames > 0"
#: Counts frames that were painted, and notes when the first one of a new run was.
COUNT = """() => {
  window.shown = 0; window.first = null;
  if (window.counting) return;
  window.counting = true;
  nnprobe.stage.on('painted', () => {
    window.shown++;
    const fresh = window.clicked && window.first === null && nnprobe.film.run !== window.old;
    if (fresh) window.first = performance.now();
  });
}"""
CLICK = """() => {
  window.old = nnprobe.film.run; window.first = null; window.shown = 0; window.clicked = performance.now();
  document.getElementById('train').click();
}"""


@contextmanager
def served(*command: str, **environment: str) -> Iterator[str]:
    """The address of a server that ``command`` starts; PORT in it is a free one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", *(part.replace("PORT", str(port)) for part in command)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def lab_page(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1920, "height": 1080}, bypass_csp=True).new_page()
    page.goto(address)
    page.wait_for_function(READY)
    page.wait_for_function("nnprobe.stats.frames > 0")
    page.evaluate(COUNT)
    return page


def train(page: Page) -> None:
    """Press Train and wait for the run's first frame on the page."""
    page.evaluate(CLICK)
    page.wait_for_function("window.first !== null", timeout=30_000)


def stop(page: Page) -> None:
    page.evaluate("nnprobe.session.command('stop')")
    page.wait_for_function("!nnprobe.session.active()", timeout=30_000)


def busy_s(meter: CDPSession) -> float:
    """Seconds that the main thread has worked so far, in the time domain of ``meter``."""
    return float(
        next(m["value"] for m in meter.send("Performance.getMetrics")["metrics"] if m["name"] == "TaskDuration")
    )


def meter_of(page: Page, domain: str) -> CDPSession:
    """A session that counts tasks in ``timeTicks`` (wall) or ``threadTicks`` (processor time)."""
    meter = page.context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": domain})
    return meter


def watch_lab(page: Page, domain: str) -> tuple[float, float, float, float, float]:
    """Frames shown and recorded a second, main-thread ms a frame shown, median ms of the stage and of the painter."""
    meter = meter_of(page, domain)
    train(page)
    page.evaluate("() => { window.shown = 0; nnprobe.stats.ms.length = nnprobe.stats.painting.length = 0; }")
    busy, start, known = busy_s(meter), time.perf_counter(), page.evaluate("nnprobe.film.count")
    page.wait_for_timeout(WATCH_S * 1000)
    shown, count, ms, painting = page.evaluate(
        "[window.shown, nnprobe.film.count, [...nnprobe.stats.ms], [...nnprobe.stats.painting]]"
    )
    taken, worked = time.perf_counter() - start, busy_s(meter) - busy
    meter.detach()
    stop(page)
    return shown / taken, (count - known) / taken, 1000 * worked / max(1, shown), median(ms), median(painting)


def slider_to_points(page: Page) -> float:
    """Median seconds from a key on the data slider Noise to the new points on the canvas."""
    taken = []
    for _ in range(CLICKS):
        page.get_by_role("slider", name="Noise").focus()
        page.evaluate("""() => { window.moved = null; window.painted = null;
          document.getElementById('field-noise').addEventListener('input', () => { window.moved = performance.now(); },
            { once: true, capture: true });
          const off = nnprobe.film.on('head', () => { off(); const seen = nnprobe.stage.on('painted', () => {
            seen(); window.painted = performance.now(); }); }); }""")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("window.painted !== null")
        taken.append(page.evaluate("(window.painted - window.moved) / 1000"))
    return median(taken)


def watch_set_progress(page: Page) -> float:
    """Frames shown a second by the app that sends figures."""
    page.evaluate(
        """() => { window.seen = 0; const node = document.getElementById('shown');
        if (!window.observer) { window.observer = new MutationObserver(() => window.seen++);
          window.observer.observe(node, { childList: true, characterData: true, subtree: true }); }
        window.ended = document.getElementById('end').textContent;
        document.getElementById('play').click(); }"""
    )
    page.wait_for_function("window.seen > 0", timeout=60_000)
    page.evaluate("() => { window.seen = 0; }")
    start = time.perf_counter()
    page.wait_for_timeout(WATCH_S * 1000)
    shown = page.evaluate("window.seen") / (time.perf_counter() - start)
    page.wait_for_function("document.getElementById('end').textContent !== window.ended", timeout=120_000)
    return float(shown)


def click_to_frame(page: Page) -> float:
    """Median seconds from Train to the run's first frame, the server warm."""
    taken = []
    for _ in range(CLICKS):
        train(page)
        taken.append(page.evaluate("(window.first - window.clicked) / 1000"))
        stop(page)
    return median(taken)


def reload_to_picture(page: Page) -> float:
    """Median seconds from a reload to the first painted frame of the run that is open."""
    taken = []
    for _ in range(RELOADS):
        page.reload()
        page.wait_for_function("window.nnprobe && nnprobe.stats && nnprobe.stats.frames > 0 && nnprobe.film.run")
        taken.append(page.evaluate("performance.now() / 1000"))
    return median(taken)


@contextmanager
def counted(page: Page) -> Iterator[list[float]]:
    """Bytes over the wire meanwhile, as Chromium counts them: those of each answer."""
    wire, sizes = page.context.new_cdp_session(page), list[float]()
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    yield sizes
    wire.detach()


def megabytes(browser: Browser, address: str) -> tuple[float, float]:
    """What a first visit costs, with the whole film it opens, and a reload after it."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}, bypass_csp=True).new_page()
    with counted(page) as first:
        page.goto(address)
        page.wait_for_function(WHOLE)
    with counted(page) as again:
        page.reload()
        page.wait_for_function(WHOLE)
    page.context.close()
    return sum(first) / 1e6, sum(again) / 1e6


def default_film(address: str, page: Page, folder: str) -> Path:
    """The film of a whole default run, as a file."""
    page.evaluate("nnprobe.session.command('pace', 0)")
    page.wait_for_function("!nnprobe.session.active()", timeout=60_000)
    run = page.evaluate("nnprobe.film.run")
    path = Path(folder) / "default.film"
    with urllib.request.urlopen(f"{address}/api/runs/{run}/film") as answer:
        path.write_bytes(answer.read())
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        with served("app", "serve", "--port", "PORT", NNPROBE_HOME=folder) as lab:
            first_mb, again_mb = megabytes(browser, lab)
            page = lab_page(browser, f"{lab}/?panels=all")
            time.sleep(5)  # the fork server warms up
            train(page)
            film = default_film(lab, page, folder)
            reload_s = reload_to_picture(page)
            page.wait_for_function(READY)
            page.evaluate(COUNT)
            click_s = click_to_frame(page)
            ours, wall, theirs = [], [], []
            with served("benchmarks.set_progress_app", str(film), "PORT") as other:
                for _ in range(ROUNDS):
                    page.bring_to_front()
                    ours.append(watch_lab(page, "threadTicks"))
                    wall.append(watch_lab(page, "timeTicks"))
                    # Each has the machine to itself: a page in the background is not asleep.
                    context = browser.new_context(viewport={"width": 1920, "height": 1080}, bypass_csp=True)
                    figures = context.new_page()
                    figures.goto(other)
                    figures.wait_for_selector("#play")
                    theirs.append(watch_set_progress(figures))
                    context.close()
            page.bring_to_front()
            slider_s = slider_to_points(page)
        browser.close()
    shown, recorded, busy, marks, painting = (median(side) for side in zip(*ours, strict=True))
    report(
        "film",
        [
            Row("frames shown at 60 recorded a second", shown, "frames/s", 45),
            Row("frames that came in meanwhile", recorded, "frames/s"),
            Row("main thread, processor time", busy, "ms/frame", 8, at_least=False),
            Row("main thread, wall clock", median(row[2] for row in wall), "ms/frame"),
            Row("of it the stage", marks, "ms/frame"),
            Row("the painter's own thread, wall clock", painting, "ms/frame"),
            Row("data slider to points", slider_s, "s", 0.1, at_least=False),
            Row("click to first frame", click_s, "s", 0.5, at_least=False),
            Row("reload to picture", reload_s, "s", 1.5, at_least=False),
            Row("first picture and whole film, over the wire", first_mb, "MB", 5, at_least=False),
            Row("reload, over the wire", again_mb, "MB", 0.1, at_least=False),
            Row("the same run by set_progress", median(theirs), "frames/s"),
            Row("against set_progress", shown / max(median(theirs), 0.01), "×", 5),
        ],
    )


if __name__ == "__main__":
    main()
