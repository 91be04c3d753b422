#!/usr/bin/env python3
"""Runs what the documentation shows, and checks that it is what it shows.

    docs_test.py WEIR REFERENCE PROGRAMS            check
    docs_test.py WEIR REFERENCE PROGRAMS --write    write the generated pages anew

WEIR is the built command, REFERENCE the program made from reference.cpp, PROGRAMS the directory of the
programs built from tests/docs/programs. In README.md and docs/*.md:
- a ```sh block that a ```text block follows is run in a fresh directory with the files of tests/docs/data;
  both of its outputs together have to be that text. `...` stands for anything within a line, and on a line
  of its own for any lines. The blocks of one page run in order in one directory.
- a block with a file behind its language (```yaml errors.yaml) has to be that file of tests/docs/data, or
  of the repository if the name has a directory. If it is a program of tests/docs/programs, a ```text block
  that follows is its output.
Every example of a component runs as well, reads records, and ends with its account in balance; one that
names a server is only checked: tests/servers runs the like."""
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WEIR, REFERENCE, PROGRAMS = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
FUNCTIONS = re.compile(r"(?<=<!-- functions -->\n).*?(?=<!-- end of functions -->)", re.DOTALL)
ELSEWHERE = re.compile(r"\b(https|s3|gs|az)://")
BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block:
    """A fenced block of a page, with the output block right behind it, if there is one."""

    def __init__(self, page, match):
        self.language, self.file, self.text = match.groups()
        line = page.text[: match.start()].count("\n") + 1
        self.where = f"{page.path.relative_to(ROOT)}:{line}"
        follower = BLOCK.match(page.text, page.after_blanks(match.end()))
        self.output = follower[3] if follower and follower[1] == "text" else None


class Page:
    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.blocks = [Block(self, m) for m in BLOCK.finditer(self.text)]

    def after_blanks(self, at):
        return re.compile(r"\s*").match(self.text, at).end()


def expectation(shown):
    """The text of a page as a regular expression."""
    lines = []
    for line in shown.splitlines():
        if line.strip() == "...":
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(".*".join(re.escape(part) for part in line.split("...")) + r"\n")
    return re.compile("".join(lines))


def environment():
    """The built command in front of PATH, whatever it is called, and nothing that colours its output."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("WEIR_")}
    return env | {"PATH": f"{WEIR.parent}:{env['PATH']}", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}


def run(command, directory):
    done = subprocess.run(command, cwd=directory, env=environment(), stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    return done.stdout


def reference(what):
    return subprocess.run([REFERENCE, what], stdout=subprocess.PIPE, text=True, check=True).stdout


def with_functions(page_text):
    return FUNCTIONS.sub(lambda _: reference("functions") + "\n", page_text)


class Documentation(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def fresh_directory(self, name):
        return shutil.copytree(HERE / "data", self.scratch / name)

    def test_commands_print_what_the_pages_show(self):
        ran = 0
        for path in PAGES:
            directory = self.fresh_directory(path.name)
            for block in Page(path).blocks:
                if block.language != "sh" or block.output is None:
                    continue
                ran += 1
                with self.subTest(block.where):
                    printed = run(["bash", "-c", block.text], directory)
                    if not expectation(block.output).fullmatch(printed):
                        self.fail(f"{block.where} shows\n{block.output}\nbut it printed\n{printed}")
        self.assertGreater(ran, 10)

    def test_shown_files_are_the_files(self):
        shown = [b for path in PAGES for b in Page(path).blocks if b.file]
        self.assertTrue(shown)
        for block in shown:
            with self.subTest(block.where):
                file = (ROOT if "/" in block.file else HERE / "data") / block.file
                self.assertEqual(block.text, file.read_text(encoding="utf-8"))

    def test_programs_print_what_the_pages_show(self):
        programs = [b for path in PAGES for b in Page(path).blocks if b.language == "cpp" and b.output]
        self.assertTrue(programs)
        for block in programs:
            with self.subTest(block.where):
                directory = self.fresh_directory(pathlib.Path(block.file).stem)
                self.assertEqual(run([PROGRAMS / directory.name], directory), block.output)

    def test_examples_of_components_run(self):
        examples = [json.loads(line) for line in reference("examples").splitlines()]
        self.assertTrue(examples)
        for number, example in enumerate(examples):
            with self.subTest(**example):
                directory = self.fresh_directory(str(number))
                if ELSEWHERE.search(example["pipeline"]):
                    self.assertEqual(run([WEIR, "check", example["pipeline"]], directory), "")
                    continue
                add_recent_record(directory / "app.ndjson")
                said = run([WEIR, example["pipeline"], "--report", "report.json"], directory)
                self.check_report(json.loads((directory / "report.json").read_text()), said)

    def check_report(self, report, said):
        self.assertEqual(report["exit"], 1 if report["rejected"] else 0, said)
        self.assertTrue(report["complete"], said)
        self.assertGreater(report["delivered"], 0, said)
        ends = sum(report[k] for k in ("delivered", "filtered", "rejected", "joined"))
        self.assertEqual(report["in"] + report["created"], ends, said)

    def test_generated_pages_are_fresh(self):
        again = "write it anew with: cmake --build build --target write_docs"
        page = (ROOT / "docs/components.md").read_text(encoding="utf-8")
        self.assertEqual(page, reference("components"), again)
        language = (ROOT / "docs/language.md").read_text(encoding="utf-8")
        self.assertIn("| `lower(", language)
        self.assertEqual(language, with_functions(language), again)

    def test_links_lead_to_files(self):
        for path in [*PAGES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs/design").glob("*.md"))]:
            for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
                self.assertTrue((path.parent / target).exists(), f"{path.name} links to {target}")


def add_recent_record(log):
    """`since=2h` counts from now."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    with log.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"time": now, "level": "INFO", "service": "gateway", "msg": "now"}) + "\n")


def write_pages():
    (ROOT / "docs/components.md").write_text(reference("components"), encoding="utf-8")
    language = ROOT / "docs/language.md"
    language.write_text(with_functions(language.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[4:] == ["--write"]:
        write_pages()
    else:
        unittest.main(argv=sys.argv[:1] + sys.argv[4:])
