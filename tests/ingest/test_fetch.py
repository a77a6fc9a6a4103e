"""What is fetched, where it goes, and what the manifest says of it; publishers that misbehave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ingest import fetch as fetching
from ingest.download import Client, Patience
from ingest.fetch import ADDRESSES, KINDS, Outcome, release_point
from ingest.sources import read_manifest, walk
from tests.ingest.publisher import Publisher, archive, listing, publishing, refusing

QUICK = Patience(attempts=2, pause=0.01, quiet=1, apart=0.0)
PAGE = "/download/download.shtml"
POINT = "/download/releasepoints/us/pl/119/100/xml_usc{}@119-100.zip"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Every publisher of `data/addresses.yaml` on one machine, under the publishers' own paths."""
    with publishing() as found:
        links = "".join(
            f'<a href="{POINT.format(title).removeprefix("/download/")}">zip</a>' for title in ("All", "47")
        )
        older = '<a href="releasepoints/us/pl/119/99/xml_usc47@119-99.zip">Public Law 119-99 (06/01/2026)</a>'
        found.publish(PAGE, f"<html>Public Law 119-100 (06/26/2026) {links} {older}</html>")
        for title in ("47", "18", "All"):
            found.publish(POINT.format(title), archive(**{f"usc{title}__xml": b"<uscDoc/>" + title.encode()}))
        home = f"{found.address}/bulkdata"
        bills = {kind: archive(**{f"BILLSTATUS-115{kind}1__xml": b"<billStatus/>"}) for kind in ("hr", "s")}
        root = "/bulkdata/json/BILLSTATUS"
        found.publish(root, listing(("115", "", None), ("116", "", None), ("resources", "", None)))
        found.publish(f"{root}/115", listing(("hr", "", None), ("s", "", None)))
        found.publish(f"{root}/116", listing())
        for kind, content in bills.items():
            name = f"BILLSTATUS-115-{kind}.zip"
            found.publish(f"/bulkdata/BILLSTATUS/115/{kind}/{name}", content)
            single = f"BILLSTATUS-115{kind}1.xml"
            at = f"{home}/BILLSTATUS/115/{kind}"
            entries = (name, f"{at}/{name}", content), (single, f"{at}/{single}", b"<billStatus/>")
            found.publish(f"{root}/115/{kind}", listing(*entries))
        for name in yaml.safe_load(ADDRESSES.read_text("utf-8"))["people"]["names"]:
            found.publish(f"/congress-legislators/{name}", "[]\n")
        yield found


@pytest.fixture
def addresses(publisher: Publisher, tmp_path: Path) -> Path:
    """The addresses of the product with the publisher of the tests in the place of every host."""
    text = ADDRESSES.read_text("utf-8")
    for host in ("uscode.house.gov", "www.govinfo.gov", "unitedstates.github.io"):
        assert f"https://{host}/" in text
        text = text.replace(f"https://{host}", publisher.address)
    file = tmp_path / "addresses.yaml"
    file.write_text(text, "utf-8")
    return file


def run(folder: Path, addresses: Path, *kinds: str, **asked: object) -> list[Outcome]:
    with Client(QUICK) as client:
        return list(fetching.fetch(kinds, folder, client, addresses=addresses, **asked))  # type: ignore[arg-type]


def entries(folder: Path) -> dict[str, dict[str, object]]:
    return {entry["path"]: entry for entry in json.loads((folder / "manifest.json").read_bytes())["sources"]}


def test_titles_come_from_the_newest_release_point_with_its_day(publisher, addresses, tmp_path):
    outcomes = run(tmp_path / "sources", addresses, "statutes", titles=("47", "18"))
    assert [(o.path, o.status) for o in outcomes] == [
        ("us-code/119-100/xml_usc47@119-100.zip", "fetched"),
        ("us-code/119-100/xml_usc18@119-100.zip", "fetched"),
    ]
    entry = entries(tmp_path / "sources")["us-code/119-100/xml_usc47@119-100.zip"]
    assert (entry["family"], entry["coverage"], entry["release_point"]) == ("us-code", "2026-06-26", "119-100")
    assert entry["address"] == publisher.address + POINT.format("47")
    assert entry["size"] == len(publisher.files[POINT.format("47")])


def test_no_title_means_the_whole_code(publisher, addresses, tmp_path):
    assert [o.path for o in run(tmp_path, addresses, "statutes")] == ["us-code/119-100/xml_uscAll@119-100.zip"]


def test_archives_are_those_that_the_listings_name(publisher, addresses, tmp_path):
    outcomes = run(tmp_path / "sources", addresses, "bills")
    paths = ["bills/115/BILLSTATUS-115-hr.zip", "bills/115/BILLSTATUS-115-s.zip"]
    assert [o.path for o in outcomes] == paths
    entry = entries(tmp_path / "sources")[paths[0]]
    assert (entry["family"], entry["coverage"]) == ("billstatus-115", "2026-09-18")


def test_a_build_reads_what_was_fetched_with_its_dates(publisher, addresses, tmp_path):
    folder = tmp_path / "sources"
    run(folder, addresses, *KINDS)
    assert not read_manifest(folder / "manifest.json").fault
    items = {Path(item.path).name: item for item in walk([folder])}
    assert items["xml_uscAll@119-100.zip"].entry.coverage == "2026-06-26"
    assert items["BILLSTATUS-115-hr.zip"].member == "BILLSTATUS-115hr1.xml"
    assert items["executive.json"].entry.coverage == "2026-06-26", "the day that the publisher says it was modified"


def test_a_second_run_asks_whether_anything_changed_and_keeps_the_day_of_retrieval(publisher, addresses, tmp_path):
    folder = tmp_path / "sources"
    run(folder, addresses, "statutes", titles=("47",))
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace(str(entries(folder).popitem()[1]["retrieved"]), "2026-07-01"))
    outcomes = run(folder, addresses, "statutes", titles=("47",))
    assert [o.status for o in outcomes] == ["unchanged"]
    assert entries(folder).popitem()[1]["retrieved"] == "2026-07-01"


def test_what_fails_is_named_and_the_rest_comes(publisher, addresses, tmp_path):
    publisher.tricks["/bulkdata/BILLSTATUS/115/hr/BILLSTATUS-115-hr.zip"] = [refusing(404)]
    publisher.files.pop(PAGE)
    outcomes = run(tmp_path / "sources", addresses, "statutes", "bills")
    assert [(o.path, o.status) for o in outcomes] == [
        ("statutes", "failed"),
        ("bills/115/BILLSTATUS-115-hr.zip", "failed"),
        ("bills/115/BILLSTATUS-115-s.zip", "fetched"),
    ]
    assert outcomes[0].reason == f"{publisher.address}{PAGE}: answers with 404"
    assert list(entries(tmp_path / "sources")) == ["bills/115/BILLSTATUS-115-s.zip"]


def test_a_copy_that_cannot_be_renewed_stays_and_is_still_described(publisher, addresses, tmp_path):
    folder = tmp_path / "sources"
    run(folder, addresses, "statutes", titles=("47",))
    before = (folder / "us-code/119-100/xml_usc47@119-100.zip").read_bytes(), entries(folder)
    publisher.tricks[POINT.format("47")] = [refusing(503)] * 2
    assert [o.status for o in run(folder, addresses, "statutes", titles=("47",))] == ["failed"]
    assert ((folder / "us-code/119-100/xml_usc47@119-100.zip").read_bytes(), entries(folder)) == before


def test_a_new_release_point_comes_beside_the_old_one(publisher, addresses, tmp_path):
    folder = tmp_path / "sources"
    run(folder, addresses, "statutes", titles=("47",))
    publisher.publish(PAGE, "Public Law 119-101not100 (07/04/2026) us/pl/119/101not100/ "
                            "releasepoints/us/pl/119/101not100/xml_usc47@119-101not100.zip")  # fmt: skip
    path = "/download/releasepoints/us/pl/119/101not100/xml_usc47@119-101not100.zip"
    publisher.publish(path, archive(usc47__xml=b"<uscDoc>new</uscDoc>"))
    run(folder, addresses, "statutes", titles=("47",))
    assert [entry["coverage"] for entry in entries(folder).values()] == ["2026-06-26", "2026-07-04"]


def test_a_congress_that_is_not_published_is_said(publisher, addresses, tmp_path):
    outcomes = run(tmp_path, addresses, "bills", congresses=(115, 130))
    assert [o.status for o in outcomes] == ["fetched", "fetched", "failed"]
    assert "names no Congress of the number 130, only 115 to 116" in outcomes[-1].reason


@pytest.mark.parametrize(
    "told",
    [
        "<html>Bulkdata Service Error</html>",
        "[]",
        '{"files": [{"justFileName": "../../etc"}]}',
        '{"files": 7}',
        "[" * 9999,
    ],
)
def test_a_listing_that_is_none_is_said(publisher, addresses, tmp_path, told):
    publisher.publish("/bulkdata/json/BILLSTATUS", told)
    (outcome,) = run(tmp_path, addresses, "bills")
    assert outcome.status == "failed" and "is no listing of GovInfo" in outcome.reason
    assert "\n" not in outcome.reason


def test_a_listing_cannot_lead_to_another_place(publisher, addresses, tmp_path):
    elsewhere = ("a.zip", "http://127.0.0.1:1/a.zip", b"zip")
    publisher.publish("/bulkdata/json/BILLSTATUS/115/hr", listing(elsewhere))
    outcomes = run(tmp_path, addresses, "bills", congresses=(115,))
    assert outcomes[-1].status == "failed" and "leads elsewhere: http://127.0.0.1:1/a.zip" in outcomes[-1].reason


def test_a_publisher_that_cannot_be_reached_is_one_line(addresses, tmp_path, publisher):
    text = addresses.read_text().replace(publisher.address, "http://127.0.0.1:9")
    addresses.write_text(text)
    assert [o.path for o in run(tmp_path / "sources", addresses, "people", "statutes")] == ["people", "statutes"]


def test_a_broken_manifest_stops_the_run_and_is_not_replaced(publisher, addresses, tmp_path):
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ValueError, match=r"manifest\.json: broken manifest.*nothing was fetched"):
        run(tmp_path, addresses, "people")
    assert (tmp_path / "manifest.json").read_text() == "{"


def test_entries_of_other_hands_stay_in_the_manifest(publisher, addresses, tmp_path):
    own = {"path": "mine", "family": "mine", "coverage": "2020-01-01"}
    (tmp_path / "manifest.json").write_text(json.dumps({"sources": [own]}))
    run(tmp_path, addresses, "people")
    assert entries(tmp_path)["mine"] == own


@pytest.mark.parametrize("title", ["", "xx", "0", "470", "../../47"])
def test_a_title_that_cannot_be_is_refused(addresses, tmp_path, title):
    with pytest.raises(ValueError, match="is no title of the Code"):
        run(tmp_path, addresses, "statutes", titles=(title,))


def test_addresses_that_lack_something_are_refused(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("statutes: {family: us-code, publisher: p, document: d, licence: l, page: http://a}")
    with pytest.raises(ValueError, match=r"mine\.yaml: not a file of addresses: statutes: file is missing"):
        fetching.read_addresses(file)
    with pytest.raises(ValueError, match="No such file"):
        fetching.read_addresses(tmp_path / "none.yaml")


def test_the_newest_release_point_is_that_of_the_latest_law():
    page = "".join(
        f"releasepoints/us/pl/{c}/{law}/xml_uscAll@{c}-{law}.zip "
        for c, law in ((118, "200"), (119, "9"), (119, "73not60"))
    )
    point = release_point(page + "Public Law 119-73not60 (01/23/2026)")
    assert (str(point), point.day) == ("119-73not60", "2026-01-23")


def test_the_command_fetches_where_the_settings_say_and_build_finds_it(publisher, addresses, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from api.cli import app
    from api.settings import Settings

    monkeypatch.setenv("S230_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("S230_ADDRESSES", str(addresses))
    monkeypatch.delenv("S230_SOURCES", raising=False)
    found = CliRunner().invoke(app, ["fetch", "statutes", "--title", "47"])
    assert found.exit_code == 0
    assert "1 fetched, 0 unchanged, 0 failed" in found.stderr
    assert [file.path.rpartition("/")[2] for file in walk(Settings().source_paths())][-1:] != []


def test_the_command_says_which_file_failed(publisher, addresses, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from api.cli import app

    monkeypatch.setenv("S230_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("S230_ADDRESSES", str(addresses))
    del publisher.files[POINT.format("47")]
    found = CliRunner().invoke(app, ["fetch", "statutes", "--title", "47"])
    assert found.exit_code == 2
    assert "answers with 404" in found.stderr and "0 fetched, 0 unchanged, 1 failed" in found.stderr
