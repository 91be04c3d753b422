"""An HTTP server as a sink: what arrives there and where the rest goes, whatever the server does. The servers are a
strict one of ours, which plays tricks, and nginx."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.append(str(pathlib.Path(__file__).parents[1] / "servers"))
import strict_http  # noqa: E402
from weir_command import CommandTest  # noqa: E402

OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def answer(status, body=b"", headers=b""):
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body)


class Intake:
    """Takes records, a line each. What `trick(number of the request, request)` gives is answered instead: bytes, "lose"
    (the records are taken, but nobody is told) or "reset"."""

    def __init__(self, trick=lambda number, request: None):
        self.trick = trick
        self.lock = threading.Lock()
        self.requests = 0
        self.bodies = {}  # by key
        self.repeated = 0
        self.errors = []
        self.server = strict_http.Server(self.answer, on_error=self.errors.append)
        self.server.serve_in_background()
        self.port = self.server.port
        self.url = f"http://127.0.0.1:{self.port}/in"

    def answer(self, request, connection):
        with self.lock:
            self.requests += 1
            number = self.requests
        does = self.trick(number, request)
        if does == "reset":
            strict_http.reset(connection)
            return False
        if does in (None, "lose"):
            self.take(request)
        if does == "lose":
            return False
        connection.sendall(does or OK)
        return True

    def take(self, request):
        key = request.header("Idempotency-Key")
        if key in self.bodies:
            self.repeated += 1
            if self.bodies[key] != request.body:
                self.errors.append(f"another body under the key {key}")
        self.bodies[key] = request.body

    def numbers(self):
        return sorted(json.loads(line)["n"] for body in self.bodies.values() for line in body.splitlines())


class HttpSink(CommandTest):
    def write_records(self, count):
        self.write("in.ndjson", "".join(f'{{"n":{n}}}\n' for n in range(1, count + 1)))

    def deliver(self, to, *more):
        done = self.weir(f"from in.ndjson | json | batch 10 | to {to}", "--report", "R.json", *more)
        return done.returncode, done.stderr.decode()

    def test_every_batch_arrives_once_whatever_the_server_does(self):
        tricks = {2: answer(b"503 Busy", headers=b"Retry-After: 1\r\n"), 3: "lose", 5: "reset",
                  6: answer(b"500 Oops"), 8: answer(b"429 Slow down"), 9: "lose"}
        intake = Intake(lambda number, _: tricks.get(number))
        self.write_records(100)
        code, said = self.deliver(intake.url)
        self.assertEqual(code, 0, said)
        self.assertEqual(intake.errors, [])
        self.assertEqual(intake.numbers(), list(range(1, 101)))
        self.assertEqual((len(intake.bodies), intake.repeated), (10, 2))
        self.assertEqual(said.count("waiting: "), 1)
        self.assertEqual(said.count("going on after"), 1)
        self.assertEqual(self.report()["delivered"], 100)

    def test_a_record_that_the_server_does_not_want_goes_to_the_dead_letter(self):
        def picky(_, request):
            return answer(b"422 Unprocessable", b"13 is unlucky") if b'"n":13}' in request.body else None

        intake = Intake(picky)
        self.write_records(40)
        code, said = self.deliver(intake.url, "--dead-letter", "dead.ndjson")
        self.assertEqual(code, 1, said)
        self.assertEqual(intake.numbers(), [n for n in range(1, 41) if n != 13])
        dead = [json.loads(line) for line in self.read("dead.ndjson").splitlines()]
        self.assertEqual([(d["number"], d["raw"], d["reason"]) for d in dead],
                         [(13, '{"n":13}', "HTTP 422: 13 is unlucky")])
        report = self.report()
        self.assertEqual((report["delivered"], report["rejected"]), (39, 1))

    def test_a_server_that_is_down_ends_the_run_with_69_after_its_time(self):
        self.write_records(5)
        code, said = self.deliver("http://127.0.0.1:1/in", "--give-up-after", "300ms")
        self.assertEqual(code, 69, said)
        self.assertIn("http://127.0.0.1:1/in: ", said)
        self.assertIn("gave up after", said)
        self.assertFalse(self.report()["complete"])

    def test_refused_credentials_end_the_run_at_once_and_are_never_shown(self):
        intake = Intake(lambda *_: answer(b"401 No"))
        self.write_records(5)
        where = f"http://geheim:geheim@127.0.0.1:{intake.port}/in?token=geheim bearer=geheim"
        code, said = self.deliver(where)
        self.assertEqual(code, 69)
        self.assertIn("HTTP 401", said)
        explained = self.weir("explain", f"from in.ndjson | to {where}")
        shown = said + self.read("R.json").decode() + explained.stdout.decode()
        self.assertIn("at least once", shown)
        self.assertNotIn("geheim", shown)

    def test_a_signal_while_it_waits_ends_within_the_grace_and_the_state_goes_on(self):
        down = True
        intake = Intake(lambda *_: answer(b"503 Busy") if down else None)
        self.write_records(100)
        pipeline = f"from in.ndjson | json | batch 10 | to {intake.url}"
        process = self.start(pipeline, "--state", "state")
        self.wait_for("an attempt", lambda: intake.requests > 2)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(15), 130)
        self.assertLess(time.monotonic() - began, 12)
        down = False
        self.assertEqual(self.weir(pipeline, "--state", "state").returncode, 0)
        self.assertEqual(intake.numbers(), list(range(1, 101)))

    def test_with_concurrency_everything_arrives_whatever_the_server_does(self):
        tricks = {2: answer(b"503 Busy"), 3: "lose", 5: "reset", 6: answer(b"500 Oops"), 8: answer(b"429 Slow down")}
        intake = Intake(lambda number, _: tricks.get(number))
        self.write_records(400)
        code, said = self.deliver(f"{intake.url} concurrency=4")
        self.assertEqual(code, 0, said)
        self.assertEqual(intake.errors, [])
        self.assertEqual(intake.numbers(), list(range(1, 401)))
        self.assertEqual(self.report()["delivered"], 400)

    def test_with_concurrency_a_bad_record_goes_to_the_dead_letter_among_others(self):
        def picky(_, request):
            return answer(b"422 No") if b'"n":13}' in request.body or b'"n":77}' in request.body else None

        intake = Intake(picky)
        self.write_records(100)
        code, said = self.deliver(f"{intake.url} concurrency=3", "--dead-letter", "dead.ndjson")
        self.assertEqual(code, 1, said)
        self.assertEqual(intake.numbers(), [n for n in range(1, 101) if n not in (13, 77)])
        dead = [json.loads(line)["number"] for line in self.read("dead.ndjson").splitlines()]
        self.assertEqual(dead, [13, 77])
        report = self.report()
        self.assertEqual((report["delivered"], report["rejected"]), (98, 2))

    def test_with_concurrency_a_kill_loses_nothing(self):
        """At least once: a killed run's requests may come again, in other bounds."""
        intake = Intake()
        self.write_records(20_000)
        pipeline = f"from in.ndjson | json | batch 10 | to {intake.url} concurrency=4"
        for _ in range(5):
            seen = intake.requests
            process = self.start(pipeline, "--state", "state")
            self.wait_for("requests", lambda: intake.requests > seen + 100 or process.poll() is not None)
            process.kill()
            process.wait()
        done = self.weir(pipeline, "--state", "state", "--report", "R.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(intake.errors, [])
        self.assertEqual(sorted(set(intake.numbers())), list(range(1, 20_001)))
        total = self.report()["total"]
        self.assertEqual((total["in"], total["delivered"]), (20_000, 20_000))

    def test_a_share_of_rejects_beyond_the_limit_stops_the_run(self):
        self.write("in.ndjson", '{"n":1}\n' * 3000 + "broken\n" * 3000)
        done = self.weir("from in.ndjson | json | batch 10 | to null", "--max-reject-share", "0.5", "--report", "R.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"more than --max-reject-share 0.5", done.stderr)
        self.assertFalse(self.report()["complete"])


class Nginx(CommandTest):
    """A real server in front of the intake, with a limit for bodies."""

    def start_nginx(self, upstream_port):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        paths = "".join(f"{kind}_temp_path {self.dir}/{kind}; "
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.write("nginx.conf", f"""daemon off; pid {self.dir}/pid; events {{}}
            http {{ access_log off; {paths} server {{ listen 127.0.0.1:{port}; client_max_body_size 50;
              location / {{ proxy_pass http://127.0.0.1:{upstream_port}; proxy_http_version 1.1; }} }} }}""")
        process = subprocess.Popen(["nginx", "-e", self.dir / "nginx.log", "-c", self.dir / "nginx.conf"])
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return f"http://127.0.0.1:{port}/in"

    @unittest.skipUnless(shutil.which("nginx") or os.environ.get("CI"), "nginx is not installed")
    def test_bodies_that_are_too_large_for_it_are_split(self):
        intake = Intake()
        url = self.start_nginx(intake.port)
        self.write("in.ndjson", "".join(f'{{"n":{n}}}\n' for n in range(1, 41)) + '{"n":0,"long":"%s"}\n' % ("x" * 50))
        done = self.weir(f"from in.ndjson | json | batch 20 | to {url}", "--dead-letter", "dead.ndjson")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(intake.errors, [])
        self.assertEqual(intake.numbers(), list(range(1, 41)))
        self.assertIn(b"HTTP 413", self.read("dead.ndjson"))


if __name__ == "__main__":
    unittest.main()
