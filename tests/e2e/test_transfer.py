"""What travels to a browser, counted as Chromium counts it; and that it comes out there as it went in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from browser import PATIENCE
from playwright.sync_api import Page

WHOLE = (
    "nnprobe.film.run && nnprobe.film.complete && nnprobe.film.frame(nnprobe.film.count - 1) && nnprobe.stats.frames"
)
FIRST, AGAIN = 5e6, 1e5  #: bytes

#: Every array of every frame, read once from plain frames and once from packed ones; where they differ.
COMPARE = """async ({ run, track }) => {
  const get = async (packing, after, limit) => {
    const query = `after=${after}&limit=${limit}&track=${track}&packing=${packing}`;
    return (await fetch(`/api/runs/${run}/frames?${query}`)).arrayBuffer();
  };
  const wrong = [];
  let after = -1, arrays = 0;
  for (; after < 97; after += 49) {
    const plain = nnprobe.decodeFilm(await get('film', after, 49), after + 1);
    const packed = nnprobe.decodeDifferences(await get('differences', after, 49), after + 1);
    if (plain.length !== packed.length) wrong.push(`${plain.length} frames, packed ${packed.length}`);
    plain.forEach((frame, k) => {
      const other = packed[k], names = Object.keys(frame.arrays).sort();
      const said = (one) => JSON.stringify([one.seq, one.step, one.extra, Object.entries(one.header).sort(),
        Object.keys(one.arrays).sort()]);
      if (said(frame) !== said(other)) wrong.push(`frame ${frame.seq}: ${said(frame)} ${said(other)}`);
      for (const name of names) {
        const a = frame.arrays[name], b = other.arrays[name];
        const bytes = ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        const same = a.dtype === b.dtype && `${a.shape}` === `${b.shape}` && a.data.constructor === b.data.constructor
          && a.data.length === b.data.length && bytes(a).every((value, i) => value === bytes(b)[i]);
        if (!same) wrong.push(`frame ${frame.seq}, ${name}`);
        arrays++;
      }
    });
  }
  return { wrong: wrong.slice(0, 5), arrays };
}"""


@contextmanager
def counted(page: Page) -> Iterator[dict[str, int]]:
    """Bytes over the wire by address, of all that the page asks for meanwhile."""
    bytes_of: dict[str, int] = {}
    names: dict[str, str] = {}
    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda event: names.setdefault(event["requestId"], event["request"]["url"]))

    def finished(event: dict) -> None:
        name = names.get(event["requestId"], "")
        bytes_of[name] = bytes_of.get(name, 0) + int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    wire.send("Network.enable")
    yield bytes_of
    wire.detach()


def largest(bytes_of: dict[str, int]) -> str:
    return "\n".join(f"{size:>9} {name}" for name, size in sorted(bytes_of.items(), key=lambda item: -item[1])[:12])


def test_the_first_picture_costs_five_megabytes_at_most_and_a_reload_a_fiftieth_of_that(server, chromium):
    # With a cache of its own, and empty. (Playwright itself needs eval.)
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    try:
        with counted(page) as first:
            page.goto(server)
            page.wait_for_function(WHOLE)
        assert sum("/frames" in name for name in first) > 3, "the whole film is in it"
        assert sum(first.values()) < FIRST, largest(first)
        with counted(page) as again:
            page.reload()
            page.wait_for_function(WHOLE)
        assert sum("/frames" in name for name in again) > 3, largest(again)
        assert sum(again.values()) < AGAIN, largest(again)
    finally:
        context.close()


def test_packed_frames_come_out_in_the_browser_as_plain_ones_do(tab, done):
    page = tab("/compare")
    for run, track in (("preset-default", "film"), ("preset-64-fates", "film"), (done, "film"), (done, "settled")):
        found = page.evaluate(COMPARE, {"run": run, "track": track})
        assert found["wrong"] == [], run
        assert found["arrays"] > 300, run
