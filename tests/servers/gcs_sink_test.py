"""`to gs://...` as a user runs it: against fake-gcs-server, killed again and again, and against a fake with faults,
which is strict about what that one does not look at (the condition when objects are composed)."""
import unittest

import fake_gcs
import fake_store
import real_servers
from sink_contract import FaultySinkContract, RealSinkContract, SinkTest
from store_contract import log_lines


class RealServer(RealSinkContract, SinkTest):
    scheme = "gs"

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.Gcs()
        cls.addClassCleanup(cls.server.stop)

    def test_wrong_bucket(self):
        self.write("in.ndjson", log_lines("a", 10))
        done = self.run_weir("from in.ndjson | json | to gs://nobody/x/", self.server.environment)
        self.assertEqual(done.returncode, 69, done.stderr)

    def test_an_object_of_more_parts_than_are_composed_at_once(self):
        lines = self.generated(150_000)
        self.assertGreater(len(self.read("in.ndjson")), 33 << 20)
        bucket = self.bucket("parts")
        self.run_well(f"from in.ndjson | json | to gs://{bucket}/x.ndjson part_size=1MiB", self.server.environment)
        self.check_bucket(bucket, lines)


class FakeServer(FaultySinkContract, SinkTest):
    make_store = fake_gcs.FakeGcs
    lines = 8000

    def setUp(self):
        super().setUp()
        self.pipeline = f"from in.ndjson | json | to gs://logs/x.ndjson part_size=1MiB endpoint={self.store.endpoint}"
        self.store.environment["GOOGLE_APPLICATION_CREDENTIALS"] = str(
            self.write("credentials.json", self.store.credentials()))

    def shown(self, key):
        return f"gs://logs/{key}"

    def run_weir(self, pipeline, environment, *more):
        done = super().run_weir(pipeline, environment, *more)
        for secret in (fake_gcs.TOKEN, fake_gcs.REFRESH_TOKEN, fake_gcs.CLIENT_SECRET):
            self.assertNotIn(secret.encode(), done.stderr)
        return done

    def test_a_part_that_could_not_be_taken_back_is_by_the_next_run(self):
        lines = self.generated(self.lines)
        self.store.fault(lambda method, key, request: key.endswith("/00002"), fake_store.error(403, "forbidden"))
        self.store.fault(fake_gcs.is_delete, fake_store.error(403, "forbidden"))
        self.assertEqual(self.run_to_store(*self.state).returncode, 69)
        self.assertEqual(len(self.store.left_open()), 1)
        self.assertEqual(self.run_to_store(*self.state).returncode, 0)
        self.check_objects(lines)

    def test_parts_that_are_gone_are_sent_anew_by_the_next_run(self):
        lines = self.generated(self.lines)
        self.store.fault(fake_gcs.is_compose, fake_store.error(403, "forbidden"))
        self.assertEqual(self.run_to_store(*self.state).returncode, 69)
        self.assertEqual(len(self.store.left_open()), 2)
        self.store.empty()
        self.assertEqual(self.run_to_store(*self.state).returncode, 0)
        self.check_objects(lines)

    def test_a_secret_that_is_refused_is_not_shown(self):
        self.write("in.ndjson", log_lines("a", 10))
        self.write("credentials.json", self.store.credentials().replace(fake_gcs.CLIENT_SECRET, "another-secret"))
        done = self.run_to_store()
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertNotIn(b"another-secret", done.stderr)


if __name__ == "__main__":
    unittest.main()
