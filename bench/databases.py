"""Sinks that are databases, against what loads the same rows by hand with commits at the same points."""

import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import measure
from corpus import Corpora, Corpus

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/servers"))
from with_postgres import Server  # noqa: E402

TARGET = 0.80
GROUP_BYTES = 16 << 20  # as the sinks have it


class Databases:
    def __init__(self, launcher, corpora: Corpora, programs: pathlib.Path, weir: pathlib.Path, options):
        self.launcher = launcher
        self.corpora = corpora
        self.programs = programs
        self.weir = weir
        self.out = options.out_dir
        self.pairs = options.pairs
        self.attempts = options.attempts

    def run(self, command) -> measure.Effort:
        return measure.Effort.of(self.launcher.run(command))

    def sqlite(self) -> dict:
        corpus = self.corpora.plain("append")
        by_hand, by_weir = self.out / "loop.db", self.out / "weir.db"
        loop = measure.pinned("0", self.programs / "sqlite_loop", corpus.path, by_hand, GROUP_BYTES)
        pipeline = f"from {corpus.path} | json | to sqlite:{by_weir}?table=t"
        weir = measure.pinned("0", self.weir, pipeline, "--quiet", "--lanes", "1")

        def load(command, database) -> measure.Effort:
            for path in self.out.glob(database.name + "*"):
                path.unlink()
            return self.run(command)

        load(loop, by_hand), load(weir, by_weir)
        if contents(by_hand) != contents(by_weir):
            raise SystemExit(f"{by_weir} does not hold the rows of {by_hand}")
        result = measure.compare(
            lambda: load(loop, by_hand), lambda: load(weir, by_weir), self.pairs, self.attempts
        )
        return result.summary(corpus.bytes, corpus.lines, TARGET)

    def postgres(self) -> dict:
        """The client and the server share the cores, on both sides of the comparison."""
        corpus = self.corpora.plain("append")
        with own_server() as url:
            script = self.prepare_copies(corpus)
            by_hand = ["psql", url, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script)]
            pipeline = f'from {corpus.path} | json | to "{url}?table=weir"'
            by_weir = [str(self.weir), pipeline, "--quiet", "--lanes", "1"]

            def load(command, table) -> measure.Effort:
                sql(url, f"drop table if exists {table}")
                sql(url, "checkpoint")
                return self.run(command)

            load(by_hand, "hand"), load(by_weir, "weir")
            rows = "select count(*), sum(hashtext((time, path, status, latency_ms, request_id)::text)) from "
            if sql(url, rows + "hand") != sql(url, rows + "weir"):
                raise SystemExit("weir's table does not hold the rows of the one loaded by hand")
            result = measure.compare(
                lambda: load(by_hand, "hand"), lambda: load(by_weir, "weir"), self.pairs, self.attempts
            )
        return result.summary(corpus.bytes, corpus.lines, TARGET)

    def prepare_copies(self, corpus: Corpus) -> pathlib.Path:
        """A psql script that copies files of ready rows, one file a group."""
        directory = self.out / "copies"
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        lines = [POSTGRES_TABLE]
        for number, group in enumerate(groups(corpus.path)):
            part = directory / f"{number}.tsv"
            part.write_text("".join(group))
            lines.append(f"\\copy hand from '{part}'")
        script = directory / "load.sql"
        script.write_text("\n".join(lines) + "\n")
        return script

    def cases(self) -> dict:
        return {"sqlite": self.sqlite, "postgres": self.postgres}


POSTGRES_TABLE = (
    "create table hand (time text, level text, service text, method text, path text, status bigint, latency_ms"
    " double precision, bytes bigint, client text, request_id text, agent text, msg text, _rest jsonb);"
)


@contextlib.contextmanager
def own_server():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-bench-postgres-"))
    server = Server(directory)
    try:
        yield server.url
    finally:
        subprocess.run(server.crash, stdout=subprocess.DEVNULL, cwd="/", check=False)
        shutil.rmtree(directory, ignore_errors=True)


def sql(url: str, statement: str) -> str:
    return subprocess.run(["psql", url, "-Atqc", statement], check=True, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def groups(path: pathlib.Path):
    """The corpus as lines of COPY, which need no escapes, in groups of GROUP_BYTES of JSON."""
    group, size = [], 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            group.append("\t".join(map(str, json.loads(line).values())) + "\t\\N\n")
            size += len(line)
            if size >= GROUP_BYTES:
                yield group
                group, size = [], 0
    if group:
        yield group


def contents(database: pathlib.Path) -> int:
    """A hash of all rows in their order."""
    seen = 0
    with sqlite3.connect(database) as connection:
        for row in connection.execute("select * from t order by rowid"):
            seen = hash((seen, row))
    return seen
