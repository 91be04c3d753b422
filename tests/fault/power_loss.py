#!/usr/bin/env python3
"""Row 3 of the fault matrix: the power fails. A copy of the image of a mounted file system, taken while weir works,
has only what was synced; the run goes on from there.

    power_loss.py WEIR [CRASHES]
"""
import contextlib
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pairs
from trial import Trial

SKIPPED = 77
IMAGE_MIB = 96
LINES = 60_000


def called(*command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


@contextlib.contextmanager
def mounted(image, at):
    if not called("mount", "-o", "loop", image, at):
        raise PermissionError("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", at], check=True)


def input_elsewhere(home, trial):
    """What is read is not what gets lost, and stays the same file on the same device."""
    there = home / trial.pair.source
    shutil.move(trial.directory / trial.pair.source, there)
    (trial.directory / trial.pair.source).symlink_to(there)


def crash(home, trial, seconds):
    """The image as a power failure leaves it. The run that it was taken from is killed."""
    process = trial.start()
    time.sleep(seconds)
    process.send_signal(signal.SIGSTOP)
    shutil.copyfile(home / "disk", home / "crashed")
    process.kill()
    process.communicate()


def crashes(weir, home, count, seed):
    """Each crash is followed by a run that goes on, and is the next to crash, or by the end and its check."""
    times = random.Random(seed)
    called("truncate", "-s", f"{IMAGE_MIB}M", home / "disk")
    if not called("mkfs.ext4", "-q", "-F", home / "disk"):
        raise PermissionError("mkfs.ext4 is missing")
    at = home / "mounted"
    at.mkdir()
    with mounted(home / "disk", at):
        trial = Trial(weir, pairs.BY_NAME["file_to_ndjson"], LINES, at)
        input_elsewhere(home, trial)
        called("sync")
    made = amid = 0
    # One that nothing was committed before has nothing to lose.
    while made < count or (amid == 0 and made < 5 * count):
        made += 1
        with mounted(home / "disk", at):
            crash(home, trial, times.uniform(0, 2) * trial.seconds)
        (home / "crashed").rename(home / "disk")
        with mounted(home / "disk", at):
            amid += trial.check_log() > 1
            if times.random() < 0.5:
                trial.check_end()
                trial.begin_anew()
                called("sync")
    return made, amid


def main(weir, count="10"):
    seed = random.randrange(1 << 32)
    home = pathlib.Path(tempfile.mkdtemp(prefix="weir-power-"))
    try:
        made, amid = crashes(weir, home, int(count), seed)
    except PermissionError as why:
        print(f"SKIPPED: {why}; power loss on a real file system is NOT tested (the simulated disk is)")
        return SKIPPED
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if amid == 0:
        print(f"{made} power failures, none of them after a commit: nothing was tested; seed {seed}")
        return 1
    print(f"{made} power failures, {amid} of them after commits; 0 lost, 0 repeated; seed {seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
