"""Ctrl-C drains; a second one ends at once."""
import http.server
import os
import signal
import socket
import subprocess
import threading
import time
import unittest

from weir_command import WEIR, CommandTest


class Signals(CommandTest):
    def drained_by(self, number, code):
        lines = b"".join(b'{"n":%d}\n' % i for i in range(100))
        process = self.start("from - | json | where n >= 10 | batch 1000 1h | to OUT", "--report", "R.json",
                             stdin=-1)
        process.stdin.write(lines)
        process.stdin.flush()
        self.wait_for("the pipe to be read", lambda: unread(process.stdin) == 0)
        self.wait_for("it to sleep", lambda: state(process.pid) == "S")
        process.send_signal(number)
        process.wait(30)
        self.assertEqual(process.returncode, code)
        self.assertEqual(self.read("OUT"), lines[lines.index(b'{"n":10}'):])
        report = self.report()
        self.assertEqual((report["in"], report["delivered"], report["filtered"]), (100, 90, 10))
        self.assertEqual((report["exit"], report["complete"]), (code, False))

    def test_an_interrupt_drains_and_delivers_all_that_was_read(self):
        self.drained_by(signal.SIGINT, 130)

    def test_a_termination_drains_too(self):
        self.drained_by(signal.SIGTERM, 143)

    def test_so_does_a_terminal_that_goes_away(self):
        self.drained_by(signal.SIGHUP, 129)

    def test_nohup_is_respected(self):
        process = self.start("from - | to file OUT format=text", stdin=-1,
                             preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.wait_for("it to sleep", lambda: state(process.pid) == "S")
        process.send_signal(signal.SIGHUP)
        process.communicate(b"line\n", 30)
        self.assertEqual((process.returncode, self.read("OUT")), (0, b"line\n"))

    def test_it_drains_in_the_middle_of_an_endless_input(self):
        process = self.start("from generate 1000000000 | json | where status >= 500 | to OUT", "--report", "R.json")
        self.wait_for("output", lambda: (self.dir / "OUT").exists() and (self.dir / "OUT").stat().st_size > 10_000)
        process.send_signal(signal.SIGINT)
        process.wait(30)
        self.assertEqual(process.returncode, 130)
        report = self.report()
        self.assertEqual(report["delivered"], self.read("OUT").count(b"\n"))
        self.assertGreater(report["filtered"], 0)

    def blocked_in_its_sink(self):
        os.mkfifo(self.dir / "OUT")
        # Somebody holds the FIFO open and does not read: the sink blocks, and a drain waits for it.
        reader = os.open(self.dir / "OUT", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        process = self.start("from generate 100000000 | json | to OUT")
        self.wait_for("the FIFO to be full", lambda: state(process.pid) == "S" and unread(reader) > 60_000)
        return process

    def test_the_second_signal_ends_at_once(self):
        process = self.blocked_in_its_sink()
        process.send_signal(signal.SIGINT)
        self.wait_for("the first signal to be taken", lambda: not has_pending_signal(process.pid))
        process.send_signal(signal.SIGINT)
        process.wait(5)
        self.assertEqual(process.returncode, 130)

    def in_a_directory(self, name, pipeline, *more):
        """Another run beside others."""
        (self.dir / name).mkdir()
        return subprocess.Popen([WEIR, pipeline, "--report", "R.json", *more], cwd=self.dir / name,
                                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def test_a_sink_that_waits_has_the_grace_of_a_drain_and_then_there_is_a_report(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        os.mkfifo(self.dir / "unread")
        os.mkfifo(self.dir / "full")
        reader = os.open(self.dir / "full", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        stuck = {"nobody reads it": self.in_a_directory("a", "from generate 10 | json | to ../unread"),
                 "full: nobody reads it": self.in_a_directory("b", "from generate 100000000 | json | to ../full"),
                 "no answer": self.in_a_directory("c", f"from generate 10 | json | to {url}"),
                 "no time is left for another request":
                     self.in_a_directory("d", f"from generate 10 | json | batch 1 | to {self.quick_server()} rate=0.01")}
        for process in stuck.values():
            self.wait_for("it to wait", lambda process=process: state(process.pid) == "S")
        time.sleep(0.3)  # nothing tells from outside what it waits for
        began = time.monotonic()
        for process in stuck.values():
            process.send_signal(signal.SIGTERM)
        for words, process in stuck.items():
            with self.subTest(words):
                said = process.communicate(timeout=30)[1].decode()
                self.assertEqual(process.returncode, 143, said)
                self.assertLess(time.monotonic() - began, 11)
                self.assertGreater(time.monotonic() - began, 9.9)
                self.assertIn("draining took longer than 10 s", said)
                self.assertIn(words, said)
        for name in "abcd":
            self.assertEqual(self.report(f"{name}/R.json")["exit"], 143)

    def quick_server(self):
        class Taking(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/"


def unread(pipe):
    import array
    import fcntl
    import termios
    size = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, size)
    return size[0]


def has_pending_signal(pid):
    with open(f"/proc/{pid}/status") as status:
        masks = [int(line.split()[1], 16) for line in status if line.startswith(("SigPnd", "ShdPnd"))]
    return any(masks)


def state(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(") ")[2][0]


if __name__ == "__main__":
    unittest.main()
