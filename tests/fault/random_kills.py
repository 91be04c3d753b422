#!/usr/bin/env python3
"""Row 1 of the fault matrix: kill -9 at random times, again and again, each time followed by a run that goes on.

    random_kills.py WEIR KILLS PAIR...              so many kills of each of these pairs
    random_kills.py WEIR --torture [NAMED OTHER]    of each named pair NAMED (1,000), of each other one OTHER (10)
"""
import random
import sys
import time
import unittest

import pairs
from trial import Trial, quick_directory

SKIPPED = 77
RUN_SECONDS = 0.12


def sized_trial(weir, pair):
    """With an input that takes long enough for kills to fall into the work."""
    lines = 50_000
    while True:
        trial = Trial(weir, pair, lines, quick_directory())
        if trial.seconds >= RUN_SECONDS or lines > 1_000_000:
            return trial
        trial.clean()
        lines = int(lines * min(8, 1.3 * RUN_SECONDS / trial.seconds))


def waits(times, first):
    """For which part of a run: mostly a short one, so that several kills fall into a run; now and then nearly all of
    it, since a compressed file is inflated again up to the place of the last commit."""
    return first + times.random() ** 2 * (1.05 - first)


def seconds_of_a_run(trial):
    began = time.monotonic()
    trial.check_end()
    trial.begin_anew()
    return time.monotonic() - began


def kill_again_and_again(weir, pair, kills, seed):
    began = time.monotonic()
    times = random.Random(seed)
    trial = sized_trial(weir, pair)
    whole = seconds_of_a_run(trial)
    landed = rounds = amid = 0
    while landed < kills:
        entries = 1
        while landed < kills and not pair.is_whole(trial.directory):
            pair.grow(trial.directory, times.random() / 5)
            if not trial.killed_after(waits(times, pair.first_kill) * whole):
                break
            landed += 1
            before, entries = entries, trial.check_log()
            amid += entries > before
        trial.check_end()
        trial.begin_anew()
        rounds += 1
    trial.clean()
    print(f"{pair.name}: {landed} kills in {rounds} runs to the end, {amid} of them after commits of their own; "
          f"0 lost, 0 repeated; a run takes {whole:.2f} s; {time.monotonic() - began:.0f} s", flush=True)


def main(weir, *what):
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    if what[0] == "--torture":
        named, other = map(int, what[1:] or (1000, 10))
        work = [(pair, named) for pair in pairs.NAMED] + [(pair, other) for pair in pairs.OTHERS]
    else:
        work = [(pairs.BY_NAME[name], int(what[0])) for name in what[1:]]
    end = 0
    for pair, kills in work:
        try:
            kill_again_and_again(weir, pair, kills, seed)
        except unittest.SkipTest as why:
            print(f"SKIPPED: {why}; row 1 is NOT tested for {pair.name}", flush=True)
            end = SKIPPED
    return end


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
