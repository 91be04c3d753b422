#!/usr/bin/env python3
"""Checks the rules of the source tree that no compiler checks: which layer may include which, which calls
are confined to src/base, and that nothing unfinished is left behind. Prints each breach as file:line."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])

# Lowest first (DESIGN.md section 7). A file may include its own layer and lower ones; folders of one layer
# are siblings and do not include each other, except where FRIENDS allows it.
LAYERS = [
    {"include"},
    {"base"},
    {"record"},
    {"component"},
    {"codec", "parse", "expr", "net", "stage", "source", "sink"},
    {"engine"},
    {"components"},
    {"pipeline"},
    {"cli"},
]
FRIENDS = {
    "source": {"codec", "net"},
    "sink": {"codec", "net"},
    "stage": {"expr", "parse"},
}
# The public headers among themselves, lowest first.
PUBLIC_LAYERS = [
    {"generator", "error", "value", "memory", "diagnostic", "version"},
    {"record", "framing"},
    {"batch"},
    {"stream"},
    {"context"},
    {"source", "sink"},
    {"component"},
    {"pipeline"},
]
# Only src/base waits, sleeps or reads the clock and the file system by system call.
CONFINED = re.compile(
    r"(?<![\w.>])(?:::)?(poll|ppoll|epoll_wait|usleep|nanosleep|sleep_for|sleep_until)\s*\("
    r"|(?<![\w>):])::(read|pread|write|fsync|open|rename)\s*\("
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')

breaches = []


def breach(path, line, what):
    breaches.append(f"{path.relative_to(ROOT)}:{line}: {what}")


def level(layers, name):
    return next((i for i, layer in enumerate(layers) if name in layer), None)


def layer_of(path):
    """The folder below src, or a file's own stem for src/components.cpp and the like."""
    parts = path.relative_to(ROOT / "src").parts
    return parts[0] if len(parts) > 1 else path.stem


def check_src_include(path, number, included):
    here, there = layer_of(path), included.split("/")[0]
    if "/" not in included:
        breach(path, number, f'"{included}" is not written relative to src')
        return
    if there == here or there == "weir":
        return
    here_level, there_level = level(LAYERS, here), level(LAYERS, there)
    if here_level is None or there_level is None:
        breach(path, number, f"no layer is known for {here if here_level is None else there}")
    elif there_level > here_level:
        breach(path, number, f"{here} includes the higher layer {there}")
    elif there_level == here_level and there not in FRIENDS.get(here, ()):
        breach(path, number, f"{here} includes its sibling {there}")


def check_public_include(path, number, quote, included):
    if quote == "<":
        if "/" in included or included.endswith(".h"):
            breach(path, number, f"a public header includes <{included}>, not of the standard library")
        return
    if not included.startswith("weir/"):
        breach(path, number, f'a public header includes "{included}"')
        return
    here, there = level(PUBLIC_LAYERS, path.stem), level(PUBLIC_LAYERS, pathlib.Path(included).stem)
    if here is None or there is None:
        breach(path, number, f"no layer is known for {path.stem if here is None else included}")
    elif there > here:
        breach(path, number, f"{path.stem} includes the higher {included}")


def without_comments(line):
    return line.split("//")[0]


def check_file(path):
    public = path.is_relative_to(ROOT / "include")
    in_src = path.is_relative_to(ROOT / "src")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if found := UNFINISHED.search(line):
            breach(path, number, f"{found[1]} left behind")
        if found := INCLUDE.match(line):
            if public:
                check_public_include(path, number, *found.groups())
            elif in_src and found[1] == '"':
                check_src_include(path, number, found[2])
        if in_src and layer_of(path) != "base":
            if found := CONFINED.search(without_comments(line)):
                breach(path, number, f"{found[0].strip()}...) belongs in src/base")


def check_registry():
    """The table in src/components.cpp: alphabetical below each of its comments."""
    path = ROOT / "src/components.cpp"
    previous = ""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.match(r"\s+//", line):
            previous = ""
        elif found := re.match(r"\s+(\w+)\(\),$", line):
            if found[1] < previous:
                breach(path, number, f"{found[1]} stands after {previous}")
            previous = found[1]


def check_cmake_lists():
    """Every .cpp below src is named by the CMakeLists.txt of its folder."""
    for path in sorted((ROOT / "src").rglob("*.cpp")):
        listed = (path.parent / "CMakeLists.txt").read_text()
        if not re.search(rf"(?<![\w/]){re.escape(path.name)}\b", listed):
            breach(path, 1, "not named in its folder's CMakeLists.txt")


for top in ("include", "src", "tests", "examples", "bench", "fuzz"):
    for path in sorted((ROOT / top).rglob("*")):
        if path.suffix in (".cpp", ".hpp"):
            check_file(path)
check_registry()
check_cmake_lists()

print("\n".join(breaches) or "the tree keeps its rules")
sys.exit(bool(breaches))
