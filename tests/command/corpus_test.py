#!/usr/bin/env python3
"""`weir FILE` on every log of the shared data: the format that `auto` takes it for, and how many of
its records no format takes, are as tests/command/corpus_formats.txt says.

    corpus_test.py           fails where the table is not true
    corpus_test.py --write   writes the table, for review
"""
import json
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(os.environ.get("WEIR_DATA") or HERE.parents[2] / "shared" / "data")
TABLE = HERE / "corpus_formats.txt"
FOLDERS = ["app", "auditd", "cloud", "crowdsec", "events", "lnav", "loghub", "s3-objects", "suricata",
           "syslog", "web", "windows", "zeek"]
# No logs: expectations of other programs' tests, notices, pictures of the data as tables.
OTHERS = (".assert", ".evtx", ".golden", ".md", ".out", "LICENSE", "NOTICE", "_structured.csv",
          "_templates.csv", ".yaml")


def is_log(path):
    """lnav/log-samples are what its scanner makes of lines."""
    return path.is_file() and not path.name.endswith(OTHERS) and path.parent.name != "log-samples"


def logs():
    for folder in FOLDERS:
        for path in sorted((DATA / folder).rglob("*")):
            if is_log(path):
                yield path


def weir(*arguments):
    return subprocess.run([os.environ["WEIR"], *arguments], capture_output=True, timeout=120)


def format_of(path):
    """The stage that `explain` names: "clf", "text"."""
    shown = weir("explain", f'from "{path}" | auto | to count').stdout.decode()
    line = next((line for line in shown.splitlines() if line.startswith("format ")), None)
    if line is None:
        return "nothing"
    found = line.split(": ", 1)[1]
    unknown = next((stage for stage in ("text", "plain") if found.startswith(stage + ",")), None)
    return unknown or found.rsplit(" (", 1)[0]


def shares_of(path):
    """How many records there are, and how many are a bare line of text or refused."""
    run = weir("-q", f'from "{path}" | auto | to -')
    records = run.stdout.splitlines()
    text = sum(line.startswith(b'{"message":') and list(json.loads(line)) == ["message"]
               for line in records)
    return len(records), text, run.returncode


def row_of(path):
    records, text, code = shares_of(path)
    name = path.relative_to(DATA)
    return f"{name} | {format_of(path)} | {records} records, {text} text" + (
        f" | exit {code}" if code else "")


def main():
    if not DATA.is_dir():
        print(f"needs {DATA}: see CONTRIBUTING.md")
        return 1 if os.environ.get("CI") else 77
    with ThreadPoolExecutor(max_workers=2) as pool:
        rows = list(pool.map(row_of, logs()))
    if "--write" in sys.argv:
        TABLE.write_text("".join(row + "\n" for row in rows))
        return 0
    expected = TABLE.read_text().splitlines()
    for row in sorted(set(expected) ^ set(rows)):
        print("expected:" if row in expected else "got:     ", row)
    return 0 if rows == expected else 1


if __name__ == "__main__":
    sys.exit(main())
