"""Objects and files behind HTTP: weir against curl, and against curl before the bare loop, on the same server."""

import contextlib
import dataclasses
import json
import pathlib
import shlex
import statistics
import sys

import measure
import object_servers
from corpus import Corpora, Corpus

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/servers"))
import fake_s3  # noqa: E402

TARGET = 0.90
GZIP_TARGET = 0.85
AT_A_TIME = 8
FAR_MS = 20
SMALL_BYTES = 100_000
SMALL_MOST = 20_000
MIB = 1024 * 1024
CEILING_MIB = 64
PREFETCH_MIB = 32  # the sources' default
MAIN_JOB = 'json | where level in ("WARN","ERROR") | set host = "h1", env = "prod" | batch 1000 2s'


@dataclasses.dataclass
class Job:
    """The same work by hand and through weir. `bare`: a shell's command line."""

    bare: str
    weir: list
    bytes: int
    lines: int


class Cloud:
    def __init__(self, launcher, corpora: Corpora, programs: pathlib.Path, weir: pathlib.Path, options):
        self.launcher = launcher
        self.corpora = corpora
        self.bare_loop = programs / "bare_loop"
        self.weir = weir
        self.dir = options.dir / "cloud"
        self.out = options.out_dir
        self.pairs = options.pairs
        self.attempts = options.attempts
        self.listed_keys = 1_000_000 if options.quick else 10_000_000

    # ---- what is read ----

    def big(self, bucket, corpus: Corpus) -> str:
        key = f"big/{corpus.path.name}"
        if not bucket.has(key):
            print(f"putting {key}", flush=True)
            bucket.put_file(key, corpus.path)
        return key

    def small(self, bucket) -> tuple[list[str], int, int]:
        """The keys of many small objects, their bytes and lines. What they hold is the corpus."""
        corpus = self.corpora.plain("append")
        sizes = [(len(piece), piece.count(b"\n")) for piece in pieces(corpus.path)]
        keys = [f"small-{corpus.lines}/{number:06}" for number in range(len(sizes))]
        if not bucket.has(keys[-1]):
            print(f"putting {len(keys)} objects", flush=True)
            bucket.put_all(zip(keys, pieces(corpus.path)))
        return keys, sum(size for size, _ in sizes), sum(lines for _, lines in sizes)

    # ---- the two sides ----

    def loop_to(self, name: str) -> str:
        return f"{self.bare_loop} strict append /dev/stdin {self.out / name}"

    def weir_command(self, bucket, address: str, rest: str, endpoint: str | None = None) -> list:
        environment = bucket.environment | {"AWS_CONFIG_FILE": "/dev/null"}
        if endpoint:
            environment["AWS_ENDPOINT_URL"] = endpoint
        settings = [f"{name}={value}" for name, value in environment.items()]
        pipeline = f"from s3://{object_servers.BUCKET}/{address} | {rest}"
        return ["env", *settings, *self.reading(pipeline)]

    def reading(self, pipeline: str) -> list:
        return [str(self.weir), pipeline, "--quiet", "--report", str(self.out / "report.json")]

    def run(self, command) -> measure.Effort:
        return measure.Effort.of(self.launcher.run(command if isinstance(command, list) else shell(command)))

    def compare(self, job: Job, server, target: float, bound=None) -> dict:
        """Both sides must have read everything. `bound` takes the place of the bare side's effort."""
        used = {"yardstick": [], "weir": []}

        def watched(side, run):
            before = object_servers.cpu_seconds(server)
            effort = run()
            used[side].append(object_servers.cpu_seconds(server) - before)
            return effort

        bound = bound or (lambda: self.run(job.bare))
        bound()
        self.run(job.weir)
        self.verify(job)
        result = measure.compare(
            lambda: watched("yardstick", bound),
            lambda: watched("weir", lambda: self.run(job.weir)),
            self.pairs,
            self.attempts,
        )
        summary = result.summary(job.bytes, job.lines, target)
        return summary | {f"{side}_server_cpu": statistics.median(all) for side, all in used.items()}

    def verify(self, job: Job) -> None:
        report = json.loads((self.out / "report.json").read_text())
        if report["in"] != job.lines or report["bytes_in"] != job.bytes or not report["complete"]:
            raise SystemExit(f"the report does not tell of {job.lines} records in {job.bytes} bytes: {report}")

    def same_output(self) -> None:
        if (self.out / "loop.ndjson").read_bytes() != (self.out / "weir.ndjson").read_bytes():
            raise SystemExit(f"{self.out}/weir.ndjson differs from {self.out}/loop.ndjson")

    # ---- cases ----

    def one_object(self, to_json: bool) -> dict:
        corpus = self.corpora.plain("append")
        with self.bucket() as bucket:
            key = self.big(bucket, corpus)
            rest = f"{MAIN_JOB} | to {self.out / 'weir.ndjson'}" if to_json else "to null"
            fetch = f"curl -sf {shlex.quote(bucket.url(key))}"
            bare = f"{fetch} | {self.loop_to('loop.ndjson')}" if to_json else f"{fetch} -o /dev/null"
            job = Job(bare, self.weir_command(bucket, key, rest), corpus.bytes, corpus.lines)
            result = self.compare(job, bucket.server, TARGET)
            if to_json:
                self.same_output()
            return result

    def gzipped_object(self) -> dict:
        """Against the bound of the main job, with curl before the inflating."""
        stored, inflated = self.corpora.gzipped(), self.corpora.plain("append")
        with self.bucket() as bucket:
            key = self.big(bucket, stored)
            inflate = f"curl -sf {shlex.quote(bucket.url(key))} | {self.bare_loop} inflate /dev/stdin"
            loop = f"{self.bare_loop} strict append {inflated.path} {self.out / 'loop.ndjson'}"

            def bound() -> measure.Effort:
                i, b = self.run(inflate), self.run(loop)
                return measure.Effort(max(i.seconds, (i.seconds + b.seconds) / 2), i.cpu_seconds + b.cpu_seconds)

            weir = self.weir_command(bucket, key, f"{MAIN_JOB} | to {self.out / 'weir.ndjson'}")
            result = self.compare(Job(inflate, weir, stored.bytes, stored.lines), bucket.server, GZIP_TARGET, bound)
            self.same_output()
            return result

    def many_objects(self, to_json: bool, far: bool) -> dict:
        with self.bucket() as bucket, contextlib.ExitStack() as more:
            keys, size, lines = self.small(bucket)
            port = more.enter_context(object_servers.far_away(bucket.server.port, FAR_MS))[0] if far else None
            rest = f"{MAIN_JOB} | to {self.out / 'weir.ndjson'}" if to_json else "to null"
            endpoint = f"http://127.0.0.1:{port}" if far else None
            address = keys[0].partition("/")[0] + "/"
            listed = self.out / "urls"
            fetched = f"curl -sf --parallel --parallel-immediate --parallel-max {AT_A_TIME} -K {listed}"
            bare = f"{fetched} | {self.loop_to('loop.ndjson')}" if to_json else fetched
            listed.write_text("".join(
                f'url = "{bucket.url(key, port)}"\n' + ("" if to_json else 'output = "/dev/null"\n') for key in keys
            ))
            reading = f'"{address}" merge={AT_A_TIME}'.replace('"', "")
            job = Job(bare, self.weir_command(bucket, reading, rest, endpoint), size, lines)
            return self.compare(job, bucket.server, TARGET)

    def web_file(self, secure: bool) -> dict:
        corpus = self.corpora.plain("append")
        with object_servers.web_server(corpus.path.parent) as (server, plain, tls, trusted):
            url = f"{tls if secure else plain}/{corpus.path.name}"
            ca = f" ca={trusted}" if secure else ""
            bare = f"curl -sf --cacert {trusted} {url} -o /dev/null"
            job = Job(bare, self.reading(f"from {url}{ca} | to null"), corpus.bytes, corpus.lines)
            return self.compare(job, server, TARGET)

    def memory(self) -> dict:
        """Whatever the object's size, the number of objects and the length of the listing."""
        peaks = {}
        corpus = self.corpora.plain("append")
        with self.bucket() as bucket:
            key = self.big(bucket, corpus)
            keys = self.small(bucket)[0]
            for name, address in {
                f"an object of {corpus.bytes / 1e9:.1f} GB": key,
                "100 objects": keys[0][:-2] + "*",
                f"{len(keys)} objects": keys[0].partition("/")[0] + "/",
            }.items():
                command = self.weir_command(bucket, address, f"{MAIN_JOB} | to {self.out / 'weir.ndjson'}")
                peaks[name] = self.run(command).peak_bytes / MIB
        for count in (self.listed_keys // 100, self.listed_keys):
            peaks[f"a listing of {count} keys"] = self.listing_peak(count)
        limit = CEILING_MIB + PREFETCH_MIB
        return {"peak_mib": peaks, "limit_mib": limit, "spread": max(peaks.values()) / min(peaks.values()) - 1,
                "met": max(peaks.values()) <= limit}

    def listing_peak(self, count: int) -> float:
        server = fake_s3.FakeS3()

        def page(prefix, after):
            first = int(after or -1) + 1
            return [f"{i:08}" for i in range(first, min(first + server.page_keys + 1, count))]

        server.listed_keys = page
        settings = [f"{name}={value}" for name, value in server.environment.items()]
        command = ["env", "AWS_CONFIG_FILE=/dev/null", *settings, str(self.weir), "ls", f"s3://{server.bucket}/**"]
        peak = self.run(command).peak_bytes / MIB
        if len(server.requests) < count // server.page_keys:
            raise SystemExit(f"{len(server.requests)} pages are not a listing of {count} keys")
        return peak

    def bucket(self):
        return object_servers.bucket(self.dir)

    def cases(self) -> dict:
        return {
            "cloud-null": lambda: self.one_object(to_json=False),
            "cloud-json": lambda: self.one_object(to_json=True),
            "cloud-gzip": self.gzipped_object,
            "cloud-many-null": lambda: self.many_objects(to_json=False, far=False),
            "cloud-many-json": lambda: self.many_objects(to_json=True, far=False),
            "cloud-many-far-null": lambda: self.many_objects(to_json=False, far=True),
            "cloud-many-far-json": lambda: self.many_objects(to_json=True, far=True),
            "cloud-http": lambda: self.web_file(secure=False),
            "cloud-https": lambda: self.web_file(secure=True),
            "cloud-memory": self.memory,
        }


def shell(line: str) -> list:
    return ["bash", "-c", f"set -o pipefail; {line}"]


def pieces(path: pathlib.Path):
    """The file as objects of SMALL_BYTES, cut at line ends, SMALL_MOST of them at the most."""
    with open(path, "rb") as lines:
        for _ in range(SMALL_MOST):
            piece = lines.read(SMALL_BYTES) + lines.readline()
            if not piece:
                return
            yield piece
