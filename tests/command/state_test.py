"""What --state promises a user of the command: going on, once each, and clear refusals."""
import contextlib
import gzip
import json
import os
import sqlite3
import unittest

from weir_command import CommandTest


class State(CommandTest):
    def run_with_state(self, pipeline):
        return self.weir(pipeline, "--state", "s", "--report", "r.json")

    def report(self):
        return json.loads((self.dir / "r.json").read_text())

    def text(self, name):
        return (self.dir / name).read_text()

    def test_a_finished_run_reads_only_what_is_new(self):
        self.write("in", b'{"n":1}\n')
        self.assertEqual(self.run_with_state("from in | json | to out").returncode, 0)
        with open(self.dir / "in", "ab") as more:
            more.write(b'{"n":2}\n')
        self.assertEqual(self.run_with_state("from in | json | to out").returncode, 0)
        self.assertEqual(self.text("out"), '{"n":1}\n{"n":2}\n')
        self.assertEqual((self.report()["in"], self.report()["total"]["in"]), (1, 2))
        self.assertEqual(self.run_with_state("from in | json | to out").returncode, 0)
        self.assertEqual((self.report()["in"], self.report()["total"]["in"]), (0, 2))

    def test_a_fault_of_compressed_bytes_is_rejected_once(self):
        whole = gzip.compress(b"".join(b'{"n":%d}\n' % n for n in range(50_000)))
        for name, broken in {"cut": whole[: len(whole) // 2], "garbage": whole + b"garbage",
                             "damaged": whole[:20_000] + bytes(50) + whole[30_000:]}.items():
            with self.subTest(name):
                self.write(name, broken)
                pipeline = f"from {name} | json | to {name}.out"
                options = ("--state", f"{name}.state", "--report", "r.json")
                self.assertEqual(self.weir(pipeline, *options).returncode, 1)
                once = self.report()["total"] | {"peak_rss_bytes": 0}
                self.assertEqual(self.weir(pipeline, *options).returncode, 0)
                self.assertEqual(self.report()["total"] | {"peak_rss_bytes": 0}, once)

    def break_unseen(self, name):
        """Damages a compressed file where only who reads it again can tell."""
        path = self.dir / name
        times = path.stat()
        whole = path.read_bytes()
        with open(path, "r+b") as file:
            file.seek(len(whole) // 2)
            file.write(bytes(64))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        return whole

    def write_long_ago(self, name, content):
        os.utime(self.write(name, content), (1e9, 1e9))

    def test_a_compressed_file_that_was_read_to_its_end_is_not_inflated_again_until_it_is_written_to(self):
        lines = b"n,name\n" + b"".join(b"%d,%d\n" % (n, n * n * 7919) for n in range(20_000))
        for steps in ("csv", "auto", "container", 'multiline start="^." | csv', "batch 700 1s", "tee (to a) (csv | to b)"):
            with self.subTest(steps):
                self.write_long_ago("in/1.gz", gzip.compress(lines))
                self.write_long_ago("in/2.gz", gzip.compress(b""))
                self.write_long_ago("in/3.csv", lines)
                to = "" if steps.startswith("tee") else " | to out"
                options = (f"from in | {steps}{to}", "--state", "s " + steps, "--report", "r.json", "-q")
                self.assertEqual(self.weir(*options).returncode, 0)
                self.assertEqual(len(self.report()["shards"]), 2)
                whole = self.break_unseen("in/1.gz")
                done = self.weir(*options)
                self.assertEqual((done.returncode, self.report()["in"], self.report()["shards"]), (0, 0, []), done.stderr)
                os.utime(self.dir / "in/1.gz", (2e9, 1.1e9))
                self.assertEqual(self.weir(*options).returncode, 74)
                self.write_long_ago("in/1.gz", whole + gzip.compress(b"20000,x\n"))
                done = self.weir(*options)
                self.assertEqual((done.returncode, self.report()["in"]), (0, 1), done.stderr)
                for name in ("out", "a", "b"):
                    (self.dir / name).unlink(missing_ok=True)

    def test_an_input_that_was_cut_short_is_an_error_and_goes_on_once_it_is_whole_again(self):
        whole = b"".join(b'{"n":%d}\n' % n for n in range(1000))
        self.write("in", whole)
        self.assertEqual(self.run_with_state("from in | json | to out").returncode, 0)
        with open(self.dir / "in", "r+b") as file:
            file.truncate(5000)
        done = self.run_with_state("from in | json | to out")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"in: was read up to byte %d before, but it ends %d bytes short" %
                      (len(whole), len(whole) - 5000), done.stderr)
        self.assertEqual((self.report()["in"], len(self.report()["unreadable"])), (0, 1))
        with open(self.dir / "in", "r+b") as file:
            file.write(whole + b'{"n":1000}\n')
        self.assertEqual(self.run_with_state("from in | json | to out").returncode, 0)
        self.assertEqual(self.text("out").encode(), whole + b'{"n":1000}\n')

    def test_many_small_tables_leave_the_log_and_keep_their_headers(self):
        columns = [f"a_column_of_measurements_{n}" for n in range(100)]
        cells = b",".join(b"x%d" % n for n in range(100)) + b"\n"
        for n in range(1600):
            self.write(f"in/{n}.csv", ",".join(columns).encode() + b"\n" + cells)
        pipeline = "from in/*.csv | csv | keep a_column_of_measurements_7 | to out"
        self.assertEqual(self.run_with_state(pipeline).returncode, 0)
        self.assertIn(b'"version":4', self.read("s/log"))
        self.assertLess(len(self.read("s/log")), 1 << 20)
        with open(self.dir / "in/1100.csv", "ab") as file:
            file.write(cells.replace(b"x7,", b"more,"))
        self.write("in/new.csv", ",".join(reversed(columns)).encode() + b"\n" + cells)
        self.assertEqual(self.run_with_state(pipeline).returncode, 0)
        self.assertEqual((self.report()["in"], self.report()["rejected"]), (2, 0))
        self.assertEqual(self.text("out").splitlines()[1600:],
                         ['{"a_column_of_measurements_7":"more"}', '{"a_column_of_measurements_7":"x92"}'])

    def test_auto_goes_on_with_the_header_of_a_table_that_grew(self):
        tables = {"csv": b"id,name,level\n", "zeek": b"#separator \\x09\n#fields\tid\tname\tlevel\n#types\tcount\tstring\tstring\n"}
        rows = {"csv": b"%d,b,warn\n", "zeek": b"%d\tb\twarn\n"}
        for kind, header in tables.items():
            with self.subTest(kind):
                path = self.write(f"{kind}.log", header + b"".join(rows[kind] % n for n in range(3)))
                for n in range(3, 6):
                    pipeline = f"from {kind}.log | auto | to {kind}.out"
                    self.assertEqual(self.weir(pipeline, "--state", f"{kind}.state").returncode, 0)
                    with open(path, "ab") as file:
                        file.write(rows[kind] % n)
                self.assertEqual([json.loads(line) for line in self.text(f"{kind}.out").splitlines()],
                                 [{"id": n, "name": "b", "level": "warn"} for n in range(5)])

    def test_auto_goes_on_with_the_formats_that_stood_among_plain_lines(self):
        plain, python = b"2026-01-02 08:12:00 boot\n", b"2026-01-02 08:12:00 - acme - ERROR - boom\n"
        path = self.write("in.log", plain + python)
        pipeline = "from in.log | auto | keep logger | to out"
        self.assertEqual(self.run_with_state(pipeline).returncode, 0)
        with open(path, "ab") as file:
            file.write(19 * plain + python)
        self.assertEqual(self.run_with_state(pipeline).returncode, 0)
        self.assertEqual(self.text("out").count('"acme"'), 2)

    def test_a_line_that_goes_on_after_it_was_delivered_is_told_of(self):
        self.write("in", b"one\ntw")
        self.assertNotIn(b"without its end", self.run_with_state("from in | to out").stderr)
        self.assertNotIn(b"without its end", self.run_with_state("from in | to out").stderr)
        self.write("in", b"one\ntwo\nthree\n")
        self.assertIn(b"in: the line that ended at byte 6 was delivered without its end",
                      self.run_with_state("from in | to out").stderr)
        self.write("in", b"one\ntwo\nthree\nfour\n")
        self.assertNotIn(b"without its end", self.run_with_state("from in | to out").stderr)

    def test_rejects_go_to_the_state_and_come_once(self):
        self.write("in", b'{"n":1}\nbroken\n')
        for _ in range(2):
            self.run_with_state("from in | json | to out")
        self.assertEqual(len(self.text("s/dead.ndjson").splitlines()), 1)

    def test_what_cannot_be_read_again_is_refused(self):
        for pipeline in ("json | to out", "from in | json | head 3 | to out"):
            self.write("in", b"{}\n")
            done = self.run_with_state(pipeline)
            self.assertEqual(done.returncode, 2, pipeline)
            self.assertIn(b"--state", done.stderr)

    def test_standard_input_begins_where_others_have_read_it_to(self):
        header, records = b'a line for the shell\n', b"".join(b'{"n":%d}\n' % n for n in range(1000))
        for name, content in {"plain": records, "gzip": gzip.compress(records)}.items():
            with self.subTest(name):
                path = self.write(name, header + content)
                for expected in (1000, 0):
                    with open(path, "rb", buffering=0) as stdin:
                        stdin.read(len(header))
                        done = self.weir(f"json | to {name}.out", "--state", f"{name}.state", "--report", "r.json",
                                         stdin=stdin)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertEqual(self.report()["in"], expected)
                self.assertEqual(self.text(f"{name}.out").encode(), records)

    def test_a_changed_pipeline_is_refused_unless_it_is_accepted(self):
        self.write("in", b'{"n":1}\n')
        self.run_with_state("from in | json | to out")
        changed = "from in | json | where n > 0 | to out"
        self.assertEqual(self.run_with_state(changed).returncode, 2)
        self.assertEqual(self.weir(changed, "--state", "s", "--accept-changed-pipeline").returncode, 0)

    def test_blanks_are_no_change_of_the_pipeline(self):
        route = 'from in | json | route (when n{0}>{0}1{0}and s="a b" | to "sqlite:db?table=t"){1}(else | to out)'
        for line, spelled in enumerate((route.format("", " "), route.format("\n  ", "\n"), route.format(" ", "  ")), 1):
            with open(self.dir / "in", "a") as more:
                more.write('{"n":2,"s":"a b"}\n{"n":1}\n')
            done = self.run_with_state(spelled.replace('1and', '1 and'))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.text("out"), '{"n":1}\n' * line)
            with contextlib.closing(sqlite3.connect(self.dir / "db")) as db:
                self.assertEqual(db.execute("select count(*) from t").fetchall(), [(line,)])
        self.assertEqual(self.run_with_state(route.format(" ", " ").replace("a b", "a  b")).returncode, 2)

    def test_what_others_left_behind_the_commit_is_cut_off_though_nothing_is_new(self):
        """Also of a file whose name is still to come: a kill left it hidden."""
        sinks = {"out": "to out", "b": "tee (to a) (where n = 3 | to b)", "out.gz": "to out.gz", "t.csv": "to t.csv",
                 ".day-1.partial": 'to "day-{n}"', ".day-1.gz.partial": 'to "day-{n}.gz"',
                 ".rotated-000001.partial": "to rotated rotate_bytes=1MiB"}
        for name, sink in sinks.items():
            with self.subTest(sink):
                self.setUp()
                self.write("in", b'{"n":1}\n{"n":1}\n')
                pipeline = f"from follow in | json | {sink}"
                process = self.start(pipeline, "--state", "s")
                self.wait_for("a commit", lambda: b'"totals":{"in":2,' in self.log())
                process.kill()
                process.wait()
                committed = self.read(name)
                with open(self.dir / name, "ab") as stray:
                    stray.write(b'{"n":"of another"}\n')
                process = self.start(pipeline, "--state", "s")
                self.wait_for("the cut", lambda: self.read(name) == committed)
                process.kill()

    def test_an_output_that_the_state_does_not_know_is_not_touched(self):
        self.write("in", b'{"n":1}\n')
        self.write("out", b"somebody's work\n")
        self.assertEqual(self.run_with_state("from in | json | to out").returncode, 2)
        self.assertEqual(self.text("out"), "somebody's work\n")

    def test_a_followed_file_is_kept_in_mind_until_another_of_its_path_was_read_to_its_end(self):
        self.write("app.log", b'{"n":1}\n')
        process = self.start("from follow app.log rotate_wait=10ms | json | to out", "--state", "s")
        self.wait_for("a commit", self.tokens)
        tokens = self.tokens()
        self.assertEqual([bool(token) for token in tokens.values()], [True])
        (self.dir / "app.log").rename(self.dir / "app.log.2")
        self.wait_for("its end", lambda: all(" ended:" in token for token in self.tokens().values()))
        self.write("app.log", b'{"n":2}\n')
        self.wait_for("a successor", lambda: len(self.tokens()) == 2)
        (self.dir / "app.log").rename(self.dir / "app.log.1")
        self.wait_for("its end", lambda: sorted(map(bool, self.tokens().values())) == [False, True])
        self.assertEqual([self.tokens()[shard] for shard in tokens], [""])
        process.kill()

    def log(self):
        return self.read("s/log") if (self.dir / "s/log").exists() else b""

    def tokens(self):
        """What the latest commits say of each shard."""
        entries = [json.loads(line.split(b" ", 1)[1]) for line in self.log().splitlines(keepends=True)
                   if line.endswith(b"\n")]
        return {shard["id"]: shard.get("token", "") for entry in entries for shard in entry.get("shards", [])}

    def test_a_damaged_log_is_reported_with_its_place(self):
        self.write("in", b'{"n":1}\n')
        for _ in range(3):
            self.run_with_state("from in | json | to out")
        log = bytearray((self.dir / "s/log").read_bytes())
        log[80] ^= 1
        self.write("s/log", bytes(log))
        done = self.run_with_state("from in | json | to out")
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"damaged at byte 0", done.stderr)

    def test_a_lost_output_is_an_error(self):
        self.write("in", b'{"n":1}\n')
        self.run_with_state("from in | json | to out")
        (self.dir / "out").unlink()
        done = self.run_with_state("from in | json | to out")
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"8 bytes were committed, but it is gone", done.stderr)


if __name__ == "__main__":
    unittest.main()
