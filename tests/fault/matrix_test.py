#!/usr/bin/env python3
"""docs/faults.md says which test is for which row of the fault matrix: each row is spoken of, what it names is there, and
the rows of its first table have tests that are named after them.

    matrix_test.py SOURCE_DIRECTORY
"""
import pathlib
import re
import sys

ROWS = range(1, 39)
TABLE_ROW = re.compile(r"^\| ([\d, ]+) \| .* \| (.*) \|$", re.M)
# "A4_3_to_6_lose_...", "A4_2_and_4_kill_...", "Row10_12_and_13_a_network_...", "test_row_9_slow_down_..."
NAME = re.compile(r"(?:A4|[Rr]ow)_?((?:\d+_(?:(?:and|to)_)?)+)")


def numbers(text):
    return {int(n) for n in re.findall(r"\d+", text)}


def numbers_in_name(name):
    found = numbers(name)
    for first, last in re.findall(r"(\d+)_to_(\d+)", name):
        found.update(range(int(first), int(last) + 1))
    return found


def named_rows(tests):
    """The rows that names of tests speak of."""
    sources = [p for p in tests.rglob("*") if p.suffix in (".py", ".cpp", ".txt") and p.name != pathlib.Path(__file__).name]
    names = [name for p in sources for name in NAME.findall(p.read_text())]
    return set().union(*map(numbers_in_name, names))


def missing_files(cells, tests):
    there = {p.name for p in tests.rglob("*")}
    named = {pathlib.Path(name).name for cell in cells for name in re.findall(r"`([\w/]+\.(?:py|cpp))`", cell)}
    return sorted(named - there), len(named)


def main(source):
    tests = pathlib.Path(source) / "tests"
    text = (pathlib.Path(source) / "docs" / "faults.md").read_text()
    first_table = text.partition("\n## ")[0]
    tested = set().union(*(numbers(rows) for rows, _ in TABLE_ROW.findall(text)))
    elsewhere = set().union(*map(numbers, re.findall(r"^- Rows? ([\d, and]+):", text, re.M)))
    here = set().union(*(numbers(rows) for rows, _ in TABLE_ROW.findall(first_table)))
    gone, count = missing_files([cell for _, cell in TABLE_ROW.findall(text)], tests)
    wrong = {
        "rows that docs/faults.md does not speak of": sorted(set(ROWS) - tested - elsewhere),
        "rows without a test that is named after them": sorted(here - named_rows(tests)),
        "rows that tests are named after and docs/faults.md does not have": sorted(named_rows(tests) - tested),
        "files that are not there": gone,
    }
    for what, which in wrong.items():
        if which:
            print(f"{what}: {', '.join(map(str, which))}")
    print(f"{len(here)} rows with tests named after them, {len(tested)} with tests, {count} files")
    return 1 if any(wrong.values()) or not here or not count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
