#!/usr/bin/env python3
"""Measures weir against its yardsticks and prints ratios. See bench/README.md.

    bench/run.py                    everything, 10 million lines
    bench/run.py --quick            everything, 1 million lines
    bench/run.py lane-strict-append gzip-trust
    bench/run.py --list
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

from cloud import Cloud
from corpus import Corpora
from databases import Databases
from durable import Durable
from formats import Formats
from measure import Launcher
from memory import Memory
from speed import Speed
from waiting import Waiting

ROOT = pathlib.Path(__file__).resolve().parent.parent


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help="which to run; default all")
    parser.add_argument("--list", action="store_true", help="list the cases")
    parser.add_argument("--quick", action="store_true", help="1 million lines and shorter waits")
    parser.add_argument("--lines", type=int, help="lines of the corpus (default 10 million)")
    parser.add_argument("--pairs", type=int, default=7, help="pairs of runs (default 7)")
    parser.add_argument("--attempts", type=int, default=3, help="runs of a noisy case (default 3)")
    parser.add_argument("--huge", action="store_true", help="peak memory for 20 GB as well")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build", help="build directory")
    parser.add_argument("--weir", type=pathlib.Path, help="the command (default BUILD/weir)")
    parser.add_argument("--dir", type=pathlib.Path, help="where the corpora are ($WEIR_BENCH_DIR)")
    parser.add_argument("--out-dir", type=pathlib.Path, help="where outputs go (default: --dir)")
    parser.add_argument("--json", type=pathlib.Path, help="results (default: --dir/results.json)")
    options = parser.parse_args()
    default_directory = os.environ.get("WEIR_BENCH_DIR", "/tmp/weir-bench")
    options.dir = options.dir or pathlib.Path(default_directory)
    options.out_dir = options.out_dir or options.dir
    options.json = options.json or options.dir / "results.json"
    options.weir = options.weir or options.build / "weir"
    options.lines = options.lines or (1_000_000 if options.quick else 10_000_000)
    return options


def all_cases(options) -> dict:
    programs = options.build / "bench"
    launcher = Launcher(programs / "launch")
    corpora = Corpora(programs / "make_corpus", options.dir, options.lines)
    steps = {"steps": lambda: step_costs(programs / "generator_step")}
    speed = Speed(launcher, corpora, programs, options.weir, options)
    memory = Memory(launcher, corpora, options.weir, options)
    databases = Databases(launcher, corpora, programs, options.weir, options)
    cases = speed.cases() | memory.cases() | Waiting(options.weir, options).cases()
    durable = Durable(launcher, corpora, options.weir, options)
    formats = Formats(launcher, corpora, programs, options.weir, options)
    cloud = Cloud(launcher, corpora, programs, options.weir, options)
    return cases | formats.cases() | steps | databases.cases() | durable.cases() | cloud.cases()


def step_costs(program: pathlib.Path) -> dict:
    done = subprocess.run(["taskset", "-c", "0", program], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def machine() -> dict:
    model = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        "unknown",
    )
    commit = subprocess.run(
        ["git", "-C", ROOT, "describe", "--always", "--dirty"], stdout=subprocess.PIPE, text=True
    )
    return {
        "when": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "cpu": model,
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "commit": commit.stdout.strip(),
    }


def row(name: str, result: dict) -> str:
    verdict = "met" if result["met"] else "MISSED"
    return f"{name:22} {verdict:7} {describe(result)}"


def describe(result: dict) -> str:
    if "ratio" in result:
        server = ""
        if "weir_server_cpu" in result:
            server = (
                f"; the server's CPU {result['weir_server_cpu']:.2f} s for weir,"
                f" {result['yardstick_server_cpu']:.2f} s for the yardstick"
            )
        noisy = f"  NOISY: the yardstick varies by {result['noise']:.0%}" if result["noisy"] else ""
        return (
            f"{result['ratio']:.3f} ({result['ratio_min']:.3f} to {result['ratio_max']:.3f}),"
            f" aim {result['target']:.2f}; weir {result['weir_gb_s']:.2f} GB/s"
            f" {result['weir_ns_record']:.0f} ns, yardstick {result['yardstick_gb_s']:.2f} GB/s"
            f" {result['yardstick_ns_record']:.0f} ns; CPU {result['cpu_ratio']:.3f};"
            f" peak {result['weir_peak_mib']:.0f} MiB{server}{noisy}"
        )
    if "peak_mib" in result:
        peaks = ", ".join(f"{name} {mib:.1f} MiB" for name, mib in result["peak_mib"].items())
        return f"{peaks}; aim {result['limit_mib']} MiB, spread {result['spread']:.1%}"
    return ", ".join(f"{name} {value:.3g}" for name, value in result.items() if name != "met")


def main() -> int:
    options = read_arguments()
    cases = all_cases(options)
    if options.list:
        print("\n".join(cases))
        return 0
    unknown = [name for name in options.cases if name not in cases]
    if unknown:
        print(f"no such case: {', '.join(unknown)}; bench/run.py --list shows them", file=sys.stderr)
        return 2
    results = {}
    for name in options.cases or cases:
        results[name] = cases[name]()
        print(row(name, results[name]), flush=True)
    options.json.write_text(json.dumps(machine() | {"lines": options.lines, "cases": results}, indent=2))
    print(f"results: {options.json}")
    return 0 if all(result["met"] for result in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
