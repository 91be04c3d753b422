"""Ctrl-C drains; a second one ends at once."""
import os
import signal
import time
import unittest

from weir_command import CommandTest


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

    def test_a_sink_that_blocks_has_the_grace_of_a_drain(self):
        process = self.blocked_in_its_sink()
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        self.assertEqual(process.returncode, 143)
        self.assertGreater(time.monotonic() - began, 10)

    def test_so_has_a_fifo_that_waits_for_its_reader(self):
        os.mkfifo(self.dir / "OUT")
        process = self.start("from generate 10 | json | to OUT")
        self.wait_for("it to wait", lambda: state(process.pid) == "S")
        process.send_signal(signal.SIGINT)
        self.wait_for("the signal to be taken", lambda: not has_pending_signal(process.pid))
        # The time is up.
        process.send_signal(signal.SIGALRM)
        process.wait(5)
        self.assertEqual(process.returncode, 130)


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
