"""One file over HTTP: whole or not at all, whatever the publisher does."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.download import Client, FetchError, Known, Patience, UnreachedError
from tests.ingest.publisher import (
    Publisher,
    archive,
    cut_after,
    day_of,
    dripping,
    going_to,
    page,
    publishing,
    refusing,
    tag,
    whole,
)

QUICK = Patience(attempts=3, pause=0.01, quiet=0.5, pace=2_000, apart=0.0)
PATH = "/some/archive.zip"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as found:
        yield found


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(QUICK) as found:
        yield found


@pytest.fixture
def content(publisher: Publisher) -> bytes:
    return publisher.publish(PATH, archive(a__xml=random.Random(230).randbytes(300_000)))


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_whole_with_its_checksum_and_day(publisher, client, content, tmp_path):
    got = client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == content
    assert (got.is_new, got.size, got.etag) == (True, len(content), tag(content))
    assert got.day == day_of(got.modified) == "2026-06-26"
    assert left(tmp_path) == ["archive.zip"]


def test_what_has_not_changed_is_not_sent_again(publisher, client, content, tmp_path):
    place = tmp_path / "archive.zip"
    first = client.download(publisher.address + PATH, place)
    again = client.download(publisher.address + PATH, place, Known(first.sha256, first.etag, first.modified))
    assert again == first._replace(is_new=False)
    assert publisher.requests(PATH)[1]["if-none-match"] == tag(content)


def test_a_copy_that_was_damaged_on_disk_is_fetched_anew(publisher, client, content, tmp_path):
    place = tmp_path / "archive.zip"
    first = client.download(publisher.address + PATH, place)
    place.write_bytes(b"damaged")
    assert client.download(publisher.address + PATH, place, Known(first.sha256, first.etag, first.modified))
    assert place.read_bytes() == content


def test_a_cut_transfer_goes_on_where_it_stopped(publisher, client, content, tmp_path):
    publisher.tricks[PATH] = [cut_after(100_000)]
    client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == content
    second = publisher.requests(PATH)[1]
    assert second["if-range"] == tag(content)
    assert 0 < int(second["range"].removeprefix("bytes=").rstrip("-")) <= 100_000


def test_a_run_that_was_ended_goes_on_in_the_next(publisher, content, tmp_path):
    publisher.tricks[PATH] = [cut_after(100_000)]
    with Client(QUICK._replace(attempts=1)) as client, pytest.raises(FetchError):
        client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert left(tmp_path) == [".archive.zip.part", ".archive.zip.part.json"]
    with Client(QUICK) as client:
        client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert "range" in publisher.requests(PATH)[1]
    assert (tmp_path / "archive.zip").read_bytes() == content
    assert left(tmp_path) == ["archive.zip"]


def test_a_file_that_changes_in_mid_resume_is_taken_from_its_start(publisher, client, content, tmp_path):
    def change(to, _):
        publisher.publish(PATH, archive(b__xml=b"another"))
        return False

    publisher.tricks[PATH] = [cut_after(100_000), change]
    client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == archive(b__xml=b"another")


def test_a_part_longer_than_the_new_file_is_dropped(publisher, client, content, tmp_path):
    publisher.tricks[PATH] = [cut_after(100_000), refusing(416)]
    client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == content


def test_another_part_than_the_one_asked_for_is_not_taken(publisher, client, content, tmp_path):
    def elsewhere(to, content):
        whole(to, content[50:], 206, {"Content-Range": f"bytes 50-{len(content) - 1}/{len(content)}"})
        return True

    publisher.tricks[PATH] = [cut_after(100_000), elsewhere]
    client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == content


@pytest.mark.parametrize(
    "trick",
    [refusing(503), refusing(429, Retry_After="0"), refusing(500), page, dripping, cut_after(0)],
    ids=["503", "429", "500", "a page with status 200", "dripping", "nothing"],
)
def test_what_passes_is_tried_again(publisher, client, content, tmp_path, trick):
    publisher.tricks[PATH] = [trick]
    client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == content


def test_a_length_that_was_wrong_is_not_believed(publisher, client, content, tmp_path):
    def longer(to, content):
        whole(to, content, 200, {"Content-Length": str(len(content) + 10)})
        to.close_connection = True
        return True

    publisher.tricks[PATH] = [longer]
    client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == content


def test_a_damaged_archive_is_never_put_in_place(publisher, client, content, tmp_path):
    place = tmp_path / "archive.zip"
    place.write_bytes(b"the one before")
    publisher.publish(PATH, content[:200] + b"xxxx" + content[204:])
    with pytest.raises(FetchError, match=r"damaged in a\.xml \(3 tries\)"):
        client.download(publisher.address + PATH, place)
    assert place.read_bytes() == b"the one before"


def test_an_empty_file_is_none(publisher, client, tmp_path):
    publisher.publish("/people.json", b"")
    with pytest.raises(FetchError, match="the file is empty"):
        client.download(publisher.address + "/people.json", tmp_path / "people.json")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_is_final_and_names_the_address(publisher, client, content, tmp_path, status):
    publisher.tricks[PATH] = [refusing(status)]
    with pytest.raises(FetchError, match=f"{publisher.address}{PATH}: answers with {status}"):
        client.download(publisher.address + PATH, tmp_path / "archive.zip")
    assert len(publisher.requests(PATH)) == 1


def test_redirects_are_followed_but_not_for_ever(publisher, client, content, tmp_path):
    publisher.tricks["/moved.zip"] = [going_to(PATH)]
    client.download(publisher.address + "/moved.zip", tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == content
    publisher.tricks["/round.zip"] = [going_to("/round.zip")] * 50
    with pytest.raises(FetchError, match="redirect"):
        client.download(publisher.address + "/round.zip", tmp_path / "round.zip")


def test_the_time_of_a_run_ends_it(publisher, content, tmp_path):
    publisher.tricks[PATH] = [refusing(503, Retry_After="30")]
    with Client(QUICK, until=time.monotonic() + 1) as client, pytest.raises(FetchError, match="503; the time is up"):
        client.download(publisher.address + PATH, tmp_path / "archive.zip")


def test_a_machine_that_is_not_there_is_told_apart(tmp_path):
    with publishing() as publisher:
        address = publisher.address
    with Client(QUICK) as client, pytest.raises(UnreachedError, match="3 tries"):
        client.download(address + PATH, tmp_path / "archive.zip")
    assert left(tmp_path) == []
