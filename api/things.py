"""A thing as a page shows it: its kind, its names, what is said of it and by which source.

Every thing has one address (TIME, rule 1), and the kind of page follows from the address. A `Thing` is what all pages
have in common; what is particular to a provision, a bill or a law is in `api.provisions` and `api.congress`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from graph import iri
from graph.naming import PARTIES, name
from graph.records import CONFIDENCES, Path
from graph.store import Row, Store, ask_for


class Kind(NamedTuple):
    """A kind of thing: how addresses of it begin, what one and many are called, and the badge it wears."""

    key: str
    pattern: str
    one: str
    many: str
    badge: str = ""


KINDS = (
    Kind("version", r"/us/usc/t[^@]+@", "Provision of the U.S. Code, as it stood", "Versions", "law"),
    Kind("slot", r"/us/usc/t", "U.S. Code", "Provisions of the U.S. Code", "law"),
    Kind("provision", r"/provision/", "Provision, through renumbering", "Provisions", "law"),
    Kind("law", r"/us/(pl|pvtl)/\d+/\d+$|/us/act/[^/]+/[^/]+$", "Enactment", "Laws", "law"),
    Kind("law-section", r"/us/(pl|pvtl|act)/", "Section of an enactment", "Sections of laws", "law"),
    Kind("order", r"/us/eo/", "Executive order", "Executive orders", "order"),
    Kind("bill", r"/us/bill/\d+/\w+/\d+$", "Measure of Congress", "Bills", "bill"),
    Kind("vote", r"/us/vote/", "Roll call", "Roll calls"),
    Kind("person", r"/us/person/|/person/", "Person", "People"),
    Kind("organization", r"/org/", "Organization", "Organizations"),
    Kind("case", r"/case/[^/]+$", "Decision of a court", "Cases", "opinion"),
    Kind("document", r"/document/", "Text about the law", "Documents", "document"),
    Kind("claim", r"/claim/[^/]+(/[^/]+)?$", "Claim of a document, held against the record", "Claims", "document"),
    Kind("effect", r"/effect/[^/]+$", "Effect of a law", "Effects", "law"),
    Kind("exemption", r"/exemption/", "Exemption", "Exemptions", "law"),
    Kind("graph", r"/graph/", "Source graph", "Source graphs"),
    Kind("source", r"/source/", "Source document", "Sources"),
    Kind("gap", r"/gap/[^/]+$", "Gap in the data", "Gaps in the data"),
    Kind("family", r"/family/", "Family of sources", "Families of sources"),
    Kind("story", r"/stories/", "Guided tour", "Stories"),
    Kind("term", r"/glossary#", "Term in plain English", "Glossary"),
    Kind("thing", r"/", "Part of a record", "Parts of records"),
)

PREFIXES = (
    "/us/", "/provision/", "/person/", "/org/", "/case/", "/document/", "/claim/", "/effect/", "/exemption/", "/graph/",
    "/source/", "/family/", "/gap/", "/binding/", "/conflict/",
)  # fmt: skip
"""How the address of a thing may begin; all other addresses are those of tools."""

LETTERS = PARTIES


class Value(NamedTuple):
    """One value of a property: an address of ours or a foreign one (or none), what to show, and who says so."""

    text: str
    href: str
    graphs: tuple[str, ...] = ()


class Property(NamedTuple):
    """A property with its values in order; `key` is the local name of the predicate."""

    key: str
    label: str
    iri: str
    values: tuple[Value, ...]


class Conflict(NamedTuple):
    """A disagreement of sources about a property: each value with the graph that says so, and the one that is shown."""

    label: str
    sides: tuple[Value, ...]
    prevails: str


class SourceDocument(NamedTuple):
    """A document behind a named graph: its title, its official address if it has one, its page here."""

    title: str
    address: str
    path: Path


class SourceGraph(NamedTuple):
    """A named graph that says something of a thing: how sure it is, and the documents it rests on."""

    path: Path
    title: str
    confidence: str
    address: str
    snapshot: str
    publisher: str
    note: str
    documents: tuple[SourceDocument, ...]


class Thing(NamedTuple):
    """What all pages show: the address, the name, the kind, the statements and the sources behind them."""

    path: Path
    label: str
    kind: Kind
    properties: tuple[Property, ...]
    sources: tuple[SourceGraph, ...]

    def values(self, key: str) -> tuple[Value, ...]:
        """The values of a property by its local name; none where nothing is said."""
        return tuple(value for known in self.properties if known.key == key for value in known.values)

    def first(self, key: str) -> str:
        """The first value of a property as text, or an empty string."""
        return next((value.text for value in self.values(key)), "")

    @property
    def confidence(self) -> str:
        """The best confidence among the sources, or an empty string where there is none."""
        found = {source.confidence for source in self.sources}
        return next((known for known in CONFIDENCES if known in found), "")


def kind_of(path: Path) -> Kind:
    """The kind of thing at an address.

    >>> [kind_of(p).key for p in ("/us/usc/t47/s230/e/5", "/us/usc/t47/s230@1996-02-08", "/us/pl/115/164/s4/a")]
    ['slot', 'version', 'law-section']
    """
    return next(kind for kind in KINDS if re.match(kind.pattern, path))


def is_thing(path: Path) -> bool:
    """Whether an address could be that of a thing."""
    return path.startswith(PREFIXES)


def exists(store: Store, path: Path) -> bool:
    """Whether anything is said of a thing, or with it."""
    return bool(ask_for(store, "exists", thing=path))


def load(store: Store, path: Path) -> Thing:
    """The thing at `path`; what is not known of it is empty. Sources are described in `/graph/meta` alone."""
    kind = kind_of(path)
    query = "described" if kind.key in ("graph", "source", "family") else "statements"
    properties = tuple(_properties(ask_for(store, query, thing=path)))
    found = Thing(path, "", kind, properties, tuple(sources(store, [path])))
    return found._replace(label=found.first("label") or name(path))


def conflicts(store: Store, path: Path) -> list[Conflict]:
    """Where sources differ about a thing."""
    rows = ask_for(store, "conflicts_about", thing=path)
    found: dict[str, Conflict] = {}
    for row in rows:
        label = row.get("propertyLabel") or words_of(row["property"])
        known = found.get(row["conflict"]) or Conflict(label, (), shown(row.get("prevails", ""))[0])
        side = Value(*shown(row["value"], row.get("valueLabel")), (row["graph"],))
        found[row["conflict"]] = known._replace(sides=(*known.sides, side))
    return list(found.values())


def sources(store: Store, things: Iterable[Path]) -> list[SourceGraph]:
    """The named graphs that say anything of `things`, best confidence first, each once."""
    found: dict[Path, SourceGraph] = {}
    for thing in things:
        for row in ask_for(store, "graphs_of", thing=thing):
            path = iri.path(row["graph"])
            known = found.get(path) or SourceGraph(
                path,
                row["title"],
                row["confidence"].rpartition("#confidence-")[2],
                row.get("address", ""),
                row.get("snapshot", ""),
                row.get("publisher", ""),
                row.get("note", ""),
                (),
            )
            found[path] = known._replace(documents=_with_document(known.documents, row))
    return sorted(found.values(), key=lambda s: (CONFIDENCES.index(s.confidence), s.title, s.path))


def cited(store: Store, thing: Path) -> list[dict[str, str]]:
    """The sources of a thing in short, as JSON holds them: what each is called, where it is, how sure it is."""
    return [
        {
            "title": document.title if document else source.title,
            "address": (document.address if document else "") or source.address,
            "publisher": source.publisher,
            "snapshot": source.snapshot,
            "confidence": source.confidence,
            "graph": source.path,
        }
        for source in sources(store, [thing])
        for document in source.documents or (None,)
    ]


def _with_document(known: tuple[SourceDocument, ...], row: Row) -> tuple[SourceDocument, ...]:
    if "document" not in row:
        return known
    document = SourceDocument(row["documentTitle"], row.get("documentAddress", ""), iri.path(row["document"]))
    return known if document in known else tuple(sorted((*known, document)))


def _properties(rows: Iterable[Row]) -> list[Property]:
    by_predicate: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(dict)
    labels: dict[str, str] = {}
    for row in rows:
        predicate = row["predicate"]
        labels.setdefault(predicate, row.get("predicateLabel") or words_of(predicate))
        graphs = by_predicate[predicate].setdefault(shown(row["value"], row.get("label")), [])
        if row.get("graph") and row["graph"] not in graphs:
            graphs.append(row["graph"])
    found = [
        Property(
            local_name(predicate),
            labels[predicate],
            predicate,
            tuple(Value(*value, tuple(sorted(graphs))) for value, graphs in sorted(values.items())),
        )
        for predicate, values in by_predicate.items()
    ]
    return sorted(found, key=lambda p: (p.key not in ("label", "type"), p.label.lower()))


def shown(value: str, label: str | None = None) -> tuple[str, str]:
    """A value as text and address: things by name, never by IRI; literals have no address.

    >>> shown("https://w3id.org/section230/us/pl/115/164")
    ('Pub. L. 115-164', '/us/pl/115/164')
    >>> shown("2018-04-11")
    ('2018-04-11', '')
    >>> shown("http://www.w3.org/ns/org#Organization")
    ('organization', 'http://www.w3.org/ns/org#Organization')
    """
    if value.startswith(iri.BASE + "/ns#"):
        return label or words_of(value), "/ontology#" + local_name(value)
    if value.startswith(iri.BASE + "/"):
        path = iri.path(value)
        return label or name(path), path
    if re.match(r"https?://", value):
        return label or (words_of(value) if "#" in value else value), value
    return value, ""


def local_name(term: str) -> str:
    """The last part of an IRI.

    >>> local_name("http://purl.org/dc/terms/issued"), local_name("http://www.w3.org/ns/org#hasMember")
    ('issued', 'hasMember')
    """
    return term.rpartition("#")[2].rpartition("/")[2]


def words_of(term: str) -> str:
    """The local name of a foreign term, in words.

    >>> words_of("http://data.europa.eu/eli/ontology#date_no_longer_in_force"), words_of("http://www.w3.org/ns/org#hasMember")
    ('date no longer in force', 'has member')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local_name(term)).replace("_", " ")
    return apart if apart.isupper() else apart.lower()


def long_days(text: str) -> str:
    """A sentence with its days as a reader writes them.

    >>> long_days("There was none on 1996-02-07.")
    'There was none on February 7, 1996.'
    """
    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", lambda found: long_day(found.group()), text)


def long_day(day: str) -> str:
    """A day, a month or a year as a reader writes it; anything else as it is.

    >>> long_day("2018-04-11"), long_day("2017-08"), long_day("1996")
    ('April 11, 2018', 'August 2017', '1996')
    """
    try:
        if len(day) == 10:
            read = date.fromisoformat(day)
            return f"{read:%B} {read.day}, {read.year}"
        if len(day) == 7:
            return f"{date.fromisoformat(day + '-01'):%B %Y}"
    except ValueError:
        pass
    return day
