#!/usr/bin/env python3
"""Row 32 of the fault matrix: an allocation finds no memory, each time another one. weir ends with an error, or does
without; the next run goes on from there. Before anything is opened a library may call it another error.

    failing_memory.py WEIR TRIALS PAIR...

Libraries crash where an allocation fails in what cannot throw: CLI11 and OpenSSL as they start, libstdc++'s paths. That is
as good as a kill -9: counted, and rare.
"""
import os
import random
import signal
import sys
import time

import pairs
from trial import Trial, quick_directory

LINES_A_FILE = 30
THREADS = ("--lanes", "2", "--strategy", "streaming")
ENDED_WELL = (0, 1)
ERRORS = (2, 74)
CRASHED = (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS)


def most_crashes(runs):
    """Three of a thousand do, all in OpenSSL as it starts: that four of sixty do is no chance."""
    return 3 + 0.01 * runs


def failing(**variables):
    return {**os.environ, "LD_PRELOAD": os.environ["WEIR_FAILING_MEMORY"], **variables}


def run(trial, environment):
    process = trial.start(env=environment)
    _, said = process.communicate(timeout=60)
    return process.returncode, said.decode()


def allocations(trial):
    """How many a run makes that nothing disturbs."""
    counted = trial.directory / "allocations"
    run(trial, failing(WEIR_ALLOCATIONS=str(counted)))
    trial.begin_anew()
    return int(counted.read_text())


def fail_one(trial, number):
    """How weir ended when that allocation failed."""
    code, said = run(trial, failing(WEIR_FAILING_ALLOCATION=str(number)))
    if code not in (*ENDED_WELL, *ERRORS, *CRASHED):
        trial.fail(f"allocation {number} failed: exit {code}: {said}")
    if code in ERRORS and "error: " not in said:
        trial.fail(f"allocation {number} failed, and it does not say so: {said}")
    trial.check_log()
    try:
        trial.check_end()
    except AssertionError as e:
        trial.fail(f"allocation {number} failed: {e}")
    trial.begin_anew()
    return "well" if code in ENDED_WELL else "with an error" if code in ERRORS else "by a crash"


def fail_many(weir, trials, pair, seed):
    began = time.monotonic()
    trial = Trial(weir, pair, LINES_A_FILE, quick_directory(), THREADS)
    there_are = allocations(trial)
    ends = {}
    for number in random.Random(seed).sample(range(1, there_are + 1), min(trials, there_are)):
        how = fail_one(trial, number)
        ends[how] = ends.get(how, 0) + 1
    trial.clean()
    if not ends.get("with an error"):
        trial.fail("no allocation failed")
    if ends.get("by a crash", 0) > most_crashes(sum(ends.values())):
        trial.fail(f"it crashed {ends['by a crash']} times")
    print(f"{pair.name}: of {there_are} allocations {sum(ends.values())} failed, one in each run; it ended "
          + ", ".join(f"{how} {count} times" for how, count in sorted(ends.items()))
          + f"; 0 lost, 0 repeated; {time.monotonic() - began:.0f} s (seed {seed})", flush=True)


def main(weir, trials, *names):
    seed = int(os.environ.get("WEIR_SEED", time.time_ns()))
    for name in names:
        fail_many(weir, int(trials), pairs.BY_NAME[name], seed)


if __name__ == "__main__":
    main(*sys.argv[1:])
