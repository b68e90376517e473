"""The pages, in the order of the header. A new one is a file here and a line below."""

from importlib import import_module

from app.pages.page import Page

NAMES: tuple[str, ...] = (
    "lab",
    "compare",
    "attack",
    "separation",
)

PAGES: tuple[Page, ...] = tuple(import_module(f"app.pages.{name}").PAGE for name in NAMES)


def is_page(path: str) -> bool:
    """Whether there is a page at exactly this path; a slash at its end does not matter."""
    return any(page.path.strip("/") == path.strip("/") for page in PAGES)


def page_at(path: str) -> Page:
    """The page whose routes a path is among; the first one for a path that is nobody's."""
    first = path.strip("/").split("/")[0]
    return next((page for page in PAGES if page.path.strip("/") == first), PAGES[0])


__all__ = ["PAGES", "Page", "is_page", "page_at"]
