"""`from pages ...` as a user runs it, against an interface of our own with faults."""
import json
import pathlib
import signal
import sys
import threading
import unittest

sys.path.append(str(pathlib.Path(__file__).parent))
from fake_api import FakeApi, http, record  # noqa: E402
from weir_command import CommandTest  # noqa: E402

WAYS = {
    "/link": "",
    "/url": "records=data.items next=url cursor=`@next`",
    "/cursor": "records=data.items next=cursor cursor=meta.next parameter=after",
    "/page": "records=data.items next=page",
    "/offset": "records=data.items next=offset more=has_more",
    "/lines": "format=ndjson",
}


class Pages(CommandTest):
    def api(self, *arguments, **options):
        api = FakeApi(*arguments, **options)
        self.addCleanup(lambda: self.assertEqual(api.errors, []))
        return api

    def read_all(self, api, way, *more, options=""):
        return self.weir(f"from pages {api.url(way)} {WAYS[way]} {options} | json | to OUT.ndjson",
                         "--report", "R.json", *more)

    def numbers(self, name="OUT.ndjson"):
        return [json.loads(line)["n"] for line in self.read(name).splitlines()]

    def test_every_way_leads_to_all_records(self):
        for way in WAYS:
            with self.subTest(way):
                api = self.api(95)
                done = self.read_all(api, way)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.numbers(), list(range(95)))
                self.assertEqual(json.loads(self.read("OUT.ndjson").splitlines()[-1]), record(94))
                self.assertEqual(self.report()["in"], 95)
                self.assertEqual(len(api.targets), 11 if way == "/page" else 10)

    def test_pages_that_nobody_wants_are_not_asked_for(self):
        api = self.api(95)
        done = self.weir(f"from pages {api.url('/link')} | json | head 15 | to count", "--lanes", "1")
        self.assertEqual((done.returncode, done.stdout), (0, b"15\n"), done.stderr)
        self.assertEqual(api.targets, ["/link", "/link?after=10"])

    def test_a_run_that_is_killed_goes_on_in_its_page(self):
        for way in WAYS:
            with self.subTest(way):
                arrived, go = threading.Event(), threading.Event()
                self.addCleanup(go.set)

                def hold(connection):
                    arrived.set()
                    go.wait()
                    return False

                api = self.api(95, trick=lambda number, request: hold if number == 6 else None)
                state, output = f"state{way}", f"out{way[1:]}.ndjson"
                pipeline = f"from pages {api.url(way)} {WAYS[way]} | json | to {output}"
                process = self.start(pipeline, "--state", state)
                self.assertTrue(arrived.wait(30))
                self.wait_for("a commit of five pages", lambda: b"50 records in all" in self.inspect(state))
                process.kill()
                process.wait()
                go.set()
                done = self.weir(pipeline, "--state", state)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.numbers(output), list(range(95)))
                self.assertNotIn(way, api.targets[6:])

    def inspect(self, state):
        return self.weir("checkpoint", "inspect", state).stdout

    def test_a_finished_state_reads_only_what_is_new(self):
        for way in WAYS:
            with self.subTest(way):
                api = self.api(25)
                output = f"out{way[1:]}.ndjson"

                def run():
                    done = self.weir(f"from pages {api.url(way)} {WAYS[way]} | json | to {output}",
                                     "--state", f"state{way}", "--report", "R.json")
                    self.assertEqual(done.returncode, 0, done.stderr)
                    return self.report()["in"]

                self.assertEqual(run(), 25)
                self.assertEqual(run(), 0)
                api.records = 42
                self.assertEqual(run(), 17)
                self.assertEqual(self.numbers(output), list(range(42)))

    def test_pages_that_moved_are_not_gone_on_with(self):
        api = self.api(25)
        self.assertEqual(self.read_all(api, "/page", "--state", "state").returncode, 0)
        api.records = 21
        done = self.read_all(api, "/page", "--state", "state")
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"has changed", done.stderr)

    def test_a_storm_of_429_and_broken_answers_is_waited_out(self):
        def cut(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n[")
            return False

        tricks = [http(b"", "Retry-After: 0\r\n", "429 Slow Down"), None, http(b"", status="503 Busy"), "reset", None,
                  http(b'{"data":', status="500 Oops"), cut, http(b"", "Retry-After: 1\r\n", "429 Slow Down")]
        api = self.api(95, trick=lambda number, request: tricks[number % len(tricks)])
        done = self.read_all(api, "/cursor")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.numbers(), list(range(95)))

    def test_patience_ends_and_what_came_counts(self):
        api = self.api(95, trick=lambda number, request: http(b"", status="503 Busy") if number > 3 else None)
        done = self.read_all(api, "/link", options="patience=200ms")
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(b"/link: HTTP 503", done.stderr)
        self.assertEqual(self.numbers(), list(range(30)))
        self.assertEqual(len(self.report()["unreadable"]), 1)

    def test_a_server_that_gives_the_same_page_for_ever(self):
        api = self.api(95)
        done = self.weir(f"from pages {api.url('/link')} next=page parameter=side | json | to OUT.ndjson")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"does not know `side`", done.stderr)

    def test_an_interrupt_ends_it_while_it_waits(self):
        arrived = threading.Event()

        def hold(connection):
            arrived.set()
            threading.Event().wait()

        api = self.api(95, trick=lambda number, request: hold if number == 3 else None)
        process = self.start(f"from pages {api.url('/link')} | json | to OUT.ndjson")
        self.assertTrue(arrived.wait(30))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 130)
        self.assertEqual(self.numbers(), list(range(20)))

    def test_what_is_secret_is_not_shown(self):
        api = self.api(25, key=("Authorization", "Bearer geheim"))
        pipeline = f'from pages "{api.url("/link?key=geheim")}" bearer=geheim header="X-Key: geheim" | json | to OUT.ndjson'
        shown = b""
        for words in (["explain", pipeline], ["check", pipeline], [pipeline, "--state", "state", "--report", "R.json"]):
            done = self.weir(*words)
            self.assertEqual(done.returncode, 0, done.stderr)
            shown += done.stdout + done.stderr
        self.assertIn(b"with --state: goes on in the page that it came to", shown)
        api.key = ("Authorization", "another")
        done = self.weir(pipeline)
        self.assertEqual(done.returncode, 69)
        self.assertIn(b"HTTP 401", done.stderr)
        shown += done.stderr + self.read("R.json") + self.inspect("state")
        self.assertNotIn(b"geheim", shown)


if __name__ == "__main__":
    unittest.main()
