"""The bench's input files: made on first use, kept in a directory outside the repository."""

import dataclasses
import pathlib
import shutil
import subprocess


@dataclasses.dataclass
class Corpus:
    path: pathlib.Path
    lines: int
    bytes: int


class Corpora:
    def __init__(self, program: pathlib.Path, directory: pathlib.Path, lines: int):
        self.program = program
        self.directory = directory
        self.lines = lines
        directory.mkdir(parents=True, exist_ok=True)

    def command(self, lines: int, fields: str = "append") -> list[str]:
        options = ["with-host-env"] if fields == "replace" else []
        return [str(self.program), str(lines), *options]

    def plain(self, fields: str) -> Corpus:
        """`append`: without the fields host and env. `replace`: with them."""
        path = self.directory / f"{self.lines}-{fields}.ndjson"
        if is_older(path, self.program):
            self._make(path, [self.command(self.lines, fields)])
        return Corpus(path, self.lines, path.stat().st_size)

    def gzipped(self) -> Corpus:
        """The same lines as plain("append"); `bytes` is their size when inflated."""
        plain = self.plain("append")
        path = plain.path.with_suffix(".ndjson.gz")
        if is_older(path, plain.path):
            compressor = "pigz" if shutil.which("pigz") else "gzip"
            self._make(path, [[compressor, "-6", "-c", str(plain.path)]])
        return Corpus(path, plain.lines, plain.bytes)

    def members(self) -> Corpus:
        """The same again, as ten gzip members, as a rotating logger appends them."""
        plain = self.plain("append")
        path = plain.path.with_suffix(".members.gz")
        if is_older(path, plain.path):
            tenth = self.lines // 10
            pieces = [f"{self.program} {tenth} from={n * tenth} | gzip -6" for n in range(10)]
            self._make(path, [["sh", "-c", piece] for piece in pieces])
        return Corpus(path, plain.lines, plain.bytes)

    @staticmethod
    def _make(path: pathlib.Path, commands: list[list[str]]) -> None:
        print(f"making {path}", flush=True)
        unfinished = path.with_name(path.name + ".part")
        with open(unfinished, "wb") as out:
            for command in commands:
                subprocess.run(command, stdout=out, check=True)
        unfinished.rename(path)


def is_older(path: pathlib.Path, origin: pathlib.Path) -> bool:
    """True as well if there is no such file yet."""
    return not path.exists() or path.stat().st_mtime < origin.stat().st_mtime
