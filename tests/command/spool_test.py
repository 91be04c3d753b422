"""A spool: what is behind it is slow or away, and the rest of the pipeline is not. The slow sink is an HTTP server that
answers when it is told to."""
import signal
import subprocess
import threading
import unittest

from http_test import Intake, answer
from weir_command import CommandTest

COUNT = 60_000
MEMORY_LIMIT_BYTES = 80 << 20  # 64 MiB for a streaming plan, 16 for the second thread


class Gate:
    """A trick that lets no request be answered before it is opened."""

    def __init__(self):
        self.opened = threading.Event()
        self.reached = threading.Event()

    def __call__(self, number, request):
        self.reached.set()
        self.opened.wait()


class Spool(CommandTest):
    def setUp(self):
        super().setUp()
        self.gate = Gate()
        self.addCleanup(self.gate.opened.set)
        self.intake = Intake(self.gate)

    def write_records(self, count=COUNT):
        self.write("in.ndjson", "".join(f'{{"n":{n},"text":"{n:0200}"}}\n' for n in range(1, count + 1)))

    def pipeline(self, spool="spool sp", source="in.ndjson"):
        return f"from {source} | json | tee (to fast.ndjson) ({spool} | keep n | batch 5000 | to {self.intake.url})"

    def finish(self, process, code=0):
        _, said = process.communicate(timeout=120)
        self.assertEqual(process.returncode, code, said)
        return said.decode()

    def segments(self):
        return sorted(path.name for path in (self.dir / "sp").glob("spool-*"))

    def wait_for_fast(self):
        self.wait_for_content("fast.ndjson", self.read("in.ndjson"))

    def test_the_others_end_while_one_is_behind_and_memory_stays_flat(self):
        self.write_records()
        process = self.start(self.pipeline(), "--lanes", "1", "--report", "R.json")
        self.wait_for_fast()
        self.assertEqual(self.intake.bodies, {})
        self.assertIsNone(process.poll())
        self.gate.opened.set()
        said = self.finish(process)
        self.assertNotIn("waiting", said)
        self.assertEqual(self.intake.numbers(), list(range(1, COUNT + 1)))
        report = self.report()
        self.assertEqual([sink["delivered"] for sink in report["sinks"]], [COUNT] * 3)
        self.assertLess(report["peak_rss_bytes"], MEMORY_LIMIT_BYTES)
        self.assertEqual(self.segments(), [])

    def test_a_full_one_stops_the_source_until_there_is_room_and_says_so_once(self):
        self.write_records(20_000)
        process = self.start(self.pipeline("spool sp limit=1MiB"), "--lanes", "1", "--report", "R.json")
        self.assertIn(b"waiting: spool sp is full", process.stderr.readline())
        self.assertLess(sum((self.dir / "sp" / name).stat().st_size for name in self.segments()), 1 << 20)
        self.gate.opened.set()
        said = self.finish(process)
        self.assertEqual((said.count("waiting"), said.count("going on after")), (0, 1), said)
        self.assertEqual(self.intake.numbers(), list(range(1, 20_001)))
        self.assertEqual(self.report()["delivered"], 20_000)

    def test_with_a_state_the_next_run_goes_on_with_what_is_in_it(self):
        """Killed while all that was read waits: the other sink and the source have nothing to do again."""
        self.write_records()
        process = self.start(self.pipeline(), "--state", "state")
        self.wait_for_fast()
        self.wait_for("a commit of all of it",
                      lambda: b'"totals":{"in":%d' % COUNT in self.read("state/log").rpartition(b'"entry"')[2])
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertEqual(self.intake.bodies, {})
        self.gate.opened.set()
        done = self.weir(self.pipeline(), "--state", "state", "--report", "R.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = self.report()
        self.assertEqual((report["in"], report["total"]["in"]), (0, COUNT))
        self.assertEqual(report["sinks"][-1]["delivered"], COUNT)
        self.assertEqual(self.read("fast.ndjson"), self.read("in.ndjson"))
        self.assertEqual(self.intake.numbers(), list(range(1, COUNT + 1)))

    def test_a_record_counts_where_it_left_the_spool(self):
        self.write_records(3000)
        self.gate.opened.set()
        done = self.weir("from in.ndjson | json | where n > 1000 | spool sp | where n > 1500 | to out.ndjson", "--report",
                         "R.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = self.report()
        self.assertEqual((report["in"], report["delivered"], report["filtered"]), (3000, 1500, 1500))
        self.assertEqual(report["filtered_by"], {"where n > 1000": 1000, "where n > 1500": 500})

    def test_what_is_refused_behind_it_goes_to_its_dead_letter(self):
        self.intake.trick = lambda number, request: answer(b"422 No") if b'"n":7}' in request.body else None
        self.write_records(20)
        done = self.weir(f"from in.ndjson | json | spool sp | keep n | batch 10 | to {self.intake.url}", "--dead-letter",
                         "dead.ndjson", "--report", "R.json")
        self.assertEqual(done.returncode, 1, done.stderr)
        report = self.report()
        self.assertEqual((report["in"], report["delivered"], report["rejected"]), (20, 19, 1))
        self.assertEqual(self.read("dead.ndjson"), b"")
        self.assertIn(b'"source":"in.ndjson","number":7,', self.read("sp/dead.ndjson"))
        self.assertEqual(self.intake.numbers(), [n for n in range(1, 21) if n != 7])

    def test_what_a_sink_will_never_take_ends_the_run_though_the_source_does_not(self):
        self.intake.trick = lambda number, request: answer(b"401 Who are you")
        self.write_records(20)
        process = self.start(self.pipeline(source="follow in.ndjson").replace("5000", "5"))
        self.assertIn("401", self.finish(process, 69))

    def test_a_reader_that_goes_away_ends_its_branch_alone(self):
        self.write_records(20)
        done = self.weir("from in.ndjson | json | tee (to all.ndjson) (spool sp | head 3 | to some.ndjson)", "--report",
                         "R.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("all.ndjson"), self.read("in.ndjson"))
        self.assertEqual(self.read("some.ndjson").count(b"\n"), 3)
        self.report()

    def test_a_stop_delivers_what_it_can_and_says_what_is_left(self):
        self.write_records(20_000)
        process = self.start(self.pipeline(), "--lanes", "1", "--state", "state")
        self.wait_for_fast()
        self.gate.reached.wait()
        process.send_signal(signal.SIGINT)
        said = self.finish(process, 130)
        self.assertRegex(said, r"2/spool sp: \d\d,\d\d\d records stay in it for the next run")
        self.gate.opened.set()
        self.assertEqual(self.weir(self.pipeline(), "--state", "state").returncode, 0)
        self.assertEqual(self.intake.numbers(), list(range(1, 20_001)))

    def test_a_directory_serves_one_spool_and_one_state(self):
        self.write_records(20_000)
        self.gate.opened.clear()
        process = self.start(self.pipeline(), "--state", "state")
        self.wait_for_fast()
        second = self.weir(self.pipeline().replace("fast", "other"), "--state", "another")
        self.assertEqual(second.returncode, 75, second.stderr)
        process.kill()
        process.wait()
        for state in ((), ("--state", "another")):
            with self.subTest(state):
                other = self.weir(self.pipeline().replace("fast", "other"), *state)
                self.assertEqual(other.returncode, 2, other.stderr)
                self.assertIn(b"sp: holds records", other.stderr)

    def test_damage_is_reported_and_never_believed(self):
        self.write_records(2000)
        process = self.start(self.pipeline(), "--state", "state")
        self.wait_for_fast()
        self.wait_for("a commit", lambda: b'"totals":{"in":2000' in self.read("state/log"))
        process.kill()
        process.wait()
        segment = "sp/" + self.segments()[0]
        content = bytearray(self.read(segment))
        content[len(content) // 2] ^= 1
        self.write(segment, bytes(content))
        self.gate.opened.set()
        done = self.weir(self.pipeline(), "--state", "state")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(segment.encode() + b": damaged at byte", done.stderr)

    def test_what_cannot_stand_with_it_is_refused(self):
        for pipeline, why in {
                "from in.ndjson | spool sp | json | to -": b"`json` cannot stand behind a spool",
                "from in.ndjson | json | sort by n | spool sp | to -": b"order",
                "from in.ndjson | spool sp | multiline java | to -": b"`multiline` cannot stand behind a spool",
                "from in.ndjson | json | tee (spool sp) (to -)": b"this branch has no sink",
                "from in.ndjson | json | spool sp limit=0 | to -": b"`limit` is at least 1"}.items():
            with self.subTest(pipeline):
                done = self.weir("check", pipeline)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(why, done.stderr)

    def test_explain_says_what_it_promises(self):
        self.write_records(1)
        said = self.weir("explain", self.pipeline("spool sp limit=2GiB")).stdout.decode()
        self.assertIn("spool   directory=sp limit=2GiB", said)
        self.assertIn("with --state: synced before the checkpoint moves on", said)
        self.assertIn("at least once", said)


if __name__ == "__main__":
    unittest.main()
