"""Official pages: where the publishers of the law and of the record of Congress show a thing, from how it is cited.

The Code is shown by the Office of the Law Revision Counsel, measures by the Library of Congress, laws, reports and the
Congressional Record by the Government Publishing Office through its link service (www.govinfo.gov/link-docs), which has
laws and reports since the 104th Congress and the daily Record since 1994. Where there is no such page the answer is
empty. Nothing here asks whether a page is there.

>>> page("/us/pl/115/164/s4/a"), page("/us/bill/115/hr/1865")
('https://www.govinfo.gov/link/plaw/115/public/164', 'https://www.congress.gov/bill/115th-congress/house-bill/1865')
>>> report("H. Rept. 115-572"), record("164 Cong. Rec. S1849-1872")
('https://www.govinfo.gov/link/crpt/115/hrpt/572', 'https://www.govinfo.gov/link/crec/164/s/1849')
"""

from __future__ import annotations

import re

from graph.records import Path

FIRST_CONGRESS = 104
"""The first whose laws and reports the link service has."""
FIRST_VOLUME = 140
"""The first of the daily Congressional Record that the link service has, of 1994."""

_MEASURES = {
    "hr": "house-bill",
    "s": "senate-bill",
    "hres": "house-resolution",
    "sres": "senate-resolution",
    "hjres": "house-joint-resolution",
    "sjres": "senate-joint-resolution",
    "hconres": "house-concurrent-resolution",
    "sconres": "senate-concurrent-resolution",
}


def page(path: Path) -> str:
    """The official page of a section of the Code, a law or a measure, or of what a part of one is part of; else empty.

    >>> page("/us/usc/t47/s230/e/5"), page("/us/act/1934-06-19/ch652")
    ('https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title47-section230', '')
    """
    if code := re.match(r"/us/usc/t(\w+)/s([\w-]+)", path):
        return f"https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title{code[1]}-section{code[2]}"
    if bill := re.match(r"/us/bill/(\d+)/(\w+)/(\d+)", path):
        kind = _MEASURES.get(bill[2])
        nth = f"{bill[1]}{_suffix(int(bill[1]))}-congress"
        return f"https://www.congress.gov/bill/{nth}/{kind}/{bill[3]}" if kind else ""
    if (law := re.match(r"/us/(pl|pvtl)/(\d+)/(\d+)", path)) and int(law[2]) >= FIRST_CONGRESS:
        kind = "public" if law[1] == "pl" else "private"
        return f"https://www.govinfo.gov/link/plaw/{law[2]}/{kind}/{law[3]}"
    return ""


def report(citation: str) -> str:
    """The page of a committee or conference report; empty for one that is not there.

    >>> report("S. Rept. 104-23"), report("H. Rept. 90-101")
    ('https://www.govinfo.gov/link/crpt/104/srpt/23', '')
    """
    found = re.match(r"([HS])\. Rept\. (\d+)-(\d+)", citation)
    if not found or int(found[2]) < FIRST_CONGRESS:
        return ""
    return f"https://www.govinfo.gov/link/crpt/{found[2]}/{found[1].lower()}rpt/{found[3]}"


def record(citation: str) -> str:
    """The first page of a passage in the daily Congressional Record; empty for one that is not there."""
    found = re.match(r"(\d+) Cong\. Rec\. ([HSED])(\d+)", citation)
    if not found or int(found[1]) < FIRST_VOLUME:
        return ""
    return f"https://www.govinfo.gov/link/crec/{found[1]}/{found[2].lower()}/{found[3]}"


def _suffix(number: int) -> str:
    return "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
