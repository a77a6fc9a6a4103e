"""Where files and their dates come from: manifests, folders, links, archives, bombs."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import iri
from graph.records import Rejected
from ingest import sources
from ingest.sources import Entry, Item, Unreadable


def put(file: Path, content: bytes | str = b"x") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def manifest(folder: Path, **families: str | None) -> None:
    """A manifest with one prefix a keyword (``__`` for a slash), its family named after the coverage day."""
    rows = [
        {"path": path.replace("__", "/"), "family": "undated-family" if day is None else f"f-{day}", "coverage": day}
        for path, day in families.items()
    ]
    put(folder / "manifest.json", json.dumps({"sources": rows}))


def zipped(file: Path, **members: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def walked(*paths: Path) -> tuple[dict[str, Item], dict[str, str]]:
    """What a walk finds: items by name, and the reasons of rejections by name."""
    found = list(sources.walk(paths))
    items = [one for one in found if isinstance(one, Item)]
    rejected = [(one[0], one[1].reason) for one in found if not isinstance(one, Item)]
    assert len({item.name for item in items}) == len(items)
    return {item.name: item for item in items}, dict(rejected)


def coverage(item: Item) -> str | None:
    return item.entry.coverage if item.entry else None


def content(item: Item) -> bytes:
    with sources.open_item(item) as stream:
        return stream.read()


# --- manifests -------------------------------------------------------------------------------------------------------


def test_the_longest_prefix_of_whole_segments_describes_a_file(tmp_path: Path) -> None:
    manifest(tmp_path, bills="2020-01-01", bills__115="2021-08-13", bills__115__hr="2022-02-02")
    files = {name: put(tmp_path / name) for name in ("bills/a", "bills/115/a", "bills/115/hr/a", "bills/1155/a", "b")}
    items, rejected = walked(tmp_path)
    assert rejected == {}
    assert {name: coverage(items[str(file)]) for name, file in files.items()} == {
        "bills/a": "2020-01-01",
        "bills/115/a": "2021-08-13",
        "bills/115/hr/a": "2022-02-02",
        "bills/1155/a": "2020-01-01",
        "b": None,
    }


def test_a_manifest_above_the_given_source_describes_it(tmp_path: Path) -> None:
    manifest(tmp_path, bills__115="2021-08-13")
    file = put(tmp_path / "bills" / "115" / "hr" / "a.xml")
    for given_path in (file, file.parent, file.parent.parent):
        items, _ = walked(given_path)
        assert [coverage(item) for item in items.values()] == ["2021-08-13"]


def test_the_nearest_manifest_rules_even_where_it_is_silent(tmp_path: Path) -> None:
    manifest(tmp_path, bills="2020-01-01")
    manifest(tmp_path / "bills" / "own", a="2021-01-01")
    inner, silent = put(tmp_path / "bills" / "own" / "a"), put(tmp_path / "bills" / "own" / "b")
    items, _ = walked(tmp_path)
    assert coverage(items[str(inner)]) == "2021-01-01"
    assert items[str(silent)].entry is None


def test_a_dot_describes_the_whole_folder_of_the_manifest(tmp_path: Path) -> None:
    put(tmp_path / "manifest.json", '{"sources": [{"path": ".", "family": "all", "coverage": null}]}')
    put(tmp_path / "a" / "b")
    items, _ = walked(tmp_path)
    assert [item.entry for item in items.values()] == [Entry("all")]


def test_an_entry_holds_what_the_manifest_says(tmp_path: Path) -> None:
    row = {
        "path": "a",
        "family": "us-code",
        "publisher": "P",
        "document": "D",
        "licence": "L",
        "coverage": "2026-06-26",
        "retrieved": "2026-07-18",
        "release_point": "119-100",
        "via": "V",
        "confidence": "one-source",
        "address": "https://example.org/",
    }
    put(tmp_path / "manifest.json", json.dumps({"sources": [row]}))
    item = Item(str(put(tmp_path / "a")), "", None, 1)
    found, _ = walked(tmp_path)
    assert found[item.name].entry == Entry(*list(row.values())[1:])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("[]", "expected an object with a list of sources"),
        ('{"sources": {}}', "expected an object with a list of sources"),
        ('{"sources": [7]}', "each source must be an object"),
        ('{"sources": [{"family": "f"}]}', "'' is not a path below the manifest"),
        ('{"sources": [{"path": "../x", "family": "f"}]}', "'../x' is not a path below the manifest"),
        ('{"sources": [{"path": "/x", "family": "f"}]}', "'/x' is not a path below the manifest"),
        ('{"sources": [{"path": 7, "family": "f"}]}', "path: expected text, found int"),
        ('{"sources": [{"path": "a", "family": "A b"}]}', "'A b' is not the name of a family"),
        ('{"sources": [{"path": "a", "family": "f", "coverage": "June"}]}', "coverage: 'June' is not a day"),
        ('{"sources": [{"path": "a", "family": "f", "coverage": "2020-02-30"}]}', "day is out of range"),
        ('{"sources": [{"path": "a", "family": "f", "confidence": "sure"}]}', "'sure' is not a confidence"),
        (
            '{"sources": [{"path": "a", "family": "f"}, {"path": "a/", "family": "g"}]}',
            "two sources have the same path",
        ),
        ("[" * 100_000, "broken manifest"),
        ("\xff\xfe", "broken manifest"),
    ],
)
def test_a_broken_manifest_is_rejected_once_and_its_files_are_undated(tmp_path: Path, text: str, reason: str) -> None:
    file = put(tmp_path / "manifest.json", text.encode("latin-1"))
    put(tmp_path / "a")
    put(tmp_path / "b" / "c")
    items, rejected = walked(tmp_path)
    assert [item.entry for item in items.values()] == [None, None]
    assert list(rejected) == [str(file)]
    assert reason in rejected[str(file)]
    assert "\n" not in rejected[str(file)]


# --- sources ---------------------------------------------------------------------------------------------------------

SHA = "ab12cd34" * 8


def test_the_publishers_own_day_goes_before_the_coverage_of_the_family() -> None:
    item = Item("a", "", Entry("f", "P", "D", "L", "2021-08-13", "2021-08-14", "119-1", "V", "one-source", "A"), 1)
    dated, covered = (sources.source_of(item, "doc", day, SHA) for day in ("2021-07-10", None))
    assert (dated.snapshot, dated.coverage) == ("2021-07-10", "2021-08-13")
    assert (covered.snapshot, covered.coverage) == ("2021-08-13", "2021-08-13")
    assert dated[4:13] == ("P", "D", "L", "A", "2021-08-14", SHA, "119-1", "V", "one-source")


def test_an_entry_without_coverage_leaves_the_documents_own_day() -> None:
    item = Item("a", "", Entry("f"), 1)
    assert sources.source_of(item, "doc", "2021-07-10", SHA)[2:4] == ("2021-07-10", None)
    assert iri.graph(sources.source_of(item, "doc", None, SHA)) == "/graph/f/doc@undated-ab12cd34"


def test_without_a_manifest_a_document_is_undated_whatever_it_says_of_itself() -> None:
    source = sources.source_of(Item("a", "", None, 1), "doc", "2021-07-10", SHA)
    assert (source.family, source.snapshot, source.coverage) == ("undated", None, None)
    assert iri.graph(source) == "/graph/undated/doc@undated-ab12cd34"


# --- folders and links -----------------------------------------------------------------------------------------------


def test_a_missing_path_is_rejected_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = put(tmp_path / "a")
    items, rejected = walked(tmp_path / "none", file)
    assert list(items) == [str(file)]
    assert rejected == {str(tmp_path / "none"): "no such file or folder"}


def test_files_come_sorted_and_once(tmp_path: Path) -> None:
    files = [put(tmp_path / name) for name in ("a/1", "a/2", "b")]
    assert [one.name for one in sources.walk([tmp_path, tmp_path / "a"]) if isinstance(one, Item)] == [*map(str, files)]
    items, _ = walked(tmp_path)
    assert [item.size for item in items.values()] == [1, 1, 1]


def test_hidden_files_and_manifests_are_passed_over_but_a_hidden_source_is_read(tmp_path: Path) -> None:
    manifest(tmp_path / ".home")
    for name in (".home/.git/x", ".home/.DS_Store", ".home/a"):
        put(tmp_path / name)
    items, rejected = walked(tmp_path / ".home", tmp_path / ".home" / "manifest.json")
    assert list(items) == [str(tmp_path / ".home" / "a")]
    assert rejected == {}


def test_links_are_read_inside_the_source_and_rejected_where_they_leave_it(tmp_path: Path) -> None:
    source, outside = tmp_path / "source", put(tmp_path / "outside" / "secret")
    file = put(source / "folder" / "file")
    links = {"in": file, "folder-in": file.parent, "loop": source, "out": outside, "folder-out": outside.parent}
    for name, target in links.items():
        (source / name).symlink_to(target)
    (source / "dangling").symlink_to(source / "nothing")
    items, rejected = walked(source)
    assert list(items) == [str(file), str(source / "in")]
    assert rejected == {
        str(source / "dangling"): "symbolic link that leads nowhere",
        str(source / "folder-out"): "symbolic link that leaves the source",
        str(source / "out"): "symbolic link that leaves the source",
    }


def test_a_source_that_is_itself_a_link_is_followed(tmp_path: Path) -> None:
    manifest(tmp_path / "real", a="2020-01-01")
    put(tmp_path / "real" / "a")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    items, rejected = walked(tmp_path / "link")
    assert {name: coverage(item) for name, item in items.items()} == {str(tmp_path / "link" / "a"): "2020-01-01"}
    assert rejected == {}


def test_a_pipe_is_rejected_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert walked(tmp_path) == ({}, {str(tmp_path / "pipe"): "neither a file nor a folder"})


def test_relative_paths_find_the_manifest_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest(tmp_path, a="2020-01-01")
    put(tmp_path / "a" / "b")
    monkeypatch.chdir(tmp_path / "a")
    items, _ = walked(Path("b"), Path("."))
    assert {name: coverage(item) for name, item in items.items()} == {"b": "2020-01-01"}


# --- archives --------------------------------------------------------------------------------------------------------


def test_members_are_items_with_the_entry_of_the_archive(tmp_path: Path) -> None:
    manifest(tmp_path, bulk="2020-01-01", bulk__b="2021-08-13", bulk__b__hr="2022-02-02")
    archive = zipped(tmp_path / "bulk" / "b", **{"hr/2": b"two", "hr/1": b"one", ".x": b"", "hr/manifest.json": b"{}"})
    items, rejected = walked(tmp_path)
    assert list(items) == [f"{archive}!hr/1", f"{archive}!hr/2"]
    assert {coverage(item) for item in items.values()} == {"2021-08-13"}
    assert [content(item) for item in items.values()] == [b"one", b"two"]
    assert [item.size for item in items.values()] == [3, 3]
    assert rejected == {}


def test_items_travel_to_worker_processes(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", a=b"one")
    items, _ = walked(tmp_path)
    assert [content(pickle.loads(pickle.dumps(item))) for item in items.values()] == [b"one"]


def test_gzip_is_known_by_its_content_and_unpacked_while_reading(tmp_path: Path) -> None:
    packed, plain = (
        put(tmp_path / "packed", gzip.compress(b"one\ntwo\n", mtime=0)),
        put(tmp_path / "plain.gz", b"one\n"),
    )
    items, _ = walked(tmp_path)
    assert [content(items[str(file)]) for file in (packed, plain)] == [b"one\ntwo\n", b"one\n"]


@pytest.mark.parametrize("kind", ["plain", "gzip", "zip"])
def test_every_stream_can_be_wound_back_to_its_beginning(tmp_path: Path, kind: str) -> None:
    words = os.urandom(40_000)
    if kind == "zip":
        zipped(tmp_path / "a", a=words)
    else:
        put(tmp_path / "a", gzip.compress(words, mtime=0) if kind == "gzip" else words)
    items, _ = walked(tmp_path)
    (item,) = items.values()
    with sources.open_item(item) as stream:
        assert stream.read(8192) == words[:8192]
        stream.seek(0)
        assert stream.read() == words
        stream.seek(0)
        assert stream.readline() == words[: words.index(b"\n") + 1]


def test_unsafe_members_are_rejected_by_name_and_the_rest_goes_on(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "w") as written:
        for name in ("good", "../up", "/root", "c:/x", "a/../../b", "back\\..\\up"):
            written.writestr(name, b"x")
        written.writestr(link, "/etc/passwd")
    items, rejected = walked(archive)
    assert list(items) == [f"{archive}!good"]
    assert rejected == {
        **{
            f"{archive}!{name}": "path that leaves the archive"
            for name in ("../up", "/root", "c:/x", "a/../../b", "back\\..\\up")
        },
        f"{archive}!link": "symbolic link or special file in an archive",
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_member_of_the_same_name_is_rejected(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("a", b"x")
        written.writestr("a", b"y")
    found = list(sources.walk([archive]))
    assert isinstance(found[0], Item)
    assert found[1] == (f"{archive}!a", Rejected("a second member of the same name"))


def test_an_encrypted_member_is_rejected(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", secret=b"x")
    data = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    archive.write_bytes(data)
    assert walked(archive) == ({}, {f"{archive}!secret": "encrypted"})


def test_a_damaged_member_is_unreadable_and_the_others_are_not(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", bad=os.urandom(500), good=b"fine")
    data = bytearray(archive.read_bytes())
    data[data.index(b"bad") + 100] ^= 0xFF
    archive.write_bytes(data)
    items, _ = walked(archive)
    assert content(items[f"{archive}!good"]) == b"fine"
    with pytest.raises(Unreadable, match=r"^damaged: "):
        content(items[f"{archive}!bad"])


def test_an_archive_inside_an_archive_is_not_followed(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", a=b"x").read_bytes()
    outer = zipped(tmp_path / "outer", **{"inner.zip": inner, "b.gz": gzip.compress(b"x", mtime=0)})
    items, rejected = walked(outer)
    assert [content(item)[:2] for item in items.values()] == [b"\x1f\x8b", b"PK"]
    assert rejected == {}


def test_a_truncated_archive_is_rejected_as_a_whole(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", a=b"x" * 1000)
    archive.write_bytes(archive.read_bytes()[:60])
    items, rejected = walked(archive)
    assert items == {}
    assert rejected[str(archive)].startswith("damaged archive: ")


@pytest.mark.parametrize("damaged", [gzip.compress(b"x" * 1000, mtime=0)[:20], b"\x1f\x8b", b"\x1f\x8b" + b"x" * 50])
def test_a_damaged_gzip_is_unreadable(tmp_path: Path, damaged: bytes) -> None:
    items, _ = walked(put(tmp_path / "a.gz", damaged))
    (item,) = items.values()
    with pytest.raises(Unreadable, match=r"^damaged: "):
        content(item)


def test_bombs_are_stopped_when_listed_and_while_reading(tmp_path: Path) -> None:
    nothing = bytes(sources.RATIO_FREE + 1)
    archive = zipped(tmp_path / "a.zip", bomb=nothing, good=b"x")
    items, rejected = walked(archive)
    assert list(items) == [f"{archive}!good"]
    assert rejected == {f"{archive}!bomb": "unpacks to more than 200 times its size"}
    with pytest.raises(Unreadable, match="more than 200 times its size"):
        content(items[f"{archive}!good"]._replace(member="bomb"))
    with pytest.raises(Unreadable, match="more than 200 times its size"):
        content(Item(str(put(tmp_path / "b", gzip.compress(nothing, mtime=0))), "", None, 1))


def test_an_item_may_unpack_to_no_more_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_UNPACKED", 1000)
    archive = zipped(tmp_path / "a.zip", big=os.urandom(1001), fits=os.urandom(1000))
    items, rejected = walked(archive)
    assert len(content(items[f"{archive}!fits"])) == 1000
    assert rejected == {f"{archive}!big": "unpacks to more than 1000 bytes"}


def test_what_vanished_since_the_walk_is_unreadable(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", a=b"x")
    for item in (
        Item(str(tmp_path / "gone"), "", None, 1),
        Item(str(tmp_path / "gone"), "a", None, 1),
        Item(str(archive), "gone", None, 1),
    ):
        with pytest.raises(Unreadable), sources.open_item(item):
            pass


def test_a_rewritten_archive_is_read_anew(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    for words in (b"one", b"three"):
        items, _ = walked(zipped(archive, a=words))
        assert [content(item) for item in items.values()] == [words]


def test_an_error_of_the_reader_is_not_taken_for_one_of_the_file(tmp_path: Path) -> None:
    item = Item(str(put(tmp_path / "a")), "", None, 1)
    with pytest.raises(ValueError, match="mine"), sources.open_item(item):
        raise ValueError("mine")


@given(st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\x00", b"", b"\x1f\x8b"]), st.binary(max_size=200))
def test_arbitrary_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, rest: bytes
) -> None:
    file = put(tmp_path_factory.getbasetemp() / "arbitrary" / "file", head + rest)
    items, _ = walked(file)
    for item in items.values():
        try:
            content(item)
        except Unreadable as error:
            assert "\n" not in str(error)


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_flipped_byte_in_an_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    archive = zipped(tmp_path_factory.getbasetemp() / "flipped" / "a.zip", one=b"first words", two=b"x" * 400)
    data = bytearray(archive.read_bytes())
    data[place % len(data)] = value
    archive.write_bytes(data)
    items, _ = walked(archive)
    for item in items.values():
        try:
            content(item)
        except Unreadable as error:
            assert "\n" not in str(error)


# --- the corpus ------------------------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_every_file_of_the_corpus_gets_the_entry_of_the_longest_prefix(corpus: Path) -> None:
    rows = json.loads((corpus / "manifest.json").read_bytes())["sources"]
    found = list(sources.walk([corpus]))
    items = [one for one in found if isinstance(one, Item)]
    assert found == items
    assert sum(bool(item.member) for item in items) == 11_277
    for item in items:
        place = "/" + str(Path(item.path).relative_to(corpus)) + "/"
        fitting = [row for row in rows if place.startswith(f"/{row['path']}/")]
        best = max(fitting, key=lambda row: len(row["path"]), default=None)
        assert (item.entry and item.entry[:5]) == (
            best and tuple(best[key] for key in ("family", "publisher", "document", "licence", "coverage"))
        )
    assert [Path(item.path).name for item in items if item.entry is None] == ["README.md"]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("path", "family", "day"),
    [
        ("section230-bills/115", "billstatus-115", "2021-08-13"),
        ("section230-bills/116", "billstatus-116", "2020-12-30"),
        ("section230-bills/116-junxit-md", "bill-text-116", None),
        ("bulk/billstatus-115.zip", "billstatus-115", "2021-08-13"),
        ("uscode/119-100/47", "us-code", "2026-06-26"),
    ],
)
def test_a_part_of_the_corpus_has_the_same_entry_when_given_alone(
    corpus: Path, path: str, family: str, day: str | None
) -> None:
    items, rejected = walked(corpus / path)
    assert rejected == {}
    assert {(item.entry.family, item.entry.coverage) for item in items.values() if item.entry} == {(family, day)}
    assert all(item.entry for item in items.values())


@pytest.mark.corpus
def test_the_bulk_archives_open_as_streams(corpus: Path) -> None:
    items, _ = walked(corpus / "bulk")
    *members, lines = sorted(items.values(), key=lambda item: not item.member)
    for item in members[::500]:
        data = content(item)
        assert len(data) == item.size
        assert b"billStatus" in data[:200]
    with sources.open_item(lines) as stream:
        assert stream.readline().startswith(b"{")
