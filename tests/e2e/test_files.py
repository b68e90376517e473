"""A film as a file: dropped on the page or chosen, damaged or foreign, and downloaded."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from browser import ALL
from playwright.sync_api import Page, expect

from app.cli import main
from nnprobe_core.frame import decode, unpack

pytestmark = pytest.mark.e2e

#: A real drop: a DataTransfer with a File of these bytes.
DROP = """([name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(bytes)], name));
  for (const kind of ['dragover', 'drop']) {
    document.getElementById('stage').dispatchEvent(
      new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("film") / "small.film"
    options = "--steps 60 --frames 20 --hidden 4 --n-train 30 --n-test 20 --max-phi 5"
    assert main(["train", *options.split(), "--out", str(path)]) == 0
    return path


def drop(page: Page, name: str, data: bytes) -> None:
    page.evaluate(DROP, [name, list(data)])


def test_a_dropped_film_plays_and_what_is_none_is_told_in_a_sentence(tab, film, tmp_path):
    data, frames = film.read_bytes(), [decode(one) for one in unpack(film.read_bytes())]
    page = tab(f"/?{ALL}")
    page.wait_for_function("nnprobe.film.complete")
    drop(page, "small.film", data)
    page.wait_for_function("nnprobe.film.file === 'small.film'")
    assert page.evaluate("nnprobe.film.count") == len(frames)
    expect(page.locator("#state-word")).to_have_text("small.film")
    assert page.evaluate("nnprobe.controls.config().hidden") == [4]
    page.keyboard.press("End")
    page.wait_for_function("!nnprobe.clock.moving")
    expect(page.locator("#clock-readout strong")).to_have_text("60")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#clock-readout strong")).to_have_text(str(frames[-2].step))
    drawn = "['boundary', 'layers', 'loss', 'separation', 'spectrum', 'gradients']"
    page.wait_for_function(f"{drawn}.every((name) => nnprobe.stage.panel(name).marks.length > 0)")
    toast = page.locator(".toast")
    for name, bad in (("cat.png", b"\x89PNG\r\n" + bytes(200)), ("empty.film", b""), ("bomb.film", b"\xff" * 64)):
        drop(page, name, bad)
        expect(toast.last).to_contain_text(f"{name} cannot be opened as a film: it does not begin as a film does.")
        assert page.evaluate("nnprobe.film.file") == "small.film"
    drop(page, "torn.film", data[:-100])
    expect(toast.last).to_contain_text(f"torn.film is cut off: its first {len(frames) - 1} frames are shown.")
    packed = tmp_path / "packed.film.gz"
    packed.write_bytes(gzip.compress(data))
    page.click("#runs-button")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Open a film file").click()
    chooser.value.set_files(packed)
    page.wait_for_function("nnprobe.film.file === 'packed.film.gz'")


def test_the_film_shown_can_be_downloaded_and_a_film_of_another_page_is_sent_there(tab, film):
    page = tab("/separation")
    page.wait_for_function("nnprobe.film.complete")
    drop(page, "small.film", film.read_bytes())
    expect(page.locator(".toast").last).to_contain_text("small.film is a film of the page Lab: open it there.")
    run = page.evaluate("nnprobe.film.run")
    page.click("#runs-button")
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Download this film").click()
    assert download.value.suggested_filename == f"nnprobe-{run}.film"
    data = Path(download.value.path()).read_bytes()
    assert len(list(unpack(data))) == page.evaluate("nnprobe.film.count")
