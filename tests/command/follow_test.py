"""`tail -F` while the command runs: rotation by rename, truncation, new files."""
import os
import signal
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


if __name__ == "__main__":
    unittest.main()
