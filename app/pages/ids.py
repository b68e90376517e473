"""Ids of the page's elements that Python and the browser both name. Panels' ids follow from their names."""

from __future__ import annotations

#: Stores. REQUEST: what Train asks for; LAUNCH: the run that was admitted, to be launched; FINISHED: the job's last
#: word; REFUSED: why a request was turned down.
REQUEST, LAUNCH, FINISHED, REFUSED = "request", "launch", "finished", "refused"

#: Where a clientside callback leaves a value that nobody reads.
SINK = "sink"

FORM = "form"
STAGE = "stage"
SCRUB = "scrub"


def plain(name: str) -> str:
    """The name of a field as part of an id, which has no dots."""
    return name.replace(".", "-")


def field(name: str) -> str:
    """The input of a field of the form."""
    return f"field-{plain(name)}"


def panel(name: str) -> str:
    return f"panel-{name}"
