"""What is told from the text of a query, and what is refused by it."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.screen import FORMS, MOST_NESTING, MOST_PARTS, UPDATES, RefusedError, screen

FORM_OF = [
    ("SELECT * {}", "SELECT"),
    ("ask {}", "ASK"),
    ("# SELECT\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
    ("BASE <http://x/#a>\nPREFIX a: <b#> # DESCRIBE\nprefix : <c> DESCRIBE a:d", "DESCRIBE"),
    ('VERSION "1.2" SELECT * {}', "SELECT"),
    ("PREFIX select: <http://x/>ASK{}", "ASK"),
    ("PREFIX insert: <http://x/> SELECT * { ?s insert:load ?o }", "SELECT"),
    ("", ""),
    ("nonsense", ""),
]

SERVICE = [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { service silent<http://127.0.0.1/>{} }",
    "PREFIX e: <http://127.0.0.1/> SELECT * { SERVICE e:x { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1/> SELECT * { SERVICE : { ?s ?p ?o } }",
    "SELECT * { BIND(<http://127.0.0.1/> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { SERVICE$x{ ?s ?p ?o } }",
    "SELECT * { SeRvIcE # a comment {\r SILENT # another\n <http://127.0.0.1/> # one more\n { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1/>{} }",
    "SELECT * { FILTER(?a<?b)SERVICE#>\n<http://127.0.0.1/>{} }",
    "SELECT * { FILTER(?a<?b&&?c='>')SERVICE<http://127.0.0.1/>{?s ?p 'x'} }",
    "SELECT * { FILTER(?a<?b#>'''\n)SERVICE<http://127.0.0.1/>{} }#'''",
    "SELECT * { SERVICE <http://127.0.0.1/\\u0061> { ?s ?p ?o } }",
    "PREFIX e: <http://127.0.0.1/> SELECT * { SERVICE e:\\#x { ?s ?p ?o } }",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
]

NO_SERVICE = [
    'SELECT * { ?s ?p ?o FILTER(CONTAINS(?o, "interactive computer service")) { ?s a ?t } }',
    "SELECT ?service { ?service a <http://x/Service> . GRAPH ?service { ?s ?p ?o } }",
    "PREFIX ex: <http://x/> SELECT * { GRAPH ex:service { ?s ?p ?o } }",
    "SELECT * { ?s <http://x/service> ?o OPTIONAL { ?s ?p ?o } } # SERVICE",
]


def nested(depth: int) -> list[str]:
    return [
        "SELECT * {FILTER(" + "(" * depth + "1" + ")" * depth + ")}",
        "SELECT * " + "{" * depth + "?s ?p ?o" + "}" * depth,
        "SELECT * {" + "[ <a:p> " * depth + "1" + "]" * depth + " <a:q> 2}",
        "SELECT * {?s ?p " + "<<( ?a ?b " * depth + "2" + ")>>" * depth + "}",
        "SELECT * {?s ?p " + "<< ?a ?b " * depth + "2" + ">>" * depth + "}",
        "SELECT * {FILTER(" + "! " * depth + "1)}",
        "SELECT * {FILTER NOT EXISTS " * depth + "{}" + "}" * depth,
    ]


@pytest.mark.parametrize(("query", "form"), FORM_OF)
def test_the_form_is_the_first_word_after_the_prologue(query: str, form: str) -> None:
    assert screen(query).form == form


@pytest.mark.parametrize("query", SERVICE)
def test_service_is_refused_in_any_spelling(query: str) -> None:
    with pytest.raises(RefusedError) as refused:
        screen(query)
    assert refused.value.forbidden


@pytest.mark.parametrize("query", NO_SERVICE)
def test_the_word_service_is_no_service_clause(query: str) -> None:
    assert screen(query).form == "SELECT"


@pytest.mark.parametrize("word", sorted(UPDATES))
def test_an_update_is_refused_and_says_that_nothing_changed(word: str) -> None:
    with pytest.raises(RefusedError, match="nothing was changed") as refused:
        screen(f"PREFIX a: <http://x/> # hello\n {word.lower()} <http://x/>")
    assert refused.value.forbidden


@pytest.mark.parametrize("query", nested(10_000))
def test_deep_nesting_is_refused_with_the_limit(query: str) -> None:
    with pytest.raises(RefusedError, match=str(MOST_NESTING)) as refused:
        screen(query)
    assert not refused.value.forbidden


@pytest.mark.parametrize("query", nested(50))
def test_what_people_nest_is_not_refused(query: str) -> None:
    assert screen(query).form == "SELECT"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {" + "?s ?p ?o . " * 20_000 + "}",
        "SELECT * {?s ?p ?o FILTER(" + "||".join(["?o"] * 20_000) + ")}",
        "SELECT * {?s ?p ?o FILTER(?o IN (" + ",".join(["1"] * 20_000) + "))}",
        "SELECT * {" + "BIND(1 AS ?x) " * 20_000 + "}",
        "SELECT * {?s " + "/".join(["<a:b>"] * 20_000) + " ?o}",
    ],
)
def test_twenty_thousand_parts_are_refused_with_the_limit(query: str) -> None:
    with pytest.raises(RefusedError, match=str(MOST_PARTS)):
        screen(query)


def test_a_long_list_of_values_is_allowed() -> None:
    assert screen("SELECT * { VALUES ?s {" + " <http://x/a.b,c;d>" * 20_000 + "} }").form == "SELECT"


def test_brackets_in_strings_iris_and_comments_do_not_nest() -> None:
    query = "SELECT * { ?s ?p '" + "(" * 999 + "', '''" + "{" * 999 + "''' } #" + "[" * 999
    assert screen(query).form == "SELECT"


@pytest.mark.parametrize("call", ["NOW()", "rand ( )", "UUID()", "STRUUID()", "BNODE()"])
def test_what_differs_from_call_to_call_is_volatile(call: str) -> None:
    assert screen(f"SELECT ({call} AS ?x) {{}}").volatile
    assert not screen(f"SELECT ('{call}' AS ?x) {{}}").volatile


@pytest.mark.parametrize(
    "unit", ["'''", '"""', "<", "'", "\\", "service ", "#", "PREFIX a: <b> ", "!", "silent ", "<<"]
)
def test_no_text_takes_long_to_screen(unit: str) -> None:
    began = time.process_time()
    for text in (unit * (300_000 // len(unit)), "SELECT * {" + unit * (300_000 // len(unit))):
        with contextlib.suppress(RefusedError):
            screen(text)
    assert time.process_time() - began < 1


@given(st.text())
def test_any_text_is_screened_or_refused(text: str) -> None:
    with contextlib.suppress(RefusedError):
        assert screen(text).form in {*FORMS, ""}


@given(st.text(alphabet=st.characters(exclude_characters="\r\n")), st.sampled_from(sorted(FORMS)))
def test_a_comment_before_the_query_does_not_change_its_form(comment: str, form: str) -> None:
    try:
        assert screen(f"# {comment}\n{form} {{}}").form == form
    except RefusedError as refused:
        assert "SERVICE" in str(refused)
