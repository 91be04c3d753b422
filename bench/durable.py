"""What durable delivery costs: the same job with --state against without it, for each kind of sink."""

import pathlib
import shutil

import databases
import measure
from corpus import Corpora

TARGET = 0.80
KEPT = '| where level in ("WARN","ERROR")'


class Durable:
    def __init__(self, launcher, corpora: Corpora, weir: pathlib.Path, options):
        self.launcher = launcher
        self.corpora = corpora
        self.weir = weir
        self.out = options.out_dir / "durable"
        self.state = options.out_dir / "durable-state"
        self.pairs = options.pairs
        self.attempts = options.attempts

    def run(self, where: str, to: str, *options) -> measure.Effort:
        """One lane; each run begins without output and state."""
        for directory in (self.out, self.state):
            shutil.rmtree(directory, ignore_errors=True)
        self.out.mkdir()
        pipeline = f"from {self.corpora.plain('append').path} | json {where} | to {to}"
        command = measure.pinned("0", self.weir, pipeline, "--quiet", "--lanes", "1", *options)
        return measure.Effort.of(self.launcher.run(command))

    def cost(self, to: str, where: str = "", before=lambda: None) -> dict:
        """`before` clears what lies elsewhere."""
        def run(*options):
            before()
            return self.run(where, to, *options)

        run()
        result = measure.compare(run, lambda: run("--state", self.state), self.pairs, self.attempts)
        corpus = self.corpora.plain("append")
        return result.summary(corpus.bytes, corpus.lines, TARGET)

    def file(self, name: str, where: str = "") -> dict:
        return self.cost(f'"{self.out / name}"', where)

    def postgres(self) -> dict:
        with databases.own_server() as url:
            return self.cost(f'"{url}?table=weir"', before=lambda: databases.sql(url, "drop table if exists weir"))

    def cases(self) -> dict:
        return {
            "durable-tenth": lambda: self.file("out.ndjson", KEPT),
            "durable-all": lambda: self.file("out.ndjson"),
            "durable-gzip": lambda: self.file("out.ndjson.gz"),
            "durable-csv": lambda: self.file("out.csv"),
            "durable-templated": lambda: self.file("{service}.ndjson"),
            "durable-sqlite": lambda: self.cost(f"sqlite:{self.out}/out.db?table=t"),
            "durable-postgres": self.postgres,
        }
