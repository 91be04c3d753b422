"""`to s3://...` as a user runs it: against versitygw, killed again and again, and against a fake with faults."""
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

import fake_s3
import real_servers
import writable_s3
from store_contract import StoreTest, log_lines

KILLS = 50


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


class RealServer(SinkTest):
    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.S3()
        cls.addClassCleanup(cls.server.stop)

    def bucket(self, name):
        self.server.make_bucket(name)
        return name

    def check_bucket(self, bucket, lines):
        self.assertEqual(sorted(lines_in(self.server.objects(bucket))), sorted(lines))
        self.assertEqual(self.server.unfinished_uploads(bucket), [])

    def test_small_and_large_objects_and_their_names(self):
        lines = self.generated(60_000)
        bucket = self.bucket("whole")
        self.run_well(f"from in.ndjson | json | to s3://{bucket}/a/ rotate_records=20000", self.server.environment)
        self.run_well(f"from in.ndjson | json | to s3://{bucket}/b/{{date}}/x.ndjson part_size=5MiB",
                      self.server.environment, "--state", "S")
        self.run_well(f"from in.ndjson | json | to 's3://{bucket}/c/{{service}}/ü +&.ndjson.zst'",
                      self.server.environment, "--state", "T")
        objects = self.server.objects(bucket)
        some = {key: body for key, body in objects.items() if key.startswith("a/")}
        self.assertEqual([key[-19:] for key in sorted(some)], [f"{n:012}.ndjson.gz"[-19:] for n in (1, 20001, 40001)])
        self.assertEqual(lines_in(some), lines)
        (key, body), = ((key, body) for key, body in objects.items() if key.startswith("b/"))
        self.assertTrue(key.startswith("b/2026-01-01/x-"), key)
        self.assertEqual(body.splitlines(), lines)
        self.run_well(f"from 's3://{bucket}/c/**' | json | to back.ndjson", self.server.environment)
        self.assertEqual(sorted(self.read("back.ndjson").splitlines()), sorted(lines))
        self.assertEqual(self.server.unfinished_uploads(bucket), [])

    def test_the_same_input_again_makes_nothing_new(self):
        lines = self.generated(60_000)
        bucket = self.bucket("again")
        for _ in range(2):
            self.run_well(f"from in.ndjson | json | to s3://{bucket}/x.ndjson part_size=5MiB", self.server.environment)
            self.check_bucket(bucket, lines)

    def test_s3_to_s3(self):
        lines = self.generated(5000)
        bucket = self.bucket("from")
        for i in range(5):
            self.server.put(bucket, f"in/{i}", gzip.compress(b"\n".join(lines[i * 1000:(i + 1) * 1000]) + b"\n"))
        pipeline = f"from s3://{bucket}/in/ | json | to s3://{self.bucket('target-all')}/out/"
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
        while landed < KILLS:
            self.server.empty(bucket)
            shutil.rmtree(self.dir / "S")
            while landed < KILLS:
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
        self.kill_again_and_again("from in.ndjson | json | to s3://killed/x.ndjson part_size=5MiB rotate_bytes=6MB",
                                  self.bucket("killed"), lines)

    def test_killed_at_random_times_from_s3_to_s3_by_fields(self):
        lines = self.generated(30_000)
        self.bucket("source")
        for i in range(6):
            self.server.put("source", f"{i}.gz", gzip.compress(b"\n".join(lines[i * 5000:(i + 1) * 5000]) + b"\n", 1))
        self.kill_again_and_again("from s3://source/** | json | to s3://target/{service}/ rotate_records=500",
                                  self.bucket("target"), lines)

    def test_memory_is_that_of_the_parts_and_not_of_the_object(self):
        self.bucket("memory")
        # By way of a shell: what a process has at most begins with what its parent has when it starts it.
        done = subprocess.run(["sh", "-c", '"$WEIR" "$0" --lanes 1 --report R.json; exit $?',
                               "from generate 1000000 | json | to s3://memory/x.ndjson rotate_bytes=300MB"],
                              cwd=self.dir, env={**os.environ, **self.server.environment}, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sum(map(len, self.server.objects("memory").values())), self.report()["bytes_in"])
        self.assertLess(json.loads(self.read("R.json"))["peak_rss_bytes"], 64 << 20)

    def test_wrong_bucket_and_wrong_key(self):
        self.write("in.ndjson", log_lines("a", 10))
        for environment, words in [({}, b"NoSuchBucket"), ({"AWS_SECRET_ACCESS_KEY": "wrong"}, b"SignatureDoesNotMatch")]:
            done = self.run_weir("from in.ndjson | json | to s3://nobody/x/",
                                 {**self.server.environment, **environment})
            self.assertEqual(done.returncode, 69, done.stderr)
            self.assertIn(words, done.stderr)


class FakeServer(SinkTest):
    def setUp(self):
        super().setUp()
        self.s3 = writable_s3.WritableS3()
        self.addCleanup(lambda: self.assertEqual(self.s3.errors, []))
        self.state = ("--state", "S")

    pipeline = "from in.ndjson | json | to s3://logs/x.ndjson part_size=5MiB"

    def run_to_s3(self, *more):
        return self.run_weir(self.pipeline, self.s3.environment, *more)

    def check_objects(self, lines):
        self.assertEqual(lines_in(self.s3.objects), lines)
        self.assertEqual(self.s3.uploads, {})

    def test_killed_at_each_step_before_and_after_its_effect(self):
        lines = self.generated(40_000)  # two parts
        steps = [writable_s3.is_begin, writable_s3.is_part, writable_s3.is_complete]
        for step in steps:
            for kill in (writable_s3.kill_before, writable_s3.kill_after):
                with self.subTest(step=step.__name__, kill=kill.__name__):
                    self.s3.objects.clear()
                    self.s3.faults.clear()
                    shutil.rmtree(self.dir / "S", ignore_errors=True)
                    processes = []
                    self.s3.fault(step, kill(lambda: processes[0]))
                    processes.append(self.start(self.pipeline, *self.state, env={**os.environ, **self.s3.environment}))
                    self.assertEqual(processes[0].wait(30), -signal.SIGKILL)
                    done = self.run_to_s3(*self.state)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.check_objects(lines)

    def test_slow_down_is_waited_out_at_each_step(self):
        lines = self.generated(40_000)
        for step in (writable_s3.is_begin, writable_s3.is_part, writable_s3.is_complete):
            self.s3.fault(step, fake_s3.error(503, "SlowDown"), 2)
            self.s3.fault(step, fake_s3.error(500, "InternalError"), 1)
        done = self.run_to_s3()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_objects(lines)

    def test_an_answer_that_was_lost_at_each_step(self):
        lines = self.generated(40_000)
        for step in (writable_s3.is_part, writable_s3.is_complete):
            self.s3.fault(step, writable_s3.lose_answer)
        done = self.run_to_s3(*self.state)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_objects(lines)

    def test_an_answer_to_a_small_object_that_was_lost(self):
        self.write("in.ndjson", log_lines("a", 10))
        self.s3.fault(writable_s3.is_put, writable_s3.lose_answer)
        done = self.run_to_s3()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_objects(log_lines("a", 10).splitlines())
        self.assertEqual(sum(method == "PUT" for method, _, _, _ in self.s3.requests), 2)

    def test_an_upload_that_was_begun_though_its_answer_was_lost_is_taken_back_by_the_next_run(self):
        self.write("in.ndjson", log_lines("a", 10))
        self.s3.fault(writable_s3.is_begin, writable_s3.lose_answer)
        self.s3.fault(writable_s3.is_begin, fake_s3.error(403, "AccessDenied"))
        self.assertEqual(self.run_to_s3(*self.state).returncode, 69)
        self.assertEqual(len(self.s3.uploads), 1)
        self.assertEqual(self.run_to_s3(*self.state).returncode, 0)
        self.check_objects(log_lines("a", 10).splitlines())

    def test_an_error_in_an_answer_that_began_well(self):
        lines = self.generated(40_000)
        self.s3.fault(writable_s3.is_complete, lambda s3, connection, key, request: s3.send(
            connection, 200, b"<Error><Code>InternalError</Code><Message>try again</Message></Error>"))
        self.assertEqual(self.run_to_s3().returncode, 0)
        self.check_objects(lines)

    def test_a_conflict_is_tried_again(self):
        lines = self.generated(40_000)
        self.s3.fault(writable_s3.is_complete, fake_s3.error(409, "ConditionalRequestConflict"), 2)
        self.assertEqual(self.run_to_s3().returncode, 0)
        self.check_objects(lines)

    def test_an_object_of_the_same_name_and_other_content_is_an_error(self):
        self.write("in.ndjson", log_lines("a", 10))
        self.assertEqual(self.run_to_s3().returncode, 0)
        self.write("in.ndjson", log_lines("b", 10))
        (key, before), = self.s3.objects.items()
        self.s3.put(key, b"somebody else's")
        self.write("in.ndjson", log_lines("a", 10))
        done = self.run_to_s3()
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(f"s3://logs/{key}: there is an object of that name with other content".encode(), done.stderr)
        self.assertEqual(self.s3.objects, {key: b"somebody else's"})

    def test_the_same_content_under_the_same_name_is_read_and_compared(self):
        lines = self.generated(40_000)
        self.assertEqual(self.run_to_s3().returncode, 0)
        (key, body), = self.s3.objects.items()
        self.s3.put(key, body)  # without the words of who wrote it
        self.assertEqual(self.run_to_s3().returncode, 0)
        self.check_objects(lines)

    def test_access_denied_is_an_error_at_once_and_leaves_nothing(self):
        self.generated(40_000)
        self.s3.fault(writable_s3.is_complete, fake_s3.error(403, "AccessDenied"), 9)
        done = self.run_to_s3()
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"AccessDenied: it is a test", done.stderr)
        self.assertEqual((self.s3.objects, self.s3.uploads), ({}, {}))

    def test_a_server_that_does_not_honour_if_none_match(self):
        self.s3.conditional = False
        lines = self.generated(40_000)
        self.s3.fault(writable_s3.is_complete, writable_s3.lose_answer)
        self.assertEqual(self.run_to_s3(*self.state).returncode, 0)
        self.check_objects(lines)
        told = self.weir("explain", self.pipeline + " conditional=false").stdout
        self.assertIn(b"at least once", told)

    def test_expired_credentials_name_their_cause(self):
        self.write("in.ndjson", log_lines("a", 10))
        done = self.run_weir(self.pipeline, {**self.s3.environment, "AWS_SESSION_TOKEN": "an-old-token"})
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"ExpiredToken", done.stderr)
        self.assertNotIn(b"an-old-token", done.stderr)


if __name__ == "__main__":
    unittest.main()
