"""Citations: found in words as lawyers write them, and written again in one form.

A citation names a slot (a designation), not the provision that stands in it: which one that is depends on the day, and
is the business of the timeline. What a citation names is a path, the USLM identifier of the thing.

>>> parse("47 U.S.C. § 230(e)(5)(A)").path
'/us/usc/t47/s230/e/5/A'
>>> for mention in find("sections 223 and 230(c)(1)-(2) of title 47"):
...     print(mention.text, "->", mention.path)
sections 223 -> /us/usc/t47/s223
230(c)(1) -> /us/usc/t47/s230/c/1
(2) of title 47 -> /us/usc/t47/s230/c/2
>>> label("/us/pl/105/277/dC/tXIV/s1404/a/2")
'Pub. L. 105-277, div. C, title XIV, § 1404(a)(2)'

How it reads. The text is cut into words, numbers and marks. A word that can open a citation ("section", "Pub", "§" …)
calls the rule of that name, a short descent over the tokens after it. Every rule looks only a bounded way ahead, so
the time grows with the length of the text alone, and no text raises.

What it takes for granted, since a false citation costs more than a missed one:

- A list makes one mention for each thing named. The first starts at the lead word, the last ends with what they share
  ("of title 18"). A range makes a mention for each end; `Mention.through` of the first is the path of the last. A
  number, a hyphen and a larger number is a range (``1591-1595``), a smaller one is part of the designation
  (``227b-2``, ``60-1``).
- *Popular section*: "section 230", "§ 230(c)(1)", "230(c)(1)" without a title are section 230 of title 47, unless they
  follow another code or law or stand in the words of another title (`Context`). Any other section without a title is
  read in the title of the context, and only inside one of its sections: notes reproduce Acts, whose sections are not
  the Code's.
- A section "of this Act", "of the bill", "of the Foo Act" is nothing: only the Acts in `NAMES` are known, and of those
  that the Code renumbered only sections with a known place.
- A bill whose Congress neither the text nor the context names has no path. A name that several bills bear has choices.
- Law reports are recognised by eyecite where it is installed; the reporter citation, normalised, is the note of the
  mention. Which case it is, a table of the caller's knows.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from importlib import import_module
from itertools import accumulate, pairwise, takewhile
from pathlib import Path as File
from typing import NamedTuple

from graph import iri
from graph.records import Day, Path

Levels = tuple[str, ...]

POPULAR_SECTION = "230"
POPULAR_TITLE = "47"
NAMES = File(__file__).parent.parent / "data" / "facts" / "popular_names.yaml"


class Context(NamedTuple):
    """Where the words stand: what "this title", "subsection (c)", a bare section number or a bare bill number means.

    `path` is the slot whose own words they are; title and section follow from it. `section` is a section number of
    `title`. `congress` is the Congress of bills that name none.
    """

    title: str = ""
    section: str = ""
    path: Path = ""
    congress: int | None = None


class Mention(NamedTuple):
    """One citation in a text: ``text[start:end]``, in code points of the text as given.

    `kind` is ``usc``, ``law``, ``stat``, ``act``, ``bill``, ``order``, ``case`` or ``iri``. `path` is empty where more
    than one thing may be meant (`choices`), where the Congress of a bill is not known, and for cases (`note` has the
    normalised reporter citation). `day` is the day behind the ``@`` of an IRI. `through` is the path of the last of a
    range that begins here.
    """

    text: str
    start: int
    end: int
    kind: str
    path: Path
    choices: tuple[Path, ...] = ()
    day: Day = ""
    note: str = ""
    through: Path = ""


def find(text: str, context: Context = Context()) -> list[Mention]:  # noqa: B008
    """Every citation of `text`, in order, none overlapping another.

    >>> [m.path for m in find("section 223 or 231 of this title", Context(title="47"))]
    ['/us/usc/t47/s223', '/us/usc/t47/s231']
    >>> find("Section 5 of this Act helped 230 people in 230 cases.")
    []
    """
    return _with_cases(_Reader(text, context).mentions(), text)


def parse(text: str, context: Context = Context()) -> Mention | None:  # noqa: B008
    """The one citation that `text` is, white space, quotes, end marks and a year of the edition aside; else ``None``.

    Here a designation alone is enough: "230(c)(1)", and in a context "223(h)" or "(c)(1)". Two citations of the same
    thing ("section 230 of the Communications Act (47 U.S.C. 230)") are one.

    >>> parse("the EARN IT Act of 2020").choices
    ('/us/bill/116/hr/8454', '/us/bill/116/s/3398')
    >>> parse("see section 230 there") is None
    True
    """
    reader = _Reader(text, context)
    found = _with_cases(reader.mentions(), text) or reader.designation()
    if not found or any(mention.through or mention.path != found[0].path for mention in found):
        return None
    if found[0].kind == "case":
        before, after = text[: found[0].start], text[found[0].end :]
        rest = ("" if _CASE_FRAME.fullmatch(before) else before) + _CASE_END.sub("", after, count=1)
    else:
        rest = text[: found[0].start] + "".join(text[a.end : b.start] for a, b in pairwise(found))
        rest += _YEAR.sub("", text[found[-1].end :])
    return found[0] if rest.strip(_MARKS).lower() in ("", "the") else None


def is_slot(path: Path) -> bool:
    """Whether a path is that of a section of the Code, or of a level below one.

    >>> is_slot("/us/usc/t47/s230/e"), is_slot("/us/usc/t47")
    (True, False)
    """
    return _SLOT.fullmatch(path) is not None


def split(path: Path) -> tuple[str, str, Levels]:
    """Title, section and levels of a slot of the Code; raises `ValueError` for any other path.

    >>> split("/us/usc/t47/s230/e/5/A")
    ('47', '230', ('e', '5', 'A'))
    """
    match = _SLOT.fullmatch(path)
    if not match:
        raise ValueError(f"no section of the U.S. Code: {path!r} (expected /us/usc/t47/s230/…)")
    return match["title"], match["section"], tuple(match["levels"].split("/")[1:])


def join(title: str, section: str, levels: Levels = ()) -> Path:
    """The path of a slot of the Code; the inverse of `split`.

    >>> join("47", "230", ("e", "5", "A"))
    '/us/usc/t47/s230/e/5/A'
    """
    return "/".join((f"/us/usc/t{title}", f"s{section}", *levels))


def label(path: Path) -> str:
    """The form in which a path is shown everywhere; the day behind an ``@`` is left out.

    Raises `ValueError` for a path that no citation names (a person, a provision, a whole title).

    >>> label("/us/usc/t47/s230/e/5/A"), label("/us/bill/115/hr/1865"), label("/us/stat/112/2681-739")
    ('47 U.S.C. § 230(e)(5)(A)', 'H.R. 1865, 115th Cong.', '112 Stat. 2681-739')
    """
    return _written(path, _LABEL)


def bluebook(path: Path) -> str:
    """The citation in the form of the Bluebook (rules 12 to 14), without the year, which a path does not tell.

    >>> bluebook("/us/pl/105/277/dC/tXIV/s1404/a/2")
    'Pub. L. No. 105-277, div. C, tit. XIV, § 1404(a)(2)'
    """
    return _written(path, _BLUEBOOK)


def plain(path: Path) -> str:
    """The citation in words, without marks and abbreviations.

    >>> plain("/us/usc/t47/s230/e/5/A")
    'section 230(e)(5)(A) of title 47, United States Code'
    >>> plain("/us/bill/115/hr/1865")
    'House bill 1865 of the 115th Congress'
    """
    cited = _cited(path)
    match cited.kind:
        case "usc":
            return f"{cited.words('')} of title {cited.volume}, United States Code"
        case "law":
            kind = "Private" if cited.type == "pvtl" else "Public"
            whole = f"{kind} Law {cited.volume}-{cited.number}"
        case "bill":
            whole = f"{_BILL_WORDS[cited.type]} {cited.number} of the {ordinal(cited.volume, 'nd')} Congress"
        case "order":
            whole = f"Executive Order {cited.number}"
        case "act":
            whole = f"the Act of {_long_day(cited.volume)}" + (f", chapter {cited.number}" if cited.number else "")
        case _:
            whole = f"{cited.volume} Stat. {cited.number}"
    return cited.words(whole)


def markdown(path: Path, href: str) -> str:
    """A Markdown link with the label of `path` to `href`.

    >>> markdown("/us/usc/t47/s230", "/us/usc/t47/s230")
    '[47 U.S.C. § 230](/us/usc/t47/s230)'
    """
    text = label(path).replace("[", "\\[").replace("]", "\\]")
    return f"[{text}]({href.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"


def csl(path: Path, title: str = "", url: str = "", issued: Day = "") -> dict[str, object]:
    """The citation as a CSL-JSON item (citationstyles.org, CSL 1.0.2, types ``legislation`` and ``bill``).

    `title` is the name of the Act or bill, `issued` its day (or year, or month). Without a title the label stands in.

    >>> csl("/us/usc/t47/s230/c/1", issued="2018-04-11")  # doctest: +NORMALIZE_WHITESPACE
    {'id': '/us/usc/t47/s230/c/1', 'type': 'legislation', 'title': '47 U.S.C. § 230(c)(1)', 'container-title': 'U.S.C.',
     'volume': '47', 'section': '230(c)(1)', 'issued': {'date-parts': [[2018, 4, 11]]}}
    """
    cited = _cited(path)
    fields: dict[str, object] = {
        "id": path,
        "type": "bill" if cited.kind == "bill" else "legislation",
        "title": title or label(path),
    }
    match cited.kind:
        case "usc":
            fields |= {"container-title": "U.S.C.", "volume": cited.volume}
        case "law":
            fields |= {"number": f"{_BLUEBOOK[cited.type]} {cited.volume}-{cited.number}"}
        case "stat":
            fields |= {"container-title": "Stat.", "volume": cited.volume, "page": cited.number}
        case "bill":
            name = f"{_BILL_LABELS[cited.type]} {cited.number}"
            fields |= {"number": name, "authority": f"{ordinal(cited.volume, 'd')} Congress"}
        case "order":
            fields |= {"number": f"Exec. Order No. {int(cited.number):,}"}
        case _:
            fields |= {"chapter-number": cited.number}
    if cited.section:
        fields["section"] = cited.section
    if url:
        fields["URL"] = url
    if issued:
        fields["issued"] = {"date-parts": [[int(part) for part in issued.split("-")]]}
    return fields


# --- writing ---------------------------------------------------------------------------------------------------------

_SLOT = re.compile(r"/us/usc/t(?P<title>\w+)/s(?P<section>[^/@]+)(?P<levels>(?:/[^/@]+)*)")
_BILL_LABELS = {
    "hr": "H.R.",
    "s": "S.",
    "hjres": "H.J. Res.",
    "sjres": "S.J. Res.",
    "hconres": "H. Con. Res.",
    "sconres": "S. Con. Res.",
    "hres": "H. Res.",
    "sres": "S. Res.",
}
_BILL_WORDS = {
    "hr": "House bill",
    "s": "Senate bill",
    "hjres": "House Joint Resolution",
    "sjres": "Senate Joint Resolution",
    "hconres": "House Concurrent Resolution",
    "sconres": "Senate Concurrent Resolution",
    "hres": "House Resolution",
    "sres": "Senate Resolution",
}
_KINDS = {"usc": "usc", "pl": "law", "pvtl": "law", "stat": "stat", "act": "act", "bill": "bill", "eo": "order"}
_HEADS = {
    "usc": r"t(?P<volume>[0-9]+)",
    "pl": r"(?P<volume>[0-9]+)/(?P<number>[0-9]+)",
    "pvtl": r"(?P<volume>[0-9]+)/(?P<number>[0-9]+)",
    "stat": r"(?P<volume>[0-9]+[A-Z]?)/(?P<number>[0-9A-Za-z-]+)",
    "act": r"(?P<volume>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:/ch(?P<number>\w+))?",
    "bill": rf"(?P<volume>[0-9]+)/(?P<type>{'|'.join(_BILL_LABELS)})/(?P<number>[0-9]+)",
    "eo": r"(?P<number>[0-9]+)",
}
_PARTS = {"d": "division", "t": "title", "st": "subtitle", "pt": "part", "ch": "chapter", "sch": "subchapter"}
_PART = re.compile(r"(d|t|st|pt|ch|sch)([A-Z0-9]+)")
_LABEL = {"division": "div.", "title": "title", "subtitle": "subtitle", "part": "part", "chapter": "ch."}
_LABEL |= {"pl": "Pub. L.", "pvtl": "Pvt. L."}
_BLUEBOOK = _LABEL | {"title": "tit.", "subtitle": "subtit.", "part": "pt."}
_BLUEBOOK |= {"pl": "Pub. L. No.", "pvtl": "Priv. L. No."}


_PUBLIC = ("pub", "public")
_PRIVATE = ("pvt", "priv", "private")


class _Cited(NamedTuple):
    """A path taken apart: the thing (volume, type, number), then its inner path as steps ``("part", "title", "V")``."""

    kind: str
    volume: str
    type: str
    number: str
    steps: tuple[tuple[str, str], ...]

    @property
    def section(self) -> str:
        """The designation of the outermost section, with its levels."""
        return next((text for word, text in self.steps if word == "section"), "")

    def words(self, whole: str) -> str:
        """The inner path in words, innermost first, then the whole."""
        inner = " of ".join(f"{word} {text}" for word, text in reversed(self.steps))
        return " of ".join(part for part in (inner, whole) if part)


def _cited(path: Path) -> _Cited:
    bare, _ = iri.split_day(path)
    family = bare.split("/")[2] if bare.startswith("/us/") else ""
    match = re.match(rf"/us/{family}/{_HEADS[family]}(?=/|$)", bare) if family in _HEADS else None
    steps = _steps(bare[match.end() :]) if match else ()
    if not match or steps is None or (family == "usc" and not steps):
        raise ValueError(f"no citation names this path: {path!r}")
    parts = match.groupdict()
    return _Cited(_KINDS[family], parts.get("volume", ""), parts.get("type", family), parts.get("number") or "", steps)


def _steps(inner: str) -> tuple[tuple[str, str], ...] | None:
    """``/dC/tXIV/s1404/a/2`` as (word, text) steps; levels belong to the section before them."""
    steps: list[tuple[str, str]] = []
    for segment in inner.split("/")[1:]:
        part = _PART.fullmatch(segment)
        if part:
            steps.append((_PARTS[part[1]], part[2]))
        elif re.fullmatch(r"s[0-9][^/]*", segment):
            steps.append(("section", segment[1:]))
        elif segment and steps and steps[-1][0] == "section":
            steps[-1] = ("section", f"{steps[-1][1]}({segment})")
        else:
            return None
    return tuple(steps)


def _written(path: Path, style: dict[str, str]) -> str:
    cited = _cited(path)
    match cited.kind:
        case "usc":
            return f"{cited.volume} U.S.C. " + ", ".join(_step(step, style) for step in cited.steps)
        case "law":
            whole = f"{style[cited.type]} {cited.volume}-{cited.number}"
        case "stat":
            whole = f"{cited.volume} Stat. {cited.number}"
        case "act":
            whole = f"Act of {_long_day(cited.volume)}" + (f", ch. {cited.number}" if cited.number else "")
        case "bill":
            whole = f"{_BILL_LABELS[cited.type]} {cited.number}, {ordinal(cited.volume, 'd')} Cong."
        case _:
            whole = f"Exec. Order No. {int(cited.number):,}"
    sections = [n for n, (word, _) in enumerate(cited.steps) if word == "section"]
    # An Act enacted by reference (Pub. L. 106-554, § 1(a)(4)) has divisions and sections below a section.
    outer = sections[0] + 1 if sections else len(cited.steps)
    text = ", ".join([whole, *(_step(step, style) for step in cited.steps[:outer])])
    inner = ", ".join(_step(step, style) for step in cited.steps[outer:])
    return f"{text} [{inner}]" if inner else text


def _step(step: tuple[str, str], style: dict[str, str]) -> str:
    word, text = step
    return f"§ {text}" if word == "section" else f"{style.get(word, word)} {text}"


def ordinal(number: str, second: str = "nd") -> str:
    """``115th``; the Bluebook writes 102d and 103d (`second` is then ``d``), everybody else 102nd and 103rd.

    >>> ordinal("115"), ordinal("102"), ordinal("103", "d")
    ('115th', '102nd', '103d')
    """
    if number[-2:] in ("11", "12", "13"):
        return number + "th"
    return number + {"1": "st", "2": second, "3": "rd" if second == "nd" else "d"}.get(number[-1], "th")


def _long_day(day: Day) -> str:
    year, month, number = day.split("-")
    return f"{_MONTH_NAMES[int(month) - 1].capitalize()} {int(number)}, {year}"


# --- the words of the grammar ----------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN = re.compile("([0-9]+|[^\\W\\d_]+|[^\\s0-9A-Za-z\u00ad\u200b\ufeff])")
_FLAT = (*(("-", dash) for dash in "‐‑‒–−"), ("'", "‘"), ("'", "’"))
_MARKS = " \t\r\n\v\f\u00a0.,;:!?\"'“”‘’()[]*"
_YEAR = re.compile(r"\(\s*\d{4}\s*\)")
_PADDING = 96
_LONGEST_LIST = 64
_LONGEST_DESIGNATION = 20
_POPULAR_SUBSECTIONS = frozenset("abcdefgh")
_DIGITS = re.compile("[0-9]+")

_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)} | {name[:3]: n for n, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS["sept"] = 9

_SECTION_WORDS = {"section": False, "sect": False, "sec": False, "sections": True, "sects": True, "secs": True}
_LEVEL_WORDS = {
    word: kind
    for kind, words in enumerate(
        (
            "subsection subsections subsec subsecs",
            "paragraph paragraphs para paras par pars",
            "subparagraph subparagraphs subpar subpars",
            "clause clauses cl cls",
            "subclause subclauses",
            "item items",
            "subitem subitems",
        )
    )
    for word in words.split()
}
# What labels look like at each level, outermost first (House Legislative Counsel's Manual on Drafting Style, § 312).
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"([a-z])\1?(-[0-9])?",
        r"[0-9]+[A-Za-z]{0,2}(-[0-9])?",
        r"([A-Z])\1?(-[0-9])?",
        r"[ivxl]+(-I)?",
        r"[IVXL]+(-I)?",
        r"([a-z])\1",
        r"([A-Z])\1",
    )
)
_LEVELS = re.compile(
    r"(?:\( ?(?:([a-z])\1?|([A-Z])\2?|[ivxl]{2,7}|[IVXL]{2,7}|[0-9]{1,3}[A-Za-z]{0,2}|(?:[A-Za-z]|[0-9]{1,3})-[0-9A-Z])"
    r" ?\)){1,10}"
)

_PART_WORDS = {
    "division": "d",
    "div": "d",
    "title": "t",
    "tit": "t",
    "subtitle": "st",
    "subtit": "st",
    "part": "pt",
    "pt": "pt",
    "chapter": "ch",
    "ch": "ch",
    "subchapter": "sch",
    "subch": "sch",
}
_NUMERAL = re.compile("[IVXLC]+|[A-Z]")
_LETTERED = r"([A-Z])\1?|[IVXLC]+"
# A number before one of these opens a citation of its own; it is no further section of a list.
_REPORTERS = _words("U US USC USCA USCS Stat STAT F Fed S H HR C CFR FR Cal N So P A L WL Cong Op FCC Wn Ill")
# Words after a number that goes on a list in the singular ("§ 230 and 231 of …"), unlike "§ 230 and 12 other laws".
_AFTER_ITEM = _words(
    "and or of note notes et to through thru as is are was were which that shall may do does apply applies have has had"
    " in for with by from on at under if but when unless against"
)
_COUNTED = _words("other others more additional further similar such years days months people cases states percent")
# What a section number may follow that is not the Code's.
_OTHER_LAW = _words(
    "code codes act acts rule rules regulation regulations procedure constitution ordinance cfr article art amendment"
    " bill treaty directive"
)
_OTHER_LAW_CUT = _words("stat stats reg regs ann rev cong r const app gen comp code proc law laws c")
# Those that are whole words too: a stop behind them ends a sentence ("... the law. Section 230 ...").
_WHOLE_WORDS = frozenset(("code", "law", "laws"))
_NOT_AMERICAN = frozenset(("Abs", "BGB", "StGB", "StPO", "ZPO", "HGB", "AktG", "ABGB"))
_BEFORE_NAME = _words(
    "the this that a an in of on by to for and or but see under with from when while since because although federal"
    " compare cf accord contra original entire reauthorized amended proposed if unlike like before after through"
)
# "Communications Act Amendments of 1978" is another Act.
_LATER_ACT = _words("amendments amendment reauthorization improvement improvements modernization")
_ORDINALS = frozenset(("st", "nd", "rd", "th", "d"))

_CASE = re.compile(r"(?<![\w.])(?=([0-9]{1,4})\s{1,2}([A-Z][A-Za-z0-9.'’ ]{0,30}?)\s{1,2}([0-9]{1,7})(?![\w]))")
_CASE_FRAME = re.compile(r"(?s).*?\S\s+v\.?\s+\S.*|\s*(?:In|Ex)\s+(?:re|parte)\s.*")
_CASE_END = re.compile(r"(?:,\s*[0-9]+(?:\s*[-–]\s*[0-9]+)?)?(?:\s*\([^()]*\))?")
_URL = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"(?:/provision)?/us/(?:usc|pl|pvtl|stat|act|bill|eo|person|vote)/[A-Za-z0-9/_-]*[A-Za-z0-9](?:@[0-9]{4}-[0-9]{2}-[0-9]{2})?"
)


class _Name(NamedTuple):
    """A popular name: its tokens, where the thing is, and where sections go that bear its name."""

    tokens: tuple[str, ...]
    exact: bool
    paths: tuple[Path, ...]
    year: int | None
    sections: dict[str, Path] | None
    misnomers: dict[str, Path]
    formal: str


class _Base(NamedTuple):
    """What the sections of a citation are sections of; no path where it is nothing we know."""

    paths: tuple[Path, ...]
    name: _Name | None = None

    def below(self, steps: str) -> _Base:
        """The same with inner steps (``/dC/tXIV``)."""
        return _Base(tuple(path + steps for path in self.paths)) if steps else self


_NOWHERE = _Base(())
_POPULAR_CODE = _Base((f"/us/usc/t{POPULAR_TITLE}",))


class _Item(NamedTuple):
    """One member of a list: its tokens, designation and levels; `ranged` when it runs through the next."""

    begin: int
    end: int
    section: str
    levels: Levels
    note: str = ""
    ranged: bool = False


def _flat(text: str) -> str:
    """The text with one kind of hyphen and apostrophe, at the same offsets."""
    if not text.isascii():
        for plain_mark, mark in _FLAT:
            text = text.replace(mark, plain_mark)
    return text


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, ...], tuple[_Name, ...]]:
    """Popular names by their tokens in small letters, enactments before bills."""
    import yaml

    with NAMES.open(encoding="utf-8") as file:
        lists = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    names: dict[tuple[str, ...], tuple[_Name, ...]] = {}
    for kind in ("acts", "laws", "bills"):
        for entry in lists[kind]["names"]:
            code, misnomer = entry.get("code"), entry.get("misnomer", {})
            for spelling in entry["names"]:
                tokens = tuple(_TOKEN.findall(_flat(spelling)))
                name = _Name(
                    tokens,
                    any(word.isupper() and len(word) > 1 for word in tokens),
                    tuple(entry["paths"]),
                    entry.get("year"),
                    dict(_act_sections(code)) if code else None,
                    {misnomer["section"]: misnomer["path"]} if misnomer else {},
                    misnomer.get("formal", ""),
                )
                key = tuple(word.lower() for word in tokens)
                names[key] = (*names.get(key, ()), name)
    return names


def _act_sections(code: dict[str, object]) -> Iterator[tuple[str, Path]]:
    """Each known section of an Act with its path in the Code."""
    title, same, moved = str(code["title"]), code["same"], code["moved"]
    assert isinstance(same, list) and isinstance(moved, dict)
    for span in same:
        first, _, last = span.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield str(number), join(title, str(number))
    for section, slot in moved.items():
        yield section, join(title, slot)


@lru_cache(maxsize=1)
def _openings() -> dict[str, tuple[int, ...]]:
    """The first words of popular names, with the lengths of the names that start so, longest first."""
    lengths: dict[str, set[int]] = {}
    for tokens in _names():
        lengths.setdefault(tokens[0], set()).add(len(tokens))
    return {word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()}


def _congress_of(year: int) -> int:
    """The Congress that sat for nearly all of a year."""
    return (year - 1789) // 2 + 1


def _kind_of(path: Path) -> str:
    return _KINDS[path.split("/")[2]]


def _kinds(levels: Levels) -> list[int]:
    """Which level each label stands on: the next deeper one that it looks like."""
    kinds: list[int] = []
    for text in levels:
        after = kinds[-1] + 1 if kinds else 0
        kinds.append(next((kind for kind in range(after, 7) if _SHAPES[kind].fullmatch(text)), after))
    return kinds


def _sibling(levels: Levels, labels: Levels) -> Levels | None:
    """`labels` in the place of the innermost level that looks like them: (c)(1) and (2) is (c)(2)."""
    kinds = _kinds(levels)
    for place in reversed(range(len(levels))):
        if kinds[place] < 7 and _SHAPES[kinds[place]].fullmatch(labels[0]):
            found = levels[:place] + labels
            return found if found != levels else None
    return None


# --- reading ---------------------------------------------------------------------------------------------------------

_Read = tuple[list[Mention], int]


class _Reader:
    """The tokens of one text and the rules that read them.

    A rule takes the index of a token and returns what it read with the index of the token after it, or ``None``.
    """

    def __init__(self, text: str, context: Context) -> None:
        self.text = text
        self.flat = _flat(text)
        pieces = _TOKEN.split(self.flat)
        ends = list(accumulate(map(len, pieces)))
        self.words = pieces[1::2] + [""] * _PADDING
        self.lower = list(map(str.lower, self.words))
        self.numeric = [word.isdigit() and word.isascii() for word in self.words]
        self.starts = ends[0:-1:2] + [len(text) + 1] * _PADDING
        self.gaps = [" ", *pieces[2::2]] + [" "] * _PADDING
        self.size = len(pieces) // 2
        match = _SLOT.fullmatch(context.path)
        self.title = context.title or (match["title"] if match else "")
        self.section = context.section or (match["section"] if match else "")
        self.levels = tuple(match["levels"].split("/")[1:]) if match else None
        self.congress = context.congress
        self.last_title = ""

    def mentions(self) -> list[Mention]:
        openings = _openings()
        opening = _RULES.keys() | openings.keys()
        found: list[Mention] = []
        done = 0
        for i in [i for i, word in enumerate(self.lower) if word in opening]:
            if i < done:
                continue
            word = self.lower[i]
            read = _RULES[word](self, i) if word in _RULES else None
            if read is None and word in openings:
                read = self._named(i)
            if read is None or (read[0] and found and read[0][0].start < found[-1].end):
                continue
            found.extend(read[0])
            done = read[1]
        return found

    def designation(self) -> list[Mention]:
        """The whole text as a designation alone: ``230(c)(1)``, ``223(h)`` in a title, ``(c)(1)`` in a section."""
        levels, end = self._levels(0)
        if levels and self.title and self.section and end == self.size:
            return [self._mention(0, end, (join(self.title, self.section, levels),))]
        lead = self._lead(0)
        items, end = self._items(lead[0] if lead else 0, plural=False)
        if len(items) != 1 or any(word not in ".," for word in self.words[end : self.size]):
            return []
        title = self.title or (POPULAR_TITLE if items[0].section == POPULAR_SECTION else "")
        return self._cite(items, _Base((f"/us/usc/t{title}",)), 0, end) if title else []

    # tokens

    def _glued(self, i: int) -> bool:
        """Whether token `i` follows the one before it without a space."""
        return not self.gaps[i]

    def _number(self, i: int) -> bool:
        return self.numeric[i]

    def _after(self, i: int, mark: str) -> int:
        """The index after `mark` if it stands at `i`, else `i`."""
        return i + 1 if self.lower[i] == mark else i

    def _mention(self, begin: int, end: int, paths: tuple[Path, ...], note: str = "", through: Path = "") -> Mention:
        start, stop = self.starts[begin], self.starts[end - 1] + len(self.words[end - 1])
        path = paths[0] if len(paths) == 1 else ""
        choices = paths if len(paths) > 1 else ()
        kind = _kind_of(paths[0]) if paths else "bill"
        return Mention(self.text[start:stop], start, stop, kind, path, choices, "", note, through)

    # designations, levels, lists

    def _lead(self, i: int) -> tuple[int, bool] | None:
        """``section``, ``Secs.``, ``§§`` …: the token after it and whether it is a plural."""
        word = self.lower[i]
        if word == "§":
            return (i + 2, True) if self.lower[i + 1] == "§" else (i + 1, False)
        if word not in _SECTION_WORDS:
            return None
        if self.lower[i + 1 : i + 4] == ["(", "s", ")"]:
            return i + 4, True
        return self._after(i + 1, "."), _SECTION_WORDS[word]

    def _designation(self, i: int, plural: bool) -> tuple[str, int] | None:
        """A section number: ``230``, ``2421A``, ``227b-2``, ``300aa-34``."""
        text, end = self.words[i], i + 1
        if not self.numeric[i] or len(text) > 6:
            return None
        while not self.gaps[end]:
            if len(text) > _LONGEST_DESIGNATION:
                return None
            letters = self.words[end]
            if letters.isalpha():
                if len(letters) > 4 or letters.lower() in _ORDINALS - {"d"} or not letters.isascii():
                    return None
                if not (letters.islower() or letters.isupper()):
                    return None
                text, end = text + letters, end + 1
            if self.words[end] != "-" or self.gaps[end] or self.gaps[end + 1]:
                break
            if self.numeric[end + 1] and self._numbers_on(text, end + 1, plural):
                text, end = f"{text}-{self.words[end + 1]}", end + 2
                continue
            if self.words[end + 1].isalpha() and len(self.words[end + 1]) < 3:
                return None
            break
        if self.words[end] == "." and self._glued(end) and self._glued(end + 1) and self._number(end + 1):
            return None
        return text, end

    def _numbers_on(self, text: str, i: int, plural: bool) -> bool:
        """Whether the number after a hyphen is part of the designation rather than the end of a range."""
        if len(self.words[i]) > 6:
            return False
        number = int(self.words[i])
        if text.isdigit():
            shortened = plural and 2 <= len(self.words[i]) < len(text)
            return number < int(text) and not shortened
        first = _DIGITS.match(text)
        base = int(first[0]) if first else 0
        lettered = self._glued(i + 1) and self.words[i + 1].isalpha()
        return number < base or not (lettered or (plural and number > base))

    def _levels(self, i: int, spaced: bool = True) -> tuple[Levels, int]:
        """``(e)(5)(A)``. With `spaced` the first may stand after a space."""
        if self.words[i] != "(" or (self.gaps[i] and not spaced):
            return (), i
        match = _LEVELS.match(self.flat, self.starts[i])
        if not match:
            return (), i
        labels = match[0].replace(" ", "")[1:-1].split(")(")
        return tuple(labels), bisect_left(self.starts, match.end(), i, i + 50)

    def _section_levels(self, i: int) -> tuple[Levels, int]:
        """Levels after a section number; "section 230 (1) …" with a space may begin an enumeration of the sentence."""
        levels, end = self._levels(i)
        if levels and not self._glued(i) and (len(levels) == 1 and levels[0] in ("a", "i", "1", "A", "I")):
            return (), i
        return levels, end

    def _item(self, i: int, plural: bool, previous: _Item | None) -> _Item | None:
        """A designation with its levels, or the levels alone of a sibling of the previous item."""
        named = self._designation(i, plural)
        if named:
            section, end = named
            levels, end = self._section_levels(end)
        elif previous and previous.levels and self.words[i] == "(":
            labels, end = self._levels(i)
            sibling = _sibling(previous.levels, labels) if labels else None
            if sibling is None:
                return None
            section, levels = previous.section, sibling
        else:
            return None
        note = ""
        if self.lower[end] in ("note", "notes"):
            note, end = "note", end + 1
        seq = self._after(end, ",")
        if self.lower[seq : seq + 2] == ["et", "seq"]:
            note, end = "et seq.", self._after(seq + 2, ".")
        return _Item(i, end, section, levels, note)

    def _separator(self, i: int, plural: bool) -> tuple[int, bool] | None:
        """What stands between two items: the token after it, and whether it makes a range."""
        word = self.lower[i]
        if word in ("through", "thru", "-") or (word == "to" and plural):
            return i + 1, True
        end = self._after(i, ",")
        if self.lower[end] in ("and", "or", "&"):
            return (end + 3 if self.lower[end + 1 : end + 3] == ["/", "or"] else end + 1), False
        return (end, False) if end > i else None

    def _gloss(self, i: int) -> int:
        """The token after "(relating to obscenity)" if that stands at `i`, else `i`."""
        if self.words[i] != "(" or self.lower[i + 1] not in ("relating", "concerning", "regarding", "as"):
            return i
        depth = 0
        for k in range(i, min(i + 60, self.size)):
            depth += (self.words[k] == "(") - (self.words[k] == ")")
            if not depth:
                return k + 1
        return i

    def _items(self, i: int, plural: bool) -> tuple[list[_Item], int]:
        """A list of sections: ``223, 230(c)(1)-(2) and 231``."""
        item = self._item(i, plural, None)
        items = [item] if item else []
        while item and len(items) < _LONGEST_LIST:
            here = self._gloss(item.end)
            between = self._separator(here, plural)
            if not between:
                break
            after, ranged = between
            lead = self._lead(after)
            following = self._item(lead[0] if lead else after, plural, item)
            if not following:
                break
            if ranged:
                following = self._range_end(item, following, plural)
            elif not lead and not self._goes_on(following, plural, comma=self.lower[here] == ","):
                break
            if not following:
                break
            if ranged:
                items[-1] = item._replace(ranged=True)
            item = following if following.begin == after else following._replace(begin=after)
            items.append(item)
        return items, items[-1].end if items else i

    def _range_end(self, first: _Item, last: _Item, plural: bool) -> _Item | None:
        """The end of a range, ``1591-95`` written out; ``None`` where it does not come after the beginning."""
        if first.section == last.section:
            return last if first.levels and last.levels else None
        if first.section.isdigit() and last.section.isdigit() and int(last.section) <= int(first.section):
            short = len(first.section) - len(last.section)
            last = last._replace(section=first.section[:short] + last.section)
            return last if plural and short > 0 and int(last.section) > int(first.section) else None
        return last

    def _goes_on(self, item: _Item, plural: bool, comma: bool) -> bool:
        """Whether a number or label after a comma, "and" or "or" goes on the list rather than the sentence."""
        word, low = self.words[item.end], self.lower[item.end]
        if self.words[item.begin] == "(":
            return not comma or not word.islower() or low in ("and", "or", "of", "through", "note")
        if item.levels or item.note:
            return True
        if word in _REPORTERS or low in _COUNTED or low in _MONTHS or low in ("%", "$"):
            return False
        if plural:
            return True
        year = comma and len(item.section) == 4 and item.section[:2] in ("17", "18", "19", "20")
        thousands = comma and self._glued(item.begin)
        return not (year or thousands) and (not word.islower() or low in _AFTER_ITEM)

    def _under(self, base: _Base, item: _Item, unit: str = "s") -> tuple[tuple[Path, ...], str]:
        """Where a section of `base` is, and what is to be said of it."""
        inner = "/" + "/".join(item.levels) if item.levels else ""
        if base.name and item.section in base.name.misnomers:
            return (base.name.misnomers[item.section] + inner,), f"formally {base.name.formal}"
        if base.name and base.name.sections is not None:
            known = base.name.sections.get(item.section)
            return ((known + inner,) if known else ()), item.note
        return tuple([f"{path}/{unit}{item.section}{inner}" for path in base.paths]), item.note

    def _cite(self, items: list[_Item], base: _Base, begin: int, end: int, unit: str = "s") -> list[Mention]:
        """A mention for each item; the first starts with the lead word, the last ends with what they share."""
        found = []
        for n, item in enumerate(items):
            paths, note = self._under(base, item, unit)
            if not paths:
                continue
            last = self._under(base, items[n + 1], unit)[0] if item.ranged else ()
            found.append(
                self._mention(
                    begin if n == 0 else item.begin,
                    end if n == len(items) - 1 else item.end,
                    paths,
                    note,
                    last[0] if last else "",
                )
            )
        return found

    # what sections are of

    def _usc(self, i: int) -> int:
        """The token after ``U.S.C.``, ``USCA``, ``U.S. Code``, ``United States Code``; 0 where there is none."""
        word, end = self.lower[i], 0
        if word in ("usc", "usca", "uscs"):
            end = self._after(i + 1, ".")
        elif self.lower[i : i + 3] == ["united", "states", "code"]:
            end = i + 3
        elif word in ("u", "us"):
            after = self._after(i + 1, ".")
            if word == "u":
                if self.lower[after] != "s":
                    return 0
                after = self._after(after + 1, ".")
            if self.lower[after] == "code":
                end = after + 1
            elif self.lower[after] == "c":
                end = self._after(after + 1, ".")
                if self.words[end] in ("A", "S") and self.words[end + 1] == ".":
                    end += 2
        if end and self.lower[end] in ("ann", "annotated"):
            end = self._after(end + 1, ".")
        return end

    def _title_number(self, i: int) -> bool:
        return self._number(i) and len(self.words[i]) < 3 and 1 <= int(self.words[i]) <= 54

    def _title_phrase(self, i: int) -> tuple[_Base, int]:
        """``title 47[, United States Code]`` at `i`."""
        self.last_title = str(int(self.words[i + 1]))
        end = i + 2
        after = self._after(self._after(self._after(end, ","), "of"), "the")
        return _Base((f"/us/usc/t{self.last_title}",)), (self._usc(after) if after > end else 0) or end

    def _tail(self, i: int) -> tuple[_Base | None, int]:
        """What follows a list of sections: ``of title 18``, ``, title 47``; ``None`` where nothing does."""
        if self.lower[i : i + 2] == [",", "title"] and self._title_number(i + 2):
            return self._title_phrase(i + 1)
        i = self._of(i)
        if self.lower[i] != "of":
            return None, i
        return self._whole(i + 1) or (_NOWHERE, i + 1)

    def _of(self, i: int) -> int:
        """Where ``of`` stands behind a list: at `i`, after ``, respectively,`` or in ``, of such title``; else `i`."""
        comma = self._after(i, ",")
        told = self.lower[comma] == "respectively"
        end = self._after(comma + 1, ",") if told else comma
        title = self.lower[end + 1] in ("this", "that", "such", "said") and self.lower[end + 2] == "title"
        return end if self.lower[end] == "of" and (told or title) else i

    def _whole(self, i: int, depth: int = 0) -> tuple[_Base, int] | None:
        """The thing that has sections: a title of the Code, a law, an Act by name or date, a bill, or parts of them."""
        i = self._after(i, "the")
        if self.lower[i] in ("this", "that", "such", "said") and self.lower[i + 1] == "title":
            title = self.title if self.lower[i] == "this" else self.last_title
            return (_Base((f"/us/usc/t{title}",)) if title else _NOWHERE), i + 2
        if self.lower[i] == "title" and self._title_number(i + 1):
            return self._title_phrase(i)
        if self._title_number(i) and self._usc(i + 1):
            return _Base((f"/us/usc/t{int(self.words[i])}",)), self._usc(i + 1)
        part, end = self._part(i)
        if part:
            inner = self._whole(end + 1, depth + 1) if self.lower[end] in ("of", ",") and depth < 6 else None
            if not inner or not inner[0].paths:
                return _NOWHERE, end
            if inner[0].paths[0].startswith("/us/usc/"):
                # Sections of the Code are numbered through the title; its chapters are no part of their path.
                return inner
            return inner[0].below(f"/{part}"), inner[1]
        known = self._law(i) or self._act(i) or self._name(i) or self._order(i)
        if known:
            return known
        measure = self._bill(i)
        return (_Base((measure[0],)), measure[1]) if measure and measure[0] else None

    def _part(self, i: int) -> tuple[str, int]:
        """``title XIV``, ``div. C``, ``subtitle A``: the step of a path (``tXIV``) and the token after it."""
        code = _PART_WORDS.get(self.lower[i])
        end = self._after(i + 1, ".")
        number = self.words[end]
        wanted = {"t": "[IVXLC]+", "d": _LETTERED, "st": _LETTERED}.get(code or "", rf"{_LETTERED}|[0-9]{{1,3}}[A-Z]?")
        if code and number.isascii() and re.fullmatch(wanted, number):
            return code + number, end + 1
        return "", i

    def _parts(self, i: int) -> tuple[str, int]:
        """``div. C, title XIV`` as steps, outermost first."""
        steps, end = "", i
        for _ in range(5):
            part, after = self._part(self._after(end, ",") if steps else end)
            if not part:
                break
            steps, end = f"{steps}/{part}", after
        return steps, end

    def _inside(self, begin: int, end: int, base: _Base) -> _Read:
        """Mentions of a law or bill read up to `end`: the sections named after it, or itself."""
        found: list[Mention] = []
        start = begin
        for _ in range(_LONGEST_LIST):
            steps, after = self._parts(self._after(end, ","))
            place = base.below(steps)
            items, stop = self._own_items(after if steps else end, place)
            if items:
                inner, closed = self._bracket(stop)
                if inner:
                    cited = self._cite(items, place, start, stop)
                    whole = cited[-1]
                    last = self._mention(start, closed, (whole.path + inner,))
                    found += [*cited[:-1], last._replace(start=whole.start, text=self.text[whole.start : last.end])]
                else:
                    found += self._cite(items, place, start, stop)
                end = closed if inner else stop
            elif steps:
                found.append(self._mention(start, after, place.paths))
                end = after
            else:
                break
            start = self._after(end, ",")
        return (found or [self._mention(begin, end, base.paths)]), end

    def _own_items(self, i: int, place: _Base) -> tuple[list[_Item], int]:
        """Sections after the thing they are of: ``, § 4(a)``. Sections with an "of" of their own are not its own."""
        after = self._after(i, ",")
        lead = self._lead(after)
        known = {**(place.name.sections or {}), **place.name.misnomers} if place.name else {}
        if lead:
            items, end = self._items(*lead)
        elif self.words[i] in known and not self.words[i + 1].isalpha():
            items, end = self._items(i, plural=False)
        else:
            return [], i
        if not items or (self.lower[end] == "of" and self.lower[end + 1] != "which"):
            return [], i
        if items[0].section == POPULAR_SECTION and items[0].section not in known:
            # "In Public Law 115-164, section 230 was changed": the section of title 47, not one of the law.
            worded = self.lower[after] != "§"
            if worded or place.name:
                return [], i
        return items, end

    def _bracket(self, i: int) -> tuple[Path, int]:
        """``[div. B, title XVII, § 1733]`` after a section that enacts another Act: its inner path."""
        if self.words[i] != "[":
            return "", i
        end = self._after(i + 1, "[")
        steps, end = self._parts(end)
        end = self._after(end, "]")
        lead = self._lead(self._after(end, ","))
        items, end = self._items(*lead) if lead else ([], end)
        if len(items) > 1 or self.words[end] != "]" or not (steps or items):
            return "", i
        inner = "".join(f"/s{item.section}" + "".join("/" + level for level in item.levels) for item in items)
        return steps + inner, end + 1

    # things that are not sections

    def _law(self, i: int) -> tuple[_Base, int] | None:
        """``Pub. L. No. 115-164``, ``P.L. 115-164``, ``Public Law 115-164``, ``Pvt. L. 104-1``."""
        word = self.lower[i]
        if not self.words[i][:1].isupper() and word not in ("public", "private"):
            return None
        after = self._after(i + 1, ".")
        if word == "pl" and self.words[i] == "PL":
            end = after
        elif (word in (*_PUBLIC, *_PRIVATE) and self.lower[after] in ("l", "law", "laws")) or (
            word == "p" and self.words[after] == "L"
        ):
            end = self._after(after + 1, ".")
        else:
            return None
        if self.lower[end] in ("no", "nos"):
            end = self._after(end + 1, ".")
        return self._law_number(end, word in _PRIVATE)

    def _law_number(self, i: int, private: bool = False) -> tuple[_Base, int] | None:
        number = self.words[i + 2]
        if not (self._number(i) and self.lower[i + 1] == "-" and self._number(i + 2)):
            return None
        if not 1 <= int(self.words[i][:4]) <= 150 or len(number) > 4 or len(self.words[i]) > 3:
            return None
        if self._glued(i + 3) and (self.lower[i + 3] == "-" or self.words[i + 3].isalnum()):
            return None
        return _Base((iri.law(f"{int(self.words[i])}-{int(number)}", private),)), i + 3

    def _act(self, i: int) -> tuple[_Base, int] | None:
        """``June 19, 1934, ch. 652``; after the word "Act" the chapter may be missing."""
        named = self.lower[i] == "act"
        month = self._after(i + 1, "of") if named else i
        if self.lower[month] not in _MONTHS:
            return None
        day = self._after(month + 1, ".")
        year = self._after(day + 1, ",")
        if not (self._number(day) and self._number(year) and len(self.words[day]) < 3 and len(self.words[year]) == 4):
            return None
        try:
            enacted = date(int(self.words[year]), _MONTHS[self.lower[month]], int(self.words[day])).isoformat()
        except ValueError:
            return None
        chapter = self._after(year + 1, ",")
        if self.lower[chapter] in ("ch", "chap", "chapter"):
            number = self._after(chapter + 1, ".")
            if self._number(number) and len(self.words[number]) < 5:
                lettered = (
                    self._glued(number + 1) and len(self.words[number + 1]) == 1 and self.words[number + 1].isalpha()
                )
                letter = self.words[number + 1] if lettered else ""
                return _Base((f"/us/act/{enacted}/ch{self.words[number]}{letter}",)), number + 1 + lettered
        return (_Base((f"/us/act/{enacted}",)), year + 1) if named else None

    def _name(self, i: int) -> tuple[_Base, int] | None:
        """A popular name, with its year where it has one."""
        for length in _openings().get(self.lower[i], ()):
            end = i + length
            names = [
                name
                for name in _names().get(tuple(self.lower[i:end]), ())
                if not name.exact or name.tokens == tuple(self.words[i:end])
            ]
            if length == 1 and self._glued(i) and self.words[i - 1].isalnum():
                continue
            if not names or self.lower[end] in _LATER_ACT or (not names[0].exact and self._longer_name(i)):
                continue
            year = 0
            if self.lower[end] == "of" and self._number(end + 1) and len(self.words[end + 1]) == 4:
                year, end = int(self.words[end + 1]), end + 2
            chosen = self._choose(names, year)
            if chosen:
                return chosen, end
        return None

    def _longer_name(self, i: int) -> bool:
        """Whether a name goes on to the left: "Stored Communications Act" is not the Communications Act."""
        before = self.words[i - 1] if i else ""
        return before[:1].isupper() and before.isalpha() and before.lower() not in _BEFORE_NAME

    def _choose(self, names: list[_Name], year: int) -> _Base | None:
        """Of the things of one name those of the year, of the Congress; an enactment before bills."""
        found = []
        for name in names:
            paths = [
                path for path in name.paths if not year or name.year == year or (not name.year and _sat(path, year))
            ]
            sitting = [path for path in paths if path.startswith(f"/us/bill/{self.congress}/")]
            if paths:
                found.append(_Base(tuple(sitting or paths), name))
        return next((base for base in found if not base.paths[0].startswith("/us/bill/")), found[0] if found else None)

    def _order(self, i: int) -> tuple[_Base, int] | None:
        """``Exec. Order No. 13,925``, ``E.O. 13925``, ``Ex. Ord. No. 13925``."""
        word, after = self.lower[i], self._after(i + 1, ".")
        worded = word in ("exec", "executive", "ex") and self.lower[after] in ("order", "ord")
        if worded or (self.words[i] == "E" and self.words[i + 1] == "." and self.words[after] == "O"):
            end = self._after(after + 1, ".")
        elif self.words[i] == "EO" and (len(self.words[i + 1]) == 5 or self.words[i + 2] == ","):
            end = i + 1
        else:
            return None
        if self.lower[end] == "no":
            end = self._after(end + 1, ".")
        number, stop = self.words[end], end + 1
        if not self._number(end) or len(number) > 5:
            return None
        if (
            self.words[stop] == ","
            and self._glued(stop + 1)
            and self._number(stop + 1)
            and len(self.words[stop + 1]) == 3
        ):
            number, stop = number + self.words[stop + 1], stop + 2
        return (_Base((f"/us/eo/{int(number)}",)), stop) if len(number) <= 5 else None

    def _bill(self, i: int) -> tuple[Path, int] | None:
        """A measure of Congress: its path (empty where no Congress is named) and the token after it."""
        kind, end, sure = self._measure(i)
        if not kind or not self._number(end) or len(self.words[end]) > 5 or self.words[end][0] == "0":
            return None
        number, end = int(self.words[end]), end + 1
        congress = None
        if self.lower[end] == "-" and self._glued(end) and self._glued(end + 1) and self._number(end + 1):
            congress, end = self._sitting(end + 1), end + 2
            if congress <= 90:
                return None
        elif self._glued(end) and (self.words[end].isalnum() or (self.words[end] == "." and self._decimal(end))):
            return None
        elif i and self._sitting(i - 1) and self._sitting(i - 1) > 90 and not self._glued(i):
            congress = self._sitting(i - 1)
        named = self._congress(end)
        if named:
            congress, end = named
        congress = congress or self.congress
        if not congress and not sure and (number < 1000 or self.words[i] == "S"):
            return None
        return (iri.bill(congress, kind, number) if congress else ""), end

    def _measure(self, i: int) -> tuple[str, int, bool]:
        """``H.R.``, ``S. Con. Res.``, ``Senate bill``: type, token after it, and whether no State writes it so."""
        first = self.lower[i]
        if first in ("house", "senate") and self.words[i][0].isupper():
            after = i + 1
            joint = {"joint": "j", "concurrent": "con"}.get(self.lower[after], "")
            after += bool(joint)
            if self.lower[after] == "resolution":
                kind = first[0] + joint + "res"
            elif self.lower[after] == "bill" and not joint:
                kind = "hr" if first == "house" else "s"
            else:
                return "", i, False
            after += 1
            return kind, (self._after(after + 1, ".") if self.lower[after] == "no" else after), False
        if self._initial(i):
            return "", i, False
        compact = first in iri.BILL_TYPES and first != "s"
        if compact:
            upper = self.words[i].isupper()
            end = self._after(i + 1, ".")
            dated = self.lower[end + 1] == "-" and self._glued(end) and self._number(end + 2)
            return (first, end, False) if upper or dated else ("", i, False)
        if first not in ("h", "s"):
            return "", i, False
        if first == "s" and self._glued(i + 1) and self._number(i + 1) and self.lower[i + 2] == "-":
            return "s", i + 1, False
        if not self.words[i].isupper():
            return "", i, False
        dotted = self.words[i + 1] == "."
        after = self._after(i + 1, ".")
        kind = first
        if self.lower[after] in ("j", "con") and self.words[after][0].isupper():
            kind, after = kind + self.lower[after], self._after(after + 1, ".")
            if self.lower[after] != "res":
                return "", i, False
        if self.lower[after] == "res":
            return kind + "res", self._after(after + 1, "."), True
        if first == "h" and self.words[after] == "R" and dotted:
            return "hr", self._after(after + 1, "."), True
        return ("s", after, dotted) if first == "s" and kind == "s" else ("", i, False)

    def _initial(self, i: int) -> bool:
        """Whether the letter at `i` is the last of initials ("U.S. 844", "J. S. 5") or of a word."""
        before = self.words[i - 1] if i else ""
        if before == ".":
            return len(self.words[i - 2]) == 1 and self.words[i - 2].isupper()
        return self._glued(i) and before not in "([\"'“‘—/,;:>*"

    def _decimal(self, i: int) -> bool:
        return self._glued(i + 1) and self._number(i + 1)

    def _sitting(self, i: int) -> int:
        """The number at `i` as that of a Congress, else 0."""
        return int(self.words[i]) if self._number(i) and len(self.words[i]) < 4 and int(self.words[i]) <= 150 else 0

    def _congress(self, i: int) -> tuple[int, int] | None:
        """``(115th Cong. 2018)``, ``, 115th Cong. (2018)``, ``of the 115th Congress``, ``(2018)``."""
        at = self._after(i, ",")
        if self.lower[at] in ("of", "in", "from"):
            at = self._after(at + 1, "the")
        bracketed = self.words[at] in ("(", "[")
        at += bracketed
        if bracketed and self._number(at) and len(self.words[at]) == 4 and self.words[at + 1] in (")", "]"):
            year = int(self.words[at])
            return (_congress_of(year), at + 2) if 1789 <= year < 2100 else None
        congress = self._sitting(at)
        if not congress or self.lower[at + 1] not in _ORDINALS or not self._glued(at + 1):
            return None
        end = at + 2
        if self.lower[end] in ("cong", "congress"):
            end = self._after(end + 1, ".")
        elif not bracketed:
            return None
        if bracketed:
            close = next((k for k in range(end, end + 10) if self.words[k] in (")", "]")), 0)
            return (congress, close + 1) if close else None
        session = self._after(end, ",")
        if self.lower[session + 2] in ("sess", "session") and self._number(session):
            end = self._after(session + 3, ".")
        if self.words[end] == "(" and self._number(end + 1) and self.words[end + 2] == ")":
            end += 3
        return congress, end

    # rules: one for each word that can open a citation

    def read_code(self, i: int) -> _Read | None:
        """``47 U.S.C. § 230`` at its ``U``: the number stands before it."""
        after = self._usc(i)
        if not after or not i or not self._title_number(i - 1):
            return None
        if self._glued(i - 1) and (self.words[i - 2].isalnum() or self.words[i - 2] in ".-/$"):
            return None
        return self._in_title(i - 1, str(int(self.words[i - 1])), after)

    def read_title(self, i: int) -> _Read | None:
        """``title 47, United States Code, section 230``; ``title XIV of div. C of Pub. L. 105-277``."""
        if self.lower[i] == "title" and self._title_number(i + 1):
            title = str(int(self.words[i + 1]))
            _, end = self._title_phrase(i)
            plain_code = self._usc(end)
            after = self._after(plain_code or end, ",")
            if not plain_code and not self._lead(after) and self.lower[after] != "chapter":
                return None
            return self._in_title(i, title, plain_code or end)
        known = self._whole(i)
        if not known or not known[0].paths or _kind_of(known[0].paths[0]) == "usc":
            return None
        return [self._mention(i, known[1], known[0].paths)], known[1]

    def _in_title(self, begin: int, title: str, i: int) -> _Read | None:
        """Sections or chapters after ``47 U.S.C.``"""
        if self.words[i] == "(":
            close = next((k for k in range(i + 1, i + 7) if self.words[k] == ")"), 0)
            i = close + 1 if close else i
        i = self._after(i, ",")
        base = _Base((f"/us/usc/t{title}",))
        if self.lower[i] in ("ch", "chs", "chap", "chapter", "chapters"):
            items, end = self._items(self._after(i + 1, "."), plural=self.lower[i].endswith("s"))
            unit = "ch"
        else:
            lead = self._lead(i)
            if not lead and self.lower[i] in ("s", "ss"):
                lead = self._after(i + 1, "."), self.lower[i] == "ss"
            items, end = self._items(*(lead or (i, False)))
            unit = "s"
        if not items or self._usc(items[-1].end):
            return None
        self.last_title = title
        return self._cite(items, base, begin, end, unit), end

    def read_section(self, i: int) -> _Read | None:
        """``section 230(e) of title 47``, ``sections 223 and 231 of this title``, ``§ 230``."""
        lead = self._lead(i)
        items, end = self._items(*lead) if lead else ([], i)
        if not items:
            return None
        base, after = self._tail(self._gloss(end))
        if base:
            return self._cite(items, base, i, after), after
        if not self.title and items[0].section != POPULAR_SECTION:
            return [], end
        if self._elsewhere(i, end):
            return [], end
        return self._bare(i, items, end)

    def _bare(self, i: int, items: list[_Item], end: int) -> _Read:
        """Sections without a title: of the section's title in a section, else the popular section."""
        if self.title and self.section:
            return self._cite(items, _Base((f"/us/usc/t{self.title}",)), i, end), end
        if self.title not in ("", POPULAR_TITLE):
            return [], end
        popular = list(takewhile(lambda item: item.section == POPULAR_SECTION, items))
        if not popular or (self.words[i] == "SEC" and self.words[i + 1] == "."):
            return [], end
        end = popular[-1].end
        if popular[-1].ranged:
            popular[-1] = popular[-1]._replace(ranged=False)
        return self._cite(popular, _POPULAR_CODE, i, end), end

    def _elsewhere(self, i: int, end: int) -> bool:
        """Whether the section at `i` belongs to what stands before it ("Cal. Lab. Code § 230", "title II, § 230")."""
        if self.words[end] in _NOT_AMERICAN or (
            self.words[end] == "," and self._glued(end + 1) and self._number(end + 1)
        ):
            return True
        before = i - 1
        comma = before >= 0 and self.words[before] == ","
        before -= comma
        if before < 0:
            return False
        sign = self.words[i] == "§"
        if self.words[before] == ".":
            word = self.lower[before - 1] if before else ""
            return word in _OTHER_LAW_CUT and (sign or word not in _WHOLE_WORDS)
        word = self.lower[before]
        if self.words[before] in ("Law", "Laws") or word in _OTHER_LAW:
            return sign or not comma or word in ("code", "codes", "cfr", "procedure")
        opener = before - 1 if before and self.words[before - 1] != "." else before - 2
        return (
            opener >= 0
            and (self.lower[opener] in _PART_WORDS or self.lower[opener] in _OTHER_LAW)
            and (self._number(before) or bool(_NUMERAL.fullmatch(self.words[before])))
        )

    def read_popular(self, i: int) -> _Read | None:
        """``230(c)(1)`` on its own: the popular section needs no lead where it has a subsection."""
        if self.words[i + 1] != "(" or self.gaps[i + 1]:
            return None
        if self._glued(i) and (self.words[i - 1].isalnum() or self.words[i - 1] in ".-/$,:#"):
            return None
        if i and (self._number(i - 1) or self.lower[i - 1] in ("no", "rule", "form", "at", "chapter")):
            return None
        if self.words[i - 1] == "." and self.lower[i - 2] in ("no", "reg", "p"):
            return None
        items, end = self._items(i, plural=False)
        if not items or not items[0].levels or items[0].levels[0] not in _POPULAR_SUBSECTIONS:
            return None
        if self.lower[end] == "of" or self._elsewhere(i, end):
            return None
        return self._bare(i, items, end)

    def read_chapter(self, i: int) -> _Read | None:
        """``chapter 71 (relating to obscenity) or 110 of title 18``."""
        items, end = self._items(i + 1, plural=self.lower[i].endswith("s"))
        if not items or any(item.levels for item in items):
            return None
        base, after = self._tail(self._gloss(end))
        if not base or not base.paths or not base.paths[0].startswith("/us/usc/"):
            return None
        return self._cite(items, base, i, after, "ch"), after

    def read_level(self, i: int) -> _Read | None:
        """``subsection (c)(2)(A)``, ``paragraphs (1) and (2) of section 230(c)``, ``subsec. (e)(4)``."""
        kind, first = _LEVEL_WORDS[self.lower[i]], self._after(i + 1, ".")
        if self._number(first):
            read = self._designation(first, plural=False)
            items, end = self._items(first, plural=False) if read and self.words[read[1]] == "(" else ([], i)
            if not items or not items[0].levels:
                return None
            base, after = self._tail(end)
            return (self._cite(items, base, i, after), after) if base else self._bare(i, items, end)
        labels, end = self._levels(first)
        if not labels:
            return None
        items = [_Item(i, end, "", labels)]
        while len(items) < _LONGEST_LIST:
            between = self._separator(end, plural=True)
            after = between[0] if between else 0
            again = self._after(after + 1, ".") if between and _LEVEL_WORDS.get(self.lower[after]) == kind else after
            following = self._item(again, True, items[-1]) if between and self.words[again] == "(" else None
            if not between or not following:
                break
            if again == after and not between[1] and not self._goes_on(following, True, self.lower[end] == ","):
                break
            items[-1] = items[-1]._replace(ranged=between[1])
            items.append(following._replace(begin=after))
            end = following.end
        places, end = self._place(end, kind)
        return [
            self._mention(
                item.begin,
                end if n == len(items) - 1 else item.end,
                tuple("/".join((place, *item.levels)) for place in places),
                item.note,
                "/".join((places[0], *items[n + 1].levels)) if item.ranged else "",
            )
            for n, item in enumerate(items)
            if places
        ], end

    def _place(self, i: int, kind: int, depth: int = 0) -> tuple[tuple[Path, ...], int]:
        """What a level of `kind` stands below: what the words after it say, else the context."""
        i = self._of(i)
        if self.lower[i] != "of":
            return self._surroundings(kind), i
        word, after = self.lower[i + 1], i + 2
        if word == "this" and self.lower[after] == "section":
            return self._surroundings(0), after + 1
        if word == "this" and self.lower[after] in _LEVEL_WORDS:
            return self._surroundings(_LEVEL_WORDS[self.lower[after]] + 1), after + 1
        if word in _LEVEL_WORDS and depth < 6:
            labels, end = self._levels(self._after(after, "."))
            if not labels:
                return (), after
            places, end = self._place(end, _LEVEL_WORDS[word], depth + 1)
            return tuple("/".join((place, *labels)) for place in places), end
        read = None
        if self._lead(i + 1):
            read = self.read_section(i + 1)
        elif self._title_number(i + 1):
            read = self.read_code(i + 2)
        elif self.lower[i + 1] == POPULAR_SECTION:
            read = self.read_popular(i + 1)
        if not read:
            return (), i + 1
        mentions, end = read
        if len(mentions) != 1:
            return (), end
        return mentions[0].choices or (mentions[0].path,), end

    def _surroundings(self, kind: int) -> tuple[Path, ...]:
        """The part of the context that a level of `kind` stands below."""
        if not (self.title and self.section) or (kind and self.levels is None):
            return ()
        above = [text for text, own in zip(self.levels or (), _kinds(self.levels or ()), strict=True) if own < kind]
        return (join(self.title, self.section, tuple(above)),)

    def read_this(self, i: int) -> _Read | None:
        """``this section``, ``this subsection``: the context itself."""
        word, end = self.lower[i + 1], i + 2
        if not (self.title and self.section) or self.lower[end] == "of":
            return None
        if word == "section":
            return [self._mention(i, end, (join(self.title, self.section),))], end
        kind = _LEVEL_WORDS.get(word)
        if kind is None or kind not in _kinds(self.levels or ()):
            return None
        return [self._mention(i, end, self._surroundings(kind + 1))], end

    def read_law(self, i: int) -> _Read | None:
        """A law with its sections; ``Public Laws 115-164 and 119-12``."""
        law = self._law(i)
        if not law:
            return None
        found, end = self._inside(i, law[1], law[0])
        while between := self._separator(end, plural=False):
            further = self._law_number(between[0], self.lower[i] in _PRIVATE)
            if not further:
                break
            more, end = self._inside(between[0], further[1], further[0])
            found += more
        return found, end

    def read_stat(self, i: int) -> _Read | None:
        """``112 Stat. 2681-739`` at its ``Stat``."""
        begin = i - 1
        if self.words[i] not in ("Stat", "STAT") or not i:
            return None
        letter = ""
        if re.fullmatch("[A-Z]", self.words[begin]) and self._glued(begin):
            letter, begin = self.words[begin], begin - 1
        page = self._after(i + 1, ".")
        if len(self.words[page]) > 5:
            return None
        if (
            not self._number(begin)
            or len(self.words[begin]) > 3
            or int(self.words[begin]) > 200
            or not self._number(page)
        ):
            return None
        if self._glued(begin) and (self.words[begin - 1].isalnum() or self.words[begin - 1] in ".-"):
            return None
        text, end, through = self.words[page], page + 1, ""
        head = f"/us/stat/{int(self.words[begin])}{letter}/"
        if self._glued(end) and re.fullmatch("[A-Z]", self.words[end]):
            text, end = text + self.words[end], end + 1
        if self.lower[end] == "-" and self._glued(end) and self._glued(end + 1) and self._number(end + 1):
            last = self.words[end + 1][:6]
            if text.isdigit() and int(last) > int(text):
                through = head + last
            else:
                text = f"{text}-{last}"
            end += 2
        if len(text) > 12 or (self._glued(end) and self.words[end].isalnum()):
            return None
        return [self._mention(begin, end, (head + text,), through=through)], end

    def read_act(self, i: int) -> _Read | None:
        """``June 19, 1934, ch. 652, § 230``, ``Act of May 3, 1968``."""
        act = self._act(i)
        return self._inside(i, act[1], act[0]) if act else None

    def read_order(self, i: int) -> _Read | None:
        """An executive order, with its sections."""
        order = self._order(i)
        return self._inside(i, order[1], order[0]) if order else None

    def read_bill(self, i: int) -> _Read | None:
        """A bill or resolution, with its sections."""
        measure = self._bill(i)
        if not measure:
            return None
        path, end = measure
        begin = i - 1 if i and self._sitting(i - 1) > 90 and not self._glued(i) else i
        if not path:
            return [self._mention(begin, end, (), "no Congress named")], end
        return self._inside(begin, end, _Base((path,)))

    def _named(self, i: int) -> _Read | None:
        name = self._name(i)
        return self._inside(i, name[1], name[0]) if name else None

    def read_address(self, i: int) -> _Read | None:
        """An IRI of ours; somebody else's address is passed over whole."""
        if self._glued(i) and i and self.words[i - 1].isalnum():
            return None
        match = _URL.match(self.flat, self.starts[i])
        if not match:
            return None
        end = bisect_left(self.starts, match.end(), 0, self.size)
        address = match[0].rstrip(_MARKS + ">")
        path = iri.path(address)
        text = self.text[match.start() : match.start() + len(address)]
        return ([self._address(match.start(), text, path)] if path != address else []), end

    def read_identifier(self, i: int) -> _Read | None:
        """A USLM identifier: ``/us/usc/t47/s230/e/5@2018-04-11``."""
        start = self.starts[i] - 1
        if not i or self.words[i - 1] != "/" or not self._glued(i):
            return None
        if i > 1 and self._glued(i - 1) and self.words[i - 2] not in ("(", "[", "<", '"', "'", "“", "`", ",", ":"):
            return None
        match = _IDENTIFIER.match(self.flat, start)
        if not match:
            return None
        end = bisect_left(self.starts, match.end(), 0, self.size)
        return [self._address(start, self.text[start : match.end()], match[0])], end

    def _address(self, start: int, text: str, path: Path) -> Mention:
        slot, day = iri.split_day(path) if path.startswith("/us/") else (path, "")
        return Mention(text, start, start + len(text), "iri", slot, day=day)


_RULES: dict[str, Callable[[_Reader, int], _Read | None]] = {
    **dict.fromkeys(("§", *_SECTION_WORDS), _Reader.read_section),
    **dict.fromkeys(("u", "usc", "usca", "uscs", "united"), _Reader.read_code),
    "us": lambda reader, i: reader.read_identifier(i) or reader.read_code(i),
    **dict.fromkeys(("title", "division", "div", "subtitle"), _Reader.read_title),
    **dict.fromkeys(("chapter", "chapters"), _Reader.read_chapter),
    **dict.fromkeys(_LEVEL_WORDS, _Reader.read_level),
    "this": _Reader.read_this,
    **dict.fromkeys((*_PUBLIC, *_PRIVATE, "p", "pl"), _Reader.read_law),
    "stat": _Reader.read_stat,
    **dict.fromkeys(("act", *_MONTHS), _Reader.read_act),
    **dict.fromkeys(("exec", "executive", "ex", "e", "eo"), _Reader.read_order),
    **dict.fromkeys(("h", "s", "house", "senate", *iri.BILL_TYPES), _Reader.read_bill),
    **dict.fromkeys(("http", "https"), _Reader.read_address),
    "provision": _Reader.read_identifier,
    POPULAR_SECTION: _Reader.read_popular,
}


def _sat(path: Path, year: int) -> bool:
    """Whether the Act or bill at `path` is of the Congress of `year` (an Act by date: of that year)."""
    if path.startswith("/us/act/"):
        return path[8:12] == str(year)
    match = re.match(r"/us/(?:pl|bill)/([0-9]+)/", path)
    return bool(match) and int(match[1]) == _congress_of(year) if match else False


# --- law reports -----------------------------------------------------------------------------------------------------


def _cases(text: str) -> Iterator[Mention]:
    """Reporter citations: ``129 F.3d 327``."""
    for match in _CASE.finditer(text):
        volume, reporter, page = match.groups()
        # Bare words ("2 Black 15") and two-letter States ("12 PA 30") are reporters too, and too much like prose.
        neutral = len(reporter) == 2 and reporter.isupper() and reporter not in ("US", "WL")
        if not ("." in reporter or reporter.isupper()) or (neutral and len(volume) < 4):
            continue
        if reporter.rstrip(".").lower() in _MONTHS:
            continue
        normal = _reporter(" ".join(reporter.split()))
        if normal:
            start, end = match.start(1), match.end(3)
            yield Mention(text[start:end], start, end, "case", "", note=f"{int(volume)} {normal} {page}")


@lru_cache(maxsize=4096)
def _reporter(name: str) -> str:
    """The reporter's usual abbreviation, by eyecite; empty for what is none, and where eyecite is not installed."""
    try:
        # By name, since neither has types.
        eyecite, reporters = import_module("eyecite"), import_module("reporters_db")
    except ImportError:
        return ""
    if name not in reporters.EDITIONS and name not in reporters.VARIATIONS_ONLY:
        return ""
    for sample in (f"100 {name} 100", f"2019 {name} 100"):
        found = eyecite.get_citations(sample)
        if (
            len(found) == 1
            and isinstance(found[0], eyecite.models.FullCaseCitation)
            and found[0].span() == (0, len(sample))
        ):
            return str(found[0].corrected_reporter())
    return ""


def _with_cases(found: list[Mention], text: str) -> list[Mention]:
    """The mentions with the reporter citations that overlap none of them nor one before, in order."""
    cases: list[Mention] = []
    for case in _cases(text):
        place = bisect_left(found, case.end, key=lambda mention: mention.start)
        free = not place or found[place - 1].end <= case.start
        if free and (not cases or cases[-1].end <= case.start):
            cases.append(case)
    return sorted(found + cases, key=lambda mention: mention.start)
