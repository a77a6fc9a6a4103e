"""A reader's own RDF in a new release."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import iri, release
from graph.store import Embedded
from ingest.build import build
from ingest.load import LoadError, load

G = "http://x/g"
META = iri.of("/graph/meta")
RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">%s</rdf:RDF>'
ONE = '<http://x/s> <http://x/p> "o" .\n'

FILES = [
    ("a.ttl", "@prefix x: <http://x/> . x:s x:p 'o' ."),
    ("a.nt", ONE),
    ("a.nq", ONE),
    ("a.trig", "@prefix x: <http://x/> . { x:s x:p 'o' }"),
    ("a.rdf", RDF_XML % '<rdf:Description rdf:about="http://x/s"><x:p>o</x:p></rdf:Description>'),
    ("a.jsonld", '{"@context": {"@vocab": "http://x/"}, "@id": "http://x/s", "p": "o"}'),
    ("A.TTL", "<http://x/s> <http://x/p> 'o' ."),
    ("bom.ttl", "\ufeff" + ONE),
    ("turtle", "@prefix x: <http://x/> .\nx:s x:p 'o' ."),
    ("lists", "[] <http://x/p> 'o' ."),
    ("triples.txt", "# none\n" + ONE * 200),
    ("quads.txt", '<http://x/s> <http://x/p> "o" <http://x/g> .\n'),
    ("graphs.data", "{ <http://x/s> <http://x/p> 'o' }"),
    ("feed.xml", "<?xml version='1.0'?>\n" + RDF_XML % '<rdf:Description rdf:about="http://x/s" x:p="o"/>'),
    ("feed", RDF_XML % '<rdf:Description rdf:about="http://x/s" x:p="o"/>'),
    ("thing.json", '[{"http://x/p": "o"}]'),
]

FAULTS = [
    ("a.ttl", "<http://x/s> <http://x/p> 'o' .\n<http://x/s> <http://x/p>\n", ":"),
    ("a.nt", ONE + "<s> <p> <o> .\n", ":2:"),
    ("a.nq", ONE + "nonsense\n", ":2:"),
    ("a.trig", "<http://x/g> {\n\n <http://x/s> 'p' 'o' }", ":3:"),
    ("a.rdf", "<rdf:RDF>", "a.rdf: "),
    ("a.jsonld", '{"@id":\n}', ":2:"),
    ("a.jsonld", '{"@context": "http://127.0.0.1:9/context"}', "a.jsonld: "),
    ("a.ttl", "<http://x/s> <http://x/p> <http://[> .", ":1:"),
    ("plain", "Just a letter to nobody.\n", ":1:"),
    ("a.ttl", "<http://x/s> <http://x/p> 'o\udcff' .", ":1:"),
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    build([], folder, with_curated=False, jobs=1)
    return release.current(folder)


def written(path: Path, content: str) -> Path:
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    return path


def graphs(folder: Path) -> set[str]:
    return {row["g"] for row in Embedded(folder).select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}


@pytest.mark.parametrize(("name", "content"), FILES)
def test_triples_go_into_the_graph_and_into_the_merged_one(
    empty: Path, tmp_path: Path, name: str, content: str
) -> None:
    loaded = load([written(tmp_path / name, content)], empty, tmp_path / "out", G)
    assert loaded.graphs == 1
    store = Embedded(tmp_path / "out")
    assert store.ask(f"ASK {{ ?s <http://x/p> 'o' GRAPH <{G}> {{ ?s <http://x/p> 'o' }} }}")
    about = (
        f"GRAPH <{META}> {{ <{G}> a s230:SourceGraph ; s230:confidence s230:confidence-one-source ; s230:sha256 ?x }}"
    )
    assert store.ask(f"ASK {{ {about} }}")


@pytest.mark.parametrize(("name", "content", "where"), FAULTS)
def test_a_fault_names_file_and_line_and_leaves_all_as_it_was(
    empty: Path, tmp_path: Path, name: str, content: str, where: str
) -> None:
    good, bad = written(tmp_path / "good.nt", ONE), written(tmp_path / name, content)
    with pytest.raises(LoadError) as fault:
        load([good, bad], empty, tmp_path / "out", G)
    assert str(fault.value).startswith(str(bad))
    assert where in str(fault.value)
    assert "\n" not in str(fault.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_quads_go_into_the_graphs_they_name(empty: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "a.trig", "<s> <p> 1 . <http://x/a> { <s> <p> 2 } <b> { <s> <p> 3 } _:c { _:c <p> 4 }")
    assert load([file], empty, tmp_path / "out", G)[1:] == (4, 4)
    rows = Embedded(tmp_path / "out").select(
        "SELECT ?g ?o { GRAPH ?g { ?s <http://x/p> ?o } FILTER(!ISBLANK(?g) || ?g = ?s) } ORDER BY ?o"
    )
    assert [(row["g"], row["o"]) for row in rows[:3]] == [(G, "1"), ("http://x/a", "2"), ("http://x/b", "3")]
    assert rows[3]["o"] == "4"


def test_without_a_graph_each_file_has_its_own(empty: Path, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{name}.ttl", f"<> <http://x/p> '{name}' .") for name in ("one", "two")]
    load(files, empty, tmp_path / "out")
    rows = Embedded(tmp_path / "out").select("SELECT ?g ?s ?o { GRAPH ?g { ?s <http://x/p> ?o } } ORDER BY ?o")
    assert [row["o"] for row in rows] == ["one", "two"]
    for row in rows:
        assert row["g"] == row["s"]
        assert row["g"].startswith(iri.of(f"/graph/loaded/{row['o']}-ttl@undated-"))


def test_blank_nodes_of_two_files_are_two_and_of_one_file_one(empty: Path, tmp_path: Path) -> None:
    many = "".join(f"_:a <http://x/n> {n} .\n" for n in range(500_000))
    files = [
        written(tmp_path / "a.ttl", many),
        written(tmp_path / "b.ttl", "_:a <http://x/n> 1 . _:a <http://x/q> [] ."),
    ]
    load(files, empty, tmp_path / "out", G)
    store = Embedded(tmp_path / "out")
    assert store.select("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <http://x/n> ?o }") == [{"n": "2"}]
    assert store.ask(f"ASK {{ ?s <http://x/q> ?o GRAPH <{G}> {{ ?s <http://x/n> 1 ; <http://x/q> ?o }} }}")


def test_the_same_files_give_the_same_release(empty: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "a.ttl", "[] <http://x/p> [ <http://x/q> ( 1 2 ) ] .")
    names = {load([file], empty, tmp_path / out, G).release for out in ("one", "two")}
    assert len(names) == 1


def test_an_empty_file_makes_an_empty_graph(empty: Path, tmp_path: Path) -> None:
    load([written(tmp_path / "a.ttl", "# nothing\n")], empty, tmp_path / "out", G)
    store = Embedded(tmp_path / "out")
    assert store.ask(f"ASK {{ GRAPH <{G}> {{}} GRAPH <{META}> {{ <{G}> a s230:SourceGraph }} }}")


def test_a_second_load_adds_to_the_first_and_ends_its_checksum(empty: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    load([written(tmp_path / "a.ttl", "<a> <p> 1 .")], empty, out, G)
    first = Embedded(out).name
    load([written(tmp_path / "b.ttl", "<b> <p> 2 .")], release.current(out), out, G)
    store = Embedded(out)
    assert store.name != first
    assert store.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{G}> {{ ?s <http://x/p> ?o }} }}") == [{"n": "2"}]
    assert not store.ask(f"ASK {{ GRAPH <{META}> {{ <{G}> s230:sha256 ?sum }} }}")
    assert len(store.select(f"SELECT * {{ GRAPH <{META}> {{ <{META}> s230:sha256 ?sum }} }}")) == 1


def test_the_dump_says_what_the_store_says(empty: Path, tmp_path: Path) -> None:
    load([written(tmp_path / "a.ttl", "<a> <p> [] , 'x'@en .")], empty, tmp_path / "out", G)
    load([written(tmp_path / "b.ttl", "<b> <p> 2 .")], release.current(tmp_path / "out"), tmp_path / "out", G)
    folder = release.current(tmp_path / "out")
    with gzip.open(folder / "dump.nq.gz") as dump:
        lines = dump.read().decode().splitlines()
    store = Embedded(folder)
    assert lines == sorted(set(lines))
    assert set(lines) == {f"{quad} ." for quad in store.oxigraph}
    assert release.description(folder)["quads"] == len(lines)


def test_a_graph_of_the_release_is_not_touched(release: Path, tmp_path: Path) -> None:
    from graph.release import current

    ours = next(name for name in sorted(graphs(release)) if "/graph/curated/" in name)
    for arguments in ({"graph": ours}, {}):
        file = written(
            tmp_path / "a.nq", f"<http://x/s> <http://x/p> <http://x/o> {'' if arguments else f'<{ours}>'} ."
        )
        with pytest.raises(LoadError, match="source of the release"):
            load([file], current(release), tmp_path / "out", **arguments)
    for made in (META, iri.of("/graph/merged"), "relative", "http://x/ y"):
        with pytest.raises(LoadError, match="--graph"):
            load([file], current(release), tmp_path / "out", made)


def test_packed_files_are_unpacked(empty: Path, tmp_path: Path) -> None:
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(ONE.encode(), mtime=0))
    assert load([tmp_path / "a.nt.gz"], empty, tmp_path / "out", G).triples == 1
    (tmp_path / "b.nt.gz").write_bytes(gzip.compress(ONE.encode(), mtime=0)[:-9])
    with pytest.raises(LoadError, match=r"b\.nt\.gz"):
        load([tmp_path / "b.nt.gz"], empty, tmp_path / "out", G)


def test_a_folder_or_a_missing_file_is_said(empty: Path, tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none.ttl"):
        with pytest.raises((LoadError, OSError)) as fault:
            load([file], empty, tmp_path / "out", G)
        assert str(file) in str(fault.value)


TERMS = st.one_of(
    st.builds(lambda n: f"_:{n}", st.sampled_from("abc")),
    st.builds(lambda n: f"<http://x/{n}>", st.sampled_from("abc")),
)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return (tmp_path_factory.mktemp("load") for _ in iter(int, 1))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TERMS, TERMS), min_size=1, max_size=8))
def test_what_is_loaded_is_the_same_graph(empty: Path, places: Iterator[Path], triples: list[tuple[str, str]]) -> None:
    place = next(places)
    content = "".join(f"{subject} <http://x/p> {object_} .\n" for subject, object_ in triples)
    load([written(place / "a.nt", content)], empty, place / "out", G)
    store = Embedded(place / "out").oxigraph
    found = ox.Dataset(
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(G))
    )
    given_ = ox.Dataset(ox.parse(content.encode(), ox.RdfFormat.N_TRIPLES))
    for dataset in (found, given_):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert found == given_
