"""The vocabulary: the namespaces we use and how terms are written in N-Triples.

`graph/ontology.ttl` says what our own terms mean; a term that is not in it does not exist, and `s230 validate` says so.

>>> S230.sponsor
'<https://w3id.org/section230/ns#sponsor>'
>>> text("a \\"b\\"")
'"a \\\\"b\\\\""'
>>> day("2018-04-11")
'"2018-04-11"^^<http://www.w3.org/2001/XMLSchema#date>'
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path as File

from graph import iri
from graph.records import Day, Path

PREFIXES = {
    "s230": iri.BASE + "/ns#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "eli-dl": "http://data.europa.eu/eli/eli-draft-legislation-ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "void": "http://rdfs.org/ns/void#",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
}

ONTOLOGY = File(__file__).with_name("ontology.ttl")
SHAPES = File(__file__).with_name("shapes.ttl")

META = "/graph/meta"
"""The named graph that describes every other one, and itself."""


class Namespace:
    """A namespace whose attributes are its terms, written as N-Triples writes IRIs."""

    def __init__(self, iri: str) -> None:
        self._iri = iri

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        term = f"<{self._iri}{name}>"
        setattr(self, name, term)  # the next time it is found without coming here
        return term

    def __getitem__(self, name: str) -> str:
        """A term whose name is none in Python: ``VOID["class"]``."""
        return f"<{self._iri}{name}>"


S230 = Namespace(PREFIXES["s230"])
ELI = Namespace(PREFIXES["eli"])
DRAFT = Namespace(PREFIXES["eli-dl"])
RDF = Namespace(PREFIXES["rdf"])
RDFS = Namespace(PREFIXES["rdfs"])
SKOS = Namespace(PREFIXES["skos"])
DCTERMS = Namespace(PREFIXES["dcterms"])
PROV = Namespace(PREFIXES["prov"])
FOAF = Namespace(PREFIXES["foaf"])
ORG = Namespace(PREFIXES["org"])
SCHEMA = Namespace(PREFIXES["schema"])
OA = Namespace(PREFIXES["oa"])
VOID = Namespace(PREFIXES["void"])
SHACL = Namespace(PREFIXES["sh"])
XSD = Namespace(PREFIXES["xsd"])

A = RDF.type

SINGLE = frozenset(
    {
        S230.introduced, S230.enacted, S230.effective, S230.validFrom, S230.validTo, S230.yea, S230.nay, S230.present,
        S230.notVoting, S230.voteDay, S230.congress, S230.decided, S230.opinionAmended, S230.outcome, S230.verdict,
        S230.stage, S230.furthestStage, S230.currentDesignation, S230.cosponsorCount, ELI.date_document, S230.court,
        S230.original,
    }
)  # fmt: skip
"""Properties that have one value a thing. Two sources that differ make a `s230:Conflict`, never two values."""

MOVING = frozenset({S230.stage, S230.furthestStage, S230.cosponsorCount, S230.currentDesignation})
"""Those of `SINGLE` that change from day to day: two records of two days differ on them without disagreeing."""

WORDINGS = frozenset(
    {
        RDFS.label, ELI.title, S230.summary, S230.question, S230.result, S230.amendmentOffered, S230.policyArea,
        S230.roleDescription, S230.relevanceNote, S230.statutesAtLarge, FOAF.givenName, FOAF.familyName, FOAF.name,
        SCHEMA.url, S230.reporterCitation, S230.party, S230.state, S230.district, S230.actionKind,
    }
)  # fmt: skip
"""Properties of which the merged graph shows one wording: that of the thing's own record, else of the best other
source. Sources word these differently without disagreeing."""

_ESCAPES = dict.fromkeys(range(32)) | str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
"""How N-Triples writes what cannot stand in a literal as it is; of other control characters nothing is left."""


@lru_cache(maxsize=16384)
def ref(path: Path) -> str:
    """The term of one of our things, by its path; a foreign IRI by itself."""
    return f"<{iri.of(path) if path.startswith('/') else iri.safe(path)}>"


def named(thing: str) -> str:
    """The term of one of our things by its path, or of a vocabulary's by its prefixed name: ``named("s230:Bill")``."""
    prefix, colon, local = thing.partition(":")
    return f"<{PREFIXES[prefix]}{local}>" if colon and prefix in PREFIXES else ref(thing)


def concept(scheme: str, name: str) -> str:
    """A SKOS concept of one of our schemes, declared in the ontology: ``concept("kind", "addition")``."""
    return f"<{PREFIXES['s230']}{scheme}-{name}>"


def text(value: str) -> str:
    """A plain string literal. Characters that no XML result could carry are dropped."""
    if value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    return f'"{value.translate(_ESCAPES).encode("utf-8", "replace").decode()}"'


@lru_cache(maxsize=16384)
def day(value: Day) -> str:
    """A date literal; a partial day becomes ``xsd:gYearMonth`` or ``xsd:gYear``."""
    kind = {10: "date", 7: "gYearMonth", 4: "gYear"}.get(len(value))
    return text(value) if kind is None else f"{text(value)}^^<{PREFIXES['xsd']}{kind}>"


@lru_cache(maxsize=4096)
def number(value: int) -> str:
    """An integer literal."""
    return f'"{value}"^^<{PREFIXES["xsd"]}integer>'


def boolean(value: bool) -> str:
    """A boolean literal."""
    return f'"{str(value).lower()}"^^<{PREFIXES["xsd"]}boolean>'
