"""Sinks that are databases, against what loads the same rows by hand with commits at the same points."""

import pathlib
import sqlite3

import measure
from corpus import Corpora

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

    def cases(self) -> dict:
        return {"sqlite": self.sqlite}


def contents(database: pathlib.Path) -> int:
    """A hash of all rows in their order."""
    seen = 0
    with sqlite3.connect(database) as connection:
        for row in connection.execute("select * from t order by rowid"):
            seen = hash((seen, row))
    return seen
