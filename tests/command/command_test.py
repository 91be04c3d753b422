#!/usr/bin/env python3
"""The command as others script against it: the main job, exit codes, the report, signals and pipes.
What is expected comes from Python's own json and gzip, not from weir.
    command_test.py PATH-OF-WEIR
"""
import gzip
import http.server
import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

WEIR = os.path.abspath(sys.argv.pop(1))
LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"]


def lines(count, broken=()):
    for n in range(count):
        if n in broken:
            yield '{"n": %d, "level": ' % n
        else:
            yield json.dumps({"n": n, "level": LEVELS[n % 4], "host": "old", "msg": "é \\ %d" % n})


def kept(count, broken=()):
    for n in range(count):
        if n not in broken and LEVELS[n % 4] in ("WARN", "ERROR"):
            yield {"n": n, "level": LEVELS[n % 4], "host": "h1", "msg": "é \\ %d" % n, "env": "prod"}


def main_job(source, sink):
    return (f'from {source} | json | where level in ("WARN","ERROR") | set host = "h1", env = "prod" '
            f"| batch 1000 2s | to {sink}")


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def weir(self, *arguments, **keywords):
        return subprocess.run([WEIR, *arguments], cwd=self.path, capture_output=True, timeout=60,
                              **keywords)

    def write(self, name, text):
        data = text.encode()
        (self.path / name).parent.mkdir(exist_ok=True)
        (self.path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)

    def report(self):
        return json.loads((self.path / "R.json").read_text())

    def check_output(self, text, count, broken=()):
        out = [json.loads(line) for line in text.splitlines()]
        self.assertEqual(out, list(kept(count, broken)))
        for record in out:
            self.assertEqual(list(record), ["n", "level", "host", "msg", "env"])

    def test_the_main_job_on_a_file(self):
        self.write("in.log", "\n".join(lines(4000)) + "\n")
        done = self.weir(main_job("in.log", "out.ndjson"), "--report", "R.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, b"")
        self.check_output((self.path / "out.ndjson").read_text(), 4000)
        report = self.report()
        self.assertEqual((report["version"], report["exit"], report["complete"]), (1, 0, True))
        self.assertEqual((report["in"], report["delivered"], report["filtered"]), (4000, 2000, 2000))
        self.assertEqual(report["bytes_in"], (self.path / "in.log").stat().st_size)

    def test_the_main_job_on_gzip_from_standard_input_to_standard_output(self):
        packed = gzip.compress("".join(line + "\n" for line in lines(1000)).encode())
        done = self.weir(main_job("-", "-"), "--report", "R.json", input=packed)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_output(done.stdout.decode(), 1000)
        self.assertEqual(self.report()["in"], 1000)

    def test_the_order_is_kept_on_any_number_of_lanes(self):
        self.write("in.log", "\n".join(lines(20000)))
        outputs = set()
        for lanes in ("1", "2", "5"):
            done = self.weir(main_job("in.log", "-"), "--lanes", lanes)
            self.assertEqual(done.returncode, 0, done.stderr)
            outputs.add(done.stdout)
        self.assertEqual(len(outputs), 1)
        self.check_output(outputs.pop().decode(), 20000)

    def test_rejects_are_counted_shown_and_end_with_1(self):
        self.write("in.log", "\n".join(lines(100, broken={6, 31})))
        done = self.weir(main_job("in.log", "-"), "--report", "R.json")
        self.assertEqual(done.returncode, 1)
        self.check_output(done.stdout.decode(), 100, broken={6, 31})
        self.assertIn(b"rejected in.log:7: json:", done.stderr)
        report = self.report()
        self.assertEqual((report["exit"], report["rejected"]), (1, 2))
        self.assertEqual(report["in"],
                         report["delivered"] + report["filtered"] + report["rejected"])

    def test_a_dead_letter_keeps_the_rejects(self):
        self.write("in.log", "\n".join(lines(10, broken={3})))
        done = self.weir(main_job("in.log", "-"), "--dead-letter", "dead.ndjson")
        self.assertEqual(done.returncode, 1)
        dead = [json.loads(line) for line in (self.path / "dead.ndjson").read_text().splitlines()]
        self.assertEqual([(d["source"], d["number"], d["raw"]) for d in dead],
                         [("in.log", 4, '{"n": 3, "level": ')])
        self.assertNotIn(b"rejected in.log", done.stderr)

    def test_quiet_says_nothing(self):
        self.write("in.log", "\n".join(lines(10)))
        self.assertEqual(self.weir(main_job("in.log", "null"), "--quiet").stderr, b"")

    def test_quiet_still_says_why_it_ends_with_1(self):
        self.write("in.log", "\n".join(lines(10, broken={3, 4})))
        for more in ((), ("--dead-letter", "dead.ndjson")):
            done = self.weir(main_job("in.log", "null"), "-q", *more)
            self.assertEqual((done.returncode, done.stderr), (1, b"2 of 10 records were rejected\n"))

    def test_a_wrong_pipeline_ends_with_2_before_any_output(self):
        self.write("in.log", "\n".join(lines(10)))
        done = self.weir("from in.log | jsn | to out.ndjson", "--report", "R.json")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"did you mean `json`?", done.stderr)
        self.assertFalse((self.path / "out.ndjson").exists())
        self.assertEqual(self.report()["exit"], 2)

    def test_a_missing_input_ends_with_66(self):
        done = self.weir("from nowhere.log | json | to -", "--report", "R.json")
        self.assertEqual(done.returncode, 66)
        self.assertIn(b"nowhere.log", done.stderr)
        self.assertEqual(self.report()["exit"], 66)

    def test_a_run_that_does_not_begin_is_reported_as_well(self):
        self.write("p.yaml", "source: in.log\nsink: { count: }\n")
        for arguments, code in ((["run", "nosuch.yaml"], 66), (["run", "p.yaml", "--bogus"], 2),
                                (["run", "p.yaml", "--lanes", "0"], 2), (["run", "p.yaml", "--lanes", "x"], 2),
                                (["from a | to b", "--memory", "1"], 2),
                                (["from a | to b", "another"], 2),
                                (["from '' | to b"], 2), (["from p.yaml | to ''"], 2)):
            done = self.weir("--report", "R.json", *arguments)
            self.assertEqual(done.returncode, code, done.stderr)
            report = self.report()
            self.assertEqual((report["exit"], report["complete"], report["in"]), (code, False, 0))
            self.assertIn(report["error"].encode(), done.stderr)
            (self.path / "R.json").unlink()

    def test_a_file_that_lost_its_place_to_the_report_is_left_alone(self):
        self.write("p.yaml", "source: in.log\nsink: { count: }\n")
        before = (self.path / "p.yaml").read_bytes()
        for arguments in (["--report", "p.yaml"], ["run", "--report", "p.yaml"],
                          ["run", "p.yaml", "--report", "p.yaml", "--bogus"]):
            self.assertEqual(self.weir(*arguments).returncode, 2)
            self.assertEqual((self.path / "p.yaml").read_bytes(), before)

    def test_a_server_that_stays_away_or_refuses_us_ends_with_69(self):
        class Busy(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_error(403 if self.path == "/secret" else 503)

            def do_HEAD(self):
                self.send_error(503 if self.path == "/down" else 405)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Busy)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        here = f"http://127.0.0.1:{server.server_port}"
        for url in ("http://127.0.0.1:1/a", here + "/down", here + "/busy", here + "/secret"):
            with self.subTest(url):
                done = self.weir(f"from {url} | json | to null", "--give-up-after", "300ms", "--report", "R.json")
                self.assertEqual(done.returncode, 69, done.stderr)
                self.assertEqual(self.report()["exit"], 69)

    def test_check_touches_no_data(self):
        done = self.weir("check", "from nowhere.log | json | to out.ndjson")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        self.assertEqual(list(self.path.iterdir()), [])

    def test_check_says_what_is_wrong_as_json(self):
        done = self.weir("check", "from a | jsn | to", "--json")
        self.assertEqual(done.returncode, 2)
        self.assertGreaterEqual(len(json.loads(done.stdout)), 1)

    def test_explain_names_the_strategy_and_the_guarantee(self):
        self.write("in.log", "\n".join(lines(10)))
        done = self.weir("explain", main_job("in.log", "out.ndjson"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"strategy  array", done.stdout)
        self.assertIn(b"once", done.stdout)

    def test_a_dry_run_delivers_nothing_and_shows_samples(self):
        self.write("in.log", "\n".join(lines(100)))
        done = self.weir(main_job("in.log", "out.ndjson"), "--dry-run", "8")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.path / "out.ndjson").exists())
        self.assertIn(b"would be delivered to", done.stderr)

    def test_a_yaml_file_does_the_same(self):
        self.write("in.log", "\n".join(lines(100)))
        self.write("p.yaml", """
source: { file: in.log }
steps:
  - json
  - where: level in ("WARN","ERROR")
  - set: { host: '"h1"', env: '"prod"' }
  - batch: { records: 1000, timeout: 2s }
sink: { file: out.ndjson }
""")
        done = self.weir("run", "p.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_output((self.path / "out.ndjson").read_text(), 100)

    def test_check_warns_of_a_text_that_lacks_its_quotes(self):
        self.write("p.yaml", """source: in.log
steps:
  - json
  - where: status > 400
  - set: { env: prod, host: '"h1"', code: status }
""")
        done = self.weir("check", "p.yaml")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count(b"warning"), 1, done.stderr)
        self.assertIn(b"p.yaml:5:17", done.stderr)
        self.assertIn(b"""if the text is meant, write '"prod"'""", done.stderr)

    def test_a_run_that_keeps_nothing_says_which_field_is_nowhere(self):
        self.write("in.log", "\n".join(lines(100)))
        for condition in ('levle = "ERROR" and n > 1', 'levle = "ERROR" or level > 7'):
            done = self.weir(f"from in.log | json | where {condition} | to null")
            self.assertEqual(done.returncode, 0)
            self.assertEqual(done.stderr.count(b"was in no record"), 1, done.stderr)
            self.assertIn(b"field `levle` was in no record", done.stderr)
        self.assertIn(b"100  values of a type that an expression cannot work on", done.stderr)
        routed = self.weir("from in.log | json | route (when lvl.x = 1 | to null) (else | to null)")
        self.assertIn(b"field `lvl.x` was in no record", routed.stderr)
        severity = self.weir("from in.log | json | where level > emergency | to null")
        self.assertNotIn(b"emergency` was in no record", severity.stderr)
        for condition in ('level = "ERROR" or levle = 1', "n < 0"):
            done = self.weir(f"from in.log | json | where {condition} | to null")
            self.assertNotIn(b"was in no record", done.stderr)

    def test_a_name_without_its_quotes_is_told(self):
        self.write("in.log", "\n".join(lines(10)))
        self.write("p.yaml", "source: in.log\nsteps: [json, where: n >= 0, set: { region: eu-west-1, m: n-1 }]\nsink: { file: out.ndjson }\n")
        done = self.weir("run", "p.yaml")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"field `eu` was in no record; if a text is meant, write \"eu-west-1\"", done.stderr)
        self.assertIn(b"field `west` was in no record", done.stderr)
        self.assertEqual(done.stderr.count(b"was in no record"), 2, done.stderr)
        self.assertIn(b"`eu-west-1` is read as a subtraction", done.stderr)
        self.assertNotIn(b"`n-1`", done.stderr)
        text = "from in.log | json | set host = web-1, one = 1, two = one, left = n - 1, env = prod | to null"
        done = self.weir(text)
        self.assertIn(b"field `web` was in no record; if a text is meant, write \"web-1\"", done.stderr)
        self.assertIn(b"field `prod` was in no record; if a text is meant, write \"prod\"", done.stderr)
        self.assertEqual(done.stderr.count(b"was in no record"), 2, done.stderr)
        self.assertEqual(done.stderr.count(b"warning"), 1, done.stderr)
        checked = self.weir("check", text)
        self.assertEqual((checked.returncode, checked.stderr.count(b"warning")), (0, 1), checked.stderr)
        self.assertIn(b"if the text is meant, write \"web-1\"", checked.stderr)

    def test_a_misspelt_field_is_told_wherever_it_stands(self):
        self.write("in.log", "\n".join(lines(10)))
        for steps in ("sort by latncy | to null", "top 2 by latncy | to null", "keep n, latncy | to null",
                      "to out.csv columns=n columns=latncy", 'to "rt/{latncy}.ndjson"',
                      "tee (top 2 by latncy | to null) (to count)"):
            with self.subTest(steps):
                done = self.weir("from in.log | json | " + steps, "--lanes", "2")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stderr.count(b"was in no record"), 1, done.stderr)
                self.assertIn(b"field `latncy` was in no record", done.stderr)
        for steps in ("sort by n | to null", "keep n, msg | to null", 'to "rt2/{level}.csv" columns=n'):
            done = self.weir("from in.log | json | " + steps)
            self.assertNotIn(b"was in no record", done.stderr)

    def test_numbers_that_are_ordered_as_text_are_told(self):
        self.write("in.csv", "n,id\n10,a\n9,b\n,c\n")
        for stage in ("sort by n", "top 1 by n"):
            done = self.weir(f"from in.csv | csv | {stage} | to null")
            self.assertIn(b"`n` is text in all records", done.stderr)
            self.assertIn(b"csv types=infer", done.stderr)
        for parser, key in (("csv types=infer", "n"), ("csv", "id"), ("csv", "to_float(n)")):
            self.assertNotIn(b"is text", self.weir(f"from in.csv | {parser} | sort by {key} | to null").stderr)

    def test_a_condition_on_files_that_keeps_nothing_says_why(self):
        self.write("in.log", "\n".join(lines(10)))
        done = self.weir("-w", 'n > "4"', "in.log")
        self.assertIn(b"none of 10 records is shown", done.stderr)
        self.assertIn(b"10  values of a type that an expression cannot work on", done.stderr)

    def test_a_stretch_of_time_that_ends_before_it_begins_is_refused(self):
        self.write("in.log", "\n".join(lines(10)))
        for since, until in (("2026-01-03", "2026-01-02"), ("1h", "2h")):
            done = self.weir("in.log", "--since", since, "--until", until)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(b"`since` is later than `until`", done.stderr)
        for since, until in (("2026-01-02", "2026-01-03"), ("2h", "1h"), ("1h", "2026-01-01")):
            self.assertEqual(self.weir("in.log", "--since", since, "--until", until).returncode, 0)

    def test_a_misspelt_subcommand_is_no_file(self):
        for arguments in (["chek", "p.yaml"], ["chek"]):
            done = self.weir(*arguments)
            self.assertEqual(done.returncode, 66)
            self.assertIn(b"did you mean `check`?", done.stderr)

    def test_an_indented_document_gets_the_hint_how_it_is_read(self):
        self.write("in.json", json.dumps([{"n": 1}, {"n": 2}], indent=2))
        done = self.weir("from in.json | json | to null")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"`json documents=true`", done.stderr)
        self.write("in.log", "\n".join(lines(3, broken={0, 1, 2})))
        self.assertNotIn(b"documents", self.weir("from in.log | json | to null").stderr)

    def test_what_is_piped_in_is_searched_without_a_name_for_it(self):
        done = self.weir("-s", "1042", "--color", "never", input=b'{"id":1041}\n{"id":1042}\n')
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (0, 1), done.stderr)
        self.assertIn(b"1042", done.stdout)

    def test_explain_says_what_each_file_is_taken_for(self):
        self.write("a.log", "\n".join(lines(10)))
        self.write("b.log", "no format\nof these lines\n")
        self.write("c.log", "a,b\n1,2\n3,4\n")
        (self.path / "wide.log").write_bytes("\n".join(lines(10)).encode("utf-16"))
        shown = self.weir("explain", "from wide.log | auto").stdout.decode()
        self.assertIn("format    wide.log: json (10 of 10 lines)\n", shown)
        shown = self.weir("explain", "from a.log b.log c.log | auto").stdout.decode()
        self.assertIn("format    a.log: json (10 of 10 lines)\n", shown)
        self.assertIn("format    b.log: text, of no known format\n", shown)
        self.assertIn("format    c.log: ", shown)
        for n in range(12):
            self.write(f"many/{n:02}.log", "\n".join(lines(10)))
        shown = self.weir("explain", "from many | auto").stdout.decode()
        self.assertEqual(shown.count("json (10 of 10 lines)"), 10)
        self.assertIn("format    many/09.log: json (10 of 10 lines)\nformat    and more files\n", shown)

    def test_the_two_forms_call_a_sink_the_same(self):
        self.write("in.log", "\n".join(lines(3)))
        self.write("p.yaml", "source: in.log\nsteps: [json]\n"
                             "sink: { sqlite: { table: t, url: one.db } }\n")
        names = set()
        for pipeline in ("p.yaml", "from in.log | json | to sqlite:two.db table=t"):
            self.assertEqual(self.weir("run", pipeline, "--report", "R.json").returncode, 0)
            names.add(self.report()["sinks"][0]["name"].replace("one", "two"))
        self.assertEqual(names, {"sqlite:two.db table=t"})

    def test_files_alone_are_shown(self):
        self.write("in.log.gz", "\n".join(lines(4)) + "\nplain text\n")
        done = self.weir("in.log.gz", "--where", 'level = "ERROR"')
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual([json.loads(line)["n"] for line in done.stdout.splitlines()], [3])
        shown = self.weir("in.log.gz").stdout.splitlines()
        self.assertEqual(len(shown), 5)
        self.assertIn(b"plain text", shown[4])

    def test_a_reader_that_leaves_ends_the_run_quietly(self):
        with subprocess.Popen([WEIR, "from generate | to -"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as running:
            running.stdout.readline()
            running.stdout.close()
            self.assertEqual(running.wait(timeout=60), 0)
            self.assertNotIn(b"error", running.stderr.read())

    def test_the_first_signal_drains(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with subprocess.Popen([WEIR, "from - | to out.ndjson", "--report", "R.json"],
                                  stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  cwd=self.path) as running:
                running.stdin.write(b"first\n")
                running.stdin.flush()
                out = self.path / "out.ndjson"
                while running.poll() is None and not (out.exists() and out.stat().st_size):
                    time.sleep(0.01)
                running.send_signal(number)
                self.assertEqual(running.wait(timeout=60), code)
            report = self.report()
            self.assertEqual((report["exit"], report["in"], report["delivered"]), (code, 1, 1))
            self.assertFalse(report["complete"])
            out.unlink()

    def test_progress_is_drawn_on_a_terminal_only(self):
        reader, writer = pty.openpty()
        environment = {**os.environ, "TERM": "xterm"}
        done = subprocess.run([WEIR, "from generate 300000 | json | to null"], stdout=subprocess.PIPE,
                              stderr=writer, env=environment, timeout=60)
        os.close(writer)
        shown = b""
        try:
            while part := os.read(reader, 4096):
                shown += part
        except OSError:
            pass
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"records", shown)
        piped = self.weir("from generate 300000 | json | to null")
        self.assertNotIn(b"\x1b", piped.stderr)

    def test_the_examples_of_the_help_run(self):
        self.write("app.log", "\n".join(lines(10)))
        (self.path / "logs").mkdir()
        self.write("logs/a.gz", "\n".join(lines(10)))
        self.write("pipeline.yaml", "source: app.log\nsteps: [json]\nsink: out.ndjson\n")
        text = self.weir("--help").stdout.decode()
        examples = text.split("Examples:")[1].split("Exit codes:")[0].splitlines()
        commands = [line.strip() for line in examples if "weir" in line]
        self.assertEqual(len(commands), 5)
        environment = {**os.environ, "PATH": os.path.dirname(WEIR) + ":" + os.environ["PATH"]}
        for command in commands:
            done = subprocess.run(command, shell=True, cwd=self.path, env=environment,
                                  capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, command + ": " + done.stderr.decode())

    def test_shards_beyond_those_that_are_listed_are_counted_once(self):
        for i in range(1_100):
            self.write(f"many/{i:04}", '{"n":1}\n' + ("bad\n" if i % 10 == 0 else ""))
        done = self.weir("from many | json | batch 50 | to null", "--report", "R.json", "-q")
        self.assertEqual(done.returncode, 1, done.stderr)
        report = self.report()
        self.assertEqual((report["in"], report["rejected"], report["shards_seen"]), (1_210, 110, 1_100))


if __name__ == "__main__":
    unittest.main()
