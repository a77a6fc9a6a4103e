"""Networks: projections of the graph that a person can look at.

A network is a `networkx.MultiDiGraph` whose nodes are paths of things and whose edges say one thing about another in
plain words ("sponsored", "became", "exempts from"). The relations stand in ``queries/network_edges.rq``, what is shown
of a thing in ``queries/network_facts.rq``. `story` is the curated first view, `neighbourhood` what lies around things.

Every node carries ``label``, ``short`` (where there is little room), ``caption`` (a second line), ``kind`` (a key of
`KINDS`), ``badge``, ``since`` and ``until`` (days, half open; equal for what happened on one day), ``description``,
``order`` (the day it is placed by) and, empty where there is none, ``party`` (of a member on that day, of a bill that
of its sponsor), ``congress``, ``stage`` and ``outcome``; every edge ``says``, ``since`` and ``until``. The network
itself carries ``truncated``: whether there was more than was allowed to be shown.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path as File
from typing import Any, NamedTuple

import networkx as nx  # type: ignore[import-untyped]

from graph import citation, iri, ledger
from graph.answers import Malformed, read_day, today
from graph.layout import Era, Lane, Layout, Network, lanes
from graph.naming import name
from graph.records import Day, Path
from graph.store import Embedded, Row, Store, ask_for, query_text, values

SECTION = "/us/usc/t47/s230"
STORY = "story.json"
"""The file of a release that holds the first view, laid out."""

OPENING, MOST = 150, 1500
"""How many nodes a view opens with at most, and how many are ever shown (DESIGN, "Pictures")."""

KINDS = {
    "person": "People",
    "organization": "Organizations",
    "bill": "Bills",
    "vote": "Roll calls",
    "law": "Laws enacted",
    "provision": "Section 230",
    "exemption": "Exemptions",
    "other-law": "Other law",
    "case": "Court cases",
    "document": "Documents",
    "claim": "Claims",
}
"""The kinds of things in plain words."""

RANK = (
    "provision",
    "exemption",
    "law",
    "bill",
    "case",
    "document",
    "claim",
    "vote",
    "other-law",
    "organization",
    "person",
)
"""Which kinds are kept first where there is no room for all."""

EFFECT_WORDS = {
    "addition": "added",
    "insertion": "inserted words in",
    "substitution": "changed words of",
    "striking": "struck words from",
    "renumbering": "renumbered",
    "general-amendment": "rewrote",
    "repeal": "repealed",
    "transfer": "moved",
    "designation": "designated",
    "split": "split",
    "merger": "merged",
    "deeming": "extended",
    "saving": "saved other law beside",
    "exception": "made an exception to",
    "retroactivity": "applied to earlier conduct",
    "court-holding": "ruled on",
}
"""What an effect of a kind does to a provision, as a verb."""

STANCE_WORDS = {
    "voted nay": "voted no on",
    "amicus for plaintiffs": "was amicus for the plaintiffs in",
    "critical": "was critical of",
    "concerned": "had concerns about",
    "defendant": "was a defendant in",
    "sought change": "sought changes to",
    "sought comment": "asked for comments on",
}
"""The stances of actors that are no verbs by themselves."""

WEAK = {"bears on", "mentions", "is related to", "cites"}
"""Relations that say nothing new where two things are connected otherwise."""

ATTRIBUTES = {"party": ("person", "bill"), "congress": ("bill", "vote", "law"), "stage": ("bill",)}
"""What things can be chosen by beside kind and day, and which kinds have it; all others stay."""

PATHS = {
    r"/us/(pl|pvtl|act|eo)/.*": "law",
    r"/us/bill/\d+/[a-z]+/\d+": "bill",
    r"/us/vote/.*": "vote",
    r"/(us/)?person/[^/]+": "person",
    r"/org/[^/]+|/us/olrc": "organization",
    r"/case/[^/]+": "case",
    r"/exemption/[^/]+": "exemption",
    r"/document/[^/]+": "document",
    r"/claim/.*[^/]": "claim",
}
"""The paths of things by kind, provisions apart."""


class Choice(NamedTuple):
    """What of a network is wanted; an empty part wants everything. Both days are included."""

    kinds: tuple[str, ...] = ()
    from_: Day | None = None
    to: Day | None = None
    party: tuple[str, ...] = ()
    congress: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()


ALL = Choice()


class Unknown(Malformed):
    """Nothing of that name is in the picture; `near` holds the names of things that may have been meant."""

    def __init__(self, message: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.near = near


def kind_of(path: Path) -> str | None:
    """The kind of the thing at a path, or ``None`` for what no picture shows.

    >>> kind_of("/us/usc/t47/s230/e/5"), kind_of("/provision/us/usc/t18/s1591@2000-10-28"), kind_of("/effect/x")
    ('provision', 'other-law', None)
    """
    slot = iri.split_day(path.removeprefix("/provision"))[0]
    if slot.startswith("/us/usc/"):
        return "provision" if slot == SECTION or slot.startswith(SECTION + "/") else "other-law"
    return next((kind for shape, kind in PATHS.items() if re.fullmatch(shape, path)), None)


# --- which things ----------------------------------------------------------------------------------------------------


def story(store: Store) -> Network:
    """The first view: section 230, its provisions and exemptions, its laws, their bills, sponsors and votes, some cases
    and one press release.

    At most `OPENING` nodes; which ones says ``queries/story.rq``. It is made once a release.
    """
    return _story(store, store.name)


@lru_cache(maxsize=2)
def _story(store: Store, release: str) -> Network:
    kept = store.release / STORY if isinstance(store, Embedded) else None
    if kept and kept.is_file():
        return _read(json.loads(kept.read_text(encoding="utf-8")))
    return tell(store)


def keep_story(store: Store, file: File) -> None:
    """Write the story with its layout into a release that is being built, so that a service has only to read it."""
    network = tell(store)
    layout = lanes(network)
    file.write_text(
        json.dumps(
            {
                "truncated": network.graph["truncated"],
                "nodes": [[path, thing, layout.positions[path]] for path, thing in network.nodes(data=True)],
                "edges": [[a, b, edge] for a, b, edge in network.edges(data=True)],
                "lanes": layout.lanes,
                "eras": layout.eras,
            },
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )


def _read(kept: dict[str, Any]) -> Network:
    network = nx.MultiDiGraph(truncated=kept["truncated"])
    for path, thing, _ in kept["nodes"]:
        network.add_node(path, **thing)
    for source, target, edge in kept["edges"]:
        network.add_edge(source, target, key=(edge["says"], edge["since"]), **edge)
    places = {path: (x, y) for path, _, (x, y) in kept["nodes"]}
    arranged = tuple(Lane(*lane) for lane in kept["lanes"]), tuple(Era(*era) for era in kept["eras"])
    network.graph["layout"] = Layout(places, *arranged)
    return network


def tell(store: Store) -> Network:
    """The story as the graph tells it."""
    ranked = [iri.path(row["thing"]) for row in ask_for(store, "story", section=SECTION)]
    node = _canonical(store, ranked)
    chosen = [path for path in dict.fromkeys(node.values()) if kind_of(path)]
    return _network(store, things(store, chosen[:OPENING]), truncated=len(chosen) > OPENING)


def neighbourhood(
    store: Store, focus: Collection[Path], depth: int = 1, choice: Choice = ALL, limit: int = OPENING
) -> Network:
    """What lies within `depth` steps of the things in `focus`: at most `limit` nodes, only those of `choice`.

    The focus is always shown.
    """
    start = list(dict.fromkeys(_canonical(store, focus).values()))
    reached = dict.fromkeys(start)
    frontier, truncated = start, False
    known = things(store, start)
    for _ in range(depth):
        found: dict[Path, None] = {}
        for source, _, target, since, until in relations(store, frontier):
            if holds(since, until, None, choice.to):
                found.update(dict.fromkeys(end for end in (source, target) if end not in reached))
        known |= things(store, found)
        fitting = [path for path in found if fits(known[path], choice)]
        fitting.sort(key=lambda path: (RANK.index(known[path]["kind"]), known[path]["since"] or "", path))
        room = max(limit - len(reached), 0)
        truncated = truncated or len(fitting) > room
        frontier = fitting[:room]
        reached.update(dict.fromkeys(frontier))
    seen = _network(store, {path: known[path] for path in reached if path in known}, truncated=truncated)
    # Only now is it known of which party somebody was on the day that brings them here.
    return seen.subgraph([path for path, thing in seen.nodes(data=True) if path in start or fits(thing, choice)])


def view(
    store: Store, focus: Collection[Path] = (), depth: int = 1, choice: Choice = ALL, limit: int = OPENING
) -> Network:
    """The story where there is no `focus`, else a neighbourhood; with ``"story"`` among the focus, both together."""
    around = [path for path in focus if path != "story"]
    if around and len(around) == len(focus):
        return neighbourhood(store, around, depth, choice, limit)
    told = story(store)
    if around:
        more = neighbourhood(store, around, depth, choice, limit)
        joined = list(dict.fromkeys([*told, *more]))
        told = _network(store, things(store, joined[:limit]), truncated=more.graph["truncated"] or len(joined) > limit)
    kept = [path for path, thing in told.nodes(data=True) if path in around or fits(thing, choice)]
    seen = told.subgraph(kept)
    return seen if choice == Choice(choice.kinds) else _connected(seen, around)


def _connected(network: Network, keep: Collection[Path]) -> Network:
    """Without the undated things that nothing dated is left to connect with."""
    lone = {
        p for p, thing in network.nodes(data=True) if not thing["since"] and p not in keep and not nx.degree(network, p)
    }
    return network.subgraph([path for path in network if path not in lone])


def holds(since: Day | None, until: Day | None, from_: Day | None, to: Day | None) -> bool:
    """Whether what held from `since` up to `until` overlaps the days `from_` to `to`. An unknown day excludes nothing.

    >>> holds("1996-02-08", "1998-11-20", "1998-11-20", None), holds("2018-03-21", "2018-03-21", "2018-03-21", None)
    (False, True)
    """
    begins_later = bool(to and since and since > to)
    ended_before = bool(from_ and until and until <= from_ and not (since and since >= from_))
    return not (begins_later or ended_before)


def fits(thing: Mapping[str, Any], choice: Choice) -> bool:
    """Whether a node is wanted: of a kind, a time, a party, a Congress, a stage.

    >>> bill = {"kind": "bill", "since": None, "until": None, "party": "R", "congress": "115", "stage": "enacted"}
    >>> fits(bill, Choice(congress=("115", "116"))), fits(bill, Choice(party=("D",)))
    (True, False)
    """
    return (
        (not choice.kinds or thing["kind"] in choice.kinds)
        and holds(thing["since"], thing["until"], choice.from_, choice.to)
        and all(
            thing["kind"] not in kinds or not wanted or not wanted.isdisjoint(_stated(thing, key))
            for key, kinds in ATTRIBUTES.items()
            for wanted in [set(getattr(choice, key))]
        )
    )


def _stated(thing: Mapping[str, Any], key: str) -> set[str]:
    """What a thing is by an attribute; of somebody who is not placed in time yet, each party they were ever of."""
    if key == "party" and "parties" in thing:
        return {party for _, party in thing["parties"]}
    return {thing[key]}


# --- by which name ---------------------------------------------------------------------------------------------------


def resolve(store: Store, text: str) -> Path:
    """The thing that `text` names: a path, an IRI, a citation, a name. ``story`` stands for the first view.

    Raises `Malformed` for an empty text, `Unknown` (with near misses) where nothing of that name is known.
    """
    text = text.strip()
    if not text:
        raise Malformed("the focus is empty; name a thing by a citation, a name, an address or an IRI")
    if text == "story":
        return text
    path = _addressed(text)
    if path and (known := _canonical(store, [path]).get(path)) and _known(store, known):
        return known
    named = [row for row in ask_for(store, "named", words=text) if kind_of(iri.path(row["thing"]))] if not path else []
    exact = [row for row in named if row["exact"] in ("true", "1")] or named
    things = list(dict.fromkeys(_shown(iri.path(row["thing"]), {}) for row in exact))
    if len(things) == 1:
        return _canonical(store, things)[things[0]]
    shown = text if len(text) <= 60 else text[:57] + "..."
    near = tuple(dict.fromkeys(row["label"] for row in exact))[:6]
    if things:
        raise Unknown(f'"{shown}" may mean several things: {"; ".join(near)}', near)
    raise Unknown(
        f'nothing is known by the name of "{shown}"; try a citation such as 47 U.S.C. § 230(e)(5), or a full name'
    )


def _addressed(text: str) -> Path:
    """The path that an address, IRI or citation means, empty for what is none of these."""
    if text.startswith(("/", iri.BASE + "/")):
        return iri.path(text).rstrip("/")
    mention = citation.parse(text)
    return mention.path if mention else ""


def _known(store: Store, path: Path) -> bool:
    return bool(kind_of(path)) and bool(_facts(store, [path]).get(path))


def _canonical(store: Store, paths: Iterable[Path]) -> dict[Path, Path]:
    """For each path that of the node that stands for it: for a slot its provision, for a section of a law that law."""
    wanted = list(dict.fromkeys(paths))
    slots = [path for path in wanted if path.startswith("/us/usc/") and _safe(path)]
    bound = _select(store, "network_provisions", slots) if slots else []
    provision = {iri.path(row["thing"]): iri.path(row["provision"]) for row in bound}
    return {path: _shown(path, provision) for path in wanted if _safe(path)}


def _shown(path: Path, provision: dict[Path, Path]) -> Path:
    """The node for a path: sections of a law are shown as the law, designations as what stands there."""
    return provision.get(path) or ledger.law_of(path)


def _safe(path: Path) -> bool:
    try:
        values([path])
    except ValueError:
        return False
    return True


# --- what is said ----------------------------------------------------------------------------------------------------

Relation = tuple[Path, str, Path, Day | None, Day | None]
"""Who, does what, to what, since when, until when."""


BATCH = 40
"""Things asked about at once: beyond some eighty, Virtuoso 7 joins otherwise and forgets the days of some relations."""


def _select(store: Store, query: str, things: Iterable[Path], end: str = "") -> list[Row]:
    terms = values(things)
    return store.select(query_text(query).replace("$things", terms).replace("$end", end))


def relations(store: Store, things: Collection[Path]) -> Iterator[Relation]:
    """Every relation in which one of `things` stands, from either end."""
    for end in ("?source", "?target"):
        yield from _asked(store, things, end)


def _asked(store: Store, things: Collection[Path], end: str) -> Iterator[Relation]:
    some = list(things)
    asked = (some[at : at + BATCH] for at in range(0, len(some), BATCH))
    rows = [row for batch in asked for row in _select(store, "network_edges", batch, end)]
    ends = [iri.path(row[key]) for row in rows for key in ("source", "target")]
    node = _canonical(store, ends)
    for row in rows:
        source, target = (node.get(iri.path(row[key]), "") for key in ("source", "target"))
        if source != target and kind_of(source) and kind_of(target):
            says = EFFECT_WORDS.get(row["says"]) or STANCE_WORDS.get(row["says"], row["says"])
            yield source, says, target, row.get("since"), row.get("until")


def _between(store: Store, things: Collection[Path]) -> Iterator[Relation]:
    """The relations among `things`. Members of Congress have hundreds, so these are asked from the other end."""
    many = ("person", "organization")
    yield from _asked(store, [path for path in things if kind_of(path) not in many], "?source")
    yield from _asked(store, [path for path in things if kind_of(path) not in many], "?target")
    yield from _asked(store, [path for path in things if kind_of(path) == "organization"], "?source")


def _network(store: Store, shown: Mapping[Path, dict[str, Any]], truncated: bool) -> Network:
    """The network of these things and of every relation among them."""
    network = nx.MultiDiGraph(truncated=truncated)
    for path, thing in shown.items():
        network.add_node(path, **thing)
    for source, says, target, since, until in sorted(
        set(_between(store, shown)), key=lambda r: tuple(part or "" for part in r)
    ):
        if source in network and target in network:
            network.add_edge(source, target, key=(says, since), says=says, since=since, until=until)
    _thin(network)
    _date(network)
    _tell_apart(network)
    return network


def _thin(network: Network) -> None:
    """Take out the edges that say nothing new: weak ones beside others, and those to parts beside one to the whole."""
    part_of = {source: target for source, target, says in network.edges(data="says") if says == "is part of"}
    spare = []
    for source, target, key, says in network.edges(keys=True, data="says"):
        beside = [
            *network.get_edge_data(source, target, default={}).values(),
            *network.get_edge_data(target, source, default={}).values(),
        ]
        weak = says in WEAK and any(other["says"] not in WEAK for other in beside)
        above = network.get_edge_data(source, part_of.get(target), default={})
        inherited = says in EFFECT_WORDS.values() and key in above
        if weak or inherited:
            spare.append((source, target, key))
    network.remove_edges_from(spare)


def _date(network: Network) -> None:
    """Let a bill end on the day it became law; order undated things, such as people, by the day they first come up,
    and give them the party they were of then.
    """
    for bill, law, says in network.edges(data="says"):
        if says == "became":
            network.nodes[bill]["until"] = network.nodes[law]["since"]
    for path, thing in network.nodes(data=True):
        edges = [*network.in_edges(path, data=True), *network.out_edges(path, data=True)]
        days = [edge["since"] for _, _, edge in edges if edge["since"]]
        others = [network.nodes[end]["since"] for source, target, _ in edges for end in (source, target)]
        thing["order"] = thing["order"] or min(days or [day for day in others if day], default="")
        stated = [party for since, party in thing.pop("parties", ()) if since <= thing["order"]]
        thing["party"] = stated[-1] if stated else thing["party"]


def _tell_apart(network: Network) -> None:
    """Let people of one family name, and other things of one short name, be told apart where that is short as well."""
    named: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path, thing in network.nodes(data=True):
        named[thing["kind"], thing["short"]].append(path)
    for (kind, short), paths in named.items():
        if len(paths) > 1 and kind == "person":
            for path in paths:
                network.nodes[path]["short"] = f"{network.nodes[path]['label'][0]}. {short}"


# --- what is shown of a thing ----------------------------------------------------------------------------------------

Facts = dict[str, list[str]]
"""The values of a thing by the local name of the property; concepts by their label."""


def _facts(store: Store, paths: Collection[Path]) -> dict[Path, Facts]:
    found: dict[Path, Facts] = defaultdict(lambda: defaultdict(list))
    for row in _select(store, "network_facts", paths) if paths else ():
        key = re.split(r"[#/]", row["property"])[-1]
        found[iri.path(row["thing"])][key].append(row.get("name") or iri.path(row["value"]))
    return found


def things(store: Store, paths: Iterable[Path]) -> dict[Path, dict[str, Any]]:
    """What is shown of each thing; paths that no picture shows are left out."""
    shown = [path for path in dict.fromkeys(paths) if kind_of(path)]
    facts = _facts(store, shown)
    parents = {path: facts[path][key][0] for path in shown for key in ("claimedIn", "provision") if facts[path][key]}
    behind = _facts(store, [parent for parent in dict.fromkeys(parents.values()) if parent not in facts])
    remembered = _from_memory(store, shown)
    parties = _parties(store, [path for path in shown if kind_of(path) in ATTRIBUTES["party"]])
    found = {}
    for path in shown:
        parent = parents.get(path, "")
        thing = _thing(path, facts[path], facts[parent] if parent in facts else behind[parent])
        thing["parties"] = parties.get(path, ())
        thing["party"] = thing["parties"][-1][1] if thing["parties"] else ""
        if path in remembered:
            thing["badge"] = f"{thing['badge']} · from memory".removeprefix(" · ")
        found[path] = thing
    return found


def _parties(store: Store, paths: Collection[Path]) -> dict[Path, tuple[tuple[Day, str], ...]]:
    """The party of members and of the sponsors of bills on each day that the record states it, in order."""
    found: dict[Path, set[tuple[Day, str]]] = defaultdict(set)
    for row in _select(store, "network_parties", paths) if paths else ():
        found[iri.path(row["thing"])].add((row.get("since", ""), row["party"]))
    return {path: tuple(sorted(stated)) for path, stated in found.items()}


def _from_memory(store: Store, paths: Collection[Path]) -> set[Path]:
    """The things that no source but memory speaks of."""
    known: dict[Path, set[str]] = defaultdict(set)
    for row in _select(store, "network_confidence", paths) if paths else ():
        known[iri.path(row["thing"])].add(row["confidence"].rpartition("#confidence-")[2])
    return {path for path, confidences in known.items() if confidences == {"memory"}}


def _thing(path: Path, facts: Facts, parent: Facts) -> dict[str, Any]:
    kind = kind_of(path) or ""
    since, until = _interval(kind, facts, parent)
    congress = _congress(path) if kind in ATTRIBUTES["congress"] else ""
    caption, description = _words(kind, facts, parent)
    label = _label(path, facts)
    return {
        "label": label,
        "short": _short(kind, label, caption),
        "caption": caption,
        "kind": kind,
        "badge": _badge(path, kind, facts),
        "since": since,
        "until": iri.congress_ends(int(congress)) if kind == "bill" else until,
        "description": description,
        "order": since or (iri.congress_ends(int(congress) - 1) if congress else ""),
        "party": "",
        "congress": congress,
        "stage": _one(facts, "stage") if kind == "bill" else "",
        "outcome": _one(facts, "outcome") if kind == "case" else "",
    }


def _congress(path: Path) -> str:
    """The number of the Congress of a bill, a roll call or a public law.

    >>> _congress("/us/bill/115/hr/1865"), _congress("/us/eo/13925")
    ('115', '')
    """
    numbered = re.match(r"/us/(?:bill|vote|pl|pvtl)/(\d+)/", path)
    return numbered[1] if numbered else ""


def _label(path: Path, facts: Facts) -> str:
    whole_title = re.fullmatch(r"/us/usc/t(\w+)", path)
    return _one(facts, "label") or (f"{whole_title[1]} U.S.C." if whole_title else name(path))


def _short(kind: str, label: str, caption: str) -> str:
    """What a thing is called where there is little room: a family name, the first party, a popular name, a tally.

    >>> _short("case", "Zeran v. America Online, Inc.", ""), _short("provision", "47 U.S.C. § 230(e)(5)", "")
    ('Zeran', '(e)(5)')
    >>> _short("organization", "Electronic Frontier Foundation", ""), _short("person", "Daniel M. Donovan, Jr.", "")
    ('EFF', 'Donovan')
    """
    words = label.removeprefix("United States ").split()
    capitals = "".join(word[0] for word in words if word[0].isupper())
    shorts = {
        "person": _family(label),
        "organization": capitals if len(capitals) > 2 else " ".join(words).split(" of ")[0],
        "bill": label.split(", ")[0],
        "vote": caption.split(" ")[0],
        "law": caption if len(caption) <= 14 else label,
        "provision": label.removeprefix("47 U.S.C. § 230") or "§ 230",
        "exemption": label.removeprefix("No effect on ").capitalize(),
        "other-law": re.sub(r" U\.S\.C\.(?: part \w+,)? (?=§|ch)", " ", label),
        "case": _party(label),
        "document": label.split(" of ")[0],
        "claim": caption,
    }
    return shorts[kind] or label


def _family(name: str) -> str:
    return re.sub(r",? (Jr\.?|Sr\.?|I+)$", "", name).rpartition(" ")[2]


def _party(case: str) -> str:
    """The party that a case goes by: the first, but not a pseudonym, a government, or a very long name.

    >>> _party("Jane Doe No. 1 v. Backpage.com, LLC"), _party("Stratton Oakmont, Inc. v. Prodigy Services Co.")
    ('Backpage.com', 'Stratton Oakmont')
    >>> _party("Gonzalez v. Google LLC"), _party("Fair Housing Council of San Fernando Valley v. Roommates.com, LLC")
    ('Gonzalez', 'Roommates.com')
    """
    first, *others = (re.split(r",|\(| (?:Inc|LLC|L\.L\.C|Ltd|Co)\b", side)[0].strip() for side in case.split(" v. "))
    hidden = re.match(r"(Jane |John )?Does?\b|([A-Z]\.)+(\s|$)|United States$|FTC$|Commonwealth ", first)
    return others[0] if others and (hidden or len(first) > 30) else first


def _interval(kind: str, facts: Facts, parent: Facts) -> tuple[Day | None, Day | None]:
    """When a thing holds. Votes, documents, claims happen on a day."""
    keys = {"bill": "introduced", "vote": "voteDay", "case": "decided", "law": "enacted", "document": "issued"}
    said = parent if kind in ("claim", "exemption") else facts
    key = {"claim": "issued"}.get(kind) or keys.get(kind, "validFrom")
    since = _one(said, key) or None
    if kind in ("vote", "document", "claim"):
        return since, since
    return since, _one(said, "validTo") or None


def _words(kind: str, facts: Facts, parent: Facts) -> tuple[str, str]:
    """The second line of a thing's box, and what is said of it at length."""
    one = facts.get
    title = min(one("altLabel", []), key=len, default="") if kind == "law" else ""
    captions = {
        "person": _one(facts, "roleDescription"),
        "organization": _one(facts, "roleDescription"),
        "vote": f"{_one(facts, 'yea')}–{_one(facts, 'nay')} {_one(facts, 'result').lower()}" if one("yea") else "",
        "exemption": _section_sign(_one(parent, "label")),
        "case": ", ".join(part for part in (_one(facts, "court"), _one(facts, "decided")[:4]) if part),
        "document": _one(facts, "issued"),
        "claim": _one(facts, "verdict"),
    }
    caption = captions.get(kind) or title or _one(facts, "shortHeading") or _one(facts, "title") or _one(facts, "role")
    sentences = {
        "exemption": [_one(parent, "summary"), _listed("It keeps in force", one("carvesOut")), _if(one("condition"))],
        "case": [_one(facts, "holding"), _listed("Outcome", one("outcome"))],
        "claim": [_one(facts, "finding")],
        "vote": [_one(facts, "question"), caption],
        "bill": [_one(facts, "title"), _listed("Stage", one("stage"))],
        "law": [_one(facts, "title")],
        "document": [_one(facts, "documentKind").replace("-", " ")],
    }
    said = sentences.get(kind) or [_one(facts, "shortHeading"), _one(facts, "summary"), _one(facts, "roleDescription")]
    return caption, " ".join(_sentence(text) for text in said if text)


def _badge(path: Path, kind: str, facts: Facts) -> str:
    if kind == "bill":
        stage = _one(facts, "stage")
        return "bill · became law" if stage == "enacted" else f"bill · {stage}".removesuffix(" · ")
    if kind == "law" and path.startswith("/us/eo/"):
        return "executive order"
    if kind == "claim":
        return f"claim · {_one(facts, 'verdict')}".removesuffix(" · ")
    if kind in ("provision", "other-law"):
        return "former law" if facts.get("validTo") else "law"
    return {"law": "law", "exemption": "law", "case": "opinion", "document": "document", "vote": "roll call"}.get(
        kind, ""
    )


def _one(facts: Facts, key: str) -> str:
    """The value of a property; the least of several, so that it is the same every time."""
    return min(facts.get(key, ()), default="")


def _listed(what: str, found: list[str] | None) -> str:
    return f"{what}: {'; '.join(sorted(found))}" if found else ""


def _if(condition: list[str] | None) -> str:
    return f"It applies where {min(condition)}" if condition else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


def _section_sign(label: str) -> str:
    return label[label.find("§") :] if "§" in label else label


def days(text_from: str | None, text_to: str | None, store: Store) -> tuple[Day | None, Day | None]:
    """Two days as a reader writes them, empty for no bound. Raises `Malformed` for no day, or no span, at all."""
    from_, to = (read_day(text, today(store)) if text else None for text in (text_from, text_to))
    if from_ and to and from_ > to:
        raise Malformed(f"the span from {from_} to {to} ends before it begins")
    return from_, to
