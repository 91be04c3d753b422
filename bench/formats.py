"""Formats that are not JSON: weir against hand-written loops, against each other, and against strict JSON."""

import filecmp
import json
import pathlib
import subprocess

import measure
from corpus import Corpora, Corpus

CLF_TARGET = 0.80
REGEX_TARGET = 0.85
GROK_TARGET = 0.90
JSON_TARGET = 1 / 3
AUTO_TARGET = 0.95
PATTERN = (
    r"^(?<host>\S+) (?<ident>\S+) (?<user>\S+) \[(?<time>[^\]]+)\] \"(?<method>\S+) (?<path>\S+) "
    r"(?<protocol>[^\"]+)\" (?<status>\d+) (?<bytes>\d+) \"(?<referer>[^\"]*)\" \"(?<agent>[^\"]*)\"$"
)
KEEP = {
    "clf": "where status >= 400",
    "grok": "where http.response.status_code >= 400",
    "logfmt": 'where level = "ERROR"',
    "syslog": "where @level >= error",
    "csv": 'where level = "ERROR"',
}


def quoted(pattern: str) -> str:
    return "'" + pattern.replace("\\", "\\\\").replace("\\\\\"", '"') + "'"


class Formats:
    def __init__(self, launcher, corpora: Corpora, programs: pathlib.Path, weir: pathlib.Path, options):
        self.launcher = launcher
        self.corpora = corpora
        self.format_loop = programs / "format_loop"
        self.bare_loop = programs / "bare_loop"
        self.weir = weir
        self.out = options.out_dir
        self.pairs = options.pairs
        self.attempts = options.attempts

    def cases(self) -> dict:
        json_cases = {
            f"format-{name}": lambda name=name: self.against_json(name) for name in ("logfmt", "syslog", "csv")
        }
        auto_cases = {
            f"format-auto-{name}": lambda name=name: self.auto(name) for name in ("clf", "logfmt", "syslog")
        }
        return {
            "format-clf": lambda: self.against_loop("clf", "clf", CLF_TARGET),
            "format-regex": lambda: self.against_loop("regex", f"regex {quoted(PATTERN)}", REGEX_TARGET),
            "format-grok": self.grok,
        } | json_cases | auto_cases

    def weir_command(self, corpus: Corpus, parser: str, keep: str, name: str = "weir") -> list[str]:
        pipeline = f"from {corpus.path} | {parser} | {keep} | to {self.out / name}.ndjson"
        return measure.pinned("0", self.weir, pipeline, "--quiet", "--lanes", "1")

    def run(self, command) -> measure.Effort:
        return measure.Effort.of(self.launcher.run(command))

    def compare(self, yardstick, weir, corpus: Corpus, target: float) -> dict:
        result = measure.compare(lambda: self.run(yardstick), lambda: self.run(weir), self.pairs, self.attempts)
        return result.summary(corpus.bytes, corpus.lines, target)

    def against_loop(self, mode: str, parser: str, target: float) -> dict:
        corpus = self.corpus("access")
        loop = measure.pinned("0", self.format_loop, mode, corpus.path, self.out / "loop.ndjson")
        weir = self.weir_command(corpus, parser, KEEP["clf"])
        self.expect_same(loop, "loop", weir, "weir")
        return self.compare(loop, weir, corpus, target)

    def expect_same(self, yardstick, yardstick_name: str, weir, name: str) -> None:
        self.launcher.run(yardstick)
        self.launcher.run(weir)
        expected, got = self.out / f"{yardstick_name}.ndjson", self.out / f"{name}.ndjson"
        if not filecmp.cmp(expected, got, shallow=False):
            raise SystemExit(f"{got} differs from {expected}")

    def grok(self) -> dict:
        """Grok against the pattern of `format-regex` in weir."""
        corpus = self.corpus("access")
        by_hand = self.weir_command(corpus, f"regex {quoted(PATTERN)}", KEEP["clf"])
        grok = self.weir_command(corpus, 'grok "%{HTTPD_COMBINEDLOG}"', KEEP["grok"], "grok")
        return self.compare(by_hand, grok, corpus, GROK_TARGET)

    def auto(self, name: str) -> dict:
        """The format recognised against the format named."""
        corpus = self.corpus("access" if name == "clf" else name)
        named = self.weir_command(corpus, name, KEEP[name])
        auto = self.weir_command(corpus, "auto", KEEP[name], "auto")
        self.expect_same(named, "weir", auto, "auto")
        return self.compare(named, auto, corpus, AUTO_TARGET)

    def against_json(self, name: str) -> dict:
        """Bytes a second against the strict loop over JSON: the aim is a ratio of speeds."""
        corpus, plain = self.corpus(name), self.corpora.plain("append")
        loop = measure.pinned("0", self.bare_loop, "strict", "append", plain.path, self.out / "loop.ndjson")
        weir = self.weir_command(corpus, name, KEEP[name])
        scale = corpus.bytes / plain.bytes

        def yardstick() -> measure.Effort:
            took = self.run(loop)
            return measure.Effort(took.seconds * scale, took.cpu_seconds * scale, took.peak_bytes)

        result = measure.compare(yardstick, lambda: self.run(weir), self.pairs, self.attempts)
        return result.summary(corpus.bytes, corpus.lines, JSON_TARGET)

    def corpus(self, name: str) -> Corpus:
        path = self.out / f"{self.corpora.lines}.{name}"
        if not path.exists():
            print(f"making {path}", flush=True)
            self.make(name, path)
        return Corpus(path, self.corpora.lines, path.stat().st_size)

    def make(self, name: str, path: pathlib.Path) -> None:
        unfinished = path.with_name(path.name + ".part")
        lines = self.corpora.lines
        if name == "access":
            self.pipe(f"from generate {lines} shape=nginx seed=1 | to {unfinished} format=text")
        elif name == "csv":
            self.pipe(f"from {self.corpora.plain('append').path} | json | to {unfinished} format=csv")
        else:
            write = {"logfmt": as_logfmt, "syslog": as_syslog}[name]
            with open(self.corpora.plain("append").path, "rb") as records, open(unfinished, "w") as out:
                out.writelines(write(json.loads(line)) for line in records)
        unfinished.rename(path)

    def pipe(self, pipeline: str) -> None:
        subprocess.run([self.weir, pipeline, "--quiet"], check=True)


def as_logfmt(record: dict) -> str:
    def written(value) -> str:
        text = value if isinstance(value, str) else json.dumps(value)
        return json.dumps(text) if " " in text or '"' in text or "=" in text else text

    return " ".join(f"{key}={written(value)}" for key, value in record.items()) + "\n"


def as_syslog(record: dict) -> str:
    priority = 128 + {"ERROR": 3, "WARN": 4, "INFO": 6}.get(record.get("level"), 7)
    fields = " ".join(f'{key}="{value}"' for key, value in record.items() if isinstance(value, int))
    return f'<{priority}>1 {record["time"]} web-1 gateway 17 req [http@32473 {fields}] {record["msg"]}\n'
