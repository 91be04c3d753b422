#!/usr/bin/env python3
"""What happens to servers and to the network on the way to them, each test named after its row of the fault matrix
(docs/faults.md). with_postgres.py runs it with a server. However long the trouble lasts, the run goes on by itself, and
what arrives is what an undisturbed run delivers."""
import os
import pathlib
import re
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse

import pairs
import real_servers
from trial import Trial, quick_directory

WEIR = None
RESTARTS = 5
CUTS = 8


def resident_bytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


class Fault(unittest.TestCase):
    """Its pairs reach their server through `self.network`."""
    LINES = 60_000

    def behind(self, port):
        self.network = real_servers.Toxiproxy(port)
        self.addCleanup(self.network.stop)

    def trial(self, pair):
        trial = Trial(WEIR, pair, self.LINES, quick_directory(), ("--lanes", "1"))
        self.addCleanup(trial.clean)
        return trial

    def ends_well(self, trial, process):
        _, said = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 1, said.decode())  # some lines are none
        trial.check_log()
        trial.check_end()


class WithPostgres(Fault):
    def setUp(self):
        self.server = urllib.parse.urlsplit(os.environ["WEIR_PG"])
        self.behind(self.server.port)
        url = os.environ["WEIR_PG"].replace(str(self.server.port), str(self.network.listen_port))
        self.pair = pairs.InPostgres("file_to_postgres", f'from in.ndjson | {pairs.KEPT} | to "{url}?table=t"')

    def slow_run(self, kilobytes_a_second):
        """One that takes long enough for something to happen meanwhile, past its first commit."""
        trial = self.trial(self.pair)
        self.network.poison("bandwidth", "upstream", rate=kilobytes_a_second)
        process = trial.start()
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return trial, process


class Row17_a_network_that_breaks_on_the_way_to_postgres(WithPostgres):
    def test_connections_are_cut_again_and_again(self):
        trial, process = self.slow_run(1500)
        for _ in range(CUTS):
            time.sleep(0.1)
            self.network.cut()
            time.sleep(0.02)
            self.network.post("/proxies/link", enabled=True)
        self.network.mend()
        self.ends_well(trial, process)

    def test_a_connection_is_reset(self):
        trial, process = self.slow_run(1500)
        time.sleep(0.2)
        self.network.poison("reset_peer", timeout=0)
        time.sleep(0.2)
        self.network.mend()
        self.ends_well(trial, process)

    def test_what_the_server_says_is_lost(self):
        trial, process = self.slow_run(1500)
        time.sleep(0.2)
        self.network.poison("timeout", timeout=300)
        time.sleep(0.5)
        self.network.mend()
        self.ends_well(trial, process)

    def test_everything_comes_in_crumbs(self):
        trial = self.trial(self.pair)
        self.network.poison("slicer", "upstream", average_size=900, size_variation=800, delay=0)
        self.network.poison("slicer", "downstream", average_size=3, size_variation=2, delay=0)
        self.ends_well(trial, trial.start())


class Row19_postgres_crashes(WithPostgres):
    def test_it_is_restarted_at_once_again_and_again(self):
        trial, process = self.slow_run(1500)
        for _ in range(RESTARTS):
            time.sleep(0.15)
            subprocess.run(os.environ["WEIR_PG_RESTART"], shell=True, check=True, cwd="/")
        self.network.mend()
        self.ends_well(trial, process)


class Row36_a_slow_sink(WithPostgres):
    LINES = 500_000

    def test_memory_stays_flat(self):
        trial, process = self.slow_run(300)
        self.assertGreater((trial.directory / "in.ndjson").stat().st_size, 100 << 20)
        seen = []
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            time.sleep(0.1)
            seen.append(resident_bytes(process))
        self.assertIsNone(process.poll(), "it was not slow")
        self.network.mend()
        while process.poll() is None:
            time.sleep(0.1)
            seen.append(resident_bytes(process))
        self.assertLess(max(seen), 80 << 20, seen)
        self.ends_well(trial, process)


class WithS3(Fault):
    """From S3 to S3, each way through the network."""

    def setUp(self):
        try:
            self.behind(pairs.s3().port)
        except unittest.SkipTest as why:
            self.skipTest(f"{why}; rows 9 to 13 are NOT tested here")
        self.pair = pairs.BY_NAME["s3_to_s3"]

    def started(self, trial):
        process = trial.start(env={**os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.network.listen_port}"})
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process


class Row10_12_and_13_a_network_that_breaks_on_the_way_to_s3(WithS3):
    def test_connections_are_cut_again_and_again(self):
        trial = self.trial(self.pair)
        process = self.started(trial)
        over = threading.Event()
        self.addCleanup(over.set)
        for _ in range(CUTS):
            over.wait(0.05)
            self.network.cut()
            over.wait(0.01)
            self.network.mend()
        self.ends_well(trial, process)

    def test_answers_break_off(self):
        trial = self.trial(self.pair)
        # Each connection gives so much and no more: a body is taken up where it broke off.
        self.network.poison("limit_data", bytes=200_000)
        self.ends_well(trial, self.started(trial))


if __name__ == "__main__":
    WEIR = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
