#!/usr/bin/env python3
"""Compares Regesta with sqlite3 and DuckDB on one generated base, and writes the table into docs/performance.md.

    python3 benches/compare/compare.py --duckdb PROGRAM [--records 10000 --records 1000000]

See benches/compare/README.md.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from engines import DuckDb, Engine, Regesta, Sqlite
from measure import Runs, interleaved, memory
from questions import questions

CRATE = Path(__file__).resolve().parents[2]
PAGE = CRATE / "docs" / "performance.md"
MARK = "<!-- measured: {} -->"
KINDS = ("time that passes", "time of the processors")
# Questions of which most is the start of the program.
NEARLY_A_START = ("a record by its identifier", "treaties of a rare party before 1925")


def main() -> None:
    arguments = read_arguments()
    if not arguments.regesta:
        subprocess.run(["cargo", "build", "--release", "--bin", "regesta"], cwd=CRATE, check=True)
        arguments.regesta = CRATE / "target" / "release" / "regesta"
    if not arguments.static:
        arguments.static = linked_statically()
    # Stores are made where nothing is synced: what a disk takes is left out for all. They are asked where files usually
    # lie, and the system keeps them in memory: mapping a file costs more on a file system that is memory.
    with (
        tempfile.TemporaryDirectory(prefix="regesta-compare-", dir=arguments.work) as work,
        tempfile.TemporaryDirectory(prefix="regesta-compare-", dir=arguments.stores) as place,
    ):
        generate = Path(work) / "generate"
        source = CRATE / "benches" / "generate.rs"
        subprocess.run(["rustc", "--edition", "2024", "-O", source, "-o", generate], check=True)
        tables = []
        for records in arguments.records:
            folder = Path(work) / str(records)
            subprocess.run([generate, str(records), folder, "20", "csv"], check=True)
            tables.append(measured(arguments, records, folder, Path(place)))
            shutil.rmtree(folder)
    text = "\n\n".join([machine(arguments), *tables])
    print(text)
    if not arguments.dry:
        put(text)


def linked_statically() -> Path:
    """Builds the program so that the system has no libraries to load when it starts."""
    subprocess.run(["cargo", "static"], cwd=CRATE, check=True)
    version = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    host = re.search(r"host: (.*)", version)
    return CRATE / "target" / (host.group(1) if host else "") / "release" / "regesta"


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, action="append", help="size of a base; may be given several times")
    parser.add_argument("--regesta", type=Path, help="the program [default: a release build of this crate]")
    parser.add_argument("--static", type=Path, help="the program linked statically [default: `cargo static`]")
    parser.add_argument("--sqlite", default="sqlite3", help="the command line of SQLite")
    parser.add_argument("--duckdb", default="duckdb", help="the command line of DuckDB")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of the questions")
    parser.add_argument("--builds", type=int, default=3, help="rounds of making the stores")
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    parser.add_argument("--work", default=shared, help="where the stores are made [default: in memory]")
    parser.add_argument("--stores", help="where the stores lie when they are asked [default: the usual temporary folder]")
    parser.add_argument("--dry", action="store_true", help="print the tables, and leave the page alone")
    arguments = parser.parse_args()
    arguments.records = arguments.records or [10_000, 1_000_000]
    return arguments


def measured(arguments: argparse.Namespace, records: int, folder: Path, place: Path) -> str:
    """Measures a base of so many records, and returns the table."""
    engines = [
        Regesta("regesta", arguments.regesta, folder / "store.index", folder),
        Sqlite("sqlite3", arguments.sqlite, folder / "store.sqlite", folder),
        DuckDb("duckdb", arguments.duckdb, folder / "store.duckdb", folder),
    ]
    made = stores(engines, arguments.builds)
    sizes = {engine.name: engine.size() / records for engine in engines}
    needed_to_make = {engine.name: rebuilt(engine) / 1e6 for engine in engines}
    for engine in engines:
        engine.move(place)
    asked = questions(shape(folder), holder(folder))
    for question in asked:
        agree(question, engines)
    commands = {
        (question.name, engine.name): engine.ask(question) for question in asked for engine in engines
    }
    static = Regesta("static", arguments.static, engines[0].store, folder)
    linked = {
        ("static", f"{question.name}, `regesta` linked statically"): static.ask(question)
        for question in asked
        if question.name in NEARLY_A_START
    }
    alone = linked | floors(folder, engines[0])
    runs = interleaved(commands | alone, arguments.rounds)
    tables = []
    for kind in (0, 1):
        table = Table(records, KINDS[kind])
        table.add("text to ready store", "s", {name: of_engine.medians()[kind] for name, of_engine in made.items()})
        for question in asked:
            medians = {engine.name: runs[question.name, engine.name].medians()[kind] * 1e3 for engine in engines}
            table.add(question.name, "ms", medians)
        for kind_of, name in alone:
            table.alone(name, "ms", runs[kind_of, name].medians()[kind] * 1e3)
        tables.append(table.text())
    table = Table(records, "what is needed")
    table.add("size of the store, a record", "bytes", sizes)
    needed = {
        engine.name: max(memory(engine.ask(question)) for question in asked) / 1e6 for engine in engines
    }
    table.add("most memory of a question", "MB", needed)
    table.add("peak memory of making the store", "MB", needed_to_make)
    for engine in engines:
        engine.clear()
    text = sum(path.stat().st_size for path in folder.glob("kb/*.kb"))
    table.alone("the text, a record", "bytes", text / records)
    return "\n\n".join([*tables, table.text()])


def rebuilt(engine: Engine) -> int:
    """Makes a store once more from nothing, and returns the peak memory of that."""
    engine.clear()
    return memory(engine.build())


def stores(engines: list[Engine], rounds: int) -> dict[str, Runs]:
    """Makes the store of each engine, several times in turn, each time from nothing."""
    made = {engine.name: Runs() for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            engine.clear()
            runs = interleaved({engine.name: engine.build()}, 1)[engine.name]
            made[engine.name].wall += runs.wall
            made[engine.name].processor += runs.processor
    return made


def shape(folder: Path) -> dict[str, int]:
    """Counts the records of each relation, from the tables."""
    counted = {}
    for name, plural in [("polity", "polities"), ("person", "persons"), ("treaty", "treaties"), ("event", "events")]:
        with open(folder / "csv" / f"{name}.csv", "rb") as file:
            counted[plural] = sum(1 for _ in file) - 1
    return counted


def holder(folder: Path) -> str:
    """Returns the person of the tenure in the middle of the table."""
    lines = (folder / "csv" / "tenure.csv").read_text().splitlines()
    return lines[len(lines) // 2].partition(",")[0]


def agree(question, engines: list[Engine]) -> None:
    """Ends the program where the engines do not answer alike."""
    counts = {engine.name: engine.counts(question) for engine in engines}
    if len(set(counts.values())) != 1:
        sys.exit(f"the engines do not agree on `{question.name}`: {counts}")
    print(f"{question.name}: {next(iter(counts.values()))}", file=sys.stderr)


def floors(folder: Path, regesta: Engine) -> dict[tuple[str, str], list[str]]:
    """What nothing can be faster than: a process that does nothing, and reading the text."""
    texts = sorted(str(path) for path in folder.glob("kb/*.kb"))
    return {
        ("floor", "an empty process (`true`)"): ["true"],
        ("floor", "`regesta --version`"): [str(regesta.program), "--version"],
        ("floor", "`cat` of the text"): ["cat", *texts],
        ("floor", "`wc -l` of the text"): ["wc", "-l", *texts],
    }


class Table:
    """Lines of figures, one column an engine, with how many times more the better peer needs."""

    def __init__(self, records: int, kind: str) -> None:
        self.lines = [
            f"| {records:_} records: {kind} | | regesta | sqlite3 | duckdb | better peer / regesta |",
            "|---|---|--:|--:|--:|--:|",
        ]

    def add(self, what: str, unit: str, figures: dict[str, float]) -> None:
        own, *peers = figures.values()
        shown = " | ".join(shortened(figure) for figure in figures.values())
        self.lines.append(f"| {what} | {unit} | {shown} | {min(peers) / own:.1f} |")

    def alone(self, what: str, unit: str, figure: float) -> None:
        self.lines.append(f"| *{what}* | {unit} | *{shortened(figure)}* | | | |")

    def text(self) -> str:
        return "\n".join(self.lines)


def shortened(figure: float) -> str:
    """Writes a figure with three digits, or all that stand before its point."""
    digits = max(0, 2 - len(str(int(figure))) + 1) if figure >= 1 else 2
    return f"{figure:.{digits}f}"


def machine(arguments: argparse.Namespace) -> str:
    """Says where and with what it was measured."""
    cores = len(os.sched_getaffinity(0))
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", info)
    named = model.group(1).strip() if model else platform.machine()
    versions = [
        f"sqlite3 {Sqlite('sqlite3', arguments.sqlite, Path('x'), Path('x')).version()}",
        f"DuckDB {DuckDb('duckdb', arguments.duckdb, Path('x'), Path('x')).version()}",
    ]
    load = os.getloadavg()[0]
    return (
        f"Measured on {date.today()}: {cores} cores ({named}), {platform.system()}, {' and '.join(versions)}; medians of "
        f"{arguments.rounds} rounds of questions, in another order each, and {arguments.builds} of stores, all engines in turn; other work on the "
        f"machine (its load at the end was {load:.1f}) hit all of them alike."
    )


def put(text: str) -> None:
    """Puts the tables into the page, between its marks."""
    begin, end = MARK.format("begin"), MARK.format("end")
    page = PAGE.read_text()
    before, _, rest = page.partition(begin)
    _, _, behind = rest.partition(end)
    PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{behind}")


if __name__ == "__main__":
    main()
