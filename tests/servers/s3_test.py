"""`from s3://...` as a user runs it: against versitygw, and against a fake with faults."""
import datetime
import gzip
import hashlib
import json
import os
import shutil
import threading
import time
import unittest

import fake_s3
import fake_store
import real_servers
from store_contract import StoreContract, StoreTest, log_lines

def is_get(key):
    return lambda method, asked, request: method == "GET" and asked == key


def is_list(method, key, request):
    return not key


def as_the_version_before_wrote_it(log):
    """A checkpoint log whose entries do not tell which objects were read to their end."""
    out, last = b"", b""
    for line in log.splitlines():
        payload = line.split(b" ", 1)[1].replace(b',"ended":true', b"")
        last = hashlib.sha256(last + payload).hexdigest().encode()
        out += last + b" " + payload + b"\n"
    return out


class RealServer(StoreContract, StoreTest):
    scheme = component = "s3"

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.S3()
        cls.addClassCleanup(cls.server.stop)

    def test_wrong_credentials(self):
        done = self.run_weir("from s3://contract/** | json | to OUT.ndjson",
                             {**self.server.environment, "AWS_SECRET_ACCESS_KEY": "wrong"})
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"SignatureDoesNotMatch", done.stderr)


class FakeServer(StoreTest):
    def setUp(self):
        super().setUp()
        self.s3 = fake_s3.FakeS3()
        self.addCleanup(lambda: self.assertEqual(self.s3.errors, []))

    def read_all(self, *more, where="**", environment=None):
        return self.run_weir(f"from s3://logs/{where} {' '.join(more)} | json | to OUT.ndjson",
                             {**self.s3.environment, **(environment or {})})

    def read_all_well(self, *more, **options):
        done = self.read_all(*more, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.report()

    def test_a_body_that_breaks_off_goes_on_from_its_last_byte(self):
        body = log_lines("a", 5000)
        self.s3.put("a", body)
        self.s3.fault(is_get("a"), fake_s3.cut_after(1000))
        self.s3.fault(is_get("a"), fake_s3.cut_after(70_000))
        self.read_all_well()
        self.assertEqual(self.read("OUT.ndjson"), body)
        ranges = [headers.get("Range") for method, key, _, headers in self.s3.requests if key == "a"]
        self.assertEqual(ranges, [None, "bytes=1000-", "bytes=71000-"])

    def test_a_gzip_body_that_breaks_off_goes_on_too(self):
        body = log_lines("a", 50_000)
        self.s3.put("a", gzip.compress(body, 1))
        self.s3.fault(is_get("a"), fake_s3.cut_after(5_000))
        self.read_all_well()
        self.assertEqual(self.read("OUT.ndjson"), body)

    def test_an_object_that_changes_is_an_error_and_never_a_splice(self):
        self.s3.put("a", log_lines("old", 5000))
        self.s3.put("b", log_lines("b", 10))
        self.s3.fault(is_get("a"), fake_s3.cut_after(100_000, lambda s3, key: s3.put(key, log_lines("new", 5000))))
        done = self.read_all()
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"s3://logs/a: ", done.stderr)
        self.assertIn(b"changed while it was read", done.stderr)
        self.assertEqual(self.names_read(), ["old", "b"])
        self.assertEqual(len(self.report()["unreadable"]), 1)

    def test_slow_down_and_server_errors_are_waited_out(self):
        for key in "abc":
            self.s3.put(key, log_lines(key, 10))
        self.s3.fault(is_list, fake_store.error(503, "SlowDown"), 2)
        self.s3.fault(is_get("b"), fake_store.error(503, "SlowDown"), 3)
        self.s3.fault(is_get("c"), fake_store.error(500, "InternalError"), 1)
        self.read_all_well()
        self.assertEqual(self.names_read(), ["a", "b", "c"])

    def test_an_unreadable_object_is_reported_and_the_others_are_read(self):
        for key in "abc":
            self.s3.put(key, log_lines(key, 10))
        self.s3.fault(is_get("b"), fake_store.error(403, "AccessDenied"), 9)
        done = self.read_all()
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"s3://logs/b: ", done.stderr)
        self.assertIn(b"AccessDenied: it is a test", done.stderr)
        self.assertEqual(self.names_read(), ["a", "c"])

    def test_an_object_that_goes_away_after_the_listing_is_reported(self):
        self.s3.put("a", log_lines("a", 10))
        self.s3.put("b", log_lines("b", 10))
        self.s3.fault(is_get("b"), fake_store.error(404, "NoSuchKey"), 9)
        done = self.read_all()
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertEqual(self.names_read(), ["a"])

    def test_a_listing_of_many_pages_in_order(self):
        self.s3.page_keys = 7
        keys = [f"d{i % 3}/{i:03}" for i in range(100)]
        for key in keys:
            self.s3.put(key, log_lines(key, 2))
        self.read_all_well()
        self.assertEqual(self.names_read(), sorted(keys))

    def test_the_next_page_is_asked_for_while_the_objects_of_this_one_are_read(self):
        keys = [f"{i:04}" for i in range(1005)]
        for key in keys:
            self.s3.put(key, log_lines(key, 1))
        asked = threading.Event()
        objects_before = []

        def next_page(s3, connection, key, request):
            objects_before.append(sum(1 for _, read, _, _ in s3.requests if read))
            asked.set()
            return s3.do(connection, key, request)

        def late_object(s3, connection, key, request):
            asked.wait(20)
            return s3.send_object(connection, key, request)

        self.s3.fault(lambda method, key, request: "start-after" in request.target, next_page)
        self.s3.fault(is_get("0900"), late_object)
        self.assertEqual(self.read_all().returncode, 0)
        self.assertEqual(self.names_read(), keys)
        self.assertTrue(400 < objects_before[0] < 1000, objects_before)

    def test_an_answer_that_says_less_than_the_listing_is_not_taken_for_the_object(self):
        self.s3.put("a", log_lines("a", 10))
        self.s3.put("b", log_lines("b", 10))

        def half(s3, connection, key, request):
            body = s3.objects[key]
            return s3.send(connection, 200, body[: len(body) // 2], {"ETag": s3.etag(key), "Last-Modified": s3.date()})

        self.s3.fault(is_get("a"), half, 9)
        done = self.read_all()
        self.assertEqual(done.returncode, 74, done.stderr)
        size = len(self.s3.objects["a"])
        self.assertIn(b"s3://logs/a: the listing says %d bytes, the answer %d" % (size, size // 2), done.stderr)
        self.assertEqual(self.names_read(), ["b"])

    def test_keys_that_come_and_go_while_pages_are_turned(self):
        """Whatever else happens, what is there all the time is read once."""
        self.s3.page_keys = 7
        stay = [f"k{i:03}" for i in range(0, 60, 2)]
        for key in stay:
            self.s3.put(key, log_lines(key, 2))
        turned = []

        def change(s3, connection, key, request):
            turned.append(key)
            at = 2 * len(turned) * 7
            for number in (1, at - 1, at + 3):
                s3.put(f"k{number:03}", log_lines(f"new {number}", 2))
            s3.objects.pop(f"k{at - 9:03}", None)
            return s3.do(connection, key, request)

        self.s3.fault(lambda method, key, request: "start-after" in request.target, change, 99)
        done = self.read_all()
        self.assertIn(done.returncode, (0, 74), done.stderr)
        read = self.names_read()
        self.assertGreater(len(turned), 3)
        self.assertEqual([name for name in read if name in stay], stay)
        self.assertEqual(len(set(read)), len(read))

    def test_only_the_prefix_of_a_glob_is_listed(self):
        self.s3.put("a/x.log", log_lines("a/x.log", 2))
        self.read_all_well(where="a/*.log")
        queries = [query for _, key, query, _ in self.s3.requests if not key]
        for query in queries:
            self.assertIn("prefix=a%2F", query)

    def test_markers_of_directories_and_empty_objects(self):
        self.s3.put("a/", b"")
        self.s3.put("a/empty", b"")
        self.s3.put("a/x", log_lines("x", 2))
        self.assertEqual(self.read_all_well()["in"], 2)

    def test_keys_that_look_like_paths(self):
        keys = ["a//b", "a/../c", "a/./d", "/e", "f/"]
        for key in keys:
            self.s3.put(key, log_lines(key, 1))
        self.read_all_well()
        self.assertEqual(self.names_read(), sorted(keys))

    def test_several_objects_are_read_at_a_time_in_order(self):
        keys = [f"{i:02}" for i in range(20)]
        for key in keys:
            self.s3.put(key, log_lines(key, 100))
        together = threading.Barrier(4)

        def answer_together(s3, connection, key, request):
            together.wait(20)
            return s3.send_object(connection, key, request)

        self.s3.fault(lambda method, key, request: key, answer_together, 4)
        self.read_all_well("merge=4")
        self.assertEqual(self.names_read(), keys)

    def test_a_long_listing_takes_no_memory(self):
        keys = 200_000

        def page(prefix, after):
            first = int(after or -1) + 1
            return [f"{i:08}" for i in range(first, min(first + 1001, keys))]

        self.s3.listed_keys = page
        done = self.read_all(where="**.gz")
        self.assertEqual(done.returncode, 66, done.stderr)
        self.assertEqual(len(self.s3.requests), keys // 1000)
        self.assertLess(json.loads(self.read("R.json"))["peak_rss_bytes"], 64 << 20)

    def test_ls_streams_a_long_listing(self):
        keys = 200_000

        def page(prefix, after):
            first = int(after or -1) + 1
            return [f"{i:08}" for i in range(first, min(first + 1001, keys))]

        self.s3.listed_keys = page
        process = self.start("ls", "s3://logs/**", env={**os.environ, **self.s3.environment})
        lines = 0
        for line in process.stdout:
            self.assertIn(b"s3://logs/%08d" % lines, line)
            lines += 1
            if lines == keys - 10_000:  # more than fits into the pipe: it is still at work
                with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                    peak_kib, = (int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
        self.assertEqual((process.wait(30), lines), (0, keys))
        self.assertLess(peak_kib, 64 << 10)

    def test_expired_credentials_are_renewed_once(self):
        self.s3.put("a", log_lines("a", 3))
        self.s3.fault(is_get("a"), fake_store.error(400, "ExpiredToken"), 9)
        done = self.read_all(environment={"AWS_SESSION_TOKEN": fake_s3.TOKEN})
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"ExpiredToken", done.stderr)
        self.assertEqual(sum(key == "a" for _, key, _, _ in self.s3.requests), 2)

    def test_a_clock_that_is_wrong_is_put_right(self):
        self.s3.put("a", log_lines("a", 3))
        self.s3.clock_ahead = datetime.timedelta(hours=3)
        self.read_all_well()

    def test_the_region_is_learnt_from_the_server(self):
        self.s3.put("a", log_lines("a", 3))
        self.read_all_well(environment={"AWS_REGION": "us-east-1"})

    def test_gzip_that_is_cut_in_the_middle_is_a_reject(self):
        whole = gzip.compress(log_lines("a", 1000))
        self.s3.put("a", whole[: len(whole) // 2])
        done = self.read_all()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.report()["rejected"], 1)

    def keys_asked_for(self):
        keys = {key for _, key, _, _ in self.s3.requests if key}
        self.s3.requests.clear()
        return sorted(keys)

    def run_on(self, steps="json", code=0):
        done = self.run_weir(f"from s3://logs/** | {steps} | to OUT.ndjson", self.s3.environment, "--state", "S")
        self.assertEqual(done.returncode, code, done.stderr)
        return self.keys_asked_for()

    def test_a_state_of_the_version_before_asks_once_more_for_what_was_read_to_its_end(self):
        bodies = {f"{i}.csv": b"n,name\n" + b"".join(b"%d,x\n" % n for n in range(50)) for i in range(12)}
        for key, body in bodies.items():
            self.s3.put(key, gzip.compress(body) if key < "6" else body)
        self.assertEqual(self.run_on("csv"), sorted(bodies))
        log = self.dir / "S" / "log"
        self.assertIn(b'"ended":true', log.read_bytes())
        log.write_bytes(as_the_version_before_wrote_it(log.read_bytes()))
        self.assertEqual(self.run_on("csv"), sorted(bodies))
        report = self.report()
        self.assertEqual((report["in"], report["shards"], report["total"]["in"]), (0, [], 600))
        self.assertEqual(self.run_on("csv"), [])
        reached = json.loads(self.weir("checkpoint", "inspect", "S", "--json").stdout)["reached"]["shards"]
        self.assertEqual([(s["ended"], s["parser_state"]) for s in reached], [(True, "1 n,name")] * 12)

    def test_what_ends_broken_is_asked_for_again_and_rejected_once(self):
        whole = gzip.compress(log_lines("a", 1000))
        self.s3.put("a", whole[: len(whole) // 2])
        self.s3.put("b", gzip.compress(log_lines("b", 10)))
        self.assertEqual(self.run_on(code=1), ["a", "b"])
        self.assertEqual(self.run_on(), ["a"])
        self.assertEqual(self.report()["in"], 0)

    def test_an_object_that_could_not_be_read_is_asked_for_again(self):
        for key in "abc":
            self.s3.put(key, gzip.compress(log_lines(key, 10)))
        self.s3.fault(is_get("b"), fake_store.error(403, "AccessDenied"), 9)
        self.run_on(code=69)
        self.s3.faults.clear()
        self.assertEqual(self.run_on(), ["b"])
        self.assertEqual(self.run_on(), [])

    def test_whoever_lists_no_etags_is_asked_for_all(self):
        self.s3.put("a", gzip.compress(log_lines("a", 10)))
        self.s3.lists_etags = False
        self.assertEqual(self.run_on(), ["a"])
        self.assertEqual(self.run_on(), ["a"])
        self.assertEqual(self.report()["in"], 0)

    def test_only_what_was_delivered_counts_as_read_wherever_a_run_was_killed(self):
        keys = [f"{i:02}.gz" for i in range(40)]
        for i, key in enumerate(keys):
            self.s3.put(key, gzip.compress(log_lines(key, 1 + 37 * (i % 5) ** 3)))
        whole = b"".join(gzip.decompress(self.s3.objects[key]) for key in keys)
        for steps in ("json", 'multiline start="^." | json', "json | batch 700 50ms"):
            pipeline = f"from s3://logs/** merge=4 | {steps} | to OUT.ndjson"
            for kill_at in range(1, len(whole), len(whole) // 6):
                process = self.start(pipeline, "--state", "S", env={**os.environ, **self.s3.environment})
                self.wait_for("some output", lambda at=kill_at: process.poll() is not None or (
                    (self.dir / "OUT.ndjson").exists() and (self.dir / "OUT.ndjson").stat().st_size >= at))
                process.kill()
                process.wait()
            done = self.run_weir(pipeline, self.s3.environment, "--state", "S")
            self.assertEqual((done.returncode, self.read("OUT.ndjson") == whole), (0, True), done.stderr)
            self.keys_asked_for()
            self.run_weir(pipeline, self.s3.environment, "--state", "S")
            self.assertEqual(self.keys_asked_for(), [])
            shutil.rmtree(self.dir / "S")
            (self.dir / "OUT.ndjson").unlink()

    def has_enough(self, merge, late, records):
        """A run that ends while a page is under way that never comes; the object `late` waits for that."""
        self.s3.page_keys = 1
        for i in range(12):
            self.s3.put(f"{i:02}", log_lines(str(i), 3))
        asked, over = threading.Event(), threading.Event()
        self.addCleanup(over.set)

        def never_answer(*_):
            asked.set()
            over.wait(60)

        def give_late(s3, connection, key, request):
            asked.wait(20)
            return s3.send_object(connection, key, request)

        # A look takes ten pages, so this one is asked for by the run.
        self.s3.fault(lambda method, key, request: "start-after=09" in request.target, never_answer)
        self.s3.fault(is_get(late), give_late)
        began = time.monotonic()
        done = self.run_weir(f"from s3://logs/** merge={merge} | json | head {records} | to OUT.ndjson", self.s3.environment)
        self.assertEqual((done.returncode, self.report()["delivered"]), (0, records), done.stderr)
        self.assertTrue(asked.is_set())
        self.assertLess(time.monotonic() - began, 15)

    def test_a_pipeline_that_has_enough_does_not_wait_for_the_next_page_of_the_listing(self):
        self.has_enough(8, "00", 2)

    def test_nor_does_one_that_reads_one_object_at_a_time(self):
        self.has_enough(1, "05", 17)

    def test_a_shared_profile(self):
        self.s3.put("a", log_lines("a", 3))
        self.write("credentials", f"[default]\naws_access_key_id = wrong\naws_secret_access_key = wrong\n\n[logs]\n"
                                  f"aws_access_key_id = {fake_s3.KEY}\naws_secret_access_key = {fake_s3.SECRET}\n")
        self.write("config", f"[profile logs]\nregion = {fake_s3.REGION}\n"
                             f"endpoint_url = {self.s3.environment['AWS_ENDPOINT_URL']}\n")
        done = self.weir("from s3://logs/a | json | to OUT.ndjson",
                         env={"AWS_SHARED_CREDENTIALS_FILE": str(self.dir / "credentials"),
                              "AWS_CONFIG_FILE": str(self.dir / "config"), "AWS_PROFILE": "logs"})
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_credentials_at_all(self):
        done = self.weir("from s3://logs/a | json | to OUT.ndjson",
                         env={"AWS_ENDPOINT_URL": self.s3.environment["AWS_ENDPOINT_URL"],
                              "AWS_CONFIG_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/"})
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"AWS_ACCESS_KEY_ID", done.stderr)

    def test_a_server_that_is_not_there(self):
        port = real_servers.free_port()
        done = self.run_weir("from s3://logs/** connect_timeout=1s | json | to OUT.ndjson",
                             {**self.s3.environment, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"},
                             "--give-up-after", "1s")
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"Connection refused", done.stderr)

    def test_ctrl_c_during_a_body(self):
        self.s3.put("a", log_lines("a", 2_000_000))
        process = self.start("from s3://logs/a | json | to OUT.ndjson", "--report", "R.json",
                             env={**os.environ, **self.s3.environment})
        self.wait_for("some output", lambda: (self.dir / "OUT.ndjson").exists() and self.read("OUT.ndjson"))
        process.send_signal(2)
        self.assertEqual(process.wait(30), 130)
        self.assertEqual(self.read("OUT.ndjson").count(b"\n"), self.report()["delivered"])


if __name__ == "__main__":
    unittest.main()
