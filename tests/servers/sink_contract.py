"""What every object store's sink has to do: against a real server, killed again and again, and against a strict fake
with faults."""
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time

import fake_store
from store_contract import StoreTest, log_lines


def text_of(key, body):
    return gzip.decompress(body) if key.endswith(".gz") else body


def lines_in(objects):
    """What all objects hold, in the order of their keys."""
    return b"".join(text_of(key, objects[key]) for key in sorted(objects)).splitlines()


class SinkTest(StoreTest):
    def generated(self, count):
        """A file of lines that gzip cannot make small."""
        done = self.weir("-q", f"from generate {count} seed=1 | json | to in.ndjson")
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.read("in.ndjson").splitlines()

    def run_well(self, pipeline, environment, *more):
        done = self.run_weir(pipeline, environment, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done


class RealSinkContract:
    """Mixed into a SinkTest with `scheme` and `server` (make_bucket, put, objects, unfinished_uploads, empty,
    environment)."""

    kills = 8
    lines_by_fields = 9000
    large = 300_000  # records of an object larger than what a process may hold

    def bucket(self, name):
        self.server.make_bucket(name)
        return name

    def address(self, path):
        return f"{self.scheme}://{path}"

    def check_bucket(self, bucket, lines):
        self.assertEqual(sorted(lines_in(self.server.objects(bucket))), sorted(lines))
        self.assertEqual(self.server.unfinished_uploads(bucket), [])

    def test_small_and_large_objects_and_their_names(self):
        lines = self.generated(60_000)
        bucket = self.address(self.bucket("whole"))
        self.run_well(f"from in.ndjson | json | to {bucket}/a/ rotate_records=20000", self.server.environment)
        self.run_well(f"from in.ndjson | json | to {bucket}/b/{{date}}/x.ndjson part_size=5MiB",
                      self.server.environment, "--state", "S")
        self.run_well(f"from in.ndjson | json | to '{bucket}/c/{{service}}/ü +&.ndjson.zst'",
                      self.server.environment, "--state", "T")
        objects = self.server.objects("whole")
        some = {key: body for key, body in objects.items() if key.startswith("a/")}
        self.assertEqual([key[-19:] for key in sorted(some)], [f"{n:012}.ndjson.gz"[-19:] for n in (1, 20001, 40001)])
        self.assertEqual(lines_in(some), lines)
        (key, body), = ((key, body) for key, body in objects.items() if key.startswith("b/"))
        self.assertTrue(key.startswith("b/2026-01-01/x-"), key)
        self.assertEqual(body.splitlines(), lines)
        self.run_well(f"from '{bucket}/c/**' | json | to back.ndjson", self.server.environment)
        self.assertEqual(sorted(self.read("back.ndjson").splitlines()), sorted(lines))
        self.assertEqual(self.server.unfinished_uploads("whole"), [])

    def test_the_same_input_again_makes_nothing_new(self):
        lines = self.generated(60_000)
        bucket = self.bucket("again")
        for _ in range(2):
            self.run_well(f"from in.ndjson | json | to {self.address(bucket)}/x.ndjson part_size=5MiB",
                          self.server.environment)
            self.check_bucket(bucket, lines)

    def test_from_the_store_to_the_store(self):
        lines = self.generated(5000)
        bucket = self.bucket("from")
        for i in range(5):
            self.server.put(bucket, f"in/{i}", gzip.compress(b"\n".join(lines[i * 1000:(i + 1) * 1000]) + b"\n"))
        target = self.bucket("target-all")
        pipeline = f"from {self.address(bucket)}/in/ | json | to {self.address(target)}/out/"
        for expected in (5000, 0):
            self.run_well(pipeline, self.server.environment, "--state", "S")
            self.assertEqual(self.report()["delivered"], expected)
        self.check_bucket("target-all", lines)

    def kill_again_and_again(self, pipeline, bucket, lines, state=("--state", "S")):
        environment = {**os.environ, **self.server.environment, "AWS_CONFIG_FILE": "/dev/null"}
        seed = random.randrange(1 << 32)
        times = random.Random(seed)
        began = time.monotonic()
        self.run_well(pipeline, self.server.environment, *state)
        whole = time.monotonic() - began
        self.check_bucket(bucket, lines)
        landed = 0
        while landed < self.kills:
            self.server.empty(bucket)
            shutil.rmtree(self.dir / "S")
            while landed < self.kills:
                process = self.start(pipeline, *state, env=environment)
                try:
                    process.wait(times.random() * whole)
                    break
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    landed += 1
            self.run_well(pipeline, self.server.environment, *state)
            try:
                self.check_bucket(bucket, lines)
            except AssertionError as wrong:
                raise AssertionError(f"seed {seed}") from wrong

    def test_killed_at_random_times(self):
        lines = self.generated(60_000)
        bucket = self.bucket("killed")
        self.kill_again_and_again(
            f"from in.ndjson | json | to {self.address(bucket)}/x.ndjson part_size=5MiB rotate_bytes=6MB", bucket, lines)

    def test_killed_at_random_times_from_the_store_to_the_store_by_fields(self):
        lines = self.generated(self.lines_by_fields)
        source = self.address(self.bucket("source"))
        for i in range(6):
            self.server.put("source", f"{i}.gz", gzip.compress(b"\n".join(lines[i::6]) + b"\n", 1))
        target = self.bucket("target")
        self.kill_again_and_again(f"from {source}/** | json | to {self.address(target)}/{{service}}/ rotate_records=500",
                                  target, lines)

    def test_memory_is_that_of_the_parts_and_not_of_the_object(self):
        self.bucket("memory")
        # By way of a shell: what a process has at most begins with what its parent has when it starts it.
        done = subprocess.run(["sh", "-c", '"$WEIR" "$0" --lanes 1 --report R.json; exit $?',
                               f"from generate {self.large} | json | to {self.address('memory')}/x.ndjson rotate_bytes=300MB"],
                              cwd=self.dir, env={**os.environ, **self.server.environment}, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        (_, body), = self.server.objects("memory").items()
        self.assertEqual(len(body), self.report()["bytes_in"])
        self.assertGreater(len(body), 64 << 20)
        self.assertLess(json.loads(self.read("R.json"))["peak_rss_bytes"], 64 << 20)


class FaultySinkContract:
    """Mixed into a SinkTest with `store`, a FakeStore whose `steps` are the requests of an upload in their order, with
    `is_put`, `left_open` and `environment`, and with `pipeline`, which writes in.ndjson to it in two parts."""

    state = ("--state", "S")
    lines = 40_000
    takes_uploads_back = True

    def setUp(self):
        super().setUp()
        self.store = self.make_store()
        self.addCleanup(lambda: self.assertEqual(self.store.errors, []))

    def run_to_store(self, *more):
        return self.run_weir(self.pipeline, self.store.environment, *more)

    def check_objects(self, lines):
        self.assertEqual(lines_in(self.store.objects), lines)
        self.assertEqual(self.store.left_open(), [])

    def check_taken_back(self):
        if self.takes_uploads_back:
            self.assertEqual(self.store.left_open(), [])

    def test_killed_at_each_step_before_and_after_its_effect(self):
        lines = self.generated(self.lines)
        for step in self.store.steps:
            for kill in (fake_store.kill_before, fake_store.kill_after):
                with self.subTest(step=step.__name__, kill=kill.__name__):
                    self.store.empty()
                    self.store.faults.clear()
                    shutil.rmtree(self.dir / "S", ignore_errors=True)
                    processes = []
                    self.store.fault(step, kill(lambda: processes[0]))
                    processes.append(self.start(self.pipeline, *self.state,
                                                env={**os.environ, **self.store.environment}))
                    self.assertEqual(processes[0].wait(30), -signal.SIGKILL)
                    done = self.run_to_store(*self.state)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.check_objects(lines)

    def test_row_9_a_server_that_is_busy_is_waited_for_at_each_step(self):
        lines = self.generated(self.lines)
        for step in self.store.steps:
            self.store.fault(step, fake_store.error(503, "SlowDown"), 2)
            self.store.fault(step, fake_store.error(500, "InternalError"), 1)
        done = self.run_to_store()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_objects(lines)

    def test_row_13_an_answer_that_was_lost_at_each_step(self):
        lines = self.generated(self.lines)
        for step in self.store.repeatable_steps:
            self.store.fault(step, fake_store.lose_answer)
        done = self.run_to_store(*self.state)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_objects(lines)

    def test_an_answer_to_a_small_object_that_was_lost(self):
        self.write("in.ndjson", log_lines("a", 10))
        self.store.fault(self.store.is_put, fake_store.lose_answer)
        done = self.run_to_store()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_objects(log_lines("a", 10).splitlines())
        writes = [method for method, _, _, _ in self.store.requests if method in ("PUT", "POST")]
        self.assertEqual(len(writes), 2)

    def test_an_object_of_the_same_name_and_other_content_is_an_error(self):
        for write in (lambda: self.write("in.ndjson", log_lines("a", 10)), lambda: self.generated(self.lines)):
            self.store.empty()
            write()
            self.assertEqual(self.run_to_store().returncode, 0)
            (key, before), = self.store.objects.items()
            for other in (b"somebody else's", bytes(len(before))):
                self.store.put(key, other)
                done = self.run_to_store()
                self.assertEqual(done.returncode, 74, done.stderr)
                self.assertIn(f"{self.shown(key)}: there is an object of that name with other content".encode(),
                              done.stderr)
                self.assertEqual(self.store.objects, {key: other})
                self.check_taken_back()

    def test_the_same_content_under_the_same_name_is_compared(self):
        lines = self.generated(self.lines)
        self.assertEqual(self.run_to_store().returncode, 0)
        (key, body), = self.store.objects.items()
        for there in (lambda: None, lambda: self.store.put(key, body)):  # first with the words of who wrote it
            there()
            self.assertEqual(self.run_to_store().returncode, 0)
            self.assertEqual(self.store.objects, {key: body})
            self.check_taken_back()
        self.assertEqual(lines_in(self.store.objects), lines)

    def test_access_denied_is_an_error_at_once_and_leaves_nothing(self):
        self.generated(self.lines)
        self.store.fault(self.store.is_complete, fake_store.error(403, "AccessDenied"), 9)
        done = self.run_to_store()
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"AccessDenied", done.stderr)
        self.assertEqual(self.store.objects, {})
        self.check_taken_back()

    def test_a_connection_that_is_cut_in_the_middle_of_a_part(self):
        lines = self.generated(self.lines)
        self.store.server.cut_next_body_at = 1 << 19
        done = self.run_to_store(*self.state)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_objects(lines)

    def test_explain_says_what_is_guaranteed(self):
        self.write("in.ndjson", log_lines("a", 10))
        told = self.weir("explain", self.pipeline, env=self.store.environment)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn(b"exactly once with --state", told.stdout)
