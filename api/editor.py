"""The query editor and what it offers: examples by kind of reader, and the terms of the vocabulary.

YASGUI's editor (YASQE) is used where ``make install`` has put it into ``node_modules``; it is nobody's business here to
ship it. Without it there is a plain field, and everything else is the same.
"""

from __future__ import annotations

from pathlib import Path as File

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.rendering import Site, page
from api.self_description import prefixed, statistics
from graph import queries
from graph.store import Store, ask_for, query_text
from graph.vocabulary import PREFIXES

FIRST_QUESTION = "first/05-provisions-amended-by-fosta"

YASQE = File(__file__).parent.parent / "node_modules" / "@zazuko" / "yasqe" / "build"
YASQE_FILES = ("yasqe.min.js", "yasqe.min.css")

READERS = {
    "everybody": "For everybody",
    "student": "For students",
    "lawyer": "For lawyers",
    "researcher": "For researchers",
}
"""The kinds of readers that an example may name, in order."""

TERM_KINDS = {
    "Class": "class",
    "ObjectProperty": "property",
    "DatatypeProperty": "property",
    "Property": "property",
    "Concept": "value",
}


def editor(site: Site, request: Request) -> Response:
    """A place to write a query; `query` in the address fills it in, `example` names one of ours."""
    asked = request.query_params.get("query")
    if asked is None:
        try:
            asked = queries.load(request.query_params.get("example") or FIRST_QUESTION).text
        except queries.BadQuery as error:
            raise HTTPException(404, str(error)) from None

    def make(store: Store) -> dict[str, object]:
        return {
            "groups": [*groups(), ("Begin from here", queries.starters())],
            "text": asked,
            "prefixes": PREFIXES,
            "vocabulary": {"terms": terms(store), "prefixes": PREFIXES, "labels": query_text("labels_of")},
            "has_yasqe": has_yasqe(),
        }

    return page(site, request, "editor.html", make)


def groups() -> list[tuple[str, list[queries.Example]]]:
    """The named queries by the kind of reader they are for; first questions come first in each."""
    named = [queries.load(known) for known in queries.names()]
    found = [(title, [e for e in named if e.audience == reader]) for reader, title in READERS.items()]
    return [(title, examples) for title, examples in found if examples]


def terms(store: Store) -> list[tuple[str, str, int, str]]:
    """The terms that a query may use: as they are written, what they are, how often they occur, and their label.

    Every class and property of the merged graph, and those of our vocabulary with its values.
    """
    counted = statistics(store)
    found = {term: ("class", count, "") for term, count in counted.classes}
    found |= {term: ("property", count, "") for term, count in counted.properties}
    for row in ask_for(store, "vocabulary"):
        kind = TERM_KINDS.get(row["kind"].rpartition("#")[2])
        if kind:
            found[row["term"]] = (kind, found.get(row["term"], ("", 0, ""))[1], row["label"])
    written = ((prefixed(term), *about) for term, about in found.items())
    return sorted(entry for entry in written if ":" in entry[0] and "/" not in entry[0])


def has_yasqe() -> bool:
    """Whether YASGUI's editor is installed."""
    return all((YASQE / name).is_file() for name in YASQE_FILES)


def yasqe(site: Site, request: Request) -> Response:
    """A file of YASGUI's editor, from where it is installed."""
    if not has_yasqe():
        raise HTTPException(404, "YASGUI is not installed here; make install does that where npm is.")
    return FileResponse(YASQE / request.url.path.rpartition("/")[2], headers={"Cache-Control": "no-cache"})
