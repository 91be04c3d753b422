"""`to s3://...` as a user runs it: against versitygw, killed again and again, and against a fake with faults."""
import unittest

import fake_store
import real_servers
import writable_s3
from sink_contract import FaultySinkContract, RealSinkContract, SinkTest
from store_contract import log_lines


class RealServer(RealSinkContract, SinkTest):
    scheme = "s3"
    kills = 50
    lines_by_fields = 30_000
    large = 1_000_000

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.S3()
        cls.addClassCleanup(cls.server.stop)

    def test_wrong_bucket_and_wrong_key(self):
        self.write("in.ndjson", log_lines("a", 10))
        for environment, words in [({}, b"NoSuchBucket"), ({"AWS_SECRET_ACCESS_KEY": "wrong"}, b"SignatureDoesNotMatch")]:
            done = self.run_weir("from in.ndjson | json | to s3://nobody/x/",
                                 {**self.server.environment, **environment})
            self.assertEqual(done.returncode, 69, done.stderr)
            self.assertIn(words, done.stderr)


class FakeServer(FaultySinkContract, SinkTest):
    make_store = writable_s3.WritableS3
    pipeline = "from in.ndjson | json | to s3://logs/x.ndjson part_size=5MiB"

    def shown(self, key):
        return f"s3://logs/{key}"

    def test_an_upload_that_was_begun_though_its_answer_was_lost_is_taken_back_by_the_next_run(self):
        self.write("in.ndjson", log_lines("a", 10))
        self.store.fault(writable_s3.is_begin, fake_store.lose_answer)
        self.store.fault(writable_s3.is_begin, fake_store.error(403, "AccessDenied"))
        self.assertEqual(self.run_to_store(*self.state).returncode, 69)
        self.assertEqual(len(self.store.uploads), 1)
        self.assertEqual(self.run_to_store(*self.state).returncode, 0)
        self.check_objects(log_lines("a", 10).splitlines())

    def test_an_error_in_an_answer_that_began_well(self):
        lines = self.generated(self.lines)
        self.store.fault(writable_s3.is_complete, lambda s3, connection, key, request: s3.send(
            connection, 200, b"<Error><Code>InternalError</Code><Message>try again</Message></Error>"))
        self.assertEqual(self.run_to_store().returncode, 0)
        self.check_objects(lines)

    def test_a_conflict_is_tried_again(self):
        lines = self.generated(self.lines)
        self.store.fault(writable_s3.is_complete, fake_store.error(409, "ConditionalRequestConflict"), 2)
        self.assertEqual(self.run_to_store().returncode, 0)
        self.check_objects(lines)

    def test_a_server_that_does_not_honour_if_none_match(self):
        self.store.conditional = False
        lines = self.generated(self.lines)
        self.store.fault(writable_s3.is_complete, fake_store.lose_answer)
        self.assertEqual(self.run_to_store(*self.state).returncode, 0)
        self.check_objects(lines)
        told = self.weir("explain", self.pipeline + " conditional=false").stdout
        self.assertIn(b"at least once", told)

    def test_expired_credentials_name_their_cause(self):
        self.write("in.ndjson", log_lines("a", 10))
        done = self.run_weir(self.pipeline, {**self.store.environment, "AWS_SESSION_TOKEN": "an-old-token"})
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"ExpiredToken", done.stderr)
        self.assertNotIn(b"an-old-token", done.stderr)


if __name__ == "__main__":
    unittest.main()
