"""What people see: colours and escapes on a terminal, none of them elsewhere; progress; the subcommands."""
import base64
import json
import os
import pty
import re
import shutil
import subprocess
import unittest

from weir_command import WEIR, CommandTest

RECORD = b'{"time":"2026-01-01T00:00:00Z","level":"ERROR","msg":"a\\u001b]0;owned\\u0007b"}\n'


class Terminal(CommandTest):
    def on_terminal(self, *arguments, env=None, streams=("stdin", "stdout", "stderr")):
        """Runs it with these streams on a pseudo-terminal; gives the exit code and what was shown there."""
        master, slave = pty.openpty()
        rest = {s: subprocess.DEVNULL for s in ("stdin", "stdout", "stderr") if s not in streams}
        environment = {**os.environ, "TERM": "xterm", **(env or {})}
        if not env:
            environment.pop("NO_COLOR", None)
        process = subprocess.Popen([WEIR, *arguments], cwd=self.dir, env=environment, **rest,
                                   **{s: slave for s in streams})
        os.close(slave)
        shown = b""
        while True:
            try:
                some = os.read(master, 65536)
            except OSError:
                break
            if not some:
                break
            shown += some
        os.close(master)
        return process.wait(), shown

    def test_a_file_is_shown_in_colour_and_control_characters_are_escaped(self):
        self.write("app.log", RECORD)
        code, shown = self.on_terminal("app.log")
        self.assertEqual(code, 0)
        self.assertIn(b"\x1b[", shown)
        self.assertNotIn(b"\x1b]", shown)
        self.assertNotIn(b"\x07", shown)
        self.assertIn(b"owned", shown)

    def test_raw_control_characters_of_a_text_line_are_escaped(self):
        self.write("app.log", b"plain \x1b[2J\x9b2J\x7f text \xff\n")
        code, shown = self.on_terminal("app.log", env={"NO_COLOR": "1"})
        self.assertEqual(code, 0)
        for dangerous in (b"\x1b", b"\x9b", b"\x7f", b"\xff"):
            self.assertNotIn(dangerous, shown)
        self.assertIn(b"plain ", shown)

    def test_a_long_dead_record_is_cut_short_on_a_terminal_only(self):
        long = "é" * 50_000
        self.write("in.log", "short\nx" + long + "\n")
        self.weir("from in.log | json | to null", "-q", "--dead-letter", "dead.ndjson")
        show = ("dlq", "show", "dead.ndjson")
        code, shown = self.on_terminal(*show)
        self.assertEqual(code, 0)
        kept, left = "x" + "é" * 999, 100_001 - 1999
        self.assertIn(f"\r\n  {kept}\r\n  ... and {left} bytes more: `--whole`, or a pipe, has all of them".encode(), shown)
        self.assertIn(b"\r\n  short\r\n", shown)
        code, whole = self.on_terminal(*show, "--whole")
        self.assertEqual(code, 0)
        for all_of_it in (whole.replace(b"\r", b""), self.weir(*show).stdout):
            self.assertIn(f"\n  x{long}\n".encode(), all_of_it)
            self.assertNotIn(b"bytes more", all_of_it)

    def test_no_color_is_obeyed(self):
        self.write("app.log", RECORD)
        code, shown = self.on_terminal("app.log", env={"NO_COLOR": "1"})
        self.assertEqual(code, 0)
        self.assertNotIn(b"\x1b[", shown)
        self.assertIn(b"ERROR", shown)

    def test_a_pipe_gets_records_as_they_are(self):
        self.write("app.log", RECORD)
        self.assertEqual(self.weir("app.log").stdout, RECORD)

    def test_progress_is_drawn_on_a_terminal_only(self):
        pipeline = "from generate 400000 | json | to null"
        code, shown = self.on_terminal(pipeline, streams=("stderr",))
        self.assertEqual(code, 0)
        self.assertIn(b"\r", shown.replace(b"\r\n", b"\n"))
        self.assertIn(b"records", shown)
        self.assertNotIn(b"\r", self.weir(pipeline).stderr)
        _, quiet = self.on_terminal(pipeline, "--quiet", streams=("stderr",))
        self.assertEqual(quiet, b"")

    def test_progress_is_drawn_if_no_records_are_on_the_terminal(self):
        self.write("in.log", RECORD * 400000)
        for sink, drawn in (("to null", True), ("to out.ndjson", True), ("to count", True), ("to stdout", False),
                            ("to -", False), ("tee (to null) (to stdout)", False)):
            code, shown = self.on_terminal(f"from in.log | json | where msg = 'x' | {sink}")
            self.assertEqual(code, 0, shown)
            self.assertEqual(b"\x1b[K" in shown, drawn, sink)

    def test_a_count_stands_on_a_line_of_its_own(self):
        self.write("in.log", RECORD * 400000)
        code, shown = self.on_terminal("from in.log | json | to count")
        self.assertEqual(code, 0, shown)
        self.assertRegex(shown, rb"\r\x1b\[K400000\r?\n")

    def test_lines_without_json_are_shown_too(self):
        self.write("app.log", b"just text\n" + RECORD)
        code, shown = self.on_terminal("app.log", env={"NO_COLOR": "1"})
        self.assertEqual(code, 0)
        self.assertIn(b"just text", shown)


class Subcommands(CommandTest):
    def test_check_finds_every_error_in_one_run_with_its_place(self):
        done = self.weir("check", "from x | jsn | wehre a = 1 | to out")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        errors = done.stderr.decode()
        self.assertEqual(errors.count("error:"), 2, errors)
        for part in ("pipeline:1:10", "^^^", "did you mean `json`", "did you mean `where`"):
            self.assertIn(part, errors)

    def test_check_names_a_file_that_is_not_utf8_in_base64(self):
        with open(os.fsencode(self.dir) + b"/p\xff.yaml", "wb") as file:
            file.write(b"steps:\n  - jsn\n")
        found, = json.loads(self.weir("check", "--json", b"p\xff.yaml").stdout)
        self.assertEqual(base64.b64decode(found["file"]["$base64"]), b"p\xff.yaml")

    def test_check_warns_of_a_condition_that_cannot_be_true(self):
        for pipeline, warned in (("where status >= 500", b"`status` is missing"),
                                 ("where level >= warn", b"`level` is missing"),
                                 ("where @level = 'WARN'", b"`level` is missing"),
                                 ("where message like '%x%' and @record > 2", None),
                                 ("set status = 5 | where status >= 500", None),
                                 ("json | where status >= 500", None),
                                 ("json | where level >= warn", None),
                                 ("clf | where level >= warn", b"`clf` gives no level"),
                                 ("clf status_level=true | where level >= warn", None),
                                 ("clf | where status >= 500 and @time is not null", None)):
            done = self.weir("check", f"from app.ndjson | {pipeline} | to null")
            self.assertEqual(done.returncode, 0, done.stderr)
            if warned:
                self.assertIn(warned, done.stderr)
            else:
                self.assertEqual(done.stderr, b"", pipeline)
        done = self.weir("check", "from a | route (when status > 1 | to null) (else | to null)")
        self.assertIn(b"`status` is missing", done.stderr)

    def test_a_complaint_of_a_component_points_at_the_value(self):
        for pipeline, value in (("from a | batch 0 | to b", "0"), ("from a max_line=5GB | to b", "5GB"),
                                ('from a | grok "%{NOSUCH:x}" | to b', '"%{NOSUCH:x}"'),
                                ('from a | grok "%{INT:n}" "(?=x)%{INT:n}" | to b', '"(?=x)%{INT:n}"'),
                                ("from a | json | to sqlite:er.db", "sqlite:er.db")):
            errors = self.weir("check", pipeline).stderr.decode()
            column = errors.split("pipeline:1:")[1].split("\n")[0]
            self.assertEqual(pipeline[int(column) - 1:][:len(value)], value, errors)
            self.assertIn("^" * len(value), errors)

    def test_patterns_that_would_read_nothing_or_twice_are_refused(self):
        for stage, value, complaint in (
                ("regex", "'(?<a>x)(?<b>y)|(?<a>z)'", "two groups are called `a`"),
                ("nginx", "\"log_format mine '$status\"", "a quote of the log_format is not closed"),
                ("nginx", "\"log_format mine escape=json '{}';\"", "a log_format of escape=json is JSON"),
                ("nginx", "\"log_format mine 'x'; server {}\"", "something stands behind the log_format"),
                ("nginx", "\"log_format mine;\"", "the format names no field")):
            done = self.weir("check", f"from a | {stage} {value} | to b")
            self.assertEqual(done.returncode, 2, value)
            self.assertIn(complaint, done.stderr.decode())
            self.assertIn("| " + " " * 15 + "^" * len(value) + "\n", done.stderr.decode())

    def test_check_of_a_good_pipeline_touches_nothing(self):
        done = self.weir("check", "from nowhere | json | to OUT")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        self.assertFalse((self.dir / "OUT").exists())

    def test_check_can_speak_json(self):
        done = self.weir("check", "--json", "from x | jsn | to out")
        self.assertEqual(done.returncode, 2)
        self.assertIn("jsn", json.dumps(json.loads(done.stdout)))

    def test_explain_shows_plan_guarantee_strategy_and_memory(self):
        self.write("IN", b"{}\n")
        done = self.weir("explain", "from IN | json | batch 10 1s | to OUT")
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in (b"json", b"batch 10 1s", b"OUT", b"exactly once with --state", b"array", b"memory"):
            self.assertIn(part, done.stdout)
        self.assertFalse((self.dir / "OUT").exists())

    def test_everything_listed_is_described_and_in_the_schema(self):
        listed = [line.split()[0] for line in self.weir("list").stdout.decode().splitlines()
                  if line.startswith("  ")]
        self.assertGreater(len(listed), 15)
        schema = self.weir("schema").stdout.decode()
        json.loads(schema)
        for name in listed:
            done = self.weir("describe", name)
            self.assertEqual(done.returncode, 0, name)
            self.assertIn(name.encode(), done.stdout)
            self.assertIn(f'"{name}"', schema)

    def test_every_example_can_be_pasted_into_a_shell(self):
        count = 0
        for name in re.findall(r"^  (\w+)", self.weir("list").stdout.decode(), re.MULTILINE):
            page = self.weir("describe", name).stdout.decode()
            for command in re.findall(r"^    (weir '.*)$", page, re.MULTILINE):
                count += 1
                script = f'weir() {{ test $# = 1 && "$WEIR" check "$1"; }}; {command}'
                done = subprocess.run(["sh", "-c", script], capture_output=True, cwd=self.dir,
                                      env={**os.environ, "WEIR": WEIR})
                self.assertEqual((done.returncode, done.stderr), (0, b""), command)
        self.assertGreater(count, 30)

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = self.weir("list", stdout=full)
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"no space left on device", done.stderr.lower())

    def test_what_is_no_file_may_have_been_meant_as_a_pipeline(self):
        for text, hint in (("json", b"write: weir 'json | to stdout'"),
                           ("| json", b"write: weir 'json | to stdout'"),
                           ("app.ndjson | json", b"write: weir 'from app.ndjson | json'")):
            for arguments in ([text], ["run", text]):
                done = self.weir(*arguments)
                self.assertEqual(done.returncode, 66, text)
                self.assertIn(hint, done.stderr)

    def test_a_report_that_cannot_be_written_is_found_before_the_run(self):
        self.write("in.log", RECORD)
        done = self.weir("from in.log | json | to out.ndjson", "--report", "nowhere/R.json")
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"nowhere/R.json: no such file or directory", done.stderr)
        self.assertFalse((self.dir / "out.ndjson").exists())

    def test_an_unknown_name_to_describe_is_wrong_usage(self):
        done = self.weir("describe", "wehre")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"wehre", done.stderr)
        self.assertIn(b"did you mean `where`?", done.stderr)

    def test_nothing_shown_says_which_field_is_nowhere(self):
        self.write("in.log", RECORD)
        done = self.weir("--where", "statsu >= 500", "in.log")
        self.assertIn(b"none of 1 records is shown\n", done.stderr)
        self.assertIn(b"field `statsu` was in no record", done.stderr)

    def test_a_function_is_described(self):
        done = self.weir("describe", "split_part")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"split_part(text, separator, n) (function)", done.stdout)
        self.assertIn(b"split_part('a,b,c', ',', 2) gives \"b\"", done.stdout)

    def test_a_table_is_no_sink_of_its_own(self):
        done = self.weir("check", "from a.log | json | to csv")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"`to FILE.csv`, or `to stdout format=csv`", done.stderr)

    def test_completions_are_accepted_by_their_shells(self):
        for shell in ("bash", "zsh", "fish"):
            done = self.weir("completion", shell)
            self.assertEqual(done.returncode, 0)
            if shutil.which(shell):
                subprocess.run([shell, "-n"], input=done.stdout, check=True)

    def test_help_and_version(self):
        done = self.weir("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"Examples:", done.stdout)
        self.assertRegex(self.weir("--version").stdout, rb"^weir \d+\.\d+\.\d+\n$")

    def test_dry_run_shows_samples_and_writes_nothing(self):
        self.write("IN", RECORD)
        done = self.weir("from IN | json | to OUT", "--dry-run", "5")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.dir / "OUT").exists())
        self.assertIn(b"ERROR", done.stdout + done.stderr)

    def test_files_are_narrowed_by_where_search_and_time(self):
        self.write("app.log", b'{"n":1,"time":"2026-01-01T00:00:00Z"}\n{"n":2,"time":"2026-01-02T00:00:00Z"}\n')
        second = b'{"n":2,"time":"2026-01-02T00:00:00Z"}\n'
        for narrow in (("--where", "n = 2"), ("--search", "01-02"), ("--since", "2026-01-02")):
            done = self.weir("app.log", *narrow)
            self.assertEqual((done.returncode, done.stdout), (0, second), done.stderr)


if __name__ == "__main__":
    unittest.main()
