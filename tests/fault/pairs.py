"""The pipelines that have to survive everything, and what they leave behind when nothing happens to them."""
import atexit
import bz2
import contextlib
import dataclasses
import functools
import gzip
import lzma
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).parent.parent / "servers"))
import real_servers  # noqa: E402

# Every thirteenth line is none, every seventeenth is blank.
BROKEN = b'{"cut off in the mid\n'

STORED_AS = {".gz": lambda content: gzip.compress(content, 1), ".bz2": bz2.compress,
             ".xz": lambda content: lzma.compress(content, preset=0)}


def write_lines(weir, path, lines):
    """A log of a gateway as `generate` makes it, with some faults. For a glob, four files of it."""
    if "*" in path.name:
        for number in "1234":
            write_lines(weir, path.with_name(path.name.replace("*", number)), lines)
        return
    made = subprocess.run([weir, "-q", f"from generate {lines} seed=1 | json | to -"], check=True, stdout=subprocess.PIPE)
    kept = made.stdout.splitlines(keepends=True)
    kept[12::13] = [BROKEN] * len(kept[12::13])
    kept[16::17] = [b"\n"] * len(kept[16::17])
    content = b"".join(kept)
    path.write_bytes(STORED_AS.get(path.suffix, bytes)(content))


def content_of(path):
    """What a file says, however it is stored. A dead letter's time differs from run to run, and the identity of its
    shard and the hash of its pipeline where an undisturbed run is another pipeline or has a file system of its own."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    if path.name == "dead.ndjson":
        content = re.sub(rb'"(time|shard|pipeline)":"[^"]*"', rb'"\1":""', content)
    return content


def rows_of(database):
    """All rows of a table, in the order of their text."""
    with contextlib.closing(sqlite3.connect(database)) as opened:
        return sorted(map(repr, opened.execute("select * from t")))


@dataclasses.dataclass(frozen=True)
class Pair:
    """`source` is what `prepare` writes; `calm` ends by itself and delivers the same as a `pipeline` that does not."""
    name: str
    pipeline: str
    source: str = "in.ndjson"
    outputs: tuple = ("out.ndjson",)
    calm: str | None = None
    first_kill: float = 0  # the earliest time for one, as a part of a run: databases commit late
    places: tuple = ()  # directories of its own beside the state's

    def prepare(self, weir, directory: pathlib.Path, lines):
        write_lines(weir, directory / self.source, lines)

    def begin_input(self, directory):
        """Before the first run of a state."""

    def grow(self, directory, part=1.0):
        """Adds a part of the whole to the input."""

    def is_whole(self, directory):
        """Whether an input that grows has come to its end."""
        return False

    def remove_outputs(self, directory):
        for name in self.outputs:
            for left in directory.glob(name + "*"):
                left.unlink()
        self.remove_places(directory)

    def remove_places(self, directory):
        for name in self.places:
            shutil.rmtree(directory / name, ignore_errors=True)

    def delivered(self, directory):
        """What arrived, by the place where it did."""
        return {name: (rows_of if name.endswith(".db") else content_of)(directory / name) for name in self.outputs}


@dataclasses.dataclass(frozen=True)
class Growing(Pair):
    """Its input is there only in part when a run begins; some more comes before each run, cut anywhere."""

    def prepare(self, weir, directory, lines):
        super().prepare(weir, directory, lines)
        shutil.copyfile(directory / self.source, directory / "whole")

    def begin_input(self, directory):
        (directory / self.source).unlink()
        (directory / self.source).touch()

    def grow(self, directory, part=1.0):
        whole, there = (directory / "whole").read_bytes(), (directory / self.source).stat().st_size
        with open(directory / self.source, "ab") as source:
            source.write(whole[there:there + int(part * len(whole))])

    def is_whole(self, directory):
        return (directory / self.source).stat().st_size == (directory / "whole").stat().st_size


@dataclasses.dataclass(frozen=True)
class InPostgres(Pair):
    """Its rows go to the server of tests/servers/with_postgres.py."""
    outputs: tuple = ("t",)

    def remove_outputs(self, directory):
        self.sql("drop table if exists t; drop table if exists weir_commits")
        self.remove_places(directory)

    def delivered(self, directory):
        return {"t": sorted(self.sql("select * from t").splitlines())}

    @staticmethod
    def sql(statement):
        return subprocess.run(["psql", os.environ["WEIR_PG"], "-Atqc", statement], check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


@functools.cache
def s3():
    """versitygw with the buckets of pairs, while this program runs. What it starts finds the server by itself."""
    server = real_servers.S3()
    atexit.register(server.stop)
    for bucket in ("source", "target"):
        server.make_bucket(bucket)
    os.environ.update(server.environment, AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)
    return server


class FromS3:
    """What comes before a pair that reads objects: they hold the lines of its `source`, a sixth each."""

    def prepare(self, weir, directory, lines):
        super().prepare(weir, directory, lines)
        s3().empty("source")
        whole = (directory / self.source).read_bytes().splitlines(keepends=True)
        for number in range(6):
            part = b"".join(whole[number * len(whole) // 6:(number + 1) * len(whole) // 6])
            s3().put("source", f"{number}.gz", gzip.compress(part, 1))


class ToS3:
    """Where its objects end is a matter of time, so they count as one. No upload may be left open."""

    def remove_outputs(self, directory):
        s3().empty("target")
        self.remove_places(directory)

    def delivered(self, directory):
        lines = [line for body in s3().objects("target").values() for line in gzip.decompress(body).splitlines()]
        return {"target": sorted(lines), "open uploads": s3().unfinished_uploads("target")}


class S3ToPostgres(FromS3, InPostgres):
    pass


class S3ToFile(FromS3, Pair):
    pass


class FileToS3(ToS3, Pair):
    pass


class S3ToS3(FromS3, ToS3, Pair):
    pass


class GrowingToPostgres(Growing, InPostgres):
    pass


@dataclasses.dataclass(frozen=True)
class InParts(Pair):
    """Its `outputs` are parts of names. Where compressed ones end is a matter of time: those of one name count as one."""
    fixed_bounds: bool = True

    def remove_outputs(self, directory):
        shutil.rmtree(directory / "out", ignore_errors=True)

    def delivered(self, directory):
        found = {name: b"" for name in self.outputs}
        for path in sorted((directory / "out").iterdir()):
            name = "out/" + path.name
            if not self.fixed_bounds:
                name = re.sub(r"(-\d{6})?(\.ndjson(\.gz)?)$", r"\2", name)
            found[name] = found.get(name, b"") + content_of(path)
        return found


KEPT = 'json | where latency_ms > 20 and path like "%a%" | set host = "h-1"'
IN_POSTGRES = f"to \"{os.environ.get('WEIR_PG')}?table=t\""

# The pairs of the delivery issue, which are killed often, and all others.
NAMED = [
    Pair("file_to_ndjson", f"from in.ndjson | {KEPT} | to out.ndjson"),
    Pair("gzip_to_ndjson_gz", f"from in.ndjson.gz | {KEPT} | to out.ndjson.gz", "in.ndjson.gz", ("out.ndjson.gz",)),
    Growing("follow_to_sqlite", f"from follow in.ndjson | {KEPT} | to sqlite:out.db?table=t",
            outputs=("out.db",), calm=f"from in.ndjson | {KEPT} | to sqlite:out.db?table=t"),
    InPostgres("gzip_to_postgres", f"from in.ndjson.gz | {KEPT} | {IN_POSTGRES}", "in.ndjson.gz"),
    S3ToS3("s3_to_s3", f"from s3://source/** | {KEPT} | to s3://target/out/{{level}}/ rotate_records=2000",
           outputs=("target",)),
    S3ToPostgres("s3_to_postgres", f"from s3://source/** | {KEPT} | {IN_POSTGRES}"),
]
OTHERS = [
    Pair("gzip_to_sqlite", f"from in.ndjson.gz | {KEPT} | to sqlite:out.db?table=t", "in.ndjson.gz", ("out.db",),
         first_kill=0.6),
    Pair("xz_to_ndjson", f"from in.ndjson.xz | {KEPT} | to out.ndjson", "in.ndjson.xz"),
    Pair("bzip2_to_ndjson", f"from in.ndjson.bz2 | {KEPT} | to out.ndjson", "in.ndjson.bz2"),
    Pair("tee_of_kinds", f'from in.ndjson.gz | {KEPT} | tee (to sqlite:out.db?table=t) (where status >= 400 | to a.csv) (to b.ndjson.gz)',
         "in.ndjson.gz", ("out.db", "a.csv", "b.ndjson.gz")),
    Pair("batches_to_ndjson", "from in.ndjson | json | batch 100 1s | to out.ndjson"),
    Pair("tee", 'from in.ndjson | json | tee (where level = "WARN" | to a.ndjson) (batch 50 1s | to b.ndjson.gz)',
         outputs=("a.ndjson", "b.ndjson.gz")),
    Pair("route", 'from in.ndjson | json | route (when status >= 500 | to a.ndjson) (else | batch 70 | to b.ndjson)',
         outputs=("a.ndjson", "b.ndjson")),
    Pair("tee_of_joined_lines", 'from in.ndjson | tee (multiline continue="status.:[45]" timeout=0s | to a.ndjson) (to b.ndjson)',
         outputs=("a.ndjson", "b.ndjson")),
    InParts("rotated", f"from in.ndjson | {KEPT} | to out/part.ndjson rotate_bytes=200KiB", outputs=("out/part-000002.ndjson",)),
    InParts("rotated_gzip", f"from in.ndjson | {KEPT} | to out/part.ndjson.gz rotate_bytes=50KiB",
            outputs=("out/part.ndjson.gz",), fixed_bounds=False),
    InParts("templated", 'from in.ndjson | json | to "out/{level}-{part}.ndjson" rotate_every=30ms open_files=2',
            outputs=("out/ERROR.ndjson",), fixed_bounds=False),
    Pair("text_lines", "from in.ndjson | search 4 | to out.ndjson"),
    Pair("csv", f"from in.ndjson | {KEPT} | to out.csv", outputs=("out.csv",)),
    Pair("merged", f'from "in-*.ndjson" merge=2 | {KEPT} | to out.ndjson', "in-*.ndjson"),
    Growing("follow_to_ndjson", f"from follow in.ndjson | {KEPT} | to out.ndjson",
            calm=f"from in.ndjson | {KEPT} | to out.ndjson"),
    GrowingToPostgres("follow_to_postgres", f"from follow in.ndjson | {KEPT} | {IN_POSTGRES}",
                      calm=f"from in.ndjson | {KEPT} | {IN_POSTGRES}", outputs=("t",)),
    S3ToFile("s3_to_sqlite", f"from s3://source/** | {KEPT} | to sqlite:out.db?table=t", outputs=("out.db",)),
    S3ToFile("s3_to_ndjson", f"from s3://source/** | {KEPT} | to out.ndjson"),
    Pair("spooled", f'from in.ndjson | json | where latency_ms > 20 | spool spool limit=1MiB | where path like "%a%" | to out.ndjson.gz',
         outputs=("out.ndjson.gz",), places=("spool",)),
    Pair("spooled_tee", 'from in.ndjson | json | tee (to a.ndjson) (spool spool | where level = "WARN" | batch 50 1s | to b.ndjson)',
         outputs=("a.ndjson", "b.ndjson"), places=("spool",)),
    Pair("spooled_to_sqlite", f'from in.ndjson | {KEPT} | tee (to a.ndjson) (spool spool | to sqlite:out.db?table=t)',
         outputs=("a.ndjson", "out.db"), places=("spool",)),
    InPostgres("spooled_to_postgres", f"from in.ndjson | {KEPT} | spool spool | {IN_POSTGRES}", places=("spool",)),
    FileToS3("spooled_to_s3", f"from in.ndjson | {KEPT} | spool spool | to s3://target/out/ rotate_records=2000",
             outputs=("target",), places=("spool",)),
    FileToS3("gzip_to_s3", f"from in.ndjson.gz | {KEPT} | to s3://target/out/ rotate_records=5000", "in.ndjson.gz",
             ("target",)),
]
# Small enough to be killed at each of their calls; each file is a step of its own.
SMALL = [
    Pair("small_file", f'from "in-*.ndjson" | {KEPT} | to out.ndjson', "in-*.ndjson"),
    Pair("small_gzip", f'from "in-*.ndjson.gz" | {KEPT} | to out.ndjson.gz', "in-*.ndjson.gz", ("out.ndjson.gz",)),
    Pair("small_tee", 'from "in-*.ndjson" | json | tee (where status >= 400 | to a.ndjson) (batch 9 | to b.ndjson)',
         "in-*.ndjson", ("a.ndjson", "b.ndjson")),
    Pair("small_joined_lines", 'from "in-*.ndjson" | tee (multiline continue="status.:[45]" timeout=0s | to a.ndjson) (to b.ndjson)',
         "in-*.ndjson", ("a.ndjson", "b.ndjson")),
    InParts("small_rotated", f'from "in-*.ndjson" | {KEPT} | to out/part.ndjson rotate_bytes=1500', "in-*.ndjson",
            ("out/part-000001.ndjson", "out/part-000002.ndjson")),
    InParts("small_templated_gzip", f'from "in-*.ndjson" | {KEPT} | to "out/{{level}}.ndjson.gz" open_files=1',
            "in-*.ndjson", ("out/INFO.ndjson.gz", "out/DEBUG.ndjson.gz"), fixed_bounds=False),
    Pair("small_spooled", f'from "in-*.ndjson" | {KEPT} | tee (to a.ndjson) (spool spool | batch 7 1s | to b.ndjson)',
         "in-*.ndjson", ("a.ndjson", "b.ndjson"), places=("spool",)),
    Pair("small_sqlite", f'from "in-*.ndjson" | {KEPT} | to sqlite:out.db?table=t', "in-*.ndjson", ("out.db",)),
]
BY_NAME = {pair.name: pair for pair in NAMED + OTHERS + SMALL}
