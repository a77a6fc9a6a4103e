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

from api import errors, rendering
from graph import answers, network
from graph.answers import Malformed
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


class Question(NamedTuple):
    """What a reader asks to see; `focus` are paths, or ``story``."""

    focus: tuple[Path, ...] = ()
    depth: int = 1
    kinds: tuple[str, ...] = ()
    from_: Day | None = None
    to: Day | None = None
    limit: int = network.OPENING
    layout: str = "lanes"


# --- the question ----------------------------------------------------------------------------------------------------


def question(store: Store, asked: QueryParams) -> Question:
    """What the parameters of an address ask for. Raises `Malformed`, and `network.Unknown` for a focus not known."""
    focus = tuple(dict.fromkeys(network.resolve(store, text) for text in asked.getlist("focus") if text.strip()))
    kinds = tuple(dict.fromkeys(kind for text in asked.getlist("kinds") for kind in text.split(",") if kind))
    for kind in kinds:
        if kind not in network.KINDS:
            raise Malformed(f'"{kind[:40]}" is no kind; the kinds are: {", ".join(network.KINDS)}')
    layout = asked.get("layout") or "lanes"
    if layout not in ("lanes", "force"):
        raise Malformed(f'"{layout[:40]}" is no layout; it is one of: lanes, force')
    opening = network.OPENING if len(focus) < 2 else network.MOST
    limit = _number(asked, "limit", opening, network.MOST)
    from_, to = network.days(asked.get("from"), asked.get("to"), store)
    return Question(focus, _number(asked, "depth", 1, 4), kinds, from_, to, limit, layout)


def _number(asked: QueryParams, key: str, default: int, most: int) -> int:
    text = asked.get(key) or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= most:
        raise Malformed(f'{key} "{text[:40]}" is no number from 1 to {most}')
    return int(text)


def address(asked: Question, path: str = "/explore", **changes: Any) -> str:
    """The address that asks this question, with some of it changed; ``sort`` may be added.

    >>> address(Question(("/us/pl/115/164",), to="2018-12-31"), depth=2)
    '/explore?focus=%2Fus%2Fpl%2F115%2F164&depth=2&to=2018-12-31'
    """
    sort = changes.pop("sort", "")
    new, plain = asked._replace(**changes), Question()
    fields = [("focus", focus) for focus in new.focus]
    fields += [("depth", new.depth)] if new.depth != plain.depth else []
    fields += [("kinds", ",".join(new.kinds))] if new.kinds else []
    fields += [(key, day) for key, day in (("from", new.from_), ("to", new.to)) if day]
    usual = network.OPENING if len(new.focus) < 2 else network.MOST
    fields += [("limit", new.limit)] if new.limit != usual else []
    fields += [("layout", new.layout)] if new.layout != plain.layout else []
    fields += [("sort", sort)] if sort else []
    return f"{path}?{urlencode(fields)}" if fields else path


# --- the answer ------------------------------------------------------------------------------------------------------


def answer(store: Store, asked: Question) -> dict[str, Any]:
    """Nodes and edges as vis-network takes them, with lanes, eras, kinds, whether all is shown, and coverage days."""
    return {**_drawn(store, store.name, asked), "known_through": answers.known_through(store)}


@lru_cache(maxsize=64)
def _drawn(store: Store, release: str, asked: Question) -> dict[str, Any]:
    seen = network.view(store, asked.focus, asked.depth, asked.kinds, asked.from_, asked.to, asked.limit)
    arranged = network.lanes(seen) if asked.layout == "lanes" else network.Layout(network.force(seen), (), ())
    counts = Counter(kind for _, kind in seen.nodes(data="kind"))
    return {
        **carried(seen, arranged.positions),
        "cell": network.CELL,
        "lanes": [lane._asdict() for lane in arranged.lanes],
        "eras": [era._asdict() for era in arranged.eras],
        "kinds": [
            {"kind": kind, "label": label, "icon": ICONS[kind], "count": counts[kind]}
            for kind, label in network.KINDS.items()
            if counts[kind]
        ],
        "focus": list(asked.focus),
        "truncated": seen.graph["truncated"],
    }


def carried(seen: network.Network, positions: Mapping[Path, tuple[int, int]]) -> dict[str, Any]:
    """A network as pyvis holds it: lists of nodes and edges, and the options of vis-network."""
    from pyvis.network import Network  # heavy: only where a picture is drawn

    held = Network(directed=True)
    held.set_options(json.dumps(OPTIONS))
    for path, thing in seen.nodes(data=True):
        x, y = positions[path]
        shown = {key: thing[key] for key in ("short", "caption", "kind", "badge", "since", "until", "description")}
        held.add_node(path, label=thing["label"], shape="custom", group=thing["kind"], x=x, y=y, **shown)
    for source, target, relation in seen.edges(data=True):
        held.add_edge(source, target, **relation)
    return {"nodes": held.nodes, "edges": held.edges, "options": held.options}


def rows(drawn: Mapping[str, Any], sort: str) -> list[dict[str, Any]]:
    """The same as a table: a row a node, with what it is connected to as ``(says, path, name)``."""
    names = {node["id"]: node["label"] for node in drawn["nodes"]}
    links: dict[Path, list[tuple[str, Path, str]]] = {path: [] for path in names}
    touching = Counter(end for edge in drawn["edges"] for end in (edge["from"], edge["to"]))
    for edge in drawn["edges"]:
        links[edge["from"]].append((edge["says"], edge["to"], names[edge["to"]]))
    order = list(network.KINDS)
    keys: dict[str, Callable[[dict[str, Any]], Any]] = {
        "kind": lambda row: order.index(row["kind"]),
        "name": lambda row: row["label"].casefold(),
        "from": lambda row: row["since"] or "9999",
        "to": lambda row: row["until"] or "9999",
        "links": lambda row: -row["count"],
    }
    table = [{**node, "links": sorted(links[node["id"]]), "count": touching[node["id"]]} for node in drawn["nodes"]]
    return sorted(sorted(table, key=lambda row: (row["y"], row["x"])), key=keys[sort])


def title(store: Store, asked: Question) -> str:
    """What the view shows, in a few words."""
    around = [path for path in asked.focus if path != "story"]
    if not around:
        return "The story of Section 230"
    labels = dict(network.neighbourhood(store, around, depth=0).nodes(data="label"))
    said = ", ".join(labels.values())
    return f"The story of Section 230, and {said}" if len(around) < len(asked.focus) else f"Around {said}"


# --- the page --------------------------------------------------------------------------------------------------------


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/explore``, ``/api/v1/graph`` and vis-network's script into `app`."""

    def explore(request: Request) -> Response:
        store = store_of()
        headers = rendering.headers_for(store, request, "html")
        if rendering.is_fresh(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        frame = rendering.frame(store, request)
        try:
            asked, sort = question(store, request.query_params), _sort(request.query_params)
        except Malformed as error:
            status = 404 if isinstance(error, network.Unknown) else 400
            wrong = {"message": str(error), "near": getattr(error, "near", ())}
            return templates.TemplateResponse(request, "explore.html", {**frame, **wrong}, status_code=status)
        context = {**frame, **shown(store, asked, sort)}
        if "download" in request.query_params:
            file = {"content-disposition": 'attachment; filename="section230.html"'}
            return Response(one_file(templates, context), media_type="text/html", headers={**headers, **file})
        return templates.TemplateResponse(request, "explore.html", context, headers=headers)

    def graph(request: Request) -> Response:
        store = store_of()
        headers = rendering.headers_for(store, request, "json")
        if rendering.is_fresh(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        try:
            found = answer(store, question(store, request.query_params))
        except network.Unknown as error:
            return errors.problem(404, str(error), near=list(error.near))
        return Response(json.dumps(found, ensure_ascii=False), media_type="application/json", headers=headers)

    app.add_route("/explore", explore, methods=["GET"], include_in_schema=False)
    app.add_api_route(
        "/api/v1/graph",
        graph,
        methods=["GET"],
        summary="What lies around some things, as nodes and edges with positions",
        response_class=Response,
        openapi_extra={"parameters": PARAMETERS},
    )
    # Before the folder of our own static files, which would take the address.
    app.router.routes.insert(
        0, Route(SCRIPT, lambda request: FileResponse(vis_network(), media_type="text/javascript"))
    )


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema or {"type": "string"}}


PARAMETERS = [
    _parameter(
        "focus",
        "A citation, path, IRI or name; repeatable. Without it, or as `story`, the first view.",
        type="array",
        items={"type": "string"},
    ),
    _parameter("depth", "Steps from the focus.", type="integer", minimum=1, maximum=4, default=1),
    _parameter("kinds", f"Only these kinds, separated by commas: {', '.join(network.KINDS)}."),
    _parameter("from", "Only what held on or after this day, YYYY-MM-DD."),
    _parameter("to", "Only what held on or before this day, YYYY-MM-DD."),
    _parameter("limit", "The most nodes.", type="integer", minimum=1, maximum=network.MOST, default=network.OPENING),
    _parameter("layout", "Where nodes stand.", type="string", enum=["lanes", "force"], default="lanes"),
]


def _sort(asked: QueryParams) -> str:
    sort = asked.get("sort") or "kind"
    if sort not in SORTS:
        raise Malformed(f'"{sort[:40]}" is no order; it is one of: {", ".join(SORTS)}')
    return sort


def shown(store: Store, asked: Question, sort: str = "kind") -> dict[str, Any]:
    """What the template shows. The legend counts what there is before kinds and days are chosen."""
    everything = answer(store, asked._replace(kinds=(), from_=None, to=None))
    drawn = answer(store, asked)
    days = [node["since"] for node in everything["nodes"] if node["since"]]
    return {
        "title": title(store, asked),
        "asked": asked,
        "sort": sort,
        "sorts": {key: address(asked, sort=key) for key in SORTS},
        "legend": everything["kinds"],
        "everything": everything,
        "drawn": drawn,
        "rows": rows(drawn, sort),
        "kind_labels": network.KINDS,
        "icons": ICONS,
        "source": address(asked._replace(kinds=(), from_=None, to=None), "/api/v1/graph"),
        "download": address(asked) + ("&" if "?" in address(asked) else "?") + "download=1",
        "all": address(asked, limit=network.MOST) if drawn["truncated"] and asked.limit < network.MOST else "",
        "other_layout": address(asked, layout="lanes" if asked.layout == "force" else "force"),
        "years": (min(days, default="1996")[:4], max(days, default="2026")[:4]),
        "message": "",
    }


# --- one file --------------------------------------------------------------------------------------------------------


def single_file(
    store: Store, focus: str | None = None, depth: int = 1, from_: str | None = None, to: str | None = None
) -> str:
    """The picture as one HTML document that asks no other host for anything.

    `focus` is a citation, path, IRI or name; without it the story is shown. Days are YYYY-MM-DD. Raises `Malformed`.
    """
    parts = {"focus": focus, "depth": str(depth), "from": from_, "to": to}
    asked = question(store, QueryParams({key: value for key, value in parts.items() if value}))
    context = {"today": answers.today(store), "known_through": answers.known_through(store), **shown(store, asked)}
    return one_file(rendering.templates(), context)


def one_file(templates: Jinja2Templates, context: Mapping[str, Any]) -> str:
    """The single file for what the template shows: style, scripts and data inside."""
    style = "".join((HERE / "static" / name).read_text(encoding="utf-8") for name in ("site.css", "explore.css"))
    library = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", vis_network().read_text(encoding="utf-8"))
    script = (HERE / "static" / "explore.js").read_text(encoding="utf-8")
    inside = {
        "style": Markup(style),
        "library": Markup(library),
        "script": Markup(script),
        "data": embedded(context["everything"]),
    }
    return templates.get_template("single.html").render({**context, **inside})


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
