"""The command line: ``s230``. Puts the commands together; each does its imports when it runs, so ``--help`` is quick.

Exit status: 0 on success, 1 when the answer is a status other than ``ok`` or a "no", 2 on wrong use or rejected input.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from api.settings import Settings
    from graph.store import Store
    from ingest.download import Client

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="A knowledge graph of Section 230 (47 U.S.C. § 230): the law through time, with sources. Not legal advice.",
)

WhichStore = Annotated[
    str | None, typer.Option("--store", help="A releases folder, or the address of a SPARQL endpoint.")
]
Cite = Annotated[str, typer.Argument(help='A citation, e.g. "47 U.S.C. § 230(e)(5)", an IRI or a USLM identifier.')]


# --- build and serve -------------------------------------------------------------------------------------------------


@app.command(epilog="Example: s230 build --source ../shared/corpus/uscode/119-100 --out graph-release")
def build(
    source: Annotated[
        list[str] | None,
        typer.Option(help="A file, folder or archive of official files; repeatable. Empty means none."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of releases [default: $S230_HOME/graph].")] = None,
    no_curated: Annotated[bool, typer.Option("--no-curated", help="Leave the curated data out.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing if a file is rejected.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes that read [default: one a core].")] = None,
) -> None:
    """Build a release of the graph from official files and the curated data."""
    settings = _settings()
    paths = [Path(part) for part in source if part] if source is not None else settings.source_paths()
    report = _build(paths, out or settings.releases, with_curated=not no_curated, strict=strict, jobs=jobs)
    raise typer.Exit(2 if report["totals"]["rejected"] else 0)


class Official(StrEnum):
    """What `fetch` can bring."""

    statutes, bills, people, laws, all = "statutes", "bills", "people", "laws", "all"


@app.command(epilog="Example: s230 fetch statutes --title 47 --title 18")
def fetch(
    what: Annotated[Official, typer.Argument(help="The US Code, bills, members of Congress, laws with bill texts.")],
    congress: Annotated[list[int] | None, typer.Option(min=1, help="A Congress; repeatable [default: all].")] = None,
    title: Annotated[list[str] | None, typer.Option(help="A title of the Code; repeatable [default: all].")] = None,
) -> None:
    """Bring official files from their publishers into $S230_HOME/sources, where build finds them."""
    from ingest.download import Client
    from ingest.fetch import KINDS

    settings = _settings()
    kinds = tuple(KINDS) if what is Official.all else (str(what),)
    with _one_line(settings.fetched):
        counts = _fetch(settings, kinds, Client(), congresses=congress or (), titles=title or ())
    raise typer.Exit(2 if counts["failed"] else 0)


@app.command(epilog="Example: s230 serve --port 8230")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8230,
    store: WhichStore = None,
) -> None:
    """Serve the graph: pages, JSON, SPARQL. Builds a default release when there is none."""
    import uvicorn

    from api.app import create_app
    from api.connection import Connection, listen

    settings = _settings()
    if not (store or settings.store or (settings.releases / "current").exists()):
        _first_sources(settings)
    where = _where(settings, store)
    with _one_line():
        application = create_app(where, settings)
        try:
            listener = listen(host, port)
        except OSError as error:
            _fail(f"cannot listen on {host}:{port}: {error.strerror or error}; choose another --port")
    _say(f"serving on http://{host}:{listener.getsockname()[1]}")
    config = uvicorn.Config(application, http=Connection, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


@app.command(epilog="Example: s230 load notes.ttl --graph http://example.org/notes")
def load(
    file: Annotated[list[Path], typer.Argument(help="Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD.")],
    graph: Annotated[
        str | None, typer.Option(help="IRI of the named graph for triples [default: one of its own for each file].")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of releases [default: $S230_HOME/graph].")] = None,
    store: WhichStore = None,
) -> None:
    """Add your own RDF to the graph, as a new release: to that at --out if there is one, else to that of --store."""
    from graph import release
    from ingest.load import LoadError
    from ingest.load import load as run

    settings = _settings()
    folder = out or settings.releases
    with _one_line(folder):
        try:
            start = release.current(folder)
        except release.NoRelease:
            start = _folder(_where(settings, store))
        try:
            loaded = run(file, start, folder, graph)
        except LoadError as error:
            _fail(str(error))
    _say(f"loaded {loaded.triples:,} triples into {loaded.graphs} graphs; release {loaded.release} in {folder}")


def _folder(where: str | Path) -> Path:
    from graph import release
    from graph.store import is_address

    if is_address(where):
        _fail("loading starts from a release on this machine; give its folder with --store")
    return release.current(Path(where))


def _fetch(settings: Settings, kinds: tuple[str, ...], client: Client, **asked: Any) -> Counter[str]:
    """Fetch with a bar, a line for each file that came or failed; how many did what."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from ingest import fetch as fetching

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    counts: Counter[str] = Counter()
    addresses = settings.addresses or fetching.ADDRESSES
    with (
        client,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("fetching")

        def progress(name: str, done: int, total: int) -> None:
            bar.update(task, description=name, completed=done, total=total or None)

        try:
            for outcome in fetching.fetch(
                kinds, settings.fetched, client, addresses=addresses, progress=progress, **asked
            ):
                counts[outcome.status] += 1
                said = outcome.reason or f"{outcome.size:,} bytes"
                _say(
                    f"{outcome.status} {outcome.path}: {said}"
                    if outcome.status != "unchanged"
                    else f"unchanged {outcome.path}"
                )
        except ValueError as error:
            _fail(str(error))
    _say(
        ", ".join(f"{counts[status]} {status}" for status in ("fetched", "unchanged", "failed"))
        + f"; {settings.fetched}"
    )
    return counts


def _first_sources(settings: Settings) -> None:
    """Before the first build: the titles around § 230 and the members of Congress, if a network brings them in time."""
    limit = settings.fetch_seconds
    if settings.sources is not None or settings.fetched.is_dir() or not limit:
        return
    _say(f"no official files yet: fetching titles 47 and 18 and the members of Congress, {limit:g} seconds at most")
    # A name server that does not answer cannot be timed out from here, so the wait for it has an end of its own.
    work = threading.Thread(target=_first_fetch, args=(settings, time.monotonic() + limit), daemon=True)
    work.start()
    work.join(limit + 1)
    if not (settings.fetched / "manifest.json").is_file():
        _say("going on without official files: no official text is loaded; later: s230 fetch statutes, then s230 build")


def _first_fetch(settings: Settings, until: float) -> None:
    from ingest.download import Client, Patience

    with suppress(typer.Exit, OSError):
        patience = Patience(attempts=2, quiet=10)
        _fetch(settings, ("statutes", "people"), Client(patience, until), titles=("47", "18"))


def _build(paths: list[Path], out: Path, **options: Any) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from ingest.build import build as run
    from ingest.facts import FactsError

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def progress(step: str, done: int, total: int) -> None:
            task = tasks.setdefault(step, bar.add_task(step, total=total) if step not in tasks else None)
            bar.update(task, completed=done, total=total)

        try:
            report = run(paths, out, progress=progress, **options)
        except FactsError as error:
            _fail(str(error))
        except OSError as error:
            _fail(f"{error.filename or out}: {error.strerror or error}")
    _print_report(report, out)
    return report


def _print_report(report: dict[str, Any], out: Path) -> None:
    totals = report["totals"]
    for entry in report["rejected"][:20]:
        _say(f"rejected {entry['path']}: {entry['reason']}")
    if len(report["rejected"]) > 20:
        _say(f"… and {len(report['rejected']) - 20} more, listed in {out / 'report.json'}")
    for violation in report["violations"][:10]:
        _say(f"shape {violation['shape'].rpartition('#')[2]}: {violation['node']}: {violation['message']}")
    what = f"release {report['release']} in {out}" if report["published"] else "nothing published (--strict)"
    reused = report["reused"]
    since = (
        f" ({reused['files']:,} of them unchanged since {reused['release']}, not read again)" if reused["files"] else ""
    )
    _say(
        f"{totals['read']} files read{since}, {totals['skipped']} skipped, {totals['rejected']} rejected; "
        f"{totals['quads']:,} quads, {report['conflicts']} conflicts; {what}"
    )


# --- questions -------------------------------------------------------------------------------------------------------


@app.command(epilog='Example: s230 query "SELECT ?law ?bill { ?law s230:enactedFrom ?bill }" --format csv')
def query(
    text: Annotated[str | None, typer.Argument(help="A SPARQL query, @FILE, or - for standard input.")] = None,
    name: Annotated[str | None, typer.Option(help="A named example (see data/queries).")] = None,
    format: Annotated[str, typer.Option(help="table, json, xml, csv, tsv, ttl, nt or jsonld.")] = "table",
    store: WhichStore = None,
) -> None:
    """Ask one SPARQL query, or a named example."""
    from graph import queries

    if (text is None) == (name is None):
        _fail("give a query, or --name with the name of an example: " + ", ".join(sorted(queries.names())))
    with _one_line():
        asked = queries.load(name).text if name else _query_text(text or "")
        content = queries.answer(_store(store), asked, format)
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


def _query_text(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    if text.startswith("@"):
        try:
            return Path(text[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            _fail(f"{text[1:]}: cannot be read: {getattr(error, 'strerror', None) or error}")
    return text


Format = Annotated[str, typer.Option(help="text or json.")]


@app.command(epilog='Example: s230 at "47 U.S.C. § 230(e)(2)" 1997-11-12')
def at(
    cite: Cite,
    date: Annotated[str, typer.Argument(help="YYYY-MM-DD, or today for the coverage day.")],
    format: Format = "text",
    store: WhichStore = None,
) -> None:
    """The provision that stood there on that day: its text if loaded, its dates, its sources."""
    from api import plain
    from graph import answers

    _answer(lambda where: answers.at(where, cite, date), plain.at, format, store)


@app.command(epilog='Example: s230 translate "47 U.S.C. § 230(e)(2)" --date 1997-11-12')
def translate(
    cite: Cite,
    date: Annotated[str, typer.Option(help="The day of the citation, YYYY-MM-DD.")],
    to: Annotated[str | None, typer.Option(help="The day to translate to [default: the coverage day].")] = None,
    format: Format = "text",
    store: WhichStore = None,
) -> None:
    """An old cite into the cite of the same provision today (or on --to), and why."""
    from api import plain
    from graph import answers

    _answer(lambda where: answers.translate(where, cite, date, to), plain.translate, format, store)


@app.command(epilog='Example: s230 trace "47 U.S.C. § 230(e)(5)"')
def trace(
    cite: Cite,
    format: Annotated[str, typer.Option(help="text, json, md or csv.")] = "text",
    store: WhichStore = None,
) -> None:
    """The chain behind a provision: effect, law, bill, sponsor, cosponsors, votes; dates; sources."""
    from api import plain
    from graph import answers

    writers = {"md": plain.trace_markdown, "csv": plain.trace_csv}
    _answer(lambda where: answers.trace(where, cite), plain.trace, format, store, writers)


@app.command(epilog='Example: s230 timeline "47 U.S.C. § 230(e)"')
def timeline(cite: Cite, format: Format = "text", store: WhichStore = None) -> None:
    """Versions, enactments and pending bills by day."""
    from api import plain
    from graph import answers

    _answer(lambda where: answers.life(where, cite), plain.timeline, format, store)


@app.command(epilog='Example: s230 diff "47 U.S.C. § 230" 1998-01-01 2018-04-11')
def diff(
    cite: Cite,
    from_: Annotated[str, typer.Argument(metavar="FROM", help="The earlier day, YYYY-MM-DD.")],
    to: Annotated[str, typer.Argument(help="The later day, YYYY-MM-DD, or today.")],
    format: Annotated[str, typer.Option(help="text, html or json.")] = "text",
    store: WhichStore = None,
) -> None:
    """A redline between two days, by words; what was renumbered is shown as moved."""
    from api import plain
    from graph import redline

    _answer(lambda where: redline.diff(where, cite, from_, to), plain.diff, format, store, {"html": plain.diff_html})


@app.command(epilog="Example: s230 changes uscode/119-99/47 uscode/119-100/47")
def changes(
    old: Annotated[Path, typer.Argument(help="Official files as they were: a file, a folder or an archive.")],
    new: Annotated[Path, typer.Argument(help="The same files of a later day.")],
    format: Format = "text",
) -> None:
    """What changed in substance between two copies of official files: sections of the Code, bills."""
    from api import plain
    from ingest.changes import between

    for path in (old, new):
        if not path.exists():
            _fail(f"{path}: no such file or folder")

    if format not in ("text", "json"):
        _fail(f"--format {format} is not known; it is one of: text, json")
    found = [change._asdict() for change in between([old], [new])]
    print(json.dumps({"changes": found}, indent=2, ensure_ascii=False) if format == "json" else plain.changes(found))


@app.command(epilog='Example: s230 blame "47 U.S.C. § 230(e)(1)"')
def blame(
    cite: Cite,
    date: Annotated[str, typer.Option(help="As it stood on this day [default: the coverage day].")] = "today",
    format: Format = "text",
    store: WhichStore = None,
) -> None:
    """Each stretch of words and the enactment that put it there."""
    from api import plain
    from graph import redline

    _answer(lambda where: redline.blame(where, cite, date), plain.blame, format, store)


@app.command(epilog='Example: s230 cite "FOSTA, Pub. L. 115-164, added 47 U.S.C. § 230(e)(5)."')
def cite(
    text: Annotated[list[str], typer.Argument(help="A text with citations.")],
    format: Annotated[str, typer.Option(help="text, json or csl (CSL-JSON, for reference managers).")] = "text",
    store: WhichStore = None,
) -> None:
    """The citations in a text: parsed, normalized, and whether the graph has them."""
    from api import plain
    from graph import answers

    words = " ".join(text)

    def as_csl(_: dict[str, Any]) -> str:
        return json.dumps(answers.csl(_store(store), words), indent=2, ensure_ascii=False)

    _answer(lambda where: answers.cited(where, words), plain.cite, format, store, {"csl": as_csl})


@app.command(epilog="Example: s230 check press-release.txt --as-of 2018-03-21")
def check(
    file: Annotated[str, typer.Argument(help="A plain text or HTML file in UTF-8, or - for standard input.")],
    as_of: Annotated[
        str | None, typer.Option(help="The day of the text, YYYY-MM-DD [default: its own date, or that of its events].")
    ] = None,
    format: Format = "text",
    store: WhichStore = None,
) -> None:
    """A document's mentions and claims against the record, each claim with verdict and evidence."""
    from api import plain
    from graph import check as checking

    try:
        text = checking.read(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    except checking.Rejected as error:
        _fail(f"{file}: {error}")
    except OSError as error:
        _fail(f"{file}: cannot be read: {error.strerror or error}")
    _answer(lambda where: checking.check(where, text, as_of), plain.check, format, store)


@app.command(
    epilog="Example: s230 scenario --who private --law state-ip --conduct publishing --on 2022-01-01 --where ca9"
)
def scenario(
    who: Annotated[str, typer.Option(help="Who goes to court: private, federal-prosecutor, state-prosecutor, …")],
    law: Annotated[str, typer.Option(help='A kind of law (state-tort, trafficking-suit, …) or "18 U.S.C. § 1595".')],
    conduct: Annotated[str, typer.Option(help="What the service did: publishing, design, recommending, removing, …")],
    on: Annotated[str, typer.Option(help="The day, YYYY-MM-DD or today.")] = "today",
    where: Annotated[str, typer.Option(help="The court whose decisions bind, such as ca9.")] = "",
    format: Format = "text",
    store: WhichStore = None,
) -> None:
    """Which provisions decide a situation, in order, and what courts asked and held."""
    from api import plain
    from graph import scenario as situations

    _answer(lambda graph: situations.scenario(graph, who, law, conduct, on, where), plain.scenario, format, store)


@app.command(epilog='Example: s230 simulate "H.R. 6746 (119th Cong.)" --on today')
def simulate(
    bill: Annotated[list[str], typer.Argument(help="Bills, each with its Congress, in the order to apply them.")],
    on: Annotated[str, typer.Option(help="Applied to the text of this day, YYYY-MM-DD or today.")] = "today",
    format: Format = "text",
    store: WhichStore = None,
) -> None:
    """Bills applied to the text in force: what the section would be."""
    from api import plain
    from graph import simulation

    _answer(lambda graph: simulation.simulate(graph, bill, on), plain.simulate, format, store)


def _answer(ask: Any, write: Any, format: str, store: str | None, writers: dict[str, Any] | None = None) -> None:
    known = {"text": write, **(writers or {})}
    if format not in (*known, "json"):
        _fail(f"--format {format} is not known; it is one of: {', '.join((*known, 'json'))}")
    with _one_line():
        answer = ask(_store(store))
        print(json.dumps(answer, indent=2, ensure_ascii=False) if format == "json" else known[format](answer))
    raise typer.Exit(0 if answer["status"] == "ok" else 1)


# --- pictures, dumps, checks -----------------------------------------------------------------------------------------


@app.command(epilog='Example: s230 view --focus "47 U.S.C. § 230(e)(5)" --depth 2 --out fosta.html')
def view(
    out: Annotated[Path, typer.Option(help="The HTML file to write.")],
    focus: Annotated[str | None, typer.Option(help="A citation or an IRI to begin from.")] = None,
    depth: Annotated[int, typer.Option(min=1, max=4, help="Steps from the focus.")] = 1,
    from_: Annotated[str | None, typer.Option("--from", help="Only what held on or after this day.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Only what held on or before this day.")] = None,
    store: WhichStore = None,
) -> None:
    """A picture of the graph as one HTML file that needs nothing else."""
    from api import picture

    with _one_line(out):
        page = picture.single_file(_store(store), focus, depth, from_, to)
        out.write_text(page, encoding="utf-8")
    _say(f"wrote {out} ({len(page.encode()) // 1024} kB)")


@app.command(epilog="Example: s230 export --format ttl --out section230.ttl")
def export(
    format: Annotated[str, typer.Option(help="nq, ttl, jsonld, graphml or csv (a folder).")],
    out: Annotated[Path, typer.Option(help="The file (for csv: the folder) to write.")],
    store: WhichStore = None,
) -> None:
    """Dump the graph."""
    from graph import dumps

    if format not in dumps.FORMATS:
        _fail(f"--format {format} is not known; it is one of: {', '.join(dumps.FORMATS)}")
    with _one_line(out):
        written = dumps.export(_store(store), format, out)
    _say(f"wrote {written}")


@app.command(epilog="Example: s230 publish --to http://127.0.0.1:7878")
def publish(
    to: Annotated[str, typer.Option(help="The address of a SPARQL 1.1 server, user:password@ in it if it wants them.")],
    store: WhichStore = None,
) -> None:
    """Bring the release to a SPARQL 1.1 server, graph by graph; goes on where an earlier run stopped."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn

    from graph import publication
    from graph.protocol import Server
    from graph.store import Embedded, is_address

    settings = _settings()
    where = _where(settings, store)
    if is_address(where):
        _fail("publish brings a release on this machine; give its folder with --store")
    if not is_address(to):
        _fail("--to is the address of a server: http://… or https://…")
    console = Console(stderr=True)
    bar = Progress(BarColumn(), TaskProgressColumn(), console=console, transient=True, disable=not console.is_terminal)
    with _one_line(), bar:
        task = bar.add_task("triples")

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        server = Server(to, settings.credentials, timeout=publication.TIMEOUT)
        done = publication.publish(Embedded(Path(where)), server, progress)
    _say(f"{done.graphs:,} graphs with {done.triples:,} triples are at {server.address}; {done.sent:,} were sent now")


@app.command(epilog="Example: s230 validate")
def validate(store: WhichStore = None) -> None:
    """Check the merged graph against its shapes; exit status 1 when something does not conform."""
    from graph import dumps

    with _one_line():
        conforms, report = dumps.conformance(_store(store))
    print(report)
    raise typer.Exit(0 if conforms else 1)


@app.command(epilog="Example: s230 tables --source ../shared/corpus/section230-bills")
def tables(
    source: Annotated[
        list[Path] | None, typer.Option(help="Official records of bills and roll calls; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the CSV files [default: data/tables].")] = None,
) -> None:
    """Write data/tables/*.csv from official records, so that the default graph needs no download."""
    from data import ROOT
    from ingest import selection

    found = selection.write_tables(source or _settings().source_paths(), out or ROOT / "tables")
    _say(", ".join(f"{count} {name}" for name, count in found.items()))


# --- what the commands share -----------------------------------------------------------------------------------------


def _settings() -> Settings:
    from pydantic import ValidationError

    from api.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        _fail(f"setting S230_{str(first['loc'][0]).upper()}: {first['msg']}")


def _where(settings: Settings, store: str | None) -> str | Path:
    """The store that is asked: the one given, else ``S230_STORE``, else the newest release, built first if need be."""
    from graph import release

    named = store or settings.store
    if named:
        return named
    try:
        release.current(settings.releases)
    except release.NoRelease:
        _say("no release yet: building the default one")
        _build(settings.source_paths(), settings.releases)
    return settings.releases


def _store(store: str | None) -> Store:
    from graph.store import connect

    settings = _settings()
    return connect(_where(settings, store), settings.credentials)


@contextmanager
def _one_line(out: Path | None = None) -> Iterator[None]:
    """What is wrong with the question, the store or the file to write is said in one line, with exit status 2."""
    from graph.answers import Malformed
    from graph.queries import BadQuery
    from graph.release import NoRelease
    from graph.store import StoreError

    try:
        yield
    except (Malformed, BadQuery, NoRelease, StoreError) as error:
        _fail(" ".join(str(error).split()))
    except BrokenPipeError:
        raise
    except OSError as error:
        _fail(f"{error.filename or out or 'the store'}: cannot be read or written: {error.strerror or error}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _fail(line: str) -> NoReturn:
    _say(f"s230: {line}")
    raise typer.Exit(2)


def main() -> None:
    """Run the command line; what goes wrong says so in one line."""
    try:
        app(prog_name="s230")
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
