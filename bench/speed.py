"""Throughput: weir against the bare loop on the same job, as docs and SEMANTICS "Measuring" have it."""

import filecmp
import json
import pathlib

import measure
from corpus import Corpora, Corpus

LANE_TARGET = 0.85
LANES_TARGET = 0.90
GZIP_TARGET = 0.85


class Speed:
    def __init__(self, launcher, corpora: Corpora, programs: pathlib.Path, weir: pathlib.Path, options):
        self.launcher = launcher
        self.corpora = corpora
        self.bare_loop = programs / "bare_loop"
        self.weir = weir
        self.out = options.out_dir
        self.pairs = options.pairs
        self.attempts = options.attempts

    def weir_command(self, cores: str, corpus: Corpus, mode: str, *options) -> list[str]:
        parser = "json trust=true" if mode == "trust" else "json"
        pipeline = (
            f'from {corpus.path} | {parser} | where level in ("WARN","ERROR")'
            f' | set host = "h1", env = "prod" | batch 1000 2s | to {self.out / "weir.ndjson"}'
        )
        report = ["--quiet", "--report", self.out / "report.json"]
        return measure.pinned(cores, self.weir, pipeline, *report, *options)

    def loop_command(self, core: str, corpus: Corpus, mode: str, fields: str, part: int | None = None):
        where = [self.out / "loop.ndjson"] if part is None else [self.out / f"loop{part}.ndjson", f"{part}/2"]
        return measure.pinned(core, self.bare_loop, mode, fields, corpus.path, *where)

    def run(self, *commands) -> measure.Effort:
        return measure.Effort.of(self.launcher.run(*commands))

    def verify(self, loops: list, loop_outputs: list[str], weir: list, corpus: Corpus) -> None:
        """Both sides must have done the same job, to the byte. Brings the files into the page cache."""
        self.launcher.run(*loops)
        self.launcher.run(weir)
        expected = self.out / "expected.ndjson"
        with open(expected, "wb") as whole:
            for name in loop_outputs:
                whole.write((self.out / name).read_bytes())
        if not filecmp.cmp(expected, self.out / "weir.ndjson", shallow=False):
            raise SystemExit(f"{self.out}/weir.ndjson differs from {expected}")
        report = json.loads((self.out / "report.json").read_text())
        if report["in"] != corpus.lines or not report["complete"]:
            raise SystemExit(f"the report does not tell of {corpus.lines} records: {report}")

    def one_lane(self, mode: str, fields: str) -> dict:
        corpus = self.corpora.plain(fields)
        loop = self.loop_command("0", corpus, mode, fields)
        weir = self.weir_command("0", corpus, mode, "--lanes", "1")
        self.verify([loop], ["loop.ndjson"], weir, corpus)
        result = measure.compare(
            lambda: self.run(loop), lambda: self.run(weir), self.pairs, self.attempts
        )
        return result.summary(corpus.bytes, corpus.lines, LANE_TARGET)

    def two_lanes(self, mode: str) -> dict:
        corpus = self.corpora.plain("append")
        loops = [self.loop_command(str(n), corpus, mode, "append", part=n) for n in (0, 1)]
        weir = self.weir_command("0,1", corpus, mode, "--lanes", "2")
        self.verify(loops, ["loop0.ndjson", "loop1.ndjson"], weir, corpus)
        result = measure.compare(
            lambda: self.run(*loops), lambda: self.run(weir), self.pairs, self.attempts
        )
        return result.summary(corpus.bytes, corpus.lines, LANES_TARGET)

    def gzip(self, mode: str, members: bool = False) -> dict:
        """Against the bound of two cores: inflating alone on one, or both busy all the time."""
        stored = self.corpora.members() if members else self.corpora.gzipped()
        inflated = self.corpora.plain("append")
        inflate = measure.pinned("0", self.bare_loop, "inflate", stored.path)
        loop = self.loop_command("0", inflated, mode, "append")
        weir = self.weir_command("0,1", stored, mode, "--lanes", "2")
        self.verify([loop], ["loop.ndjson"], weir, stored)
        self.launcher.run(inflate)

        def bound() -> measure.Effort:
            i, b = self.run(inflate), self.run(loop)
            return measure.Effort(max(i.seconds, (i.seconds + b.seconds) / 2), i.cpu_seconds + b.cpu_seconds)

        result = measure.compare(bound, lambda: self.run(weir), self.pairs, self.attempts)
        return result.summary(stored.bytes, stored.lines, GZIP_TARGET)

    def cases(self) -> dict:
        lanes = {
            f"lane-{mode}-{fields}": lambda mode=mode, fields=fields: self.one_lane(mode, fields)
            for mode in ("strict", "trust")
            for fields in ("append", "replace")
        }
        more = {}
        for mode in ("strict", "trust"):
            more[f"lanes-{mode}"] = lambda mode=mode: self.two_lanes(mode)
            more[f"gzip-{mode}"] = lambda mode=mode: self.gzip(mode)
        more["gzip-members-strict"] = lambda: self.gzip("strict", members=True)
        return lanes | more
