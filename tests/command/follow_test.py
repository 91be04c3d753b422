"""`tail -F` while the command runs: rotation by rename, truncation, new files."""
import contextlib
import gzip
import os
import signal
import subprocess
import unittest

from weir_command import CommandTest


class Follow(CommandTest):
    def append(self, name, text):
        with open(self.dir / name, "ab", buffering=0) as out:
            out.write(text)

    def end(self, process, delivered):
        process.send_signal(signal.SIGINT)
        process.wait(30)
        self.assertEqual(process.returncode, 130, process.stderr.read())
        report = self.report()
        self.assertEqual((report["in"], report["delivered"]), (delivered, delivered))

    def test_rotation_by_rename_and_by_truncation_loses_nothing(self):
        self.write("app.log", b'{"n":1}\n')
        process = self.start("from follow app.log | json | to OUT", "--report", "R.json")
        self.wait_for_content("OUT", b'{"n":1}\n')
        self.append("app.log", b'{"n":2}\n{"n":')
        self.wait_for_content("OUT", b'{"n":1}\n{"n":2}\n')
        self.append("app.log", b"3}\n")
        self.wait_for_content("OUT", b"".join(b'{"n":%d}\n' % n for n in (1, 2, 3)))
        os.rename(self.dir / "app.log", self.dir / "app.log.1")
        self.append("app.log.1", b'{"n":4}\n')
        self.append("app.log", b'{"n":5}\n')
        self.wait_for_content("OUT", b"".join(b'{"n":%d}\n' % n for n in (1, 2, 3, 4, 5)))
        os.truncate(self.dir / "app.log", 0)
        self.wait_for("the truncation to be seen or passed", lambda: True)
        self.append("app.log", b'{"n":6}\n{"n":7}\n{"n":8}\n')
        self.wait_for_content("OUT", b"".join(b'{"n":%d}\n' % n for n in range(1, 9)))
        self.end(process, 8)

    def test_a_new_file_that_matches_the_glob_is_read(self):
        self.write("logs/a.log", b'{"n":1}\n')
        process = self.start('from follow "logs/*.log" | json | to OUT', "--report", "R.json")
        self.wait_for_content("OUT", b'{"n":1}\n')
        self.append("logs/b.log", b'{"n":2}\n')
        self.wait_for_content("OUT", b'{"n":1}\n{"n":2}\n')
        self.end(process, 2)

    def test_an_unterminated_line_stays_unread_on_drain(self):
        self.write("app.log", b'{"n":1}\n{"n":2}')
        process = self.start("from follow app.log | json | to OUT", "--report", "R.json")
        self.wait_for_content("OUT", b'{"n":1}\n')
        self.end(process, 1)
        self.assertEqual(self.report()["bytes_in"], 8)

    def test_a_compressed_file_is_passed_over_with_a_word(self):
        self.write("zz.gz", gzip.compress(b'{"n":1}\n'))
        process = self.start("from follow zz.gz | json | to OUT", "--report", "R.json")
        self.assertRegex(process.stderr.readline(), b"zz.gz: compressed, and passed over.*`from zz.gz` reads")
        self.end(process, 0)


class GoingOn(CommandTest):
    """A file is rotated between two runs with the same state."""

    def lines(self, first, last):
        return b"".join(b'{"n":%d}\n' % n for n in range(first, last))

    def append(self, name, content):
        (self.dir / "q").mkdir(exist_ok=True)
        with open(self.dir / name, "ab", buffering=0) as out:
            out.write(content)

    def log(self):
        return self.read("s/log") if (self.dir / "s/log").exists() else b""

    def run_until(self, expected, by=signal.SIGINT):
        runs = self.log().count(b'"run":')
        process = self.start("from follow q/app.log | json | to out.ndjson", "--state", "s", "--report", "R.json")
        # An earlier run may have come as far; a signal before this one began would be lost.
        self.wait_for("its beginning", lambda: self.log().count(b'"run":') > runs)
        self.wait_for_content("out.ndjson", expected)
        committed = b'"totals":{"in":%d,' % expected.count(b"\n")
        self.wait_for("a commit", lambda: committed in self.log())
        process.send_signal(by)
        process.wait(30)
        return process.stderr.read().decode()

    def rotate(self, as_name=""):
        self.append("q/app.log", self.lines(100, 150))
        if as_name.endswith(".gz"):
            whole = (self.dir / "q/app.log").read_bytes()
            (self.dir / "q/app.log").unlink()
            self.write(as_name, gzip.compress(whole))
        elif as_name:
            os.rename(self.dir / "q/app.log", self.dir / as_name)
        else:
            (self.dir / "q/app.log").unlink()
        self.append("q/app.log", self.lines(150, 160))

    def stop_amid(self, pipeline, expected):
        """Follows until that has arrived, and stops."""
        process = self.start(pipeline, "--state", "s", "--report", "R.json")
        for name, content in expected.items():
            self.wait_for_content(name, content)
        process.send_signal(signal.SIGINT)
        process.wait(30)
        self.assertEqual(process.returncode, 130, process.stderr.read())

    def test_a_line_in_parts_that_a_stop_cuts_is_read_again_as_one(self):
        line = b"2026-01-02T03:04:05Z stdout %s %s\n"
        follow = "from follow q/pod.log | container timeout=0s | cri | keep message | to out.ndjson"
        self.append("q/pod.log", line % (b"F", b"one") + line % (b"P", b"tw"))
        self.stop_amid(follow, {"out.ndjson": b'{"message":"one"}\n'})
        self.append("q/pod.log", line % (b"F", b"o"))
        self.stop_amid(follow, {"out.ndjson": b'{"message":"one"}\n{"message":"two"}\n'})

    def test_a_quoted_field_that_a_stop_cuts_is_read_again_in_every_branch(self):
        follow = "from follow q/t.csv | tee (csv | to a.ndjson) (to b.ndjson)"
        lines = [b'{"message":"%s"}\n' % text for text in (b"n,t", b"1,one", b'2,\\"tw', b'o\\"')]
        self.append("q/t.csv", b'n,t\n1,one\n2,"tw\n')
        self.stop_amid(follow, {"a.ndjson": b'{"n":"1","t":"one"}\n', "b.ndjson": b"".join(lines[:3])})
        self.append("q/t.csv", b'o"\n')
        self.stop_amid(follow, {"a.ndjson": b'{"n":"1","t":"one"}\n{"n":"2","t":"tw\\no"}\n', "b.ndjson": b"".join(lines)})

    def test_nothing_of_a_rotated_file_is_lost(self):
        for by in (signal.SIGINT, signal.SIGKILL):
            for as_name in ("q/app.log.1", "q/app.log.1.gz", "q/app.log-20260101.gz"):
                with self.subTest(as_name, by=by):
                    self.setUp()
                    self.append("q/app.log", self.lines(0, 100))
                    self.run_until(self.lines(0, 100), by)
                    self.rotate(as_name)
                    said = self.run_until(self.lines(0, 160), by)
                    self.assertNotIn("app.log", said)
                    (self.dir / as_name).unlink()
                    self.append("q/app.log", self.lines(160, 170))
                    self.run_until(self.lines(0, 170))
                    self.assertEqual(self.report()["total"]["delivered"], 170)

    def test_nothing_is_lost_when_it_is_killed_while_it_reads_the_compressed_rest(self):
        self.append("q/app.log", self.lines(0, 100))
        self.run_until(self.lines(0, 100))
        self.append("q/app.log", self.lines(100, 300_000))
        subprocess.run(["gzip", "-S", ".1.gz", self.dir / "q/app.log"], check=True)
        self.append("q/app.log", self.lines(300_000, 300_100))
        for _ in range(5):
            before = (self.dir / "out.ndjson").stat().st_size
            process = self.start("from follow q/app.log | json | to out.ndjson", "--state", "s")
            self.wait_for("more", lambda: (self.dir / "out.ndjson").stat().st_size > before)
            process.kill()
            process.wait()
            if (self.dir / "out.ndjson").stat().st_size == len(self.lines(0, 300_100)):
                break
        self.run_until(self.lines(0, 300_100))

    @contextlib.contextmanager
    def killed_before_it_commits(self, begun):
        """It comes upon the last of so many files while the test does something, and holds all records."""
        follow = "from follow q/app.log | json | batch 100000 1h | to out.ndjson"
        process = self.start(follow, "--state", "s", "--accept-changed-pipeline")
        self.wait_for("the files to be begun", lambda: self.log().count(b'"begun"') >= begun - 1)
        yield
        self.wait_for("the last file to be begun", lambda: self.log().count(b'"begun"') >= begun)
        process.kill()
        process.wait()

    def run_to_the_end(self, expected):
        process = self.start("from follow q/app.log | json | to out.ndjson", "--state", "s", "--report", "R.json",
                             "--accept-changed-pipeline")
        self.wait_for_content("out.ndjson", expected)
        process.send_signal(signal.SIGINT)
        process.wait(30)
        return process.stderr.read().decode()

    def rotated_twice_amid_a_kill(self):
        self.append("q/app.log", self.lines(0, 100))
        self.run_until(self.lines(0, 100), signal.SIGKILL)
        with self.killed_before_it_commits(begun=2):
            self.rotate("q/app.log.1")
        os.rename(self.dir / "q/app.log.1", self.dir / "q/app.log.2")
        os.rename(self.dir / "q/app.log", self.dir / "q/app.log.1")
        self.append("q/app.log", self.lines(160, 170))

    def test_what_was_read_but_not_committed_at_a_kill_is_found_after_two_rotations(self):
        self.rotated_twice_amid_a_kill()
        self.assertNotIn("app.log", self.run_to_the_end(self.lines(0, 170)))
        self.assertEqual(self.report()["total"]["delivered"], 170)

    def test_what_was_read_but_not_committed_at_a_kill_is_missed_when_it_is_gone(self):
        self.rotated_twice_amid_a_kill()
        (self.dir / "q/app.log.1").unlink()
        said = self.run_to_the_end(self.lines(0, 150) + self.lines(160, 170))
        lost = "q/app.log: the file that was read to byte 0 (line 0) is gone"
        self.assertIn(lost, said)
        self.assertEqual([why[: len(lost)] for why in self.report()["unreadable"]], [lost])

    def test_the_first_file_is_found_though_nothing_of_it_was_committed(self):
        self.append("q/app.log", self.lines(0, 100))
        with self.killed_before_it_commits(begun=1):
            pass
        self.rotate("q/app.log.1")
        self.run_to_the_end(self.lines(0, 160))

    def test_what_came_and_went_between_two_runs_is_read(self):
        self.append("q/app.log", self.lines(0, 100))
        self.run_until(self.lines(0, 100), signal.SIGKILL)
        self.rotate("q/app.log.3")
        os.rename(self.dir / "q/app.log", self.dir / "q/app.log.2")
        self.write("q/app.log.1.gz", gzip.compress(self.lines(160, 170)))
        self.append("q/app.log", self.lines(170, 180))
        said = self.run_until(self.lines(0, 180), signal.SIGKILL)
        self.assertNotIn("app.log", said)
        self.append("q/app.log", self.lines(180, 181))
        self.run_until(self.lines(0, 181))

    def test_what_came_and_went_of_a_log_that_was_empty_is_read(self):
        follow = "from follow q/app.log rotate_wait=0s | json | to out.ndjson"
        for by in (signal.SIGINT, signal.SIGKILL):
            with self.subTest(by):
                self.setUp()
                self.append("q/app.log", self.lines(0, 100))
                process = self.start(follow, "--state", "s")
                self.wait_for_content("out.ndjson", self.lines(0, 100))
                os.rename(self.dir / "q/app.log", self.dir / "q/app.log.1")
                self.append("q/app.log", b"")
                self.wait_for("its end to be committed", lambda: b" ended:" in self.log())
                process.send_signal(by)
                process.wait(30)
                os.rename(self.dir / "q/app.log.1", self.dir / "q/app.log.2")
                self.append("q/app.log", self.lines(100, 150))
                os.rename(self.dir / "q/app.log", self.dir / "q/app.log.1")
                self.append("q/app.log", self.lines(150, 160))
                self.stop_amid(follow, {"out.ndjson": self.lines(0, 160)})
                self.assertEqual(self.report()["unreadable"], [])

    def test_what_follows_a_file_that_began_at_its_end_is_read_from_its_beginning(self):
        follow = "from follow q/app.log tail=true | json | to out.ndjson"
        self.append("q/app.log", self.lines(0, 5))
        process = self.start(follow, "--state", "s")
        self.wait_for("its beginning", lambda: b'"begun"' in self.log())
        self.append("q/app.log", self.lines(5, 8))
        self.wait_for_content("out.ndjson", self.lines(5, 8))
        process.kill()
        process.wait()
        self.append("q/app.log", self.lines(8, 10))
        os.rename(self.dir / "q/app.log", self.dir / "q/app.log.1")
        self.append("q/app.log", self.lines(10, 12))
        self.stop_amid(follow, {"out.ndjson": self.lines(5, 12)})

    def test_the_latest_rotated_files_are_missed_when_they_are_gone(self):
        for as_name, missing in (
            ("q/app.log.2", "q/app.log.1"),
            ("q/app.log.2.gz", "q/app.log.1"),
            ("q/app.log.3", "q/app.log.1 to q/app.log.2"),
        ):
            with self.subTest(as_name):
                self.setUp()
                self.append("q/app.log", self.lines(0, 100))
                self.run_until(self.lines(0, 100), signal.SIGKILL)
                self.rotate(as_name)
                lost = f"q/app.log: {missing} may be missing"
                self.assertIn(lost, self.run_until(self.lines(0, 160)))
                self.assertEqual([why[: len(lost)] for why in self.report()["unreadable"]], [lost])
                self.assertEqual(self.run_until(self.lines(0, 160)).count("missing"), 0)

    def test_what_is_gone_is_said_and_listed_once(self):
        self.append("q/app.log", self.lines(0, 100))
        self.run_until(self.lines(0, 100))
        self.rotate()
        delivered = self.lines(0, 100) + self.lines(150, 160)
        said = self.run_until(delivered)
        lost = f"q/app.log: the file that was read to byte {len(self.lines(0, 100))} (line 100) is gone"
        self.assertIn(lost, said)
        self.assertEqual([why[: len(lost)] for why in self.report()["unreadable"]], [lost])
        self.append("q/app.log", self.lines(160, 161))
        self.assertNotIn("gone", self.run_until(delivered + self.lines(160, 161)))
        self.assertEqual(self.report()["unreadable"], [])


if __name__ == "__main__":
    unittest.main()
