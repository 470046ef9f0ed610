"""Three engines: how each makes its store from text, and how each is asked, a process a question."""

import csv
import io
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from questions import Question

# The tables with the types of their columns that are not text.
TABLES = {
    "polity": "id, name, founded, founded_first integer, founded_last integer",
    "person": "id, name, also, served, born, born_first integer, born_last integer, source, locator",
    "office": "id, name, polity",
    "tenure": "person, office, period, start_first integer, start_last integer, end_first integer, "
    "end_last integer, note",
    "treaty": "id, name, signed, signed_first integer, signed_last integer, kind, source, locator",
    "treaty_party": "treaty, party",
    "event": "id, name, date, date_first integer, date_last integer, led_to",
    "event_participant": "event, participant",
}
# What a person who knows the questions would index.
INDEXES = {
    "polity": ["id"],
    "person": ["id"],
    "office": ["id"],
    "tenure": ["person", "office"],
    "treaty": ["id", "signed_first", "signed_last"],
    "treaty_party": ["treaty, party", "party, treaty"],
    "event": ["id", "led_to"],
    "event_participant": ["event", "participant"],
}


def schema() -> list[str]:
    """Returns the tables as statements of SQL; a column without a type holds text."""
    made = []
    for table, columns in TABLES.items():
        typed = (column if " " in column else f"{column} text" for column in columns.split(", "))
        made.append(f"create table {table} ({', '.join(typed)});")
    return made


def indexes() -> list[str]:
    """Returns the indexes as statements of SQL."""
    return [
        f"create index {table}_{number} on {table} ({columns});"
        for table, all_of_table in INDEXES.items()
        for number, columns in enumerate(all_of_table)
    ]


@dataclass
class Engine:
    """An engine with the place of its program and of its store."""

    name: str
    program: Path
    store: Path
    data: Path
    script: Path = field(init=False)

    def __post_init__(self) -> None:
        self.script = self.store.parent / f"{self.name}.sql"

    def clear(self) -> None:
        """Takes the store away."""
        for path in self.store.parent.glob(f"{self.store.name}*"):
            path.unlink()

    def move(self, folder: Path) -> None:
        """Puts the store into another folder, where it is asked."""
        for path in self.store.parent.glob(f"{self.store.name}*"):
            shutil.copyfile(path, folder / path.name)
            path.unlink()
        self.store = folder / self.store.name

    def size(self) -> int:
        """Returns how many bytes the store has."""
        return sum(path.stat().st_size for path in self.store.parent.glob(f"{self.store.name}*"))

    def version(self) -> str:
        """Returns the version of the program."""
        told = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True)
        number = re.search(r"\d+(\.\d+)+", told.stdout)
        return number.group(0) if number else told.stdout.strip()


class Regesta(Engine):
    """Regesta, from its text."""

    def build(self) -> list[str]:
        return [str(self.program), "--root", str(self.data), "build", "--index", str(self.store)]

    def ask(self, question: Question) -> list[str]:
        return [str(self.program), "query", "--index", str(self.store), "--format", "csv", question.regesta]

    def counts(self, question: Question) -> tuple[int, int]:
        """Returns how much is certain, and how much more is possible."""
        if question.kind != "rows":
            told = self.run(question, "count")
            certain, _, possible = told.strip().partition(" (+")
            return int(certain), int(possible.split()[0]) if possible else 0
        rows = list(csv.DictReader(io.StringIO(self.run(question, "csv"))))
        certain = sum(row["match"] == "certain" for row in rows)
        return certain, len(rows) - certain

    def run(self, question: Question, form: str) -> str:
        arguments = self.ask(question)
        arguments[arguments.index("csv")] = form
        return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout


class Sql(Engine):
    """What is common to the engines that read tables and are asked in SQL."""

    def counts(self, question: Question) -> tuple[int, int]:
        """Returns how much is certain, and how much more is possible."""
        told = subprocess.run(self.ask(question), capture_output=True, text=True, check=True).stdout
        rows = list(csv.reader(io.StringIO(told)))
        if question.kind == "number":
            return int(rows[0][0]), 0
        if question.kind == "numbers":
            return int(float(rows[0][0])), int(float(rows[0][1]))
        if "as certain" not in question.sql:
            return len(rows), 0
        certain = sum(row[-1] in ("1", "true") for row in rows)
        return certain, len(rows) - certain


class Sqlite(Sql):
    """The sqlite3 command line; nothing is synced or kept for a rollback."""

    def build(self) -> list[str]:
        imports = [f".import --skip 1 '{self.data}/csv/{table}.csv' {table}" for table in TABLES]
        unsafe = ["pragma journal_mode = off;", "pragma synchronous = off;", "pragma cache_size = -1000000;"]
        lines = [*unsafe, *schema(), ".mode csv", "begin;", *imports, *indexes(), "commit;", "analyze;"]
        self.script.write_text("\n".join(lines) + "\n")
        return [str(self.program), str(self.store), f".read '{self.script}'"]

    def ask(self, question: Question) -> list[str]:
        return [str(self.program), "-readonly", "-csv", str(self.store), question.sql]


class DuckDb(Sql):
    """The command line of DuckDB."""

    def build(self) -> list[str]:
        copies = [f"copy {table} from '{self.data}/csv/{table}.csv' (header);" for table in TABLES]
        self.script.write_text("\n".join([*schema(), *copies, *indexes(), "checkpoint;"]) + "\n")
        return [str(self.program), str(self.store), "-f", str(self.script)]

    def ask(self, question: Question) -> list[str]:
        return [str(self.program), "-readonly", "-noheader", "-csv", str(self.store), "-c", question.sql]
