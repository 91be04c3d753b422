"""The contract that others script against: issue 2, to the letter."""
import bz2
import gzip
import json
import lzma
import os
import subprocess
import unittest

from weir_command import CommandTest

LEVELS = ("DEBUG", "INFO", "WARN", "INFO", "ERROR", "INFO")


def log(count):
    return b"".join(b'{"n":%d,"level":"%s","env":"dev","msg":"m%d"}\n' % (i, LEVELS[i % 6].encode(), i)
                    for i in range(count))


def main_job(text):
    """What the main job makes of a log, said again without weir."""
    out = []
    for line in text.splitlines():
        record = json.loads(line)
        if record["level"] in ("WARN", "ERROR"):
            record.update(env="prod", host="h1")
            out.append(json.dumps(record, separators=(",", ":")) + "\n")
    return "".join(out).encode()


def pipeline(source, sink):
    return (f'from {source} | json | where level in ("WARN","ERROR") '
            f'| set host = "h1", env = "prod" | batch 1000 2s | to {sink}')


class MainJob(CommandTest):
    def check(self, name, stored, text):
        self.write(name, stored)
        done = self.weir(pipeline(name, "OUT.ndjson"), "--report", "R.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, b"")
        self.assertEqual(self.read("OUT.ndjson"), main_job(text))
        report = self.report()
        count = text.count(b"\n")
        delivered = main_job(text).count(b"\n")
        self.assertEqual((report["in"], report["delivered"], report["filtered"], report["rejected"]),
                         (count, delivered, count - delivered, 0))
        self.assertEqual(report["bytes_in"], len(text))
        self.assertEqual(sum(report["filtered_by"].values()), count - delivered)
        self.assertLessEqual(set(report["filtered_by"]), {'where level in ("WARN","ERROR")'})
        self.assertEqual((report["exit"], report["complete"]), (0, True))
        self.assertIn(report["strategy"], ("array", "chunked", "streaming"))
        self.assertGreater(report["seconds"], 0)
        self.assertGreater(report["peak_rss_bytes"], 1 << 20)
        self.assertEqual(report["total"], {key: report[key] for key in report["total"]})
        self.assertLessEqual({"in", "delivered", "filtered", "rejected", "peak_rss_bytes"}, set(report["total"]))

    def test_a_plain_file(self):
        self.check("IN", log(5000), log(5000))

    def test_compressed_files_by_their_content(self):
        text = log(3000)
        for pack in (gzip.compress, bz2.compress, lzma.compress):
            self.check("IN", pack(text[:50_000]) + pack(text[50_000:]), text)

    def test_an_empty_file(self):
        self.check("IN", b"", b"")

    def test_a_large_file_in_lanes_keeps_its_order(self):
        text = log(200_000)
        self.write("IN", text)
        for lanes in ("1", "2", "4"):
            done = self.weir(pipeline("IN", "OUT.ndjson"), "--lanes", lanes, "--strategy", "streaming",
                             "--report", "R.json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.read("OUT.ndjson"), main_job(text), f"--lanes {lanes}")
            self.assertEqual(self.report()["bytes_in"], len(text))

    def test_standard_input_and_output(self):
        text = log(2000)
        for stdin in (text, gzip.compress(text)):
            done = self.weir(pipeline("-", "-"), "--report", "R.json", stdin=stdin)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout, main_job(text))
            report = self.report()
            self.assertEqual((report["in"], report["bytes_in"]), (2000, len(text)))

    def test_input_and_output_are_standard_when_unnamed(self):
        done = self.weir("json | where n < 2", stdin=log(10))
        self.assertEqual(done.stdout, log(2))

    def test_a_fifo_that_trickles_gives_the_same(self):
        text = log(40)
        os.mkfifo(self.dir / "IN")
        process = self.start(pipeline("IN", "-"), "--report", "R.json")
        with open(self.dir / "IN", "wb", buffering=0) as writer:
            for at in range(0, len(text), 7):
                writer.write(text[at:at + 7])
        out, _ = process.communicate()
        self.assertEqual(out, main_job(text))
        self.assertEqual(self.report()["bytes_in"], len(text))

    def test_a_yaml_file_does_the_same(self):
        self.write("IN", log(100))
        self.write("p.yaml", """\
source: IN
steps:
  - json
  - where: level in ("WARN","ERROR")
  - set: { host: '"h1"', env: '"prod"' }
  - batch: { records: 1000, timeout: 2s }
sink: OUT.ndjson
""")
        self.assertEqual(self.weir("run", "p.yaml").returncode, 0)
        self.assertEqual(self.read("OUT.ndjson"), main_job(log(100)))


class ExitCodes(CommandTest):
    def test_1_when_records_were_rejected(self):
        self.write("IN", b'{"a":1}\nbroken\n{"a":2}\n')
        done = self.weir("from IN | json | to OUT", "--report", "R.json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.read("OUT"), b'{"a":1}\n{"a":2}\n')
        report = self.report()
        self.assertEqual((report["exit"], report["rejected"], report["rejected_by"]), (1, 1, {"not an object": 1}))
        self.assertIn(b"IN:2", done.stderr)

    def test_1_also_when_they_went_to_the_dead_letter(self):
        self.write("IN", b"broken\n")
        done = self.weir("from IN | json | to OUT", "--dead-letter", "dead.ndjson")
        self.assertEqual(done.returncode, 1)
        letter = json.loads(self.read("dead.ndjson"))
        self.assertEqual((letter["source"], letter["number"], letter["raw"]), ("IN", 1, "broken"))

    def test_1_for_a_truncated_gzip_whose_good_lines_are_delivered(self):
        text = log(20_000)
        self.write("IN.gz", gzip.compress(text)[:-2000])
        done = self.weir("from IN.gz | json | to OUT", "--report", "R.json")
        self.assertEqual(done.returncode, 1)
        report = self.report()
        self.assertEqual(report["rejected"], 1)
        self.assertEqual(report["in"], report["delivered"] + 1)
        out = self.read("OUT")
        self.assertTrue(text.startswith(out))
        self.assertGreater(len(out), len(text) // 2)

    def test_2_for_a_wrong_pipeline_and_nothing_is_touched(self):
        self.write("IN", b"{}\n")
        self.write("OUT", b"precious")
        for wrong in ("from IN | jsn | to OUT", "from IN | json | where ( | to OUT", "from IN | batch 0 | to OUT"):
            done = self.weir(wrong, "--report", "R.json")
            self.assertEqual(done.returncode, 2, wrong)
            self.assertIn(b"error", done.stderr)
            self.assertEqual(self.read("OUT"), b"precious")
            self.assertEqual(json.loads(self.read("R.json"))["exit"], 2)

    def test_2_for_a_wrong_option(self):
        for wrong in (("--lanes", "x"), ("--no-such-option",), ("--strategy", "magic")):
            self.assertEqual(self.weir("from IN | to OUT", *wrong).returncode, 2, wrong)

    def test_66_for_a_missing_input_and_an_empty_glob(self):
        self.write("OUT", b"precious")
        for source in ("nowhere.log", '"logs/*.log"'):
            done = self.weir(f"from {source} | json | to OUT", "--report", "R.json")
            self.assertEqual(done.returncode, 66, done.stderr)
            self.assertEqual(self.report()["exit"], 66)
            self.assertEqual(self.read("OUT"), b"precious")

    def test_66_for_a_missing_file_to_show(self):
        done = self.weir("nowhere.log")
        self.assertEqual(done.returncode, 66)
        self.assertIn(b"nowhere.log", done.stderr)

    def test_74_for_an_unreadable_file_while_the_others_are_read(self):
        for name in "abc":
            self.write(f"logs/{name}.log", f'{{"f":"{name}"}}\n')
        (self.dir / "logs/b.log").chmod(0)
        for directory in (self.dir, self.dir / "logs"):
            directory.chmod(0o777)
        anyone = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        done = self.weir('from "logs/*.log" | json | to OUT', "--report", "R.json", **anyone)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertEqual(self.read("OUT"), b'{"f":"a"}\n{"f":"c"}\n')
        report = self.report()
        self.assertEqual((report["exit"], report["in"], report["delivered"]), (74, 2, 2))
        self.assertEqual(len(report["unreadable"]), 1)
        self.assertIn(b"logs/b.log", done.stderr)

    def test_74_for_an_output_that_cannot_be_opened(self):
        self.write("IN", b"{}\n")
        done = self.weir("from IN | json | to nowhere/OUT", "--report", "R.json")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"nowhere/OUT", done.stderr)
        self.assertEqual(json.loads(self.read("R.json"))["exit"], 74)

    def test_74_when_the_device_is_full(self):
        self.write("IN", log(1000))
        done = self.weir("from IN | json | to /dev/full", "--report", "R.json")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"no space left", done.stderr.lower())
        report = self.report()
        self.assertEqual((report["exit"], report["complete"]), (74, False))


class Pipes(CommandTest):
    def test_a_reader_that_leaves_ends_the_run_quietly(self):
        self.write("IN", log(300_000))
        for strategy in ("array", "chunked", "streaming"):
            with subprocess.Popen(["head", "-1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as head:
                process = self.start("from IN | json | to -", "--strategy", strategy, "--quiet",
                                     stdout=head.stdin)
                head.stdin.close()
                first = head.stdout.read()
            process.wait(30)
            errors = process.stderr.read()
            self.assertEqual((process.returncode, errors), (0, b""), strategy)
            self.assertEqual(first, log(1))

    def test_standard_output_holds_data_only(self):
        self.write("IN", log(10) + b"broken\n")
        done = self.weir("from IN | json | to -", "--report", "R.json")
        self.assertEqual(done.stdout, log(10))
        self.assertIn(b"11 in", done.stderr)

    def test_quiet_says_nothing(self):
        self.write("IN", log(10))
        self.assertEqual(self.weir("from IN | json | to OUT", "-q").stderr, b"")

    def without(self, closed, pipeline):
        """Runs it with some of the standard descriptors closed: `<&-`, `>&-`, `2>&-`."""
        return subprocess.run(["sh", "-c", f'exec "$0" "$1" --report R.json {closed}', os.environ["WEIR"], pipeline],
                              cwd=self.dir, capture_output=True, timeout=60)

    def test_a_closed_standard_input_is_no_input(self):
        done = self.without("<&-", "json | to OUT")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertFalse(self.report()["complete"])

    def test_a_closed_standard_output_delivers_nothing(self):
        self.write("IN", log(10))
        done = self.without(">&-", "from IN | json | to -")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertEqual(self.report()["delivered"], 0)
        self.assertIn(b"Bad file descriptor", done.stderr.replace(b"bad", b"Bad"))

    def test_closed_descriptors_do_not_spoil_other_files(self):
        self.write("IN", log(10) + b"broken\n")
        done = self.without("<&- >&- 2>&-", "from IN | json | to OUT")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.read("OUT"), log(10))

    def test_a_refused_run_has_its_time_and_memory(self):
        self.assertEqual(self.weir("from IN | jsn", "--report", "R.json").returncode, 2)
        self.assertGreater(self.report()["seconds"], 0)
        self.assertGreater(self.report()["peak_rss_bytes"], 1 << 20)

    def test_every_sink_has_a_name(self):
        self.write("IN", log(10))
        self.weir("from IN | json | tee (to -) (to count) (to null) (to OUT)", "--report", "R.json")
        self.assertEqual([sink["name"] for sink in self.report()["sinks"]], ["1/stdout", "2/count", "3/null", "4/OUT"])

    def test_a_report_may_go_to_a_pipe(self):
        self.write("IN", log(10))
        done = self.weir("from IN | json | to OUT", "-q", "--report", "/dev/stdout")
        self.assertEqual(json.loads(done.stdout)["in"], 10)


class FullDisk(CommandTest):
    def on_a_disk_of_1_mib(self, script):
        """Runs a script whose $0 is weir in a directory with that disk as `small`."""
        (self.dir / "small").mkdir()
        script = "mount -t tmpfs -o size=1m tmpfs small || exit 99; " + script
        done = subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", script, os.environ["WEIR"]],
                              cwd=self.dir, stderr=subprocess.PIPE, timeout=60)
        if done.returncode == 99 or b"unshare:" in done.stderr:
            self.skipTest(f"no mount namespaces here: {done.stderr.decode()}")
        return done

    def test_a_full_disk_is_waited_for(self):
        self.write("IN", log(5_000))
        done = self.on_a_disk_of_1_mib(
            'head -c 900000 /dev/zero >small/filler; '
            '"$0" "from IN | json | to small/OUT" --state small/state --report R.json 2>ERR & '
            'until grep -q waiting: ERR; do sleep 0.1; done; rm small/filler; '
            'wait $!; code=$?; cp small/OUT COPY; exit $code')
        self.assertEqual(done.returncode, 0, self.read("ERR"))
        self.assertEqual(self.read("COPY"), log(5_000))
        self.assertRegex(self.read("ERR").decode(),
                         r"(?s)^waiting: .*: no space left on device; .*\ngoing on after .*\n5,000 in, 5,000 delivered")
        self.assertTrue(self.report()["complete"])

    def test_a_full_disk_is_74_in_the_end_and_what_is_there_is_whole_lines(self):
        self.write("IN", log(60_000))
        done = self.on_a_disk_of_1_mib('"$0" "from IN | json | to small/OUT" --report R.json --give-up-after 200ms; '
                                       'code=$?; cp small/OUT COPY; exit $code')
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(b"no space left", done.stderr.lower())
        report = self.report()
        copy = self.read("COPY")
        self.assertTrue(log(60_000).startswith(copy))
        self.assertLessEqual(report["delivered"], copy.count(b"\n"))
        self.assertFalse(report["complete"])


class NothingIsDestroyed(CommandTest):
    """What is read is not written at the same time, by whatever name it goes."""

    def refused(self, *arguments, **options):
        done = self.weir(*arguments, **options)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(self.read("same"), log(3))
        return done.stderr.decode()

    def setUp(self):
        super().setUp()
        self.write("same", log(3))

    def test_a_glob_that_would_match_an_output_is_refused(self):
        (self.dir / "gd").mkdir()
        self.write("gd/a.log", log(2))
        for place in ("from 'gd/*.log' | to gd/out.log", "from 'gd/*.log' | to ./gd/../gd/out.log",
                      "from '**.log' | to gd/out.log",
                      f"from '{self.dir}/g?/*.log' | to gd/out.log", "from follow 'gd/*.log' | to gd/out.log",
                      "from 'gd/*.log' | to gd/out.log rotate_bytes=1MB", "from gd | to gd/sub/out"):
            self.assertIn("written while it is read", self.refused(place))
        self.assertEqual(os.listdir(self.dir / "gd"), ["a.log"])

    def test_an_output_that_a_glob_does_not_match_is_none_of_its_inputs(self):
        (self.dir / "gd").mkdir()
        self.write("gd/a.log", log(2))
        for path in ("gd/out.txt", "gd/sub.log/out.log", "out.log"):
            (self.dir / "gd/sub.log").mkdir(exist_ok=True)
            self.assertEqual(self.weir(f"from 'gd/*.log' | json | to {path}").returncode, 0)

    def test_an_input_is_not_an_output(self):
        os.link(self.dir / "same", self.dir / "hard")
        os.symlink("same", self.dir / "soft")
        for name in ("same", "./same", "hard", "soft"):
            self.assertIn("written while it is read", self.refused(f"from same | to {name}"))
        self.refused("from same | to out", "--report", "same")
        self.refused("from same | to out", "--dead-letter", "same")
        with open(self.dir / "same", "rb") as stdin:
            self.refused("from - | to same", stdin=stdin)

    def test_an_output_does_not_lie_in_a_directory_that_is_read(self):
        self.write("logs/a.log", log(3))
        self.refused("from logs | to logs/out.log")

    def test_two_outputs_are_two_files(self):
        self.assertIn("two outputs", self.refused("from same | tee (to out) (to ./out)"))
        self.refused("from same | to out", "--report", "out")

    def test_a_buffer_does_not_stand_in_a_branch(self):
        self.assertIn("cannot stand in a branch", self.refused("from same | tee (buffer 2 | to null) (to null)"))

    def test_a_directory_is_called_one(self):
        (self.dir / "sub").mkdir()
        done = self.weir("from same | to sub")
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"is a directory", done.stderr)

    def test_a_full_standard_error_ends_nothing(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([os.environ["WEIR"], "from same | to out"], cwd=self.dir, stderr=full)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(self.read("out").count(b"\n"), 3)


if __name__ == "__main__":
    unittest.main()
