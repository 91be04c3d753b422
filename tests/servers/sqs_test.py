"""`from sqs ...` as a user runs it: against moto_server, and against a fake that breaks as it is told."""
import json
import os
import pathlib
import signal
import sys
import threading
import unittest

sys.path.append(str(pathlib.Path(__file__).parents[1] / "command"))
import fake_s3
import fake_sqs
import real_servers
import strict_http
from fake_sqs import by_event_bridge, by_sns, event
from store_contract import StoreTest, log_lines


class QueueTest(StoreTest):
    """A test with a `queue` and an `environment` that leads to it."""

    def pipeline(self, options="idle=1s", to="OUT.ndjson append=true"):
        return f"from sqs {self.queue} {options} | json | to {to}"

    def read_queue(self, *more, **parts):
        return self.run_weir(self.pipeline(**parts), self.environment, "--dead-letter", "dead.ndjson", *more)

    def start_reading(self, *more, **parts):
        environment = {**os.environ, **self.environment, "AWS_CONFIG_FILE": "/dev/null"}
        return self.start(self.pipeline(**parts), "--dead-letter", "dead.ndjson", *more, env=environment)

    def read_by_two_processes(self):
        """The lines that two processes write between them, and the lines that there are."""
        keys = [f"{i:02}" for i in range(30)]
        self.offer(*keys, count=20)
        other = self.start_reading(to="OTHER.ndjson")
        done = self.read_queue()
        self.assertEqual((done.returncode, other.wait(60)), (0, 0), done.stderr)
        lines = self.read("OUT.ndjson") + self.read("OTHER.ndjson")
        return lines.splitlines(), b"".join(log_lines(key, 20) for key in keys).splitlines()

    def dead(self):
        return [json.loads(line) for line in self.read("dead.ndjson").splitlines()]


class HoldingIntake:
    """An HTTP server as a sink that takes its time: it answers once it may."""

    def __init__(self):
        self.asked, self.may = threading.Event(), threading.Event()
        self.bodies = []
        self.server = strict_http.Server(self.answer)
        self.server.serve_in_background()
        self.url = f"http://127.0.0.1:{self.server.port}/in"

    def answer(self, request, connection):
        self.asked.set()
        self.may.wait(60)
        self.bodies.append(request.body)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        return True


class RealServer(QueueTest):
    queues = 0

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.Moto()
        cls.addClassCleanup(cls.server.stop)
        cls.server.make_bucket("logs")

    def setUp(self):
        super().setUp()
        RealServer.queues += 1
        self.queue = self.server.make_queue(f"q{RealServer.queues}")
        self.environment = self.server.environment

    def put(self, *keys, count=100):
        for key in keys:
            self.server.put("logs", key, log_lines(key, count))

    def offer(self, *keys, count=100):
        self.put(*keys, count=count)
        for key in keys:
            self.server.send(self.queue, event(key, region="us-east-1"))

    def test_every_kind_of_event_is_read_once_and_deleted(self):
        keys = ["plain/a b+c%.ndjson", "sns/\u00fc.ndjson", "bridge/x y.ndjson", "two/1", "two/2"]
        self.put(*keys)
        for body in (fake_sqs.TEST_EVENT, event(keys[0], region="us-east-1"), by_sns(event(keys[1], region="us-east-1")),
                     by_event_bridge(keys[2]), event(keys[3], keys[4], region="us-east-1"),
                     event("gone", name="ObjectRemoved:Delete"), by_event_bridge("gone", kind="Object Deleted")):
            self.server.send(self.queue, body)
        done = self.read_queue()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(self.names_read()), sorted(keys))
        self.assertEqual((self.report()["in"], self.report()["delivered"]), (500, 500))
        self.assertEqual(self.server.messages_left(self.queue), 0)
        self.assertEqual(self.read_queue().returncode, 0)
        self.assertEqual(len(self.read("OUT.ndjson").splitlines()), 500)

    def test_a_run_that_is_killed_before_its_commit_leaves_the_message(self):
        self.put("a")
        self.server.send(self.queue, event("a", region="us-east-1"))
        intake = HoldingIntake()
        process = self.start_reading(options="visibility=1s", to=intake.url)
        self.assertTrue(intake.asked.wait(30))
        process.kill()
        process.wait()
        self.assertEqual(self.server.messages_left(self.queue), 1)
        done = self.read_queue(options="idle=3s")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("OUT.ndjson"), log_lines("a", 100))
        self.assertEqual(self.server.messages_left(self.queue), 0)

    def test_a_message_that_is_no_event_is_dead_lettered_and_deleted(self):
        self.put("a")
        for body in ("good morning", '{"Records":[{"s3":1}]}', by_sns("x"), event("a", region="us-east-1")):
            self.server.send(self.queue, body)
        done = self.read_queue()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(sorted(d["raw"] for d in self.dead()),
                         sorted(["good morning", '{"Records":[{"s3":1}]}', by_sns("x")]))
        self.assertEqual({d["reason"] for d in self.dead()}, {"not an event of S3"})
        self.assertEqual(self.report()["delivered"], 100)
        self.assertEqual(self.server.messages_left(self.queue), 0)

    def test_two_processes_share_a_queue(self):
        lines, expected = self.read_by_two_processes()
        # moto looks and marks without a lock: two requests at once may be given the same message, so its lines twice.
        self.assertEqual(set(lines), set(expected))
        self.assertEqual(self.server.messages_left(self.queue), 0)

    def test_a_queue_that_is_not_there(self):
        self.queue += "-missing"
        done = self.read_queue()
        self.assertEqual(done.returncode, 66, done.stderr)
        self.assertIn(b"check the queue's URL", done.stderr)


class FakeServer(QueueTest):
    def setUp(self):
        super().setUp()
        self.s3 = fake_s3.FakeS3()
        self.sqs = fake_sqs.FakeSqs()
        self.queue = self.sqs.url
        self.environment = self.s3.environment
        self.addCleanup(lambda: self.assertEqual(self.s3.errors + self.sqs.errors, []))

    def offer(self, *keys, count=100):
        for key in keys:
            self.s3.put(key, log_lines(key, count))
            self.sqs.send(event(key))

    def test_of_two_processes_one_gets_a_message(self):
        lines, expected = self.read_by_two_processes()
        self.assertEqual(sorted(lines), sorted(expected))
        self.assertEqual(self.sqs.messages, {})

    def test_it_wants_a_place_for_what_it_rejects_and_says_what_it_promises(self):
        done = self.run_weir(self.pipeline(), self.environment)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(b"--dead-letter FILE", done.stderr)
        self.assertEqual(self.sqs.actions, [])
        explained = self.weir("explain", self.pipeline(), env=self.environment)
        self.assertIn(b"without, it is read again (at least once)", explained.stdout)

    def test_a_dry_run_deletes_nothing(self):
        self.offer("a")
        done = self.run_weir(self.pipeline(), self.environment, "--dry-run", "10")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.sqs.waiting()), 1)

    def test_a_message_is_kept_from_others_while_a_sink_blocks(self):
        self.offer("a", count=5)
        intake = HoldingIntake()
        process = self.start_reading(options="idle=1s visibility=1s", to=intake.url)
        self.assertTrue(intake.asked.wait(30))
        self.assertTrue(self.sqs.wait_for(lambda: self.sqs.count("ChangeMessageVisibilityBatch") >= 6))
        self.assertEqual((self.sqs.waiting(), self.sqs.count("DeleteMessageBatch")), ([], 0))
        intake.may.set()
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(intake.bodies, [log_lines("a", 5)])
        self.assertEqual(self.sqs.messages, {})

    def test_with_a_state_an_object_that_comes_again_is_gone_on_with(self):
        body = log_lines("a", 5000)
        arrived, go = threading.Event(), threading.Event()
        self.addCleanup(go.set)

        def hold(s3, connection, key, request):
            head = f"HTTP/1.1 200 OK\r\nETag: {s3.etag(key)}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            connection.sendall(head + body[:200_000])
            arrived.set()
            go.wait()
            return False

        self.offer("a", count=5000)
        self.s3.fault(lambda method, key, request: key == "a", hold)
        process = self.start_reading("--state", "state", options="idle=1s visibility=1s", to="OUT.ndjson")
        self.assertTrue(arrived.wait(30))
        self.wait_for("a commit", lambda: (self.dir / "OUT.ndjson").exists() and b"s3://logs/a" in self.inspect())
        process.kill()
        process.wait()
        done = self.run_weir(self.pipeline(options="idle=2s", to="OUT.ndjson"), self.environment, "--dead-letter",
                             "dead.ndjson", "--state", "state", "--accept-changed-pipeline")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("OUT.ndjson"), body)
        self.assertLess(self.report()["in"], 5000)
        self.assertEqual(self.sqs.messages, {})

    def inspect(self):
        return self.weir("checkpoint", "inspect", "state").stdout

    def test_an_interrupt_gives_back_what_is_not_done(self):
        arrived, go = threading.Event(), threading.Event()
        self.addCleanup(go.set)

        def hold(s3, connection, key, request):
            arrived.set()
            go.wait()
            return False

        self.offer("a", "b")
        self.s3.fault(lambda method, key, request: key == "b", hold)
        process = self.start_reading(options="")
        self.assertTrue(arrived.wait(30))
        self.assertTrue(self.sqs.wait_for(lambda: len(self.sqs.messages) == 1))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        self.assertEqual([m.body for m in self.sqs.waiting()], [event("b")])
        self.assertEqual(self.names_read(), ["a"])

    def test_an_interrupt_ends_it_while_it_waits_for_messages(self):
        process = self.start_reading(options="")
        self.assertTrue(self.sqs.wait_for(lambda: self.sqs.count("ReceiveMessage") == 1))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(15), 143)

    def test_a_queue_that_fails_for_the_time_being_is_asked_again(self):
        tricks = {("ReceiveMessage", 1): 500, ("ReceiveMessage", 2): "reset", ("ReceiveMessage", 3): 503,
                  ("DeleteMessageBatch", 1): 500, ("DeleteMessageBatch", 2): "reset"}
        self.sqs.trick = lambda action, number: tricks.get((action, number))
        self.offer("a", "b")
        done = self.read_queue()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(self.names_read()), ["a", "b"])
        self.assertEqual(self.sqs.messages, {})

    def test_an_object_that_cannot_be_read_is_reported_and_its_message_stays(self):
        self.offer("a", "b")
        self.sqs.send(event("missing"))
        done = self.read_queue()
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"s3://logs/missing: ", done.stderr)
        self.assertEqual([m.body for m in self.sqs.messages.values()], [event("missing")])

    def test_empty_objects_and_events_without_objects_are_done_with_at_once(self):
        self.s3.put("empty", b"")
        self.sqs.send(event("empty"))
        self.sqs.send(fake_sqs.TEST_EVENT)
        process = self.start_reading(options="")
        self.assertTrue(self.sqs.wait_for(lambda: not self.sqs.messages))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(15), 130)

    def test_a_message_that_cannot_be_deleted_is_told(self):
        self.sqs.trick = lambda action, number: 403 if action == "DeleteMessageBatch" else None
        self.offer("a")
        done = self.read_queue()
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"1 messages could not be deleted", done.stderr)


if __name__ == "__main__":
    unittest.main()
