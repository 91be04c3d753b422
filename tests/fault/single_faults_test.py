#!/usr/bin/env python3
"""Single faults, each named after its row of the fault matrix (docs/faults.md). Whatever happens, the next run without
the fault ends with what an undisturbed one delivers."""
import os
import pathlib
import re
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import pairs
from kill_at_calls import calls_before_the_state, can_trace, traced
from trial import Trial, quick_directory, whole_lines, write_log

WEIR = None
SMALL = pairs.BY_NAME["small_file"]
# Some hundred milliseconds of work.
LONG = pairs.BY_NAME["file_to_ndjson"]
GZIP = pairs.BY_NAME["gzip_to_ndjson_gz"]
ROTATED = pairs.BY_NAME["rotated"]
SINK_IS_FULL = r"out[^ ]*: no space left on device"
ONE_LANE = ("--lanes", "1")


def unkind(way):
    """An environment in which calls do what they may and nobody likes (unkind_calls.cpp)."""
    return {**os.environ, "LD_PRELOAD": os.environ["WEIR_UNKIND_CALLS"], "WEIR_UNKIND": way}


def needs_trace(test):
    return unittest.skipUnless(can_trace(), "strace cannot trace here: this row is NOT tested")(test)


class Fault(unittest.TestCase):
    def trial(self, pair=SMALL, lines=40, within=None):
        trial = Trial(WEIR, pair, lines, within or quick_directory(), ONE_LANE)
        self.addCleanup(trial.clean)
        return trial

    def injected(self, trial, *faults):
        """Runs under strace. Returns its code and what it said."""
        process = trial.start(before=traced(*faults))
        _, said = process.communicate(timeout=60)
        return process.returncode, said.decode()

    def ends(self, trial, faults, code, *words):
        got, said = self.injected(trial, *faults)
        self.assertEqual(got, code, said)
        for word in words:
            self.assertIn(word, said)
        trial.check_log()
        trial.check_end()

    def working(self, trial):
        """A run with at least one commit, in the middle of its work unless it was quicker than we."""
        process = trial.start()
        self.addCleanup(lambda: process.poll() is None and process.kill())
        log = trial.directory / "state" / "log"
        deadline = time.monotonic() + 30
        while process.poll() is None and not (log.exists() and log.read_bytes().count(b'"entry"') > 1):
            self.assertLess(time.monotonic(), deadline, "no commit")
        return process

    def met(self, trial, does):
        """A run that `does(process)` met at work. It says whether it did; a run that was quicker is begun again."""
        for _ in range(20):
            process = self.working(trial)
            if does(process):
                return process
            trial.finish(process)
            trial.check_end()
            trial.begin_anew()
        self.fail("each run was at its end before it could be met")

    def signalled(self, trial, *numbers):
        """A run that ended by these signals."""
        def signal_it(process):
            for number in numbers:
                process.send_signal(number)
            return process.wait(60) not in (0, 1)

        return self.met(trial, signal_it)


class Row5_a_full_disk(Fault):
    def mount(self, at):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "weir", at], stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            self.skipTest("mounting is not allowed here: this row is NOT tested")
        self.addCleanup(subprocess.run, ["umount", at], check=True)

    def filled(self, what, capacity, sink_alone=False):
        """A trial on a file system with so much room; with `sink_alone` log and dead letter have one of their own."""
        home = tempfile.mkdtemp(prefix="weir-full-")
        self.addCleanup(os.rmdir, home)
        self.mount(home)
        trial = self.trial(what, 20_000, home)
        if sink_alone:
            state = trial.directory / "state"
            state.mkdir()
            self.mount(state)
        self.resize(home, self.used(home) + capacity)
        return trial, home

    @staticmethod
    def resize(home, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", home], check=True)

    def full(self, what, capacity, sink_alone=False):
        """A run that gives up, then one with room."""
        trial, home = self.filled(what, capacity, sink_alone)
        process = trial.start("--give-up-after", "300ms")
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 74, said)
        self.assertRegex(said.decode(), SINK_IS_FULL if sink_alone else "no space left on device")
        trial.check_log()
        self.resize(home, "64m")
        trial.check_end()

    def test_it_is_waited_for_and_gone_on_by_itself(self):
        for pair, capacity in ((LONG, 512 * 1024), (GZIP, 32 * 1024), (ROTATED, 300 * 1024)):
            with self.subTest(pair.name):
                trial, home = self.filled(pair, capacity, sink_alone=True)
                process = trial.start()
                self.addCleanup(lambda: process.poll() is None and process.kill())
                self.assertRegex(process.stderr.readline().decode(), "^waiting: " + SINK_IS_FULL)
                self.resize(home, "64m")
                trial.finish(process)
                trial.check_end()

    @staticmethod
    def used(home):
        at = os.statvfs(home)
        return (at.f_blocks - at.f_bfree) * at.f_frsize

    def test_under_the_sink(self):
        self.full(LONG, 512 * 1024)

    def test_under_a_compressed_sink(self):
        self.full(GZIP, 32 * 1024, sink_alone=True)

    def test_under_rotated_files(self):
        self.full(ROTATED, 300 * 1024, sink_alone=True)

    @needs_trace
    def test_under_a_spool(self):
        """Under its heading, and under its first blocks: it is waited for."""
        for when in ("1..2", "4..6"):
            with self.subTest(when):
                trial = self.trial(pairs.BY_NAME["small_spooled"])
                segment = trial.directory / "spool" / "spool-00000000000000000000"
                process = trial.start(before=["strace", "-f", "-qq", "-o", "strace", "-P", str(segment), "-e",
                                              "trace=write", "-e", f"inject=write:error=ENOSPC:when={when}"])
                _, said = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 1, said)
                self.assertIn("ENOSPC", (trial.directory / "strace").read_text())
                trial.check_end()

    def test_at_once(self):
        self.full(LONG, 16 * 1024)


@needs_trace
class Row6_calls_that_fail(Fault):
    def fails_to_sync(self, call, number):
        trial = self.trial()
        calls = trial.directory / "calls"
        process = trial.start(before=traced(f"inject={call}:error=EIO:when={number}", "trace=" + call, to=calls))
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 74, said)
        self.assertIn("input/output error", said.decode())
        failed, *later = re.findall(call + r"\((\d+)\)", calls.read_text())[number - 1:]
        self.assertNotIn(failed, later)
        trial.check_log()
        trial.check_end()

    def test_a_failed_sync_is_never_tried_again(self):
        for number in range(1, 9):
            with self.subTest(fdatasync=number):
                self.fails_to_sync("fdatasync", number)

    def test_nor_is_that_of_a_directory(self):
        for number in range(1, 4):
            with self.subTest(fsync=number):
                self.fails_to_sync("fsync", number)

    def test_a_failed_sync_of_a_databases_log_is_not_tried_again_by_closing_it(self):
        seen = set()
        for number in range(13, 25):
            trial = self.trial(pairs.BY_NAME["small_sqlite"])
            calls = trial.directory / "calls"
            fault = traced(f"inject=fdatasync:error=EIO:when={number}", "trace=fdatasync", to=calls)
            process = trial.start(before=[*fault, "-y"])
            process.communicate(timeout=60)
            synced = re.findall(r"fdatasync\(\d+<([^>]*)>\)", calls.read_text())[number - 1:]
            if synced and synced[0].endswith("out.db-wal") and process.returncode == 74:
                seen.add(number)
                self.assertFalse([later for later in synced[1:] if "out.db" in later], number)
            trial.finish(trial.start())
            trial.check_end()
        self.assertTrue(seen)

    def test_writes_fail_once(self):
        for number in range(2, 14):
            with self.subTest(write=number):
                self.ends(self.trial(), [f"inject=write:error=EIO:when={number}"], 74, "input/output error")

    def test_a_read_fails(self):
        trial = self.trial(LONG, 2000)
        first = calls_before_the_state(trial, ("read",))["read"] + 2
        got, said = self.injected(trial, "trace=read", f"inject=read:error=EIO:when={first}+")
        self.assertEqual(got, 74, said)
        self.assertIn("in.ndjson: input/output error", said)
        trial.check_end()


@needs_trace
class Row7_calls_that_do_less(Fault):
    def test_interrupted_writes_go_on(self):
        self.ends(self.trial(), ["inject=write:error=EINTR:when=3+2"], 1)

    def test_interrupted_reads_go_on(self):
        trial = self.trial()
        first = calls_before_the_state(trial, ("read",))["read"] + 1
        self.ends(trial, [f"inject=read:error=EINTR:when={first}+2"], 1)


    def test_reads_and_writes_that_take_only_some_of_the_bytes(self):
        for pair in (LONG, pairs.BY_NAME["gzip_to_ndjson_gz"], pairs.BY_NAME["rotated"]):
            with self.subTest(pair.name):
                trial = self.trial(pair, 20_000)
                trial.finish(trial.start(env=unkind("short")))
                trial.check_end()


class Row8_what_cannot_be_opened(Fault):
    def test_no_descriptor_is_left(self):
        trial = self.trial()
        process = trial.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (6, 6)))
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 74, said)
        self.assertIn("too many open files", said.decode())
        trial.check_end()

    @needs_trace
    def test_none_is_left_in_the_middle_of_a_run(self):
        trial = self.trial()
        first = calls_before_the_state(trial, ("openat",))["openat"] + 1
        for number in range(first, first + 12):
            with self.subTest(openat=number):
                trial.begin_anew()
                got, said = self.injected(trial, f"inject=openat:error=EMFILE:when={number}+")
                self.assertIn(got, (0, 1, 74), said)
                if got == 74:
                    self.assertIn("too many open files", said)
                trial.check_log()
                trial.check_end()

    @needs_trace
    def test_a_file_cannot_be_given_its_name(self):
        for code, words in (("EXDEV", "invalid cross-device link"), ("EPERM", "operation not permitted")):
            with self.subTest(code):
                self.ends(self.trial(pairs.BY_NAME["small_rotated"]),
                          [f"inject=rename,renameat,renameat2:error={code}:when=1+"], 74, "part-000001.ndjson", words)

    @needs_trace
    def test_a_file_system_that_is_only_read(self):
        self.ends(self.trial(), ["inject=mkdir:error=EROFS"], 74, "state: read-only file system")

    @needs_trace
    def test_closing_fails(self):
        for code in ("EIO", "EDQUOT"):
            trial = self.trial()
            calls = trial.directory / "calls"
            trial.finish(trial.start(before=traced("trace=close", to=calls)))
            trial.begin_anew()
            at = len([line for line in calls.read_text().splitlines() if "close(" in line]) - 2
            self.injected(trial, f"inject=close:error={code}:when={at}")
            trial.check_end()


class Row16_a_clock_that_jumps(Fault):
    def test_only_the_time_of_day_changes(self):
        for pair in (LONG, pairs.BY_NAME["batches_to_ndjson"]):
            with self.subTest(pair.name):
                trial = self.trial(pair, 5000)
                began = time.monotonic()
                trial.finish(trial.start(env=unkind("clock")))
                self.assertLess(time.monotonic() - began, 20)
                trial.check_end()


    def test_a_batch_is_handed_over_in_time(self):
        process = subprocess.Popen([WEIR, "-q", "from - | batch 1000 10ms | to -"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, env=unkind("clock"))
        self.addCleanup(process.kill)
        for n in range(20):
            process.stdin.write(b"%d\n" % n)
            process.stdin.flush()
            self.assertTrue(select.select([process.stdout], [], [], 20)[0], f"record {n} did not come")
            self.assertIn(b'"%d"' % n, process.stdout.readline())
        process.stdin.close()
        self.assertEqual(process.wait(60), 0)
        process.stdout.close()


class Row30_two_processes_on_one_state(Fault):
    def test_the_second_one_is_refused(self):
        trial = self.trial(LONG, 300_000)
        said = ""

        def begin_another(_):
            nonlocal said
            second = trial.start()
            said = trial.finish(second, (0, 1, 75))
            return second.returncode == 75

        first = self.met(trial, begin_another)
        self.assertIn(f"process {first.pid} is working with this state", said)
        trial.finish(first)
        trial.check_end()


class Row31_a_log_that_is_not_as_it_was_written(Fault):
    def broken_off(self):
        trial = self.trial()
        trial.finish(trial.start())
        return trial, trial.directory / "state" / "log"

    def refused(self, trial, *words):
        said = trial.finish(trial.start(), (74,))
        for word in words:
            self.assertIn(word, said)

    def test_damage_in_the_middle_stops_the_run(self):
        trial, log = self.broken_off()
        good = log.read_bytes()
        for at in range(0, good.rindex(b"\n", 0, -1), 7):
            log.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
            self.refused(trial, "log: damaged at byte", "weir checkpoint repair")
        log.write_bytes(good)
        trial.check_end()

    def test_a_newer_log_is_refused(self):
        trial, log = self.broken_off()
        payloads = whole_lines(log.read_bytes())
        write_log(log, [payloads[0].replace(b'"version":1', b'"version":5'), *payloads[1:]])
        self.refused(trial, "version 5", "use the weir that wrote it")

    def test_an_older_copy_repeats_nothing(self):
        trial = self.trial()
        lines = (trial.finish(trial.start()), (trial.directory / "state" / "log").read_bytes().splitlines(True))[1]
        for kept in range(1, len(lines)):
            (trial.directory / "state" / "log").write_bytes(b"".join(lines[:kept]))
            if kept < 3:
                self.assertIn("holds data that the state does not know", trial.finish(trial.start(), (2,)))
                continue
            trial.check_end()


class Row33_a_stopped_process(Fault):
    def test_it_goes_on(self):
        trial = self.trial(LONG, 300_000)

        def stop(process):
            process.send_signal(signal.SIGSTOP)
            return os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT).si_code == os.CLD_STOPPED

        process = self.met(trial, stop)
        process.send_signal(signal.SIGCONT)
        trial.finish(process)
        trial.check_end()


class Row34_signals(Fault):
    def test_a_drain_keeps_its_place(self):
        for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            trial = self.trial(LONG, 300_000)
            trial.finish(self.signalled(trial, number), (code,))
            self.assertFalse(trial.report()["complete"])
            trial.check_end()

    def test_the_second_signal_loses_nothing(self):
        trial = self.trial(LONG, 300_000)
        trial.finish(self.signalled(trial, signal.SIGTERM, signal.SIGINT), (130, 143))
        trial.check_log()
        trial.check_end()


class Row35_other_signals(Fault):
    def test_a_limit_on_the_size_of_files_is_an_error_with_its_place(self):
        trial = self.trial(LONG, 20_000)
        process = trial.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)))
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 74, said)
        self.assertIn("out.ndjson: file too large", said.decode())
        trial.check_log()
        trial.check_end()

    def test_a_terminal_that_goes_away_drains(self):
        trial = self.trial(LONG, 300_000)
        trial.finish(self.signalled(trial, signal.SIGHUP), (129,))
        trial.check_end()

    def test_a_reader_that_goes_away_ends_it_quietly(self):
        trial = self.trial(LONG, 300_000)
        process = subprocess.Popen([WEIR, "from in.ndjson | json | to -"], cwd=trial.directory,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
        process.stderr.close()
        self.assertEqual(process.wait(60), 0, said)


@needs_trace
class Row38_the_dead_letter_fails(Fault):
    """Its file alone: a failure of a sink, and nothing of what it should hold is lost."""

    def failing(self, call, error, when):
        trial = self.trial(pairs.BY_NAME["small_file"])
        process = trial.start(before=["strace", "-f", "-qq", "-o", "/dev/null", "-P",
                                      str(trial.directory / "state" / "dead.ndjson"), "-e", "trace=" + call, "-e",
                                      f"inject={call}:error={error}:when={when}"])
        _, said = process.communicate(timeout=60)
        return trial, process.returncode, said.decode()

    def test_a_write_or_a_sync_that_fails_ends_the_run(self):
        for call in ("write", "fdatasync"):
            with self.subTest(call):
                trial, code, said = self.failing(call, "EIO", 1)
                self.assertEqual(code, 74, said)
                self.assertIn("dead.ndjson: input/output error", said)
                trial.check_log()
                trial.check_end()

    def test_a_full_disk_is_waited_for(self):
        trial, code, said = self.failing("write", "ENOSPC", "1..3")
        self.assertEqual(code, 1, said)
        trial.check_end()


if __name__ == "__main__":
    WEIR = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
