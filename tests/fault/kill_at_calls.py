#!/usr/bin/env python3
"""Rows 2 and 4 of the fault matrix: kill -9 before every single call that changes a file, and before every one of the
runs that recover from that. Between two such calls a crash finds the disk the same.

    kill_at_calls.py WEIR PAIR...
"""
import re
import shutil
import signal
import subprocess
import sys
import time

import pairs
from trial import Trial, quick_directory, whole_lines, write_log

SKIPPED = 77
CHANGING = ("mkdir", "openat", "flock", "ftruncate", "lseek", "write", "pwrite64", "fsync", "fdatasync", "rename",
            "renameat", "renameat2", "unlink", "close", "exit_group")
LINES_A_FILE = 30
PAUSE_MICROSECONDS = 6000
# A call of fdatasync that comes after commits and before the last one.
LATE_SYNC = 9
FROM_COMPACTION_ON_BYTES = 4 << 20


def traced(*expressions, to="/dev/null"):
    return ["strace", "-f", "-qq", "-o", to, *(part for e in expressions for part in ("-e", e))]


def calls_before_the_state(trial, calls=CHANGING):
    """How often each call is made before the state is touched: loading the program changes nothing."""
    trial.finish(trial.start(before=traced("trace=openat," + ",".join(calls), to="calls")))
    trial.begin_anew()
    before = (trial.directory / "calls").read_text().partition('"state')[0]
    return {call: len(re.findall(rf"\d+ +{call}\(", before)) for call in calls}


def is_killed_at(trial, already, call, number):
    # Time has to pass between the files for each to have its commit.
    pause = f"inject=read:delay_enter={PAUSE_MICROSECONDS}:when={already['read'] + 1}+2"
    process = trial.start(before=traced("trace=read," + call, pause, f"inject={call}:signal=KILL:when={number}"))
    process.communicate()
    if process.returncode not in (-signal.SIGKILL, 0, 1):
        trial.fail(f"exit {process.returncode} when it was to be killed at {call} {number}")
    return process.returncode == -signal.SIGKILL


class Snapshot:
    """What a run left in a directory, to be put back. Inputs stay: a copy would be another file."""

    def __init__(self, trial):
        self.trial, self.directory, self.kept = trial, trial.directory, trial.directory.with_suffix(".kept")
        self.kept.mkdir()
        outputs = (output.partition("/")[0] for output in trial.pair.outputs)
        for name in ("state", *trial.pair.places, *outputs):
            for made in self.directory.glob(name + "*"):
                copy(made, self.kept / made.name)

    def put_back(self):
        self.trial.begin_anew()
        for made in self.kept.iterdir():
            copy(made, self.directory / made.name)

    def forget(self):
        shutil.rmtree(self.kept)


def copy(source, target):
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copyfile(source, target)


def kill_at_every_call(trial, already, prepare):
    """From what `prepare` leaves on, every run is killed once and then goes on. Returns the number of kills."""
    kills = 0
    for call in CHANGING:
        number = already[call] + 1
        while True:
            prepare()
            if not is_killed_at(trial, already, call, number):
                break
            trial.check_log()
            try:
                trial.check_end()
            except AssertionError as e:
                trial.fail(f"killed at {call} {number}: {e}")
            kills += 1
            number += 1
    return kills


def break_off_amid(trial, already):
    """A run that is killed after commits and with work left. On a busy machine one commit may take all of it."""
    for _ in range(20):
        trial.begin_anew()
        if is_killed_at(trial, already, "fdatasync", LATE_SYNC) and trial.logged()[1] != trial.expected_total:
            return
    trial.fail(f"at {LATE_SYNC} calls of fdatasync it has no work left")


def recoveries_killed(trial, already):
    """The same for runs that recover from a kill after commits."""
    break_off_amid(trial, already)
    broken_off = Snapshot(trial)
    kills = kill_at_every_call(trial, already, broken_off.put_back)
    broken_off.forget()
    return kills


def compactions_killed(trial, already):
    """The same for a run that replaces its log, since that has grown large."""
    break_off_amid(trial, already)
    log = trial.directory / "state" / "log"
    write_log(log, with_many_entries(whole_lines(log.read_bytes())))
    long_log = Snapshot(trial)
    kills = kill_at_every_call(trial, already, long_log.put_back)
    long_log.forget()
    if log.stat().st_size >= FROM_COMPACTION_ON_BYTES:
        trial.fail("the log was never replaced")
    return kills


def with_many_entries(payloads):
    """A log that says the same at greater length."""
    last = payloads[-1]
    number = int(re.match(rb'\{"entry":(\d+)', last)[1])
    more = FROM_COMPACTION_ON_BYTES // len(last)
    return payloads + [re.sub(rb'"entry":\d+', b'"entry":%d' % (number + i), last) for i in range(1, more)]


def kill(weir, pair):
    began = time.monotonic()
    trial = Trial(weir, pair, LINES_A_FILE, quick_directory(), ("--lanes", "1", "--strategy", "streaming"))
    already = calls_before_the_state(trial, (*CHANGING, "read"))
    once = kill_at_every_call(trial, already, trial.begin_anew)
    twice = recoveries_killed(trial, already)
    compacting = compactions_killed(trial, already) if pair is pairs.SMALL[0] else 0
    trial.clean()
    print(f"{pair.name}: killed at each of {once} calls, at {twice} of recoveries, at {compacting} of runs that replace "
          f"their log; 0 lost, 0 repeated; {time.monotonic() - began:.0f} s", flush=True)


def can_trace():
    return subprocess.run(traced("trace=none") + ["true"], stderr=subprocess.DEVNULL).returncode == 0


def main(weir, *names):
    if not can_trace():
        print("SKIPPED: strace cannot trace here (ptrace is not permitted); rows 2 and 4 are NOT tested")
        return SKIPPED
    for name in names:
        kill(weir, pairs.BY_NAME[name])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
