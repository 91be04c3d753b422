"""What weir does while it waits: how late a batch's timeout is, and what following idle files costs."""

import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import time

FLUSH_TIMEOUT_MS = 50
FLUSH_TARGET_MS = 5
IDLE_TARGET_MS = 30
IDLE_FILES = 100


class Waiting:
    def __init__(self, weir: pathlib.Path, options):
        self.weir = weir
        self.flushes = 40 if options.quick else 200
        self.idle_seconds = 5 if options.quick else 30

    def start(self, pipeline: str) -> subprocess.Popen:
        return subprocess.Popen(
            [self.weir, pipeline, "--quiet"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def flush(self) -> dict:
        """One record at a time through a batch that only its timeout can end."""
        weir = self.start(f"from - | batch 1000 {FLUSH_TIMEOUT_MS}ms | to -")
        late_ms = []
        for number in range(self.flushes):
            begin = time.monotonic()
            weir.stdin.write(f"record {number}\n".encode())
            line = weir.stdout.readline()
            if f"record {number}" not in line.decode():
                raise SystemExit(f"flush: expected record {number}, got {line!r}")
            late_ms.append((time.monotonic() - begin) * 1000 - FLUSH_TIMEOUT_MS)
        weir.stdin.close()
        weir.wait()
        median = statistics.median(late_ms)
        p99 = statistics.quantiles(late_ms, n=100)[98]
        return {
            "median_ms_late": median,
            "p99_ms_late": p99,
            "earliest_ms_late": min(late_ms),
            "met": 0 <= min(late_ms) and median <= FLUSH_TARGET_MS,
        }

    def idle(self) -> dict:
        with tempfile.TemporaryDirectory() as directory:
            for number in range(IDLE_FILES):
                pathlib.Path(directory, f"{number}.log").write_text("a line\n")
            weir = self.start(f"from follow '{directory}/*.log' | to null")
            time.sleep(1)
            before = cpu_ms(weir.pid)
            time.sleep(self.idle_seconds)
            used_ms = cpu_ms(weir.pid) - before
            weir.send_signal(signal.SIGINT)
            weir.wait()
        return {
            "cpu_ms": used_ms,
            "seconds": self.idle_seconds,
            "files": IDLE_FILES,
            "met": used_ms <= IDLE_TARGET_MS * self.idle_seconds / 30,
        }

    def cases(self) -> dict:
        return {"flush": self.flush, "idle": self.idle}


def cpu_ms(process: int) -> float:
    """Time on a core of all threads; the kernel counts it in nanoseconds."""
    tasks = f"/proc/{process}/task"
    spent = (pathlib.Path(tasks, task, "schedstat").read_text() for task in os.listdir(tasks))
    return sum(int(text.split()[0]) for text in spent) / 1e6
