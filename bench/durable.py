"""What durable delivery costs: the same job with --state against without it."""

import pathlib
import shutil

import measure
from corpus import Corpora

TARGET = 0.80


class Durable:
    def __init__(self, launcher, corpora: Corpora, weir: pathlib.Path, options):
        self.launcher = launcher
        self.corpora = corpora
        self.weir = weir
        self.out = options.out_dir / "durable.ndjson"
        self.state = options.out_dir / "durable-state"
        self.pairs = options.pairs
        self.attempts = options.attempts

    def run(self, where: str, *options) -> measure.Effort:
        """One lane; each run begins without output and state."""
        self.out.unlink(missing_ok=True)
        shutil.rmtree(self.state, ignore_errors=True)
        pipeline = f"from {self.corpora.plain('append').path} | json {where} | to {self.out}"
        command = measure.pinned("0", self.weir, pipeline, "--quiet", "--lanes", "1", *options)
        return measure.Effort.of(self.launcher.run(command))

    def cost(self, where: str) -> dict:
        self.run(where)
        result = measure.compare(
            lambda: self.run(where),
            lambda: self.run(where, "--state", self.state),
            self.pairs,
            self.attempts,
        )
        corpus = self.corpora.plain("append")
        return result.summary(corpus.bytes, corpus.lines, TARGET)

    def cases(self) -> dict:
        return {
            "durable-tenth": lambda: self.cost('| where level in ("WARN","ERROR")'),
            "durable-all": lambda: self.cost(""),
        }
