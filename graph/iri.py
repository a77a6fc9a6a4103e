"""Identity: which path a thing has, and the base that makes a path an IRI.

Everything has one address: base + path. People go by Bioguide id, laws and provisions by USLM identifier, everything
else by slug (DESIGN, "Vocabulary"). ``https://w3id.org/section230`` is not registered yet; it is fixed in the release
all the same, so that addresses never change.

>>> of("/us/usc/t47/s230/e/5")
'https://w3id.org/section230/us/usc/t47/s230/e/5'
>>> path("https://w3id.org/section230/us/bill/115/hr/1865")
'/us/bill/115/hr/1865'
"""

from __future__ import annotations

import re
import unicodedata

from graph.records import Bill, Day, Path, Source, Vote

BASE = "https://w3id.org/section230"

BILL_TYPES = ("hr", "s", "hjres", "sjres", "hconres", "sconres", "hres", "sres")
CHAMBERS = {"house": "House", "senate": "Senate"}

_UNSAFE = re.compile(
    r"[\x00-\x20<>\"{}|\\^`\[\]\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U0010ffff]"
    "|[" + "".join(chr((plane << 16) + last) for plane in range(1, 14) for last in (0xFFFE, 0xFFFF)) + "]"
    "|%(?![0-9A-Fa-f]{2})"
)
"""What RFC 3987 does not allow in a path: spaces, controls, private use, noncharacters, a stray ``%`` …"""


def of(path: Path) -> str:
    """The IRI of a path; characters that no IRI may hold are percent-encoded.

    >>> of("/us/usc/t47/s 1")
    'https://w3id.org/section230/us/usc/t47/s%201'
    """
    return BASE + safe(path).replace("#", "%23")


def safe(text: str) -> str:
    """Text with what no IRI may hold percent-encoded."""
    return _UNSAFE.sub(lambda m: "".join(f"%{byte:02X}" for byte in m.group().encode("utf-8", "surrogatepass")), text)


def path(iri: str) -> Path:
    """The path of one of our IRIs; an IRI of somebody else's comes back as it is."""
    return iri.removeprefix(BASE) if iri.startswith(BASE + "/") else iri


def slug(name: str) -> str:
    """A name as the last step of a path.

    >>> slug("M.A. ex rel. P.K. v. Village Voice Media — 8th Cir.")
    'm-a-ex-rel-p-k-v-village-voice-media-8th-cir'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def bill(congress: int, kind: str, number: int) -> Path:
    """The path of a measure: ``bill(115, "hr", 1865)`` is ``/us/bill/115/hr/1865``."""
    return f"/us/bill/{congress}/{kind.lower()}/{number}"


def bill_of(record: Bill) -> Path:
    """The path of a bill's record."""
    return bill(record.congress, record.type, record.number)


def vote_of(record: Vote) -> Path:
    """The path of a roll call: chamber, year and number; a session of Congress is a year."""
    return f"/us/vote/{record.congress}/{record.chamber.lower()}/{record.year}/{record.roll}"


def person(bioguide: str) -> Path:
    """The path of a member of Congress."""
    return f"/us/person/{bioguide}"


def law(number: str, private: bool = False) -> Path:
    """The path of a public or private law by its number: ``115-164``."""
    return f"/us/{'pvtl' if private else 'pl'}/{number.replace('-', '/')}"


def graph(source: Source) -> Path:
    """The path of the named graph of one source document: family, document id, snapshot day.

    A document without a day says so, with the first eight digits of its checksum in the day's place.

    >>> graph(Source("billstatus-115", "115hr1865", "2021-07-10"))
    '/graph/billstatus-115/115hr1865@2021-07-10'
    """
    day = source.snapshot or f"undated-{source.sha256[:8]}"
    return f"/graph/{source.family}/{source.document.strip('/')}@{day}"


def at(slot: Path, day: Day) -> Path:
    """The address of what stands in a slot on a day."""
    return f"{slot}@{day}"


def split_day(path: Path) -> tuple[Path, Day]:
    """A path and the day behind its ``@``, or an empty day.

    >>> split_day("/us/usc/t47/s230/e/2@1996-02-08")
    ('/us/usc/t47/s230/e/2', '1996-02-08')
    """
    head, at_sign, day = path.rpartition("@")
    return (head, day) if at_sign else (path, "")


def congress_ends(congress: int) -> Day:
    """The day on which a Congress is over: noon of 3 January of the odd year (Twentieth Amendment), taken as that day.

    >>> congress_ends(115)
    '2019-01-03'
    """
    return f"{1789 + 2 * congress}-01-03"


def congress_begins(congress: int) -> Day:
    """The first day of a Congress."""
    return congress_ends(congress - 1)
