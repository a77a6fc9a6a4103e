"""Networks of the default graph: what they show, what they leave out, and where things stand."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import layout, network
from graph.answers import Malformed
from graph.store import Store, connect

FOSTA, HR1865, S1693 = "/us/pl/115/164", "/us/bill/115/hr/1865", "/us/bill/115/s/1693"
SECTION = "/provision/us/usc/t47/s230@1996-02-08"
E5 = "/provision/us/usc/t47/s230/e/5@2018-04-11"
IP = "/provision/us/usc/t47/s230/d/2@1996-02-08"


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def says(found: network.Network, source: str, target: str) -> set[str]:
    return {relation["says"] for relation in found.get_edge_data(source, target, default={}).values()}


# --- the story -------------------------------------------------------------------------------------------------------


def test_the_story_has_room_on_one_page(store: Store) -> None:
    assert 80 <= len(network.story(store)) <= 150
    assert not network.story(store).graph["truncated"]


@pytest.mark.parametrize(
    "path",
    [
        SECTION,
        E5,
        IP,
        "/exemption/intellectual-property",
        "/exemption/sex-trafficking",
        "/us/pl/104/104",
        "/us/pl/105/277",
        FOSTA,
        "/us/bill/104/s/652",
        "/us/bill/105/hr/4328",
        HR1865,
        S1693,
        "/us/person/W000812",
        "/us/person/C000830",
        "/us/person/W000779",
        "/us/vote/115/house/2018/91",
        "/us/vote/115/senate/2018/60",
        "/case/zeran",
        "/case/doe-v-backpage",
        "/document/ecpat-usa-2018-03-21",
        "/org/ecpat-usa",
        "/claim/ecpat-usa-2018-03-21/07",
        "/us/person/B001281",
        "/us/person/W000820",
        "/us/person/M000087",
    ],
)
def test_the_story_names_what_it_is_about(store: Store, path: str) -> None:
    assert path in network.story(store)


@pytest.mark.parametrize(
    ("source", "said", "target"),
    [
        ("/us/person/W000812", "sponsored", HR1865),
        ("/us/person/B001281", "cosponsored", HR1865),
        (HR1865, "became", FOSTA),
        (FOSTA, "added", E5),
        ("/us/pl/105/277", "renumbered", "/provision/us/usc/t47/s230/d@1996-02-08"),
        ("/us/vote/115/senate/2018/60", "voted on", HR1865),
        ("/exemption/sex-trafficking", "is stated in", E5),
        ("/exemption/intellectual-property", "exempts from", "/provision/us/usc/t47/s230/c/1@1996-02-08"),
        ("/case/zeran", "construed", "/provision/us/usc/t47/s230/c/1@1996-02-08"),
        ("/org/ecpat-usa", "published", "/document/ecpat-usa-2018-03-21"),
        ("/document/ecpat-usa-2018-03-21", "claims", "/claim/ecpat-usa-2018-03-21/07"),
        ("/claim/ecpat-usa-2018-03-21/07", "is about", FOSTA),
        ("/us/bill/119/s/3546", "would change", SECTION),
    ],
)
def test_connections_are_said_in_plain_words(store: Store, source: str, said: str, target: str) -> None:
    assert said in says(network.story(store), source, target)


def test_no_label_is_an_iri(store: Store) -> None:
    for path, thing in network.story(store).nodes(data=True):
        for key in ("label", "short"):
            assert thing[key] and not re.search(r"https?:|^/|/us/", thing[key]), (path, thing[key])


def test_a_bill_is_badged_as_a_bill_and_a_law_as_law(store: Store) -> None:
    badges = dict(network.story(store).nodes(data="badge"))
    assert badges[HR1865] == "bill · became law" and badges[S1693] == "bill · expired"
    assert badges[FOSTA] == badges[E5] == "law"
    assert badges["/case/zeran"] == "opinion"
    assert badges["/claim/ecpat-usa-2018-03-21/07"] == "claim · contradicted"


def test_a_private_person_is_nobody_in_the_picture(store: Store) -> None:
    assert not [path for path in network.story(store) if "survivor" in path]


def test_a_pending_bill_amends_nothing(store: Store) -> None:
    found = network.neighbourhood(store, ["/us/bill/119/s/3546"])
    said = {relation["says"] for _, _, relation in found.out_edges("/us/bill/119/s/3546", data=True)}
    assert "would change" in said and not said & set(network.EFFECT_WORDS.values())


# --- neighbourhoods --------------------------------------------------------------------------------------------------


def test_a_neighbourhood_is_what_is_one_step_away(store: Store) -> None:
    found = network.neighbourhood(store, ["/case/zeran"])
    steps = nx.single_source_shortest_path_length(found.to_undirected(as_view=True), "/case/zeran")
    assert set(steps) == set(found) and max(steps.values()) == 1


def test_more_depth_shows_more(store: Store) -> None:
    near, far = (set(network.neighbourhood(store, ["/case/zeran"], depth=d, limit=1500)) for d in (1, 2))
    assert near < far


def test_a_designation_is_shown_as_the_provision_that_stands_there(store: Store) -> None:
    assert IP in network.neighbourhood(store, ["/us/usc/t47/s230/e/2"])


def test_a_section_of_a_law_is_shown_as_the_law(store: Store) -> None:
    assert FOSTA in network.neighbourhood(store, ["/us/pl/115/164/s4/a"])


def test_a_neighbourhood_that_is_cut_says_so(store: Store) -> None:
    found = network.neighbourhood(store, [HR1865], limit=50)
    assert len(found) == 50 and found.graph["truncated"] and FOSTA in found
    whole = network.neighbourhood(store, [HR1865], limit=1500)
    assert not whole.graph["truncated"]
    cosponsors = {source for source, _, said in whole.in_edges(HR1865, data="says") if said == "cosponsored"}
    assert len(cosponsors) == 175


def test_a_withdrawn_cosponsorship_ends(store: Store) -> None:
    found = network.neighbourhood(store, [HR1865], limit=1500)
    relation = next(iter(found.get_edge_data("/us/person/M001166", HR1865).values()))
    assert relation["until"] == "2017-09-25"


def test_only_the_kinds_asked_for_are_shown_beside_the_focus(store: Store) -> None:
    found = network.neighbourhood(store, [HR1865], choice=network.Choice(kinds=("law",)))
    assert set(found) == {HR1865, FOSTA}


def test_what_had_ended_or_had_not_begun_is_left_out(store: Store) -> None:
    later = network.view(store, choice=network.Choice(from_="2020-01-01"))
    assert SECTION in later and "/us/vote/115/senate/2018/60" not in later and S1693 not in later
    earlier = network.view(store, choice=network.Choice(to="1997-12-31"))
    assert SECTION in earlier and E5 not in earlier and "/case/zeran" in earlier and FOSTA not in earlier


def test_who_has_nothing_left_to_be_connected_with_is_left_out(store: Store) -> None:
    assert "/us/person/W000812" not in network.view(store, choice=network.Choice(to="1997-12-31"))


def test_the_story_can_be_seen_with_more_around_a_thing(store: Store) -> None:
    found = network.view(store, ["story", HR1865], limit=1500)
    assert set(network.story(store)) < set(found)


def test_a_view_is_the_same_every_time(release: Path) -> None:
    one, other = (network.view(connect(release), [FOSTA], depth=2) for _ in range(2))
    assert list(one.nodes(data=True)) == list(other.nodes(data=True)) and list(one.edges) == list(other.edges)


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("47 U.S.C. § 230(e)(5)", E5),
        ("/us/usc/t47/s230/e/5", E5),
        ("https://w3id.org/section230/us/usc/t47/s230/e/5", E5),
        ("/us/usc/t47/s230/e/2@1996-02-08", "/provision/us/usc/t47/s230/e/2@1996-02-08"),
        ("FOSTA", FOSTA),
        ("H.R. 1865 (115th Cong.)", HR1865),
        ("ann wagner", "/us/person/W000812"),
        ("Zeran", "/case/zeran"),
        ("/case/zeran/", "/case/zeran"),
        ("story", "story"),
    ],
)
def test_a_focus_is_named_in_many_ways(store: Store, text: str, path: str) -> None:
    assert network.resolve(store, text) == path


@pytest.mark.parametrize(
    "text", ["nothing of this name", "/case/never", "/us/usc/t47/s230/z/9", '/x"> <script>', "\u202e"]
)
def test_an_unknown_focus_is_refused_in_one_line(store: Store, text: str) -> None:
    with pytest.raises(network.Unknown) as refused:
        network.resolve(store, text)
    assert "\n" not in str(refused.value)


def test_a_focus_that_may_mean_several_things_names_them(store: Store) -> None:
    with pytest.raises(network.Unknown) as refused:
        network.resolve(store, "Backpage")
    assert "Backpage.com, LLC" in refused.value.near


def test_an_empty_focus_is_malformed(store: Store) -> None:
    with pytest.raises(Malformed):
        network.resolve(store, "  ")


def test_a_span_that_ends_before_it_begins_is_malformed(store: Store) -> None:
    with pytest.raises(Malformed):
        network.days("2018-01-01", "2017-01-01", store)


# --- places ----------------------------------------------------------------------------------------------------------

DAYS = st.sampled_from(["", "1991-10-29", "1996-02-08", "1996-03-01", "1998-11-20", "2018-03-21", "2018-04-11", "2025"])


@st.composite
def networks(draw: st.DrawFn) -> network.Network:
    found = nx.MultiDiGraph(truncated=False)
    for number, (kind, day) in enumerate(draw(st.lists(st.tuples(st.sampled_from(list(network.KINDS)), DAYS)))):
        found.add_node(f"/{kind}/{number}", kind=kind, order=day, label=f"({number})")
    return found


def overlapping(places: dict[str, tuple[int, int]]) -> list[tuple[str, str]]:
    width, height = layout.CELL
    return [
        (one, other)
        for (one, a), (other, b) in combinations(places.items(), 2)
        if abs(a[0] - b[0]) < width and abs(a[1] - b[1]) < height
    ]


@given(networks())
def test_no_two_boxes_overlap(found: network.Network) -> None:
    places = layout.positions(found)
    assert set(places) == set(found) and not overlapping(places)


@given(networks())
def test_time_runs_to_the_right_and_every_kind_has_its_band(found: network.Network) -> None:
    arranged = layout.lanes(found)
    for path, thing in found.nodes(data=True):
        x, y = arranged.positions[path]
        era = next(e for e in arranged.eras if e.first <= thing["order"][:4] <= e.last)
        assert era.x < x < era.x + era.columns * layout.CELL[0]
        lane = next(band for band in arranged.lanes if band.kind == thing["kind"])
        assert lane.y < y < lane.y + lane.rows * layout.CELL[1]


def test_positions_of_the_story_do_not_overlap_and_stay_the_same(store: Store) -> None:
    found = network.story(store)
    assert not overlapping(layout.positions(found)) and layout.positions(found) == layout.positions(found)


def test_a_layout_by_connections_does_not_overlap_and_stays_the_same(store: Store) -> None:
    found = network.story(store)
    places = layout.force(found)
    assert set(places) == set(found) and not overlapping(places) and places == layout.force(found)


@given(st.sampled_from(["1996-02-08", None]), st.sampled_from(["1998-11-20", None]))
def test_an_unknown_day_excludes_nothing(since: str | None, until: str | None) -> None:
    assert network.holds(since, until, None, None)
    assert network.holds(None, None, "1996-01-01", "1996-12-31")
