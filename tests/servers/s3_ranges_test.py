"""How `from s3://...` asks for objects: large ones that come slowly in ranges, fewer at a time when the server says so."""
import functools
import itertools
import json
import threading
import unittest

import fake_s3
from store_contract import StoreTest, log_lines

MIB = 1 << 20
STRETCH = 8 * MIB


@functools.cache
def large_body(name="large"):
    """Five stretches, the last one not whole."""
    return log_lines(name, 800_000)


class Ranges(StoreTest):
    def setUp(self):
        super().setUp()
        self.s3 = fake_s3.FakeS3()
        self.addCleanup(lambda: self.assertEqual(self.s3.errors, []))

    def read_all(self, *more):
        return self.run_weir(f"from s3://logs/** {' '.join(more)} | json | to OUT.ndjson", self.s3.environment)

    def read_all_well(self, *more):
        done = self.read_all(*more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.report()

    def asked_for(self, wanted):
        """Of the requests for the object, in the order of their ranges: those as pairs, and the versions insisted on.
        A request for all of it has no range."""
        sent = [headers for _, key, _, headers in self.s3.requests if key == wanted]
        ranges = [headers.get("Range", "bytes=0-0").removeprefix("bytes=").split("-") for headers in sent]
        versions = [headers.get("If-Match") for headers in sent]
        return sorted((tuple(map(int, pair)), version) for pair, version in zip(ranges, versions))

    def stall(self, wait, key="a", headers=None):
        """The first request for the object gets a MiB of it, the rest once `wait` has returned."""

        def slowly(s3, connection, key, request):
            self.assertIsNone(request.header("Range"))
            body = s3.objects[key]
            s3.send_head(connection, 200, len(body), {"ETag": s3.etag(key), **(headers or {})})
            connection.sendall(body[:MIB])
            wait()
            connection.sendall(body[MIB:])
            return True

        self.s3.fault(lambda method, wanted, request: wanted == key, slowly)

    def test_a_large_object_that_comes_slowly_comes_in_several_ranges_at_a_time(self):
        body = large_body()
        self.s3.put("a", body)
        together = threading.Barrier(5)
        self.stall(lambda: together.wait(20))

        def answer_together(s3, connection, key, request):
            together.wait(20)
            return s3.send_object(connection, key, request)

        self.s3.fault(lambda method, key, request: key and request.header("If-Match"), answer_together, 4)
        self.read_all_well("prefetch=32MiB")
        self.assertEqual(self.read("OUT.ndjson"), body)
        whole, *ranges = self.asked_for("a")
        self.assertEqual(whole, ((0, 0), None))
        starts = [start for (start, _), _ in ranges]
        self.assertLessEqual(starts[0], STRETCH + MIB)
        self.assertEqual(starts, [starts[0] + i * STRETCH for i in range(len(ranges))])
        self.assertEqual({end - start + 1 for (start, end), _ in ranges}, {STRETCH})
        self.assertGreaterEqual(starts[-1] + STRETCH, len(body))
        self.assertEqual({version for _, version in ranges}, {self.s3.etag("a")})

    def test_without_room_a_slow_object_comes_in_one_answer(self):
        self.s3.put("a", large_body())
        for more, headers in (["prefetch=0"], {}), ([], {"Accept-Ranges": "none"}):
            self.stall(lambda: threading.Event().wait(0.3), headers=headers)
            self.read_all_well(*more)
            self.assertEqual(self.read("OUT.ndjson"), large_body())
        self.assertEqual([pair for pair, _ in self.asked_for("a")], [(0, 0)] * 2)

    def when_ranges_come(self, effect, which):
        """The object stalls until ranges are asked for, the first of which has number 1; `which` of them has `effect`."""
        come = threading.Event()
        self.stall(lambda: come.wait(20))
        count = itertools.count(1)

        def matches(method, key, request):
            if not request.header("Range"):
                return False
            come.set()
            return next(count) == which

        self.s3.fault(matches, effect)

    def test_a_range_that_breaks_off_goes_on_from_its_last_byte(self):
        body = large_body()
        self.s3.put("a", body)
        self.when_ranges_come(fake_s3.cut_after(100_000), 2)
        self.read_all_well()
        self.assertEqual(self.read("OUT.ndjson"), body)
        ranges = [pair for pair, _ in self.asked_for("a")]
        self.assertEqual([(start + 100_000, end) in ranges for start, end in ranges].count(True), 1)

    def test_ranges_of_two_versions_are_never_joined(self):
        self.s3.put("a", large_body())
        self.s3.put("b", log_lines("b", 10))

        def change_first(s3, connection, key, request):
            s3.put("a", large_body("new"))
            return s3.send_object(connection, key, request)

        self.when_ranges_come(change_first, 3)
        done = self.read_all()
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"it changed while it was read", done.stderr)
        self.assertEqual(self.names_read(), ["large", "b"])
        whole = [line for line in self.read("OUT.ndjson").splitlines(True) if b'"large"' in line]
        self.assertTrue(large_body().startswith(b"".join(whole)))

    def test_an_object_that_shrank_since_the_listing_is_read(self):
        self.s3.put("a", large_body())
        for now in (b"", log_lines("a", 10)):
            self.s3.fault(lambda method, key, request: key == "a", lambda s3, connection, key, request: (
                s3.put("a", now), s3.send_object(connection, key, request))[1])
            report = self.read_all_well()
            self.assertEqual(report["bytes_in"], len(now))
            self.s3.put("a", large_body())

    def test_slow_down_lowers_how_many_are_asked_for_at_a_time(self):
        """A server that bears three requests at a time, and turns the others away."""
        keys = [f"{i:03}" for i in range(120)]
        for key in keys:
            self.s3.put(key, log_lines(key, 3))
        lock, at_work, turned_away = threading.Lock(), [0], [0]

        def answer(s3, connection, key, request):
            with lock:
                at_work[0] += 1
                too_many = at_work[0] > 3
                turned_away[0] += too_many
            try:
                if too_many:
                    return s3.send_error(connection, 503, "SlowDown")
                threading.Event().wait(0.01)
                return s3.send_object(connection, key, request)
            finally:
                with lock:
                    at_work[0] -= 1

        self.s3.fault(lambda method, key, request: key, answer, 100_000)
        for order in ("listing", "any"):
            turned_away[0] = 0
            self.read_all_well("merge=16", f"order={order}")
            self.assertEqual(sorted(self.names_read()), keys)
            self.assertGreater(turned_away[0], 0)
            self.assertLess(turned_away[0], len(keys) // 2, order)

    def test_explain_tells_what_reading_will_cost(self):
        for i in range(30):
            self.s3.put(f"{i:02}", log_lines("large", 100))
        self.s3.put("large", large_body())
        done = self.run_weir_explain("from s3://logs/** | json | to null")
        size = len(large_body()) + 30 * len(log_lines("large", 100))
        self.assertIn(f"input     31 objects, {size / 1e6:.0f} MB as stored, about ", done)
        records = int(done.split("as stored, about ")[1].split()[0].replace(",", ""))
        self.assertAlmostEqual(records, 803_000, delta=160_000)
        self.assertIn("cost      32 requests, or up to 36 if large objects come in ranges, about ", done)
        self.assertEqual(sum(key == "large" for _, key, _, _ in self.s3.requests), 0)

    def test_explain_does_not_take_the_first_object_for_all(self):
        self.s3.put("000", json.dumps({"line": "x" * 50_000}).encode() + b"\n")
        for i in range(1, 150):
            self.s3.put(f"{i:03}", log_lines("small", 1000))
        done = self.run_weir_explain("from s3://logs/** | json | to null")
        records = int(done.split("as stored, about ")[1].split()[0].replace(",", ""))
        self.assertGreater(records, 149_001 // 2)
        self.assertLess(records, 149_001 * 2)
        self.assertEqual([key for _, key, _, _ in self.s3.requests if key], ["000", "009", "099"])

    def test_a_run_makes_as_many_requests_as_explain_tells(self):
        self.s3.page_keys = 7
        for i in range(30):
            self.s3.put(f"{i:02}", log_lines("small", 10))
        for where, expected in {"**": 35, "{0,2}*": 25, "1[02468]": 8, "03": 2}.items():
            told = self.run_weir_explain(f'from s3 url="s3://logs/{where}" | to null')
            self.assertIn(f"cost      {expected} requests, about ", told)
            self.s3.requests.clear()
            done = self.weir(f'from s3 url="s3://logs/{where}" | to null',
                             env={"AWS_CONFIG_FILE": "/dev/null", **self.s3.environment})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(self.s3.requests), expected, where)

    def run_weir_explain(self, pipeline):
        done = self.weir("explain", pipeline, env={"AWS_CONFIG_FILE": "/dev/null", **self.s3.environment})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()


if __name__ == "__main__":
    unittest.main()
