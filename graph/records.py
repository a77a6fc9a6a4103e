"""The records of the house: what readers make, what the mapper writes, what pages show.

Immutable and plain. A day is an ISO string (``2018-04-11``), because days are compared, sorted and written far more
often than they are computed with; partial days (``2018-03``, ``2018``) appear only where a field says so. A path is an
IRI without the base: ``/us/usc/t47/s230/e/2``. Unknown is ``None``; none is ``()``.

>>> Sponsorship("M001166", "Jerry McNerney", "D", "CA", "9", "2017-09-13", "2017-09-25").active_on("2017-09-24")
True
"""

from __future__ import annotations

from typing import NamedTuple

Day = str
Path = str

CONFIDENCES = ("official", "two-sources", "one-source", "memory")
"""How well a statement is supported, best first (DESIGN, "One graph to query")."""


def spans(valid_from: Day | None, valid_to: Day | None, day: Day) -> bool:
    """Whether `day` lies in the half-open interval ``[valid_from, valid_to)``; ``None`` is open.

    >>> spans("1996-02-08", "1998-11-20", "1998-11-20")
    False
    """
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)


# --- where things come from ------------------------------------------------------------------------------------------


class Source(NamedTuple):
    """One document of one publisher, as the nearest manifest describes it; its triples are one named graph.

    `snapshot` is the day the document speaks for (the publisher's own date inside it, else the family's coverage);
    `coverage` the day up to which its family is complete. Both are ``None`` for a document without a manifest.
    """

    family: str
    document: str
    snapshot: Day | None = None
    coverage: Day | None = None
    publisher: str = ""
    title: str = ""
    licence: str = ""
    address: str = ""
    retrieved: Day | None = None
    sha256: str = ""
    release_point: str = ""
    via: str = ""
    confidence: str = "official"
    derived_from: tuple[Path, ...] = ()
    note: str = ""


class Rejected(NamedTuple):
    """A document of a format of ours that cannot be read: where in the file, and why."""

    reason: str
    where: str = ""


class Evidence(NamedTuple):
    """What a curated record, or the named fields of it, rests on."""

    sources: tuple[str, ...]
    confidence: str
    fields: tuple[str, ...] = ()
    part: str = ""
    note: str = ""


# --- the United States Code ------------------------------------------------------------------------------------------


class Citation(NamedTuple):
    """A pointer found in a text. `target` is a path; `start`, `end` count code points of the text it was found in."""

    target: Path
    text: str
    start: int
    end: int
    tagged: bool
    """Whether the publisher marked it up (a ``ref`` element) or our own grammar read it in the words."""


class Provision(NamedTuple):
    """One level of a section of the Code as a file prints it: its own words and its children, in order.

    `body` mixes the provision's own stretches of words (chapeau, content, continuation) with its children, in the order
    of the page. Footnotes are taken out of the words. `identifier` uses ASCII hyphens; `id_local` is the publisher's
    spelling.
    """

    identifier: Path
    id_local: str
    level: str
    num: str
    heading: str
    body: tuple[str | Provision, ...]
    status: str = ""
    citations: tuple[Citation, ...] = ()
    """Pointers in the own words; offsets count in `own_text`."""
    prospective: bool = False

    @property
    def children(self) -> tuple[Provision, ...]:
        """The provisions directly below this one, in the order of the page."""
        return tuple(part for part in self.body if isinstance(part, Provision))

    @property
    def own_text(self) -> str:
        """The provision's own words without those of its children: stretches joined by a line feed."""
        return "\n".join(part for part in self.body if isinstance(part, str))


class Note(NamedTuple):
    """A note under a section: topic (``amendments``, ``effectiveDateOfAmendment`` …), heading, paragraphs."""

    topic: str
    heading: str
    paragraphs: tuple[str, ...]
    citations: tuple[Citation, ...] = ()
    """Offsets count in the paragraphs joined by a line feed."""
    role: str = ""


class Section(NamedTuple):
    """A section of the Code: the tree of its provisions, its source credit and its notes."""

    provision: Provision
    title_number: str
    source_credit: str
    credit_citations: tuple[Citation, ...]
    notes: tuple[Note, ...]
    footnotes: tuple[str, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    """Headings above the section (title, chapter …) where the file has them."""
    publication: str = ""
    """The publisher's name of the edition where the file states one (``Online@119-100``)."""


# --- Congress --------------------------------------------------------------------------------------------------------


class Sponsorship(NamedTuple):
    """One sponsorship or cosponsorship of one member, over ``[joined, withdrawn)``.

    A member may withdraw and join again: keyed by member and day (FACTS, "How the files lie").
    """

    bioguide: str
    name: str
    party: str
    state: str
    district: str
    joined: Day | None
    withdrawn: Day | None = None
    original: bool | None = None
    party_from: str = ""
    """The document in which the party was read, where that is not the bill's own record."""

    def active_on(self, day: Day) -> bool:
        """Whether the sponsorship stood on `day` (the day of withdrawal no longer counts)."""
        return spans(self.joined, self.withdrawn, day)


class Action(NamedTuple):
    """One step of a bill. `systems` names the source systems that reported it (House, Senate, Library), merged."""

    day: Day
    text: str
    kind: str = ""
    codes: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()


class Position(NamedTuple):
    """How one member voted. `member` is a Bioguide id (House) or a LIS id (Senate), as the record has it."""

    member: str
    name: str
    party: str
    state: str
    vote: str


class Vote(NamedTuple):
    """A recorded vote. Counts are ``None`` where the source only points at the roll call.

    `day` is the local day in Washington; the time in BILLSTATUS is UTC and may fall on the next day.
    """

    chamber: str
    congress: int
    session: str
    year: str
    roll: int
    day: Day
    question: str = ""
    result: str = ""
    yea: int | None = None
    nay: int | None = None
    present: int | None = None
    not_voting: int | None = None
    bill: tuple[int, str, int] | None = None
    amendment: str = ""
    address: str = ""
    positions: tuple[Position, ...] = ()


class Title(NamedTuple):
    """A title of a bill; `portion` marks titles "for portions of this bill", which are not the bill's."""

    text: str
    kind: str
    portion: bool = False
    stage: str = ""


class RelatedBill(NamedTuple):
    """Another measure that the record calls related, and how (``Identical bill``, ``Procedurally-related`` …)."""

    congress: int
    type: str
    number: int
    relations: tuple[str, ...] = ()
    identified_by: tuple[str, ...] = ()
    title: str = ""


class Bill(NamedTuple):
    """A measure of Congress as its record shows it on one day."""

    congress: int
    type: str
    number: int
    title: str
    introduced: Day | None
    sponsors: tuple[Sponsorship, ...] = ()
    cosponsors: tuple[Sponsorship, ...] | None = ()
    """``None`` where the source does not carry them (texts made into Markdown)."""
    actions: tuple[Action, ...] = ()
    laws: tuple[str, ...] = ()
    """Numbers of the public laws it became: ``115-164``."""
    votes: tuple[Vote, ...] = ()
    related: tuple[RelatedBill, ...] = ()
    titles: tuple[Title, ...] = ()
    committees: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    policy_area: str = ""
    subjects: tuple[str, ...] = ()
    latest_action: Action | None = None
    updated: Day | None = None
    """The publisher's own date of the record."""
    address: str = ""
    origin_chamber: str = ""
    abridged: tuple[str, ...] = ()
    """Parts that the record itself says were left out of it; a count over such a part is not a count."""
    private_laws: tuple[str, ...] = ()
    """Numbers of the private laws it became: ``115-1`` (not the public law of that number)."""


class Term(NamedTuple):
    """One term of office over ``[start, end)``: ``rep``, ``sen``, ``prez`` or ``viceprez``.

    `start` is empty where the source knows no days (the CSV of legislators): such a term holds on no day.
    """

    kind: str
    start: Day
    end: Day | None
    state: str = ""
    district: str = ""
    party: str = ""
    caucus: str = ""


class Person(NamedTuple):
    """A member of Congress or holder of national office. `terms` are whole (JSON, YAML) or just the last one (CSV)."""

    bioguide: str
    first: str
    last: str
    full_name: str
    lis: str = ""
    birthday: Day | None = None
    gender: str = ""
    terms: tuple[Term, ...] = ()
    terms_complete: bool = True
    thomas: str = ""
    wikidata: str = ""
    other_names: tuple[str, ...] = ()


class Committee(NamedTuple):
    """A committee of Congress; `members` are (Bioguide id, rank, title) where the source has them."""

    code: str
    name: str
    chamber: str
    parent: str = ""
    members: tuple[tuple[str, int, str], ...] = ()
    congresses: tuple[int, ...] = ()


class BillText(NamedTuple):
    """The words of a bill in one version (``ih``, ``enr`` …); metadata beside the text is not trusted for counts."""

    congress: int
    type: str
    number: int
    version: str
    title: str
    text: str
    issued: Day | None = None


class Instruction(NamedTuple):
    """One operation that the text of a bill or of a law tells to be done, on a target named as it then stands.

    `kind` is one of INTERFACE.md, and empty where the instruction was not understood (`reason` says why). `order` is
    its place in the text, `clause` the labels of the provision that tells it (``s2/a/1``), `sentence` its words, from
    code point `start` of the text on.

    An addition has the new slot as its target and names the slots it brings below it (`adds`), relative to it, as
    `Effect` does; `moves` too are as there. `old` and `new` are words; the words of a whole provision are in the plain
    form of bill texts, a line a provision. `through`: words go up to these, beginning with `old`. `times` is 0 for each
    place where the words appear and ``None`` for the one place.
    """

    kind: str
    target: Path
    order: int
    clause: str
    sentence: str
    start: int
    old: str | None = None
    new: str | None = None
    through: str = ""
    side: str = ""
    """``after``, ``before``, ``at the end`` or ``at the beginning``; after or before the words of `anchor`."""
    anchor: str = ""
    part: str = ""
    """A part of the target without a designation: ``heading``, ``introductory``, ``end``, ``second sentence`` …"""
    times: int | None = None
    adds: tuple[str, ...] = ()
    moves: tuple[tuple[Path, Path], ...] = ()
    sunset: Day | None = None
    """First day on which the section has no force any more, where the new words name a day."""
    effective: str = ""
    """What the text says of when it takes effect or to what it applies, in its own words."""
    reason: str = ""


# --- what we curate --------------------------------------------------------------------------------------------------


class Effect(NamedTuple):
    """One operation by one agent on a target named as it stood at that moment (TIME, "Words").

    `moves` pairs slots before and after for a renumbering, all at once. `adds` lists the slots below the target that an
    addition brings with it, relative to the target (``5/A``). `kind` is one of the kinds of INTERFACE.md. `order`
    is the place of the operation within its law.
    """

    id: str
    kind: str
    agent: Path
    target: Path
    enacted: Day
    effective: Day | None
    order: int = 1
    adds: tuple[str, ...] = ()
    moves: tuple[tuple[Path, Path], ...] = ()
    keeps: tuple[tuple[Path, Path], ...] = ()
    """In a general amendment or a replacement: former slots whose provision lives on in the new text, and where."""
    old_text: str | None = None
    new_text: str | None = None
    as_cited: str = ""
    assumed: bool = False
    """The effective day is taken to be the day of enactment because no source that is loaded says otherwise."""
    applicability: str = ""
    directed: str = ""
    """What the Act directed, where the Code executed something else."""
    words_complete: bool = True
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    parts_untold: tuple[str, ...] = ()
    """Slots that come with it, relative to the target (empty for itself), of whose own parts no source tells."""
    within: Path = ""
    """Where no source tells how the parts stood that it changed: the slot of the provision that they are part of, to
    which `adds` is relative then."""


class LawSection(NamedTuple):
    """A provision of a public law: its longest path, what it does, where it stands in the Statutes at Large."""

    path: Path
    cite: str
    heading: str = ""
    stat: str = ""
    effective: Day | None = None
    effective_note: str = ""
    relation: str = ""
    relation_class: str = ""
    touches: tuple[Path, ...] = ()
    set_out_under: Path = ""
    operations: tuple[dict[str, object], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    classified_to: tuple[Path, ...] = ()
    """Slots of the Code (sections, chapters) in which the section is executed."""
    cases: tuple[Path, ...] = ()
    note: str = ""
    fate: str = ""
    """What courts and later Acts made of it."""
    stale_reference: dict[str, object] | None = None
    """A pointer whose target moved: slots `says` and `means`, day `since`, bills `proposed_fix`."""


class Law(NamedTuple):
    """An enactment (or an executive order): the act as a whole and those of its sections that matter here."""

    path: Path
    kind: str
    name: str
    cite: str
    enacted: Day
    stat: str = ""
    bill: Path = ""
    short_names: tuple[str, ...] = ()
    sections: tuple[LawSection, ...] = ()
    votes: tuple[Vote, ...] = ()
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    revoked: Day | None = None
    revoked_by: Path = ""


class ProvisionFacts(NamedTuple):
    """What we say in our own words about a provision: summary, role, and as an exemption what it reaches."""

    provision: Path
    """Path of the provision (``/provision/us/usc/t47/s230/d/1@1996-02-08``)."""
    kind: str
    heading: str
    summary: str
    """Of the words in force today."""
    facts: dict[str, object]
    evidence: tuple[Evidence, ...] = ()
    summaries: tuple[tuple[Day, str], ...] = ()
    """Where an amendment changed what is to be said: first day and summary, oldest first."""
    exemption: Path = ""


class Stance(NamedTuple):
    """A position of an actor on a bill, law, case, provision or actor; `day` and `until` may be a month or a year."""

    target: Path
    position: str
    day: str | None = None
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    until: str | None = None


class Actor(NamedTuple):
    """A person or organization around the law. `page` is false for private persons: a quoted role only."""

    path: Path
    name: str
    kind: str
    role: str = ""
    bioguides: tuple[str, ...] = ()
    stances: tuple[Stance, ...] = ()
    note: str = ""
    page: bool = True
    evidence: tuple[Evidence, ...] = ()


class Case(NamedTuple):
    """A decision: provisions as numbered on its day, outcome, holding in our words."""

    path: Path
    name: str
    court: str
    day: Day
    citation: str
    outcome: str
    holding: str
    provisions: tuple[Path, ...] = ()
    """Slots as cited on the day of the decision."""
    facts: dict[str, object] = {}  # noqa: RUF012 - a default that is never written to
    evidence: tuple[Evidence, ...] = ()


class Claim(NamedTuple):
    """Something a document says that can be held against the record; `text` is a paraphrase, never a quotation."""

    id: str
    text: str
    verdict: str
    finding: str
    about: tuple[Path, ...] = ()
    note: str = ""
    anchor: tuple[int, int] | None = None
    """Code points of the passage in the document, where its text is at hand."""
    evidence: tuple[Evidence, ...] = ()


class Document(NamedTuple):
    """A text about the law: who issued it, when (a day or a month), what it names, what it claims."""

    path: Path
    title: str
    kind: str
    publisher: Path
    day: Day
    day_note: str
    sha256: str
    mentions: tuple[Path, ...] = ()
    quoted_roles: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    about: str = ""
    stances: tuple[Stance, ...] = ()
    note: str = ""


# --- what the ledger yields ------------------------------------------------------------------------------------------


class Binding(NamedTuple):
    """Which provision stands in a slot over ``[valid_from, valid_to)``, and the effects that opened and closed it."""

    slot: Path
    provision: Path
    valid_from: Day
    valid_to: Day | None
    opened_by: tuple[str, ...] = ()
    closed_by: tuple[str, ...] = ()
    ended: bool = False
    """Whether the provision itself ended with the binding (repealed), not merely moved on."""


class Version(NamedTuple):
    """A provision's words in one slot over ``[valid_from, valid_to)``; its path is the slot, ``@``, the first day."""

    path: Path
    provision: Path
    slot: Path
    valid_from: Day
    valid_to: Day | None
    begun_by: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    parts_untold: bool = False
    """Whether it may have had parts that no source tells of."""


# --- more of what we curate ------------------------------------------------------------------------------------------


class Gap(NamedTuple):
    """What the graph does not cover, why, and what that bears on.

    `affects` are paths, families (``/family/…``) and terms (``s230:…``); `counts` classes (``s230:Bill``) whose number
    is not what it seems; `counted` is the line of the query ``not-covered`` that counts the gap, where one does.
    """

    path: Path
    what: str
    why: str
    affects: tuple[str, ...]
    counts: tuple[str, ...] = ()
    congresses: tuple[int, ...] = ()
    """Those whose number of measures it bears on."""
    counted: str = ""
    note: str = ""


class FactSource(NamedTuple):
    """A document in which curated facts were read; `address` is the official one where there is one."""

    id: str
    title: str
    kind: str
    publisher: str = ""
    address: str = ""
    snapshot: Day | None = None
    """The day the document speaks for."""
    release_point: str = ""
    via: str = ""
    note: str = ""


class BillFacts(NamedTuple):
    """What the official record of a measure does not say: why it counts for the law and what it would do to it.

    `record` holds what an official record would say, for the few measures of which none is at hand.
    """

    path: Path
    title: str
    relevance: str
    changes_text: bool
    why: str
    effect: str = ""
    operations: tuple[dict[str, object], ...] = ()
    operations_basis: str = ""
    also_known_as: tuple[str, ...] = ()
    related_by_content: tuple[Path, ...] = ()
    words_from: tuple[Path, ...] = ()
    """Bills in which words of this one began."""
    note: str = ""
    record: dict[str, object] | None = None
    sponsor_party: dict[str, str] | None = None
    """``member`` and ``party``, where neither the official record nor another one of the same Congress gives it."""
    evidence: tuple[Evidence, ...] = ()
