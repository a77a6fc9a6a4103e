"""A short name for anything by its path, where no record is at hand: citations first, plain words for the rest.

>>> name("/us/pl/115/164/s4/a"), name("/provision/us/usc/t47/s230/d/1@1996-02-08"), name("/us/olrc")
('Pub. L. 115-164, § 4(a)', '47 U.S.C. § 230(d)(1) (as of 1996-02-08)', 'Editors of the Code')
>>> name("/us/usc/t17"), name("/us/pvtl/111/1"), name("/case/reno-v-aclu")
('title 17, U.S. Code', 'Pvt. L. 111-1', 'reno v aclu')
"""

from __future__ import annotations

import re
from functools import lru_cache

from graph import iri
from graph.citation import label
from graph.records import Path

OFFICES = {
    "/us/olrc": "Editors of the Code",
    "/org/us-house-of-representatives": "House of Representatives",
    "/org/us-senate": "Senate",
    "/org/us-executive": "Executive branch",
}


PARTIES = {"R": "Republican", "D": "Democrat", "I": "Independent"}
"""The parties by the letter that the record gives them."""


@lru_cache(maxsize=4096)
def name(path: Path) -> str:
    """A name of the thing at `path`; never an IRI, never an exception."""
    if path in OFFICES:
        return OFFICES[path]
    if title := re.fullmatch(r"/us/usc/t(\w+)", path):
        return f"title {title.group(1)}, U.S. Code"
    bare, day = iri.split_day(path.removeprefix("/provision"))
    try:
        return f"{label(bare)} (as of {day})" if day else label(bare)
    except ValueError:
        return bare.rstrip("/").rpartition("/")[2].replace("-", " ")
