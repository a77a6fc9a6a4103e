"""Queries made to do harm, and whether a service holds what it promises while they burn.

    python -m benchmarks.bombs RELEASES

Promised (docs/http.md): each ends within the deadline plus one second with a reason, or its connection breaks; the
process tree stays under 3 GB; a plain query is answered within a second all the while. The tests send the same queries
and hold everything but the clock, because a machine under tests has no second to promise.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import re
import sys
import time
from pathlib import Path

import httpx

from benchmarks.sparql import ours, verdict

DEADLINE = 10.0
MOST_MEMORY = 3_000
PLAIN = "SELECT * {{ <https://w3id.org/section230/us/usc/t47/s230> ?p ?o }} LIMIT 5 # {}"

TRIPLES = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
STEPS = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
GROWTH = " ".join(f'BIND(REPLACE(?x{n}, ".", "$0$0$0$0$0$0$0$0") AS ?x{n + 1})' for n in range(20))

BURNING = {
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} }}",
    "distinct of a product": f"SELECT DISTINCT * {{ {TRIPLES} }}",
    "order of a product": f"SELECT * {{ {TRIPLES} }} ORDER BY ?c ?i ?f",
    "groups of a product": f"SELECT ?c ?f ?i (COUNT(*) AS ?n) {{ {TRIPLES} }} GROUP BY ?c ?f ?i",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (<x:y>|!<x:z>)* ?b . ?c (!<x:z>|^!<x:z>)+ ?d . ?e (!<x:z>*)* ?f }",
    "doubling": f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('0123456789' AS ?x0) {STEPS} }}",
    "replacing": f"SELECT (STRLEN(?x20) AS ?n) {{ BIND('0123456789' AS ?x0) {GROWTH} }}",
    "group_concat": f"SELECT (STRLEN(GROUP_CONCAT(CONCAT(?c, ?f, ?i))) AS ?n) {{ {TRIPLES} }}",
    "not exists": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c " + "FILTER NOT EXISTS { ?x ?y ?z " * 20 + "}" * 20 + "}",
    "minus": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} MINUS {{ ?a ?b ?c . ?j ?k ?l . ?m ?n ?o }} }}",
}
"""Queries that would burn for hours, or for all memory there is."""


def nested(before: str, opening: str, inside: str, closing: str, after: str, depth: int = 10_000) -> str:
    """A query with a construct inside itself, `depth` times."""
    return before + opening * depth + inside + closing * depth + after


DEEP = {
    "parentheses": nested("SELECT * { FILTER(", "(", "1", ")", ") }"),
    "groups": nested("SELECT * ", "{", "?s ?p ?o", "}", ""),
    "blank nodes": nested("SELECT * {", "[ <a:p> ", "1", "]", " <a:q> 2 }"),
    "lists": nested("SELECT * {", "(", "1", ")", " <a:q> 2 }"),
    "negations": nested("SELECT * { FILTER(", "!", "1", "", ") }"),
    "signs": nested("SELECT (", "- ", "1", "", " AS ?x) {}"),
    "functions": nested("SELECT (", "ABS(", "1", ")", " AS ?x) {}"),
    "conditions": nested("SELECT (", "IF(true, 1, ", "1", ")", " AS ?x) {}"),
    "membership": nested("SELECT (", "1 IN (", "1", ")", " AS ?x) {}"),
    "comparisons": nested("SELECT (", "1 = (", "1", ")", " AS ?x) {}"),
    "exists": nested("SELECT * { ?s ?p ?o ", "FILTER EXISTS { ?s ?p ?o ", "", "}", "}"),
    "optionals": nested("SELECT * { ?s ?p ?o ", "OPTIONAL { ?s ?p ?o ", "", "}", "}"),
    "minuses": nested("SELECT * { ?s ?p ?o ", "MINUS { ?s ?p ?o ", "", "}", "}"),
    "graphs": nested("SELECT * { ", "GRAPH ?g { ", "?s ?p ?o", "}", "}"),
    "selects": nested("SELECT * { ", "{ SELECT * { ", "?s ?p ?o", "} }", "}"),
    "services": nested("SELECT * { ", "SERVICE <x:y> { ", "?s ?p ?o", "}", "}"),
    "path groups": nested("SELECT * { ?s ", "(", "<a:p>", ")", " ?o }"),
    "path stars": nested("SELECT * { ?s ", "(", "<a:p>", ")*", " ?o }"),
    "inverses": nested("SELECT * { ?s ", "^", "<a:p>", "", " ?o }"),
    "reified triples": nested("SELECT * { ", "<< ", "?s ?p ?o", " ?p ?o >>", " }"),
    "triple terms": nested("SELECT * { ?s ?p ", "<<( ?s ?p ", "?o", " )>>", " }"),
    "annotations": nested("SELECT * { ?s ?p ?o ", "{| ?p ?o ", "", "|}", " }"),
    "templates": nested("CONSTRUCT { ", "[ <a:p> ", "1", "]", " <a:q> 2 } WHERE {}"),
    "two hundred lists": nested("SELECT * {", "(", "1", ")", " <a:q> 2 }", 200),
    "two hundred patterns": "SELECT * {" + " . ".join(f"?s <a:{n}> ?o{n}" for n in range(200)) + "}",
}
"""Nesting: of anything that nests."""


def many(before: str, each: str, after: str, between: str = " ", number: int = 20_000) -> str:
    """A query with a construct after itself, `number` times; ``#`` in it stands for a number."""
    return before + between.join(each.replace("#", str(n)) for n in range(number)) + after


LONG = {
    "patterns": many("SELECT * {", "?s ?p ?o .", "}"),
    "other patterns": many("SELECT * {", "?s# <a:#> ?o# .", "}"),
    "alternatives": many("SELECT * { ?s ", "<a:#>", " ?o }", "|"),
    "sequences": many("SELECT * { ?s ", "<a:#>", " ?o }", "/"),
    "negated set": many("SELECT * { ?s !(", "<a:#>", ") ?o }", "|"),
    "sum": many("SELECT (", "1", " AS ?x) {}", "+"),
    "disjunction": many("SELECT * { ?s ?p ?o FILTER(", "?o = #", ") }", " || "),
    "arguments": many("SELECT (CONCAT(", "'#'", ") AS ?x) {}", ","),
    "unions": many("SELECT * { {}", "UNION { ?s <a:#> ?o }", "}"),
    "optionals in a row": many("SELECT * {", "OPTIONAL { ?s <a:#> ?o# }", "}"),
    "filters": many("SELECT * { ?s ?p ?o ", "FILTER(?o > #)", "}"),
    "bindings": many("SELECT * {", "BIND(# AS ?x#)", "}"),
    "selects in a row": many("SELECT * {", "{ SELECT ?x# {} }", "}"),
    "variables": many("SELECT ", "?x#", " { ?s ?p ?o }"),
    "order": many("SELECT * { ?s ?p ?o } ORDER BY ", "?x#", ""),
    "groups by": many("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ", "?x#", ""),
    "aggregates": many("SELECT ", "(COUNT(?x#) AS ?n#)", " { ?s ?p ?o }"),
    "described": many("DESCRIBE ", "<a:#>", ""),
    "datasets": many("SELECT * ", "FROM <a:#>", " { ?s ?p ?o }"),
    "columns of values": many("SELECT * { VALUES (", "?x#", ") {} }"),
    "prefixes": many("", "PREFIX p#: <a:#>", " SELECT * {}"),
    "objects": many("SELECT * { ?s ?p ", "#", " }", ","),
    "lists of items": many("SELECT * { ?s ?p (", "#", ") }"),
    "pattern of repetitions": "SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), '((a{1000}){1000}){1000}') }",
    "pattern that backtracks": "SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), '^(([a-z])+.)+[A-Z]([a-z])+$') } LIMIT 1",
}
"""Length: twenty thousand of anything that can be in a row."""

BOMBS = BURNING | DEEP | LONG


def burn(address: str, queries: list[str]) -> list[tuple[int, float]]:
    """Status and seconds of queries sent all at once; 0 for a connection that broke."""

    def ask(query: str) -> tuple[int, float]:
        began, status = time.monotonic(), 0
        with contextlib.suppress(httpx.RemoteProtocolError):
            status = client.post(address, data={"query": query}).status_code
        return status, time.monotonic() - began

    with httpx.Client(timeout=60) as client, concurrent.futures.ThreadPoolExecutor(len(queries)) as threads:
        return list(threads.map(ask, queries))


def tree_megabytes(root: int) -> float:
    """Memory of a process and all below it in MB, what they share counted once (Linux: PSS)."""
    below, total = [root], 0
    while below:
        process = below.pop()
        with contextlib.suppress(OSError, ValueError):
            children = Path(f"/proc/{process}/task/{process}/children").read_text()
            below += map(int, children.split())
            found = re.search(r"^Pss:\s*(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
    return total / 1024


def main() -> None:
    """Burn, watch and print."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    os.environ["S230_QUERY_TIMEOUT"] = str(DEADLINE)
    with ours(Path(sys.argv[1])) as server, httpx.Client(timeout=30) as client:
        address = f"http://127.0.0.1:{server.port}/sparql"
        rounds = [list(BURNING.values()) * 2, list(DEEP.values()), list(LONG.values())]
        names = ["twenty bombs at once", "10,000 deep, all at once", "20,000 long, all at once"]
        for name, queries in zip(names, rounds, strict=True):
            numbered = [f"{query} # {number}" for number, query in enumerate(queries)]
            slowest = most = 0.0
            with concurrent.futures.ProcessPoolExecutor(1) as elsewhere:
                bombs = elsewhere.submit(burn, address, numbered)
                while not bombs.done():
                    began = time.monotonic()
                    answer = client.get(address, params={"query": PLAIN.format(began)})
                    slowest = max(slowest, time.monotonic() - began)
                    assert answer.status_code == 200, answer.text
                    most = max(most, tree_megabytes(server.process.pid))
                    time.sleep(0.05)
            latest = max(seconds for _, seconds in bombs.result())
            statuses = sorted({status for status, _ in bombs.result()})
            print(f"{name}: answered {statuses}")
            verdict("  each ends within the deadline and a second", f"{latest:.2f} s", latest < DEADLINE + 1)
            verdict("  memory of all processes under 3 GB", f"{most:,.0f} MB", most < MOST_MEMORY)
            verdict("  a plain query is answered within a second", f"slowest {slowest:.2f} s", slowest < 1)


if __name__ == "__main__":
    main()
