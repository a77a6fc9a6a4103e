"""Answers as plain text for the terminal, and as Markdown and CSV where people want to paste them."""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from graph import redline
from graph.answers import CODE_FAMILIES
from graph.naming import name

Answer = dict[str, Any]

WIDTH = 100
DISCLAIMER = "Not legal advice."


def at(answer: Answer) -> str:
    """What stood there on a day."""
    if answer["status"] != "ok":
        return _refusal(answer)
    until = f"until {answer['valid_to']}" if answer["valid_to"] else f"to this day ({_through(answer)})"
    lines = [f"{answer['cite']} on {answer['date']}", f"  in these words from {answer['valid_from']} {until}"]
    if answer["heading"]:
        lines.append(f"  {answer['heading']}")
    if answer["text"]:
        lines += ["", *_wrapped(answer["text"]), "", f"  [{answer['text_status']} text]"]
    else:
        lines += ["", *_wrapped(f"text: not loaded ({_why_not_loaded(answer)})")]
        if answer["summary"]:
            lines += _wrapped(f"In our words: {answer['summary']}")
    for exemption in answer["exempts"]:
        lines += ["", *_exemption(exemption, _through(answer))]
    if answer["enforceability"]:
        lines += ["", *_holdings(answer["enforceability"])]
    return "\n".join([*lines, "", *_sources(answer["sources"]), f"  {answer['provision']}", DISCLAIMER])


def _why_not_loaded(answer: Answer) -> str:
    """The change that no source tells the words of, or that no official file is there."""
    stopped = answer["text_stopped_by"]
    if stopped is None:
        return "no official file of this version; see the README on S230_SOURCES"
    kind = stopped["kind"].replace("-", " ")
    return f"no source gives the words before the {kind} by {stopped['law']}, effective {stopped['effective']}"


def _exemption(exemption: Answer, today: str) -> Iterator[str]:
    """From whose protection, what stays enforceable, under which condition, and what courts held of that."""
    kinds = " and ".join(exemption["law_types"])
    levels = " and ".join(
        {"state": "State", "federal": "Federal"}.get(level, level) for level in exemption["law_levels"]
    )
    about = f" ({kinds}; {levels} law)" if kinds and levels else ""
    yield from _wrapped(f"Exemption: {exemption['label']}{about}, as known on {today}")
    if exemption["from"]:
        yield from _wrapped(f"  from the protection of {', '.join(exemption['from'])}")
    if exemption["carves_out"]:
        yield from _wrapped(f"  stays enforceable: {'; '.join(exemption['carves_out'])}")
    if exemption["laws"]:
        yield from _wrapped(f"  in {', '.join(exemption['laws'])}")
    if exemption["condition"]:
        yield from _wrapped(f"  where {exemption['condition']}")
    yield from _holdings(exemption["enforceability"])


def _holdings(found: list[Answer]) -> Iterator[str]:
    for held in found:
        yield from _wrapped(f"  courts, {held['date']}, {held['name']}, on {held['cite']}: {held['holding'] or ''}")


def translate(answer: Answer) -> str:
    """An old cite as today's."""
    if answer["status"] != "ok":
        return _refusal(answer)
    then, now = answer["then"], answer["now"]
    lines = [f"{then['cite']} on {then['date']}"]
    lines.append(f"  is {now['cite']} on {now['date']}" if now else f"  {answer['now_status']}: {answer['message']}")
    if then["summary"]:
        lines += _wrapped(then["summary"])
    for effect in answer["because"]:
        days = f"enacted {effect['enacted']}, effective {effect['effective']}"
        lines.append(f"  because of {effect['law']}: {effect['kind']}, {days}")
        lines += ["  " + line for line in _sources(effect["sources"])]
    if not answer["because"] and now:
        lines.append("  nothing moved it between the two days")
    return "\n".join([*lines, f"  {answer['provision']}", DISCLAIMER])


def trace(answer: Answer) -> str:
    """The chain behind a provision, oldest first."""
    if not answer.get("chain"):
        return _refusal(answer)
    fate = [f"{answer['status']}: {answer['message']}"] if answer["status"] != "ok" else []
    lines = [
        f"{answer['cite']} — {answer['provision']}",
        *fate,
        *([answer["address"]] if answer["address"] else []),
        "",
    ]
    for link in answer["chain"]:
        lines += [*_link(link), ""]
    if answer["reach"]:
        lines += ["Its words stayed; what it reaches, or its enforcement, was changed by:", ""]
    for link in answer["reach"]:
        lines += [*_link(link), ""]
    lines += _pending(answer)
    return "\n".join([*lines, DISCLAIMER])


def _link(link: Answer) -> Iterator[str]:
    effect, law, bill = link["effect"], link["law"], link["bill"]
    yield f"{effect['effective']}  {effect['kind']} — {effect['target']}"
    if effect["new_text"] or effect["old_text"]:
        words = [
            f"{verb} “{effect[key]}”" for verb, key in (("strikes", "old_text"), ("inserts", "new_text")) if effect[key]
        ]
        yield f"            {', '.join(words)}" + (f" {effect['note']}" if effect["note"] else "")
    stat = f", {law['stat']}" if law["stat"] else ""
    yield f"  law       {law['section']}{stat}" + (f" — {law['title']}" if law["title"] else "") + _at(law)
    assumed = " (assumed)" if effect["effective_assumed"] else ""
    yield f"  dates     enacted {effect['enacted']}, effective {effect['effective']}{assumed}"
    if effect["applicability"]:
        yield f"  applies   {effect['applicability']}"
    if effect["directed"]:
        yield f"  directed  {effect['directed']}"
    if bill:
        yield f"  bill      {bill['cite']}" + (f" — {bill['title']}" if bill["title"] else "") + _at(bill)
    if sponsor := link["sponsor"]:
        yield f"  sponsor   {member(sponsor)}"
    if (cosponsors := link["cosponsors"]) and (cosponsors["count"] or cosponsors["withdrawn"]):
        parties = ", ".join(f"{count} {party}" for party, count in cosponsors["by_party"].items())
        withdrawn = f", {cosponsors['withdrawn']} withdrawn" if cosponsors["withdrawn"] else ""
        yield f"  cosponsors {cosponsors['count']} ({parties or 'names not recorded'}){withdrawn}"
    for vote in link["votes"]:
        count = f"{vote['yea']}-{vote['nay']}" if vote["yea"] is not None else "count not loaded"
        about = f"{count} (roll {vote['roll']}) {vote['question'] or ''}"
        yield f"  vote      {vote['chamber']} {vote['date']}: {about}".rstrip() + _at(vote)
    for report in link["history"]["reports"]:
        yield f"  report    {report['cite']} ({report['kind']}){_at(report)}"
    for pages in link["history"]["record"]:
        yield f"  record    {pages['cite']}{_issue(pages)}: {_step(pages)}{_at(pages)}"
    yield from _sources(link["sources"])


def _at(thing: Answer) -> str:
    """The official page of a thing, where there is one."""
    return f" {thing['address']}" if thing["address"] else ""


def _issue(pages: Answer) -> str:
    return f", {pages['date']}" if pages["date"] else ""


def _step(pages: Answer) -> str:
    """What happened on pages of the Record, without where in the Record that is."""
    words = re.sub(r"\s*\([^()]*\bCR [HSED\d][^()]*\)", "", pages["text"]).rstrip(". ")
    return textwrap.shorten(words, WIDTH, placeholder=" …")


def _pending(answer: Answer) -> list[str]:
    found = answer["pending"]
    if not found:
        return []
    return ["Pending, not law:", *(_bill(bill) for bill in found)]


def _bill(bill: Answer) -> str:
    title = f" — {bill['title']}" if bill["title"] else ""
    return f"  {bill['cite']}{title}: {bill['kind']} ({bill['stage']}, as of {bill['as_of'] or 'an unknown day'})"


def timeline(answer: Answer) -> str:
    """Versions, enactments and pending bills, each oldest first."""
    if not answer["versions"]:
        return _refusal(answer)
    lines = [f"{answer['cite']} ({answer['status']})", "", "Versions:"]
    for version in answer["versions"]:
        lines.append(f"  {version['valid_from']} to {version['valid_to'] or 'this day  '}  {version['cite']}")
        if version["summary"]:
            lines += ["  " + line for line in _wrapped(version["summary"])]
    lines += ["", "Enactments:"]
    for made in answer["enactments"]:
        assumed = " (assumed)" if made["effective_assumed"] else ""
        lines.append(f"  {made['effective']}{assumed}  {made['kind']} — {made['target']}, by {made['law']}")
    pending = _pending(answer)
    return "\n".join([*lines, *(["", *pending] if pending else []), "", DISCLAIMER])


def cite(answer: Answer) -> str:
    """The citations of a text, one a line: where, what was written, what it means, whether the graph has it."""
    if not answer["mentions"]:
        return _refusal(answer)
    lines = []
    for mention in answer["mentions"]:
        if mention["choices"]:
            meaning = "one of: " + ", ".join(choice["normalized"] for choice in mention["choices"])
        else:
            meaning = mention["normalized"] or "not resolved"
            meaning += f" ({mention['label'] if mention['known'] else 'not in the graph'})"
        lines.append(f"{mention['start']}-{mention['end']}  {mention['text']}  =  {meaning}")
    return "\n".join(lines)


def diff(answer: Answer) -> str:
    """A redline with marks that survive any terminal: ``{+put in+}``, ``[-taken out-]``."""
    if answer["status"] != "ok":
        return _refusal(answer)
    lines = [f"{answer['cite']}, {answer['from']['date']} against {answer['to']['date']}"]
    lines += [
        f"  {side['date']}: {side['message']}" for side in (answer["from"], answer["to"]) if side["status"] != "ok"
    ]
    for effect in answer["because"]:
        lines.append(f"  {effect['effective']}  {effect['kind']} by {effect['law']}")
    for part in answer["parts"]:
        if part["change"] != "same" or part["moved"]:
            lines += ["", *_redlined(part)]
    if not answer["because"]:
        lines.append("  nothing changed between the two days")
    return "\n".join([*lines, "", DISCLAIMER])


def diff_html(answer: Answer) -> str:
    """The redline as an HTML file that needs nothing else."""
    from api.rendering import templates

    page = templates().get_template("redline_file.html")
    return page.render(answer=answer, known=_through(answer)) if answer["status"] == "ok" else _refusal(answer)


def _redlined(part: Answer) -> Iterator[str]:
    moved = f", moved from {part['from_cite']}" if part["moved"] else ""
    change = part["change"] if part["change"] != "same" else "same words"
    yield f"{part['to_cite'] or part['from_cite']} ({change}{moved})"
    if part["words"] is None:
        yield "  words not loaded"
    elif part["change"] != "same":
        yield from _wrapped(" ".join(text for text in (_marks(part["heading"]), _marks(part["words"])) if text))


def changes(found: list[Answer]) -> str:
    """What changed in substance, thing by thing; of words that changed those around the change are shown."""
    lines: list[str] = []
    thing = ""
    for change in found:
        if change["thing"] != thing:
            thing = change["thing"]
            lines += ["", name(thing)]
        where = name(change["where"]) if change["where"].startswith("/") else change["where"]
        lines.append(f"  {change['kind']}{f' ({where})' if where else ''}")
        lines += [f"  {line}" for line in _wrapped(_excerpt(change["before"], change["after"]))]
    things = len({change["thing"] for change in found})
    return "\n".join([f"{len(found)} changes in {things} things", *lines])


def _excerpt(before: str, after: str) -> str:
    """The words that came and went, with a few of those around them; what only came or only went is cut short."""
    if not before or not after:
        return textwrap.shorten(before or after, 300, placeholder=" …")
    pieces = []
    for change in redline.compare(before, after):
        text = change.text
        if change.op == "equal" and len(text) > 100:
            text = f"{text[:45].rpartition(' ')[0]} … {text[-45:].partition(' ')[2]}"
        pieces.append({"op": change.op, "text": text})
    return _marks(pieces)


def _marks(changes: list[Answer]) -> str:
    signs = {"insert": ("{+", "+}"), "delete": ("[-", "-]"), "equal": ("", "")}
    pieces = []
    for change in changes:
        before, after = signs[change["op"]]
        words = change["text"].rstrip()
        pieces.append(f"{before}{words}{after}{change['text'][len(words) :]}")
    return "".join(pieces)


def blame(answer: Answer) -> str:
    """Each stretch of words with its enactment in front."""
    if answer["status"] != "ok":
        return _refusal(answer)
    lines = [f"{answer['cite']} on {answer['date']}"]
    for part in answer["parts"]:
        lines += ["", f"{part['cite']} {part['heading'] or ''}".rstrip()]
        if part["text_status"] == "not-loaded":
            lines.append("  words not loaded")
        for stretch in part["stretches"]:
            law = f"{stretch['law']}, {stretch['effective']}" if stretch["law"] else "before what is known"
            lines += [f"  [{law}]", *(f"  {line}" for line in _wrapped(stretch["text"]))]
    return "\n".join([*lines, "", DISCLAIMER])


def trace_markdown(answer: Answer) -> str:
    """The chain as a Markdown table."""
    names = ("effective", "effect", "law", "bill", "sponsor", "votes", "reports", "Congressional Record")
    rows = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    for link in answer.get("chain", ()):
        law, bill = link["law"], link["bill"]
        votes = "; ".join(f"{v['chamber']} {v['yea']}-{v['nay']}" for v in link["votes"] if v["yea"] is not None)
        cells = (
            link["effect"]["effective"],
            f"{link['effect']['kind']}: {link['effect']['target']}",
            f"[{law['section']}]({law['iri']})",
            f"[{bill['cite']}]({bill['iri']})" if bill else "",
            member(link["sponsor"]) if link["sponsor"] else "",
            votes,
            *("; ".join(_linked(thing) for thing in link["history"][part]) for part in ("reports", "record")),
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([f"**{answer['cite']}** ({answer['status']})", "", *rows, "", DISCLAIMER])


def _linked(thing: Answer) -> str:
    """A Markdown link to the official page of a thing, or its citation alone."""
    return f"[{thing['cite']}]({thing['address']})" if thing["address"] else str(thing["cite"])


def trace_csv(answer: Answer) -> str:
    """The chain as CSV, one row an effect."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["effective", "enacted", "kind", "target", "old_text", "new_text", "law", "stat", "bill", "sponsor",
         "cosponsors", "withdrawn", "votes", "reports", "record", "sources"]
    )  # fmt: skip
    for link in answer.get("chain", ()):
        effect, law, cosponsors = link["effect"], link["law"], link["cosponsors"] or {}
        writer.writerow(
            [
                effect["effective"], effect["enacted"], effect["kind"], effect["target"], effect["old_text"],
                effect["new_text"], law["section"], law["stat"], (link["bill"] or {}).get("cite"),
                member(link["sponsor"]) if link["sponsor"] else "", cosponsors.get("count"),
                cosponsors.get("withdrawn"),
                "; ".join(f"{v['chamber']} {v['date']} {v['yea']}-{v['nay']}" for v in link["votes"]),
                "; ".join(report["cite"] for report in link["history"]["reports"]),
                "; ".join(pages["cite"] for pages in link["history"]["record"]),
                " ".join(s["address"] or s["graph"] for s in link["sources"]),
            ]
        )  # fmt: skip
    return out.getvalue().rstrip("\n")


def member(person: Answer) -> str:
    """A member with party and state: ``Ann Wagner (R-MO)``."""
    place = "-".join(part for part in (person["party"], person["state"]) if part)
    return f"{person['name']} ({place})" if place else str(person["name"])


def _refusal(answer: Answer) -> str:
    lines = [f"{answer['status']}: {answer['message']}"]
    lines += [f"  did you mean {cite}?" for cite in answer.get("near", ())]
    lines += [f"  {choice['cite']}" for choice in answer.get("choices", ())]
    return "\n".join(lines)


def _sources(found: list[Answer]) -> list[str]:
    seen: dict[str, None] = {}
    for source in found:
        day = f", {source['snapshot']}" if source["snapshot"] else ""
        where = f" {source['address']}" if source["address"] else ""
        seen[f"  source    {source['title']} ({source['confidence']}{day}){where}"] = None
    return list(seen)


def _wrapped(text: str) -> Iterator[str]:
    """The text in lines of `WIDTH`, indented; each stretch keeps its own margin."""
    for stretch in text.splitlines():
        margin = "  " + stretch[: len(stretch) - len(stretch.lstrip())]
        yield from textwrap.wrap(
            stretch.strip(), WIDTH, initial_indent=margin, subsequent_indent=margin, break_long_words=False
        )


def _through(answer: Answer) -> str:
    known = answer["known_through"]
    return max((known[family] for family in CODE_FAMILIES if known.get(family)), default="unknown")


def check(answer: Answer) -> str:
    """What a text names, and its claims, each with verdict and evidence."""
    lines = []
    if answer["as_of"]:
        lines.append(f"as of {answer['as_of']} ({answer['as_of_from']})")
    lines += _wrapped(answer["message"]) if answer["message"] else []
    named = {(mention["label"] or mention["text"], mention["iri"]): None for mention in answer["mentions"]}
    lines += ["", f"names {len(answer['mentions'])} times:"] if named else []
    lines += [f"  {label}{f'  {address}' if address else ''}" for label, address in named]
    for number, claim in enumerate(answer["claims"], 1):
        lines += ["", f"{number}. [{claim['verdict']}] {claim['start']}-{claim['end']} {claim['kind']}"]
        lines += _wrapped(f'"{" ".join(claim["text"].split())}"')
        lines += _wrapped(f"record: {_observed(claim['observed'])}") if claim["observed"] is not None else []
        lines += _wrapped(claim["note"]) if claim["note"] else []
        if now := claim["now"]:
            lines += _wrapped(f"now ({now['as_of']}): {now['verdict']}; {_observed(now['observed'])}")
        lines += [f"    evidence  {e['label']} ({e['confidence']}) {e['address']}" for e in claim["evidence"]]
    return "\n".join([*lines, "", DISCLAIMER]).lstrip("\n")


def scenario(answer: Answer) -> str:
    """Which provisions decide a situation, in order, with the decisions on each."""
    asked = answer["asked"]
    where = f" ({asked['where']['label']})" if asked["where"] else ""
    lines = [f"{asked['who']['label']}; {asked['law']['label']}; the service {asked['conduct']['label']}"]
    lines += [f"on {asked['on']}{where}: {answer['finding']}", *_wrapped(answer["message"])]
    for number, step in enumerate(answer["steps"], 1):
        now = f", now {step['cite_now']}" if step["cite_now"] != step["cite"] else ""
        lines += ["", f"{number}. {step['cite']}{now} ({step['role']})"]
        lines += _wrapped(step["asks"])
        lines += _wrapped(f"{step['follows'] or 'goes with it'}: {step['says']}")
        for held in step["holdings"]:
            marks = ["binds here"] * held["binding"] + [f"undone {held['undone']}"] * bool(held["undone"])
            note = f" [{', '.join(marks)}]" if marks else ""
            lines += _wrapped(f"  {held['decided']} {held['court']}: {held['name']} ({held['confidence']}){note}")
            lines += _wrapped(f"    {held['holding']}")
        lines += _sources(step["sources"])
    return "\n".join([*lines, "", DISCLAIMER])


def simulate(answer: Answer) -> str:
    """Bills applied to the text: instruction by instruction, then what would become of each section."""
    lines = [f"{bill['cite']}{', ' + bill['title'] if bill['title'] else ''}" for bill in answer["bills"]]
    lines += [f"on {answer['date']}: {answer['status']}", *_wrapped(answer["message"])]
    for clash in answer["collisions"]:
        lines += _wrapped(f"{' and '.join(clash['cites'])}, {clash['at']}: {clash['says']}")
    for one in answer["instructions"]:
        where = f" {', '.join(one['at'])}" if one["at"] else ""
        lines += ["", f"{one['outcome']}: {one['operation']}{where} ({one['bill_cite']})"]
        lines += [line for words in (one["detail"], one["why"]) if words for line in _wrapped(words)]
    for end in answer["sunsets"]:
        lines += ["", *_wrapped(f"would end: {end['cite']} {end['day'] or ''}: {end['detail']}")]
    for section in answer["sections"]:
        lines += ["", section["cite"]]
        lines += _wrapped(f"new: {', '.join(section['new'])}") if section["new"] else []
        lines += [f"  {move['from']} -> {move['to']}" for move in section["moved"]]
        lines += _wrapped(f"gone: {', '.join(section['ended'])}") if section["ended"] else []
        for part in section["parts"]:
            lines += ["", *_redlined(part)]
        for pointer in section["pointers"]:
            now = f"; what it means would be {pointer['now']}" if pointer["now"] else ""
            lines += _wrapped(f"{pointer['fate']}: {pointer['from']} points at {pointer['at']}{now}")
        for held in section["holdings"]:
            lines += _wrapped(f"{held['fate']}: {held['name']} ({held['decided']}) construed {held['cited']}")
    return "\n".join([*lines, "", "A bill is not law.", DISCLAIMER])


def _observed(value: Any) -> str:
    """What was observed, in one line."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_observed(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_observed, value)) or "none"
    return str(value)
