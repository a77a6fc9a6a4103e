"""The networks as pages, JSON, CSV and GraphML: who works with whom on reform, what is central."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import networkx as nx
from fastapi import FastAPI
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from api import picture, rendering, tabular
from graph import answers, cooperation, iri, network, networks
from graph.answers import Malformed
from graph.citation import ordinal
from graph.store import Store

TABLES = {
    "members": ("name", "party", "bills", "ties", "cross_share", "betweenness", "community"),
    "bills": ("name", "title", "congress", "introduced", "supporters", "democrats", "republicans", "others", "unknown",
              "minority_share", "overlap", "betweenness"),
    "provisions": ("name", "heading", "rank", "bills", "laws", "cases", "exemptions", "other_laws"),
    "ties": ("one", "other", "weight", "strength", "since", "crosses"),
    "bipartisanship": ("congress", "bills", "unread", "alone", "several", "bipartisan", "mean_minority_share"),
}  # fmt: skip
"""The tables and their columns; those of things begin with an ``iri``."""

TITLES = {
    "name": "Name", "party": "Party", "bills": "Bills", "ties": "Ties", "cross_share": "Across parties",
    "betweenness": "Betweenness", "community": "Group", "title": "Title", "congress": "Congress",
    "introduced": "Introduced", "supporters": "Supporters", "democrats": "D", "republicans": "R", "others": "Others",
    "unknown": "Party unknown", "minority_share": "Smaller party", "overlap": "Bills in common",
    "heading": "What it is", "rank": "Rank", "laws": "Laws", "cases": "Cases", "exemptions": "Exemptions",
    "other_laws": "Other law", "one": "Member", "other": "Member", "weight": "Shared bills",
    "strength": "Strength", "since": "Since", "crosses": "Crosses parties", "unread": "Not whole",
    "alone": "Sponsor alone", "several": "With supporters", "bipartisan": "Of both parties",
    "mean_minority_share": "Smaller party, mean",
}  # fmt: skip

SHARES = ("cross_share", "minority_share", "mean_minority_share")
"""Columns that are parts of a whole: a page shows them in percent."""

GAP = 3
"""How many bills' room stands between two Congresses in the figure of bipartisanship."""

NAMED = 12
"""How many members the picture names: those of the highest betweenness, as far as they stand behind two bills."""


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/networks…`` and ``/api/v1/networks/…`` into `app`."""
    site = rendering.Site(store_of, templates, {})

    def home(request: Request) -> Response:
        return rendering.page(site, request, "networks.html", lambda store: overview(store, request.query_params))

    def alike(request: Request) -> Response:
        try:
            return rendering.page(
                site, request, "networks_similar.html", lambda store: similar(store, request.query_params)
            )
        except network.Unknown as error:
            raise HTTPException(404, str(error)) from None

    def one(request: Request) -> Response:
        store = store_of()
        name, _, ending = request.path_params["name"].partition(".")
        if ending == "csv" and name in TABLES:
            headers = rendering.headers_for(store, request, "csv")
            return Response(written(store, name, request.query_params), headers=headers, media_type="text/csv")
        if ending == "graphml" and name in networks.KINDS:
            headers = rendering.headers_for(store, request, "graphml")
            found = networks.network(store, name, scope(store, request.query_params))
            return Response(graphml(found), headers=headers, media_type="application/graphml+xml")
        if ending or name not in ("members", "bills", "provisions"):
            files = [*(f"{table}.csv" for table in TABLES), *(f"{kind}.graphml" for kind in networks.KINDS)]
            raise HTTPException(404, f"There are members, bills and provisions, and the files {', '.join(files)}.")
        return rendering.page(
            site, request, "networks_table.html", lambda store: shown(store, name, request.query_params)
        )

    app.router.routes += [
        Route("/networks", home, methods=["GET"]),
        Route("/networks/similar", alike, methods=["GET"]),
        Route("/networks/{name}", one, methods=["GET"]),
    ]
    app.add_api_route(
        "/api/v1/networks",
        rendering.as_json(store_of, answer),
        methods=["GET"],
        name="networks",
        summary="Who works with whom on reform of the section, and what is central",
        response_class=Response,
        openapi_extra={"parameters": PARAMETERS},
    )


PARAMETERS = [
    picture.parameter("of", "Which table.", type="string", enum=[*TABLES, "similar"], default="members"),
    picture.parameter("congress", "Only the bills of this Congress; without it those of all."),
    picture.parameter("member", "For `similar`: a member by name, path or IRI."),
]


# --- what is asked ---------------------------------------------------------------------------------------------------


def scope(store: Store, asked: QueryParams) -> str:
    """The Congress that is asked for, or all. Raises `Malformed` for one without a reform bill of two supporters."""
    wanted = asked.get("congress") or networks.EVERY
    known = networks.read(store)["scopes"]
    if wanted not in known:
        raise Malformed(f'no network of congress "{wanted[:20]}"; there is one of: {", ".join(known)}')
    return wanted


def table(store: Store, name: str, asked: QueryParams) -> list[Mapping[str, Any]]:
    """The rows of a table."""
    kept = networks.read(store)
    within = scope(store, asked)
    if name == "ties":
        found = networks.network(store, "members", within)
        named = found.nodes(data="label")
        rows = [{"one": named[a], "other": named[b], "ends": (a, b), **tie} for a, b, tie in found.edges(data=True)]
        return sorted(rows, key=lambda row: (-row["strength"], row["ends"]))
    if name == "bipartisanship":
        congresses = kept["bipartisanship"]["congresses"]
        return [row for row in congresses if within in (networks.EVERY, str(row["congress"]))]
    return list(kept["provisions"] if name == "provisions" else kept["scopes"][within][name])


def answer(store: Store, asked: QueryParams) -> dict[str, Any]:
    """The answer of ``/api/v1/networks``."""
    name = asked.get("of") or "members"
    if name == "similar":
        return {**similar(store, asked), "known_through": answers.known_through(store)}
    if name not in TABLES:
        raise Malformed(f'"{name[:40]}" is no table; the tables are: {", ".join([*TABLES, "similar"])}')
    within = scope(store, asked)
    return {
        "status": "ok",
        "of": name,
        "scope": within,
        "summary": networks.read(store)["scopes"][within]["summary"],
        "rows": [_with_iri(row) for row in table(store, name, asked)],
        "known_through": answers.known_through(store),
    }


def _with_iri(row: Mapping[str, Any]) -> dict[str, Any]:
    ends = {"ends": [iri.of(end) for end in row["ends"]]} if "ends" in row else {}
    return {**({"iri": iri.of(row["path"])} if "path" in row else {}), **row, **ends}


def written(store: Store, name: str, asked: QueryParams) -> str:
    """A table as CSV."""
    rows = table(store, name, asked)
    keys = ("iri", "iri_other") if name == "ties" else ("iri",) if name in ("members", "bills", "provisions") else ()

    def irs(row: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(iri.of(path) for path in row.get("ends", (row["path"],) if "path" in row else ()))

    return tabular.as_csv(
        (*keys, *TABLES[name]), ((*irs(row), *(row[column] for column in TABLES[name])) for row in rows)
    )


def graphml(found: network.Network) -> bytes:
    """A network as GraphML, for Gephi and others."""
    out = io.BytesIO()
    nx.write_graphml(nx.relabel_nodes(found, iri.of), out)
    return out.getvalue()


# --- what is shown ---------------------------------------------------------------------------------------------------


def overview(store: Store, asked: QueryParams) -> dict[str, Any]:
    """What the first page shows: a figure of bipartisanship, the picture of one Congress, the first of each table."""
    kept = networks.read(store)
    within = scope(store, asked)
    drawn = within if within != networks.EVERY else max(kept["places"], key=int, default="")
    return {
        **_frame(store, within),
        "summary": kept["scopes"][within]["summary"],
        "congresses": kept["bipartisanship"]["congresses"],
        "plot": plot(kept["bipartisanship"]["bills"]),
        "drawn": drawn,
        "sketch": sketch(store, drawn) if drawn else None,
        "first": {name: table(store, name, asked)[:12] for name in ("members", "bills", "provisions")},
        "crossing": crossing(kept["scopes"][within]["members"])[:12],
        "columns": TABLES,
    }


def crossing(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The members who work most with the other party: by cross share, of those behind two bills or more."""
    found = [member for member in members if member["bills"] > 1 and member["cross_share"] is not None]
    return sorted(found, key=lambda member: (-member["cross_share"], -member["bills"], member["name"]))


def shown(store: Store, name: str, asked: QueryParams) -> dict[str, Any]:
    """What the page of a whole table shows."""
    within = networks.EVERY if name == "provisions" else scope(store, asked)
    return {**_frame(store, within), "name": name, "rows": table(store, name, asked), "columns": TABLES[name]}


def _frame(store: Store, within: str) -> dict[str, Any]:
    """What every page of the networks has: titles of columns, the scope and the others there are."""
    scopes = [(key, "All" if key == networks.EVERY else ordinal(key)) for key in networks.read(store)["scopes"]]
    return {
        "scope": within,
        "scopes": scopes,
        "here_of": "" if within == networks.EVERY else f"?{urlencode({'congress': within})}",
        "titles": TITLES,
        "shares": SHARES,
    }


def similar(store: Store, asked: QueryParams) -> dict[str, Any]:
    """The members most like one member by the bills they stand behind. Raises `Malformed`, `network.Unknown`."""
    text = (asked.get("member") or "").strip()
    if not text:
        raise Malformed("name a member: /networks/similar?member=Ann+Wagner")
    member = network.resolve(store, text)
    found = cooperation.supports(store)
    known = network.things(store, [member]).get(member)
    if known is None or known["kind"] != "person":
        raise Malformed(f'"{text[:40]}" is no member of Congress')
    names = {bill.path: bill.label for bill in cooperation.bills(store)}
    rows = cooperation.similar(found, member)
    for row in rows:
        row["bills"] = [{"path": path, "name": names[path]} for path in row["bills"]]
    return {
        "status": "ok" if rows else "nobody",
        "member": {"path": member, "iri": iri.of(member), "name": known["label"]},
        "bills": len({support.bill for support in found if support.member == member}),
        "rows": [{"iri": iri.of(row["path"]), **row} for row in rows],
    }


# --- figures ---------------------------------------------------------------------------------------------------------


def plot(bills: list[dict[str, Any]]) -> dict[str, Any]:
    """The bills with more than one supporter as ``dots`` in ``columns``, a Congress each; in percent of the width.

    A dot has ``x``, ``y`` (the part of the smaller party, 0 to 50 percent), ``size`` growing with the supporters and
    ``side``, the larger party. Within a Congress the bills stand side by side by their part: none hides another.
    """
    shown = [bill for bill in bills if bill["reading"] == "several" and bill["minority_share"] is not None]
    shown.sort(key=lambda bill: (bill["congress"], bill["minority_share"], bill["supporters"], bill["path"]))
    congresses = sorted({bill["congress"] for bill in shown})
    step = 100 / max(1, len(shown) + len(congresses) * GAP)
    at, dots, columns = 0.0, [], []
    for congress in congresses:
        begun, at = at, at + step * GAP / 2
        for bill in (bill for bill in shown if bill["congress"] == congress):
            at += step
            share, size = round(100 * bill["minority_share"], 1), round(0.7 + bill["supporters"] ** 0.5 / 9, 2)
            dots.append({**bill, "x": round(at - step / 2, 2), "y": share, "size": size, "side": _larger(bill)})
        at += step * GAP / 2
        columns.append({"congress": congress, "from": round(begun, 2), "to": round(at, 2)})
    return {"dots": dots, "columns": columns}


def _larger(bill: Mapping[str, Any]) -> str:
    """The larger party behind a bill, or that both are even."""
    if bill["republicans"] == bill["democrats"]:
        return "even"
    return "R" if bill["republicans"] > bill["democrats"] else "D"


def sketch(store: Store, congress: str) -> dict[str, Any]:
    """The members and bills of a Congress as a picture: where each stands, who stands behind what, how high it is."""
    kept = networks.read(store)
    places = kept["places"][congress]
    support = networks.network(store, "support", congress)
    members, bills = (
        [{**row, "x": places[row["path"]][0], "y": places[row["path"]][1]} for row in kept["scopes"][congress][name]]
        for name in ("members", "bills")
    )
    several = [member["path"] for member in members if member["bills"] > 1]
    for member in members:
        member["is_named"] = member["path"] in several[:NAMED]
    return {
        "members": members,
        "bills": bills,
        "supports": [(*places[one], *places[other]) for one, other in support.edges],
        "high": max(y for _, y in places.values()) + networks.MARGIN,
    }
