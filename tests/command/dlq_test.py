"""`weir dlq`: rejected records are counted, shown and sent again through a repaired pipeline."""
import json
import unittest

from weir_command import CommandTest

BROKEN = b'{"n":1}\nn=2\n{"n":3}\nn=4 \xff\n{"n":5}\n'


class DeadLetterQueue(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("in.log", BROKEN)
        done = self.weir("from in.log | json | to out.ndjson", "-q", "--dead-letter", "dead.ndjson")
        self.assertEqual(done.returncode, 1)

    def letters(self, name="dead.ndjson"):
        return [json.loads(line) for line in self.read(name).splitlines()]

    def test_each_line_names_the_shard_and_the_pipeline(self):
        first, second = self.letters()
        self.assertEqual(first["shard"], second["shard"])
        self.assertRegex(first["pipeline"], "^[0-9a-f]{64}$")

    def test_ls_counts_by_source_stage_and_reason(self):
        done = self.weir("dlq", "ls", "dead.ndjson")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        reasons = {letter["reason"] for letter in self.letters()}
        lines = done.stdout.decode().splitlines()
        self.assertEqual(len(lines), len(reasons))
        self.assertIn("in.log: json: ", lines[0])
        self.assertEqual(sum(int(line.split()[0]) for line in lines), 2)

    def test_show_escapes_what_a_terminal_would_obey(self):
        done = self.weir("dlq", "show", "dead.ndjson")
        self.assertIn(rb"in.log:4 (byte 21): json: ", done.stdout)
        self.assertIn(rb"  n=4 \xff", done.stdout)
        self.assertEqual(self.weir("dlq", "show", "dead.ndjson", "--limit", "1").stdout.count(b"in.log:"), 1)
        self.assertEqual(self.weir("dlq", "show", "dead.ndjson", "--reason", "no such").stdout, b"")

    def test_a_table_replays_by_its_columns_and_takes_no_record_for_a_header(self):
        self.write("x.csv", "a,b\n1,2,3\n4,5\n6\n")
        self.weir("from x.csv | csv | to x.ndjson", "-q", "--dead-letter", "rows.ndjson")
        done = self.weir("dlq", "replay", "rows.ndjson", "--pipeline", "from x.csv | csv lenient=true | to y.ndjson")
        self.assertIn(b"2 in, 0 delivered, 2 rejected", done.stderr)
        self.assertIn(b"no header in front: name the `columns`", done.stderr)
        done = self.weir("dlq", "replay", "rows.ndjson", "--pipeline",
                         "from x.csv | csv columns=a,b lenient=true | to z.ndjson")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("z.ndjson"), b'{"a":"1","b":"2","column3":"3"}\n{"a":"6"}\n')

    def test_a_file_that_is_no_dead_letter_is_told_after_ten_lines(self):
        self.write("big.log", b'{"level":"INFO"}\n' * 100_000)
        for verb in ("ls", "show"):
            done = self.weir("dlq", verb, "big.log")
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertEqual(done.stderr.count(b"not a line of a dead letter"), 10)
            self.assertIn(b"error: big.log is no dead letter", done.stderr)
        self.write("torn.ndjson", self.read("dead.ndjson") + b"x\n" * 30)
        done = self.weir("dlq", "ls", "torn.ndjson")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count(b"not a line of a dead letter"), 10)
        self.assertIn(b"and 20 more\n", done.stderr)
        self.assertIn(b"in.log: json: ", done.stdout)

    def test_replay_sends_the_rejected_records_only_and_rejects_name_the_original_place(self):
        done = self.weir("dlq", "replay", "dead.ndjson", "--pipeline", "from in.log | logfmt | to again.ndjson",
                         "--report", "R.json", "--dead-letter", "still.ndjson")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.read("again.ndjson"), b'{"n":2}\n')
        self.assertIn(b"2 in, 1 delivered, 1 rejected", done.stderr)
        report = self.report()
        self.assertEqual((report["in"], report["delivered"], report["rejected"]), (2, 1, 1))
        still, = self.letters("still.ndjson")
        before = self.letters()[1]
        for key in ("source", "number", "offset", "raw", "shard"):
            self.assertEqual(still[key], before[key], key)
        self.assertNotEqual(still["pipeline"], before["pipeline"])

    def test_a_state_directory_stands_for_the_dead_letter_in_it(self):
        done = self.weir("from in.log | json | to other.ndjson", "-q", "--state", "state")
        self.assertEqual(done.returncode, 1)
        replay = ("-q", "dlq", "replay", "state", "--pipeline", "to file again.log format=text")
        self.assertEqual(self.weir(*replay).returncode, 0)
        self.assertEqual(self.read("again.log"), b"n=2\nn=4 \xff\n")
        (self.dir / "again.log").unlink()
        self.assertEqual(self.weir(*replay, "--state", "replayed").returncode, 0)
        self.assertEqual(self.read("again.log"), b"n=2\nn=4 \xff\n")

    def test_a_directory_without_a_dead_letter_leaves_the_output_alone(self):
        (self.dir / "empty").mkdir()
        self.write("again.log", "kept\n")
        done = self.weir("dlq", "replay", "empty", "--pipeline", "to again.log")
        self.assertEqual(done.returncode, 66)
        self.assertIn(b"empty/dead.ndjson: no such file", done.stderr)
        done = self.weir("from dead_letter empty | to again.log")
        self.assertEqual(done.returncode, 66)
        self.assertIn(b"empty: is a directory", done.stderr)
        self.assertEqual(self.read("again.log"), b"kept\n")

    def test_raw_bytes_come_back_byte_for_byte(self):
        self.write("p.yaml", "sink: { file: { path: again.log, format: text } }\n")
        done = self.weir("dlq", "replay", "dead.ndjson", "--pipeline", "p.yaml", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("again.log"), b"n=2\nn=4 \xff\n")

    def test_with_state_only_what_is_new_is_sent_again(self):
        replay = ("dlq", "replay", "dead.ndjson", "--pipeline", "to file again.log format=text", "-q",
                  "--state", "state")
        self.assertEqual(self.weir(*replay).returncode, 0)
        self.write("in.log", BROKEN + b"late\n")
        self.weir("from in.log | json | to null", "-q", "--dead-letter", "more.ndjson")
        self.write("dead.ndjson", self.read("dead.ndjson") + self.read("more.ndjson").splitlines(True)[-1])
        self.assertEqual(self.weir(*replay).returncode, 0)
        self.assertEqual(self.read("again.log"), b"n=2\nn=4 \xff\nlate\n")

    def test_replay_does_not_write_into_what_it_reads(self):
        before = self.read("dead.ndjson")
        done = self.weir("dlq", "replay", "dead.ndjson", "--pipeline", "json | to null",
                         "--dead-letter", "dead.ndjson")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"dead.ndjson: it would be written while it is read", done.stderr)
        self.assertEqual(self.read("dead.ndjson"), before)

    def test_wrong_use_is_explained(self):
        self.assertIn(b"replay needs a pipeline", self.weir("dlq", "replay", "dead.ndjson").stderr)
        for verb in ("ls", "show"):
            self.assertEqual(self.weir("dlq", verb, "nowhere").returncode, 66)
        self.write("other.ndjson", "{}\n")
        done = self.weir("dlq", "ls", "other.ndjson")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"other.ndjson:1: not a line of a dead letter", done.stderr)


if __name__ == "__main__":
    unittest.main()
