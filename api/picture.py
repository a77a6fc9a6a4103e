"""The picture: a network as a page to explore, as JSON, and as one file that needs nothing else.

`pyvis` carries nodes and edges; template and script are ours, because pyvis's own lets labels run as scripts and
asks other hosts. vis-network's script comes from the installed pyvis package. Labels are text everywhere.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path as File
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import FastAPI
from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from api import rendering, tabular, things
from graph import answers, crowd, iri, layout, network
from graph.answers import Malformed
from graph.citation import ordinal
from graph.records import Day, Path
from graph.store import Store

HERE = File(__file__).parent
SCRIPT = "/static/vis-network/vis-network.min.js"

ICONS = {
    "person": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",
    "organization": "M2.5 2.5h11v11h-11z",
    "bill": "M3 1.5l11 6.5l-11 6.5z",
    "vote": "M6 1.5h4v4.5h4.5v4h-4.5v4.5h-4v-4.5h-4.5v-4h4.5z",
    "law": "M8 .5l7.5 7.5l-7.5 7.5l-7.5-7.5z",
    "provision": "M2 1.5h12v7.5l-6 6l-6-6z",
    "exemption": "M4 1.5l4 4l4-4l2.5 2.5l-4 4l4 4l-2.5 2.5l-4-4l-4 4l-2.5-2.5l4-4l-4-4z",
    "other-law": "M8 .5l7.5 7.5l-7.5 7.5l-7.5-7.5zM8 4l-4 4l4 4l4-4z",
    "case": "M4.5 1.5h7l4 6.5l-4 6.5h-7l-4-6.5z",
    "document": "M3 1h7l3.5 3.5v10.5h-10.5z",
    "claim": "M1.5 2h13v9h-6l-4 4v-4h-3z",
}
"""A shape for each kind, so that colour is never the only sign; SVG paths in a square of 16."""

OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "keyboard": False,
        "multiselect": False,
        "hideEdgesOnDrag": False,
    },
    "nodes": {"font": {"multi": False}, "physics": False},
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}},
        "font": {"multi": False},
        "physics": False,
        "selectionWidth": 0,
        "hoverWidth": 0,
        "smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "vertical", "roundness": 0.45},
    },
}
"""How vis-network behaves: nothing moves by itself, no label is markup."""

SORTS = ("kind", "name", "from", "to", "links")

ROWS = 300
"""How many rows the table of a page has at most: as many as a view opens with; the CSV has all."""

GATHERED = 2
"""How many things may be read for each box of a view whose crowds are gathered."""


class Question(NamedTuple):
    """What a reader asks to see; `focus` are paths, or ``story``; `opened` are ids of crowds shown one by one."""

    focus: tuple[Path, ...] = ()
    depth: int = 1
    choice: network.Choice = network.ALL
    limit: int = network.OPENING
    layout: str = "lanes"
    gather: bool = False
    opened: tuple[str, ...] = ()


# --- the question ----------------------------------------------------------------------------------------------------


def question(store: Store, asked: QueryParams) -> Question:
    """What the parameters of an address ask for. Raises `Malformed`, and `network.Unknown` for a focus not known."""
    focus = tuple(dict.fromkeys(network.resolve(store, text) for text in asked.getlist("focus") if text.strip()))
    layout = asked.get("layout") or "lanes"
    if layout not in ("lanes", "force"):
        raise Malformed(f'"{layout[:40]}" is no layout; it is one of: lanes, force')
    depth = _number(asked, "depth", 1, 0 if focus else 1, 4)
    limit = _number(asked, "limit", network.OPENING if len(focus) < 2 else network.MOST, 1, network.MOST)
    gather = asked.get("gather") == "1"
    return Question(focus, depth, choice(store, asked), limit, layout, gather, _several(asked, "open"))


def choice(store: Store, asked: QueryParams) -> network.Choice:
    """Which kinds, days, parties, Congresses and stages are wanted. Raises `Malformed`."""
    kinds = _several(asked, "kinds")
    for kind in kinds:
        if kind not in network.KINDS:
            raise Malformed(f'"{kind[:40]}" is no kind; the kinds are: {", ".join(network.KINDS)}')
    for congress in _several(asked, "congress"):
        if not re.fullmatch(r"[0-9]{1,3}", congress):
            raise Malformed(f'congress "{congress[:40]}" is no number')
    from_, to = network.days(asked.get("from"), asked.get("to"), store)
    return network.Choice(kinds, from_, to, *(_several(asked, key) for key in network.ATTRIBUTES))


def _several(asked: QueryParams, key: str) -> tuple[str, ...]:
    """The values of a parameter, repeated or separated by commas."""
    return tuple(dict.fromkeys(value for text in asked.getlist(key) for value in text.split(",") if value))


def _number(asked: QueryParams, key: str, default: int, least: int, most: int) -> int:
    text = asked.get(key) or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", text) or not least <= int(text) <= most:
        raise Malformed(f'{key} "{text[:40]}" is no number from {least} to {most}')
    return int(text)


def address(asked: Question, path: str = "/explore", **changes: Any) -> str:
    """The address that asks this question, with some of it changed; ``sort`` may be added.

    >>> address(Question(("/us/pl/115/164",), choice=network.Choice(to="2018-12-31")), depth=2)
    '/explore?focus=%2Fus%2Fpl%2F115%2F164&depth=2&to=2018-12-31'
    """
    fields = _fields(asked._replace(**{key: value for key, value in changes.items() if key != "sort"}))
    fields += [("sort", changes["sort"])] if changes.get("sort") else []
    return f"{path}?{urlencode(fields)}" if fields else path


def _fields(asked: Question) -> list[tuple[str, Any]]:
    """A question as the fields of an address, without what is usual."""
    plain, wanted = Question(), asked.choice
    usual = network.OPENING if len(asked.focus) < 2 else network.MOST
    fields: list[tuple[str, Any]] = [("focus", focus) for focus in asked.focus]
    fields += [("depth", asked.depth)] if asked.depth != plain.depth else []
    fields += [("kinds", ",".join(wanted.kinds))] if wanted.kinds else []
    fields += [(key, day) for key, day in (("from", wanted.from_), ("to", wanted.to)) if day]
    fields += [(key, ",".join(found)) for key in network.ATTRIBUTES if (found := getattr(wanted, key))]
    fields += [("limit", asked.limit)] if asked.limit != usual else []
    fields += [("layout", asked.layout)] if asked.layout != plain.layout else []
    fields += [("gather", "1")] if asked.gather else []
    return fields + [("open", name) for name in asked.opened]


# --- the answer ------------------------------------------------------------------------------------------------------


def answer(store: Store, asked: Question) -> dict[str, Any]:
    """Nodes and edges as vis-network takes them, with lanes, eras, kinds, whether all is shown, and coverage days."""
    return {**_drawn(store, store.name, asked), "known_through": answers.known_through(store)}


@lru_cache(maxsize=64)
def _seen(store: Store, release: str, asked: Question) -> network.Network:
    """The network that is asked for, each thing by itself."""
    limit = min(asked.limit * (GATHERED if asked.gather else 1), network.MOST)
    return network.view(store, asked.focus, asked.depth, asked.choice, limit)


@lru_cache(maxsize=64)
def _drawn(store: Store, release: str, asked: Question) -> dict[str, Any]:
    seen = _seen(store, release, asked._replace(layout="lanes", opened=()))
    if asked.gather and asked.focus:
        seen = _gathered(store, seen, asked)
    arranged = layout.lanes(seen) if asked.layout == "lanes" else layout.Layout(layout.force(seen), (), ())
    return {
        **carried(seen, arranged.positions),
        "cell": layout.CELL,
        "lanes": [lane._asdict() for lane in arranged.lanes],
        "eras": [era._asdict() for era in arranged.eras],
        "kinds": legend(seen),
        "focus": list(asked.focus),
        "opened": seen.graph.get("opened", []),
        "truncated": seen.graph["truncated"],
    }


def _gathered(store: Store, seen: network.Network, asked: Question) -> network.Network:
    """The network with its crowds gathered, and not more boxes than are asked for."""
    keep = {*asked.focus, *(network.story(store) if "story" in asked.focus else ())}
    gathered = crowd.gather(seen, keep, asked.opened)
    if len(gathered) <= asked.limit:
        return gathered
    cut = gathered.subgraph([*gathered][: asked.limit]).copy()
    cut.graph["truncated"] = True
    return cut


def legend(seen: network.Network) -> list[dict[str, Any]]:
    """The kinds of a network with their names, shapes and how many things there are of each."""
    counts: Counter[str] = Counter()
    for _, thing in seen.nodes(data=True):
        counts[thing["kind"]] += len(thing.get("members", (thing,)))
    return [
        {"kind": kind, "label": label, "icon": ICONS[kind], "count": counts[kind]}
        for kind, label in network.KINDS.items()
        if counts[kind]
    ]


SHOWN = ("short", "caption", "kind", "badge", "since", "until", "description", *network.ATTRIBUTES, "outcome")


def carried(seen: network.Network, positions: Mapping[Path, tuple[int, int]]) -> dict[str, Any]:
    """A network as pyvis holds it: lists of nodes and edges, and the options of vis-network."""
    from pyvis.network import Network  # heavy: only where a picture is drawn

    held = Network(directed=True)
    held.set_options(json.dumps(OPTIONS))
    for path, thing in seen.nodes(data=True):
        x, y = positions[path]
        shown = {key: thing[key] for key in (*SHOWN, "members") if key in thing}
        held.add_node(path, label=thing["label"], shape="custom", group=thing["kind"], x=x, y=y, **shown)
    for source, target, relation in seen.edges(data=True):
        held.add_edge(source, target, **relation)
    return {"nodes": held.nodes, "edges": held.edges, "options": held.options}


def rows(seen: network.Network, sort: str) -> list[dict[str, Any]]:
    """The same as a table: a row a thing, with what it is connected to as ``(says, path, name)``.

    `sort` is one of `SORTS`, with ``-`` before it the other way round.
    """
    order = list(network.KINDS)
    keys: dict[str, Callable[[dict[str, Any]], Any]] = {
        "kind": lambda row: order.index(row["kind"]),
        "name": lambda row: row["label"].casefold(),
        "from": lambda row: row["since"] or "9999",
        "to": lambda row: row["until"] or "9999",
        "links": lambda row: -row["count"],
    }
    names = dict(seen.nodes(data="label"))
    table = [
        {
            **thing,
            "id": path,
            "links": sorted((says, end, names[end]) for _, end, says in seen.out_edges(path, data="says")),
            "count": seen.degree(path),
        }
        for path, thing in seen.nodes(data=True)
    ]
    usual = sorted(table, key=lambda row: (order.index(row["kind"]), row["order"], row["label"], row["id"]))
    return sorted(usual, key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))


COLUMNS = ("kind", "name", "iri", "badge", "from", "until", "party", "congress", "stage", "outcome", "connections")


def as_csv(table: list[dict[str, Any]]) -> str:
    """The rows of the table as CSV, their columns being `COLUMNS`."""
    return tabular.as_csv(
        COLUMNS,
        (
            (
                *(row["kind"], row["label"], iri.of(row["id"]), row["badge"]),
                *(row[key] for key in ("since", "until", "party", "congress", "stage", "outcome")),
                "; ".join(f"{says} {label}" for says, _, label in row["links"]),
            )
            for row in table
        ),
    )


def in_words(thing: Mapping[str, Any]) -> str:
    """A thing as the subject or object of a sentence.

    >>> in_words({"kind": "claim", "label": "it is a new law", "caption": ""})
    'the claim “it is a new law”'
    >>> in_words({"kind": "law", "label": "Pub. L. 115-164", "caption": "FOSTA"})
    'Pub. L. 115-164 (FOSTA)'
    """
    if thing["kind"] == "claim":
        return f"the claim “{thing['label']}”"
    return f"{thing['label']} ({thing['caption']})" if thing["kind"] == "law" and thing["caption"] else thing["label"]


def title(store: Store, asked: Question) -> str:
    """What the view shows, in a few words."""
    around = [path for path in asked.focus if path != "story"]
    if not around:
        return "The story of Section 230"
    said = ", ".join(map(in_words, network.things(store, around).values()))
    return f"The story of Section 230, and {said}" if len(around) < len(asked.focus) else f"Around {said}"


# --- the page --------------------------------------------------------------------------------------------------------


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/explore``, its CSV, ``/api/v1/graph`` and vis-network's script into `app`."""
    site = rendering.Site(store_of, templates, {})

    def explore(request: Request) -> Response:
        def make(store: Store) -> dict[str, Any]:
            asked = question(store, request.query_params)._replace(gather=True)
            return shown(store, asked, _sort(request.query_params))

        try:
            if "download" in request.query_params:
                return file(request, make)
            return rendering.page(site, request, "explore.html", make)
        except Malformed as error:
            return refused(site, request, error)

    def file(request: Request, make: Callable[[Store], dict[str, Any]]) -> Response:
        store = store_of()
        body = one_file(store, templates, {**rendering.frame(store, request), **make(store)})
        name = {"content-disposition": 'attachment; filename="section230.html"'}
        return Response(body, media_type="text/html", headers={**rendering.headers_for(store, request, "html"), **name})

    def table(request: Request) -> Response:
        store = store_of()
        asked, sort = question(store, request.query_params)._replace(gather=True), _sort(request.query_params)
        headers = rendering.headers_for(store, request, "csv")
        if rendering.is_fresh(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        body = as_csv(rows(_seen(store, store.name, _each(asked)), sort))
        file = {"content-disposition": 'attachment; filename="section230.csv"'}
        return Response(body, media_type="text/csv", headers={**headers, **file})

    app.add_route("/explore", explore, methods=["GET"], include_in_schema=False)
    app.add_route("/explore.csv", table, methods=["GET"], include_in_schema=False)
    app.add_api_route(
        "/api/v1/graph",
        rendering.as_json(store_of, lambda store, asked: answer(store, question(store, asked))),
        methods=["GET"],
        name="graph",
        summary="What lies around some things, as nodes and edges with positions",
        response_class=Response,
        openapi_extra={"parameters": PARAMETERS},
    )
    # Before the folder of our own static files, which would take the address.
    app.router.routes.insert(
        0, Route(SCRIPT, lambda request: FileResponse(vis_network(), media_type="text/javascript"))
    )


def refused(site: rendering.Site, request: Request, error: Malformed) -> Response:
    """The page for what is not in the picture, or cannot be read: why, and what may have been meant."""
    wrong = {"message": str(error), "near": getattr(error, "near", ())}
    status = 404 if isinstance(error, network.Unknown) else 400
    return rendering.page(site, request, "explore.html", lambda store: wrong, status)


def parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    """A parameter of an address as OpenAPI describes it; a string unless `schema` says otherwise."""
    return {"name": name, "in": "query", "description": description, "schema": schema or {"type": "string"}}


PARAMETERS = [
    parameter(
        "focus",
        "A citation, path, IRI or name; repeatable. Without it, or as `story`, the first view.",
        type="array",
        items={"type": "string"},
    ),
    parameter("depth", "Steps from the focus.", type="integer", minimum=0, maximum=4, default=1),
    parameter("kinds", f"Only these kinds, separated by commas: {', '.join(network.KINDS)}."),
    parameter("from", "Only what held on or after this day, YYYY-MM-DD."),
    parameter("to", "Only what held on or before this day, YYYY-MM-DD."),
    parameter("party", "Only people of these parties and bills they sponsored: D, R, I, separated by commas."),
    parameter("congress", "Only bills, roll calls and laws of these Congresses, separated by commas."),
    parameter("stage", "Only bills at these stages, separated by commas."),
    parameter("limit", "The most nodes.", type="integer", minimum=1, maximum=network.MOST, default=network.OPENING),
    parameter("layout", "Where nodes stand.", type="string", enum=["lanes", "force"], default="lanes"),
    parameter("gather", "1 to show the many that stand there for the same reason as one node with `members`."),
    parameter("open", "The id of a crowd to be shown one by one; repeatable.", type="array", items={"type": "string"}),
]


def _sort(asked: QueryParams) -> str:
    sort = asked.get("sort") or "kind"
    if sort.removeprefix("-") not in SORTS:
        raise Malformed(f'"{sort[:40]}" is no order; it is one of: {", ".join(SORTS)}')
    return sort


def _each(asked: Question) -> Question:
    """The question of the table, which shows each thing: how things are arranged and gathered is nothing to it."""
    return asked._replace(layout="lanes", opened=())


def shown(store: Store, asked: Question, sort: str = "kind") -> dict[str, Any]:
    """What the template shows. The legend and the facets count what there is before anything is chosen."""
    whole = asked._replace(choice=network.ALL)
    everything = answer(store, whole)
    all_things = _seen(store, store.name, _each(whole))
    seen = _seen(store, store.name, _each(asked))
    days = [since for _, since in all_things.nodes(data="since") if since]
    link = address(asked, gather=False)
    return {
        "title": title(store, asked),
        "asked": asked,
        "hidden": _fields(asked._replace(choice=network.ALL, gather=False)),
        "sort": sort,
        "sorts": {key: address(asked, gather=False, sort=f"-{key}" if key == sort else key) for key in SORTS},
        "legend": everything["kinds"],
        "facets": facets(all_things),
        "everything": everything,
        "connections": seen.number_of_edges(),
        "rows": rows(seen, sort)[:ROWS],
        "all_rows": len(seen),
        "kind_labels": network.KINDS,
        "icons": ICONS,
        "source": address(whole, "/api/v1/graph"),
        "csv": link.replace("/explore", "/explore.csv", 1),
        "download": link + ("&" if "?" in link else "?") + "download=1",
        "all": address(asked, limit=network.MOST, gather=False)
        if everything["truncated"] and asked.limit < network.MOST
        else "",
        "boxes": len(everything["nodes"]),
        "truncated": everything["truncated"],
        "other_layout": address(asked, layout="lanes" if asked.layout == "force" else "force", gather=False),
        "years": years(days),
        "message": "",
    }


def years(days: list[Day]) -> list[tuple[int, float]]:
    """Every year from the first to the last day, and how much begins in it: the root of its share of the fullest year.

    >>> years(["1996-02-08", "1998-11-20", "1996-03-01", "1996-02-08", "1996-02-08"])
    [(1996, 1.0), (1997, 0.0), (1998, 0.5)]
    """
    begun = Counter(int(day[:4]) for day in days) or Counter({1996: 0})
    most = max(begun.values()) or 1
    return [(year, (begun[year] / most) ** 0.5) for year in range(min(begun), max(begun) + 1)]


FACETS = {"party": "Party", "congress": "Congress", "stage": "Stage of bills"}


def facets(seen: network.Network) -> list[dict[str, Any]]:
    """By what else the things of a network can be chosen: each key with its values and how many there are of each."""
    found = []
    for key, heading in FACETS.items():
        counts = Counter(value for _, value in seen.nodes(data=key) if value)
        if len(counts) > 1:
            options = [(value, _option(key, value), counts[value]) for value in sorted(counts, key=_by_number)]
            found.append({"key": key, "title": heading, "options": options})
    return found


def _by_number(value: str) -> tuple[int, str]:
    return int(value) if value.isdigit() else 0, value


def _option(key: str, value: str) -> str:
    """A value in words.

    >>> _option("party", "D"), _option("congress", "115"), _option("stage", "expired")
    ('Democrats', '115th', 'expired')
    """
    if key == "party":
        return f"{things.LETTERS[value]}s" if value in things.LETTERS else value
    return ordinal(value) if key == "congress" else value


# --- one file --------------------------------------------------------------------------------------------------------


def single_file(
    store: Store, focus: str | None = None, depth: int = 1, from_: str | None = None, to: str | None = None
) -> str:
    """The picture as one HTML document that asks no other host for anything.

    `focus` is a citation, path, IRI or name; without it the story is shown. Days are YYYY-MM-DD. Raises `Malformed`.
    """
    parts = {"focus": focus, "depth": str(depth), "from": from_, "to": to}
    asked = question(store, QueryParams({key: value for key, value in parts.items() if value}))
    context = {"today": answers.today(store), **shown(store, asked._replace(gather=True))}
    return one_file(store, rendering.templates(), context)


def one_file(store: Store, templates: Jinja2Templates, context: Mapping[str, Any]) -> str:
    """The single file for what the template shows: style, scripts, data and the sources of each thing inside."""
    style = "".join((HERE / "static" / name).read_text(encoding="utf-8") for name in ("site.css", "explore.css"))
    library = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", vis_network().read_text(encoding="utf-8"))
    script = (HERE / "static" / "explore.js").read_text(encoding="utf-8")
    inside = {
        "style": Markup(style),
        "library": Markup(library),
        "script": Markup(script),
        "data": embedded({**context["everything"], "sources": _sources(store, context["everything"]["nodes"])}),
    }
    return templates.get_template("single.html").render({**context, **inside})


def _sources(store: Store, nodes: list[dict[str, Any]]) -> dict[Path, list[dict[str, str]]]:
    return {node["id"]: things.cited(store, node["id"]) for node in nodes if "members" not in node}


def embedded(value: Any) -> Markup:
    """JSON that may stand in a script element: nothing in it can end the element or a line.

    >>> print(embedded(["</script>", "a & b"]))
    ["\\u003c/script\\u003e", "a \\u0026 b"]
    """
    text = json.dumps(value, ensure_ascii=False)
    return Markup(re.sub("[<>&\u2028\u2029]", lambda m: f"\\u{ord(m.group()):04x}", text))


@cache
def vis_network() -> File:
    """The newest script of vis-network in the installed pyvis package, found without importing it."""
    spec = find_spec("pyvis")
    assert spec and spec.submodule_search_locations, "pyvis is not installed"
    found = File(spec.submodule_search_locations[0]).glob("lib/vis-*/vis-network.min.js")
    return max(found, key=lambda file: [int(part) for part in re.findall(r"\d+", file.parent.name)])
