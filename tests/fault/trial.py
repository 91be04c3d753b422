"""One pipeline in a directory of its own: run, broken off, resumed, and judged."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

PATIENCE_SECONDS = 60


def quick_directory():
    """Where syncing costs nothing, so that a run commits as often as it may."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Trial:
    """`directory` is removed by `clean`, which a failed check never reaches."""

    def __init__(self, weir, pair, lines, within=None, options=()):
        self.weir, self.pair, self.options = str(pathlib.Path(weir).resolve()), pair, options
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-fault-", dir=within))
        pair.prepare(self.weir, self.directory, lines)
        pair.remove_outputs(self.directory)
        self.expected, self.expected_total = self.undisturbed()
        if not all(self.expected[name] for name in pair.outputs):
            self.fail(f"nothing would arrive in one of {list(self.expected)}")
        self.begin_anew()

    def clean(self):
        shutil.rmtree(self.directory)

    def undisturbed(self):
        """What a run without a state delivers, in whatever time it takes."""
        began = time.monotonic()
        self.finish(self.start("--dead-letter", "dead.ndjson", state=False, pipeline=self.pair.calm))
        self.seconds = time.monotonic() - began
        delivered = {**self.pair.delivered(self.directory), "dead": self.dead(self.directory / "dead.ndjson")}
        (self.directory / "dead.ndjson").unlink(missing_ok=True)
        return delivered, self.report()["total"]

    def dead(self, path):
        from pairs import content_of
        return content_of(path) if path.exists() else b""

    def begin_anew(self):
        self.pair.remove_outputs(self.directory)
        shutil.rmtree(self.directory / "state", ignore_errors=True)
        self.pair.begin_input(self.directory)

    def command(self, *more, state, pipeline):
        return [self.weir, "-q", pipeline or self.pair.pipeline, "--report", "report.json",
                *(("--state", "state") if state else ()), *self.options, *more]

    def start(self, *more, state=True, pipeline=None, before=(), **how):
        return subprocess.Popen([*before, *self.command(*more, state=state, pipeline=pipeline)], cwd=self.directory,
                                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **how)

    def finish(self, process, codes=(0, 1)):
        """Waits for its end. What it had to say is returned."""
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
        if process.returncode not in codes:
            self.fail(f"exit {process.returncode}, not one of {codes}: {said.decode()}")
        return said.decode()

    def run_to_the_end(self):
        runs_before, _ = self.logged()
        process = self.start()
        if self.pair.calm is None:
            return self.finish(process)
        # It would wait for more for ever.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while process.poll() is None:
            runs, total = self.logged()
            if runs > runs_before and total == self.expected_total:
                break
            if time.monotonic() > deadline:
                self.fail(f"it got no further than {total}")
            time.sleep(0.002)
        process.terminate()
        return self.finish(process, (128 + signal.SIGTERM,))

    def logged(self):
        """How many runs the log tells of, and the totals of the last commit that counts: a run goes back to its base
        when a sink had not got to the entry behind it."""
        path = self.directory / "state" / "log"
        runs, totals, of_entry = 0, None, {}
        for payload in map(json.loads, whole_lines(path.read_bytes())) if path.exists() else ():
            if "entry" in payload:
                totals = of_entry[payload["entry"]] = payload["totals"]
            elif "run" in payload:
                runs += 1
                totals = of_entry.get(payload["base"])
        return runs, totals

    def killed_after(self, seconds):
        """Whether the run was still at work when its time was up."""
        process = self.start()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        if process.returncode not in (-signal.SIGKILL, 0, 1):
            self.fail(f"exit {process.returncode} before it was killed")
        return process.returncode == -signal.SIGKILL

    def report(self):
        """The account of the last run, whose equation has to hold. What memory it took is its own."""
        report = json.loads((self.directory / "report.json").read_bytes())
        del report["total"]["peak_rss_bytes"]
        for account in (report, report["total"], *report["sinks"]):
            self.check_account(account)
        return report

    def check_account(self, account):
        ended = account["delivered"] + account["filtered"] + account["rejected"] + account["joined"]
        if account["in"] + account["created"] != ended:
            self.fail(f"the account does not balance: {account}")

    def check_end(self):
        """A last run that nothing disturbs: what arrived is what was to arrive."""
        self.pair.grow(self.directory)
        self.run_to_the_end()
        total = self.report()["total"]
        if total != self.expected_total:
            self.fail(f"total is {total}, not {self.expected_total}")
        delivered = {**self.pair.delivered(self.directory), "dead": self.dead(self.directory / "state" / "dead.ndjson")}
        for place, content in self.expected.items():
            if delivered[place] != content:
                self.fail(f"{place}: {difference(content, delivered[place])}")

    def check_log(self):
        """After a crash: the log is a chain of good lines with at most a torn one behind them, and what each entry
        says was delivered is there. Returns the number of entries."""
        path = self.directory / "state" / "log"
        if not path.exists():
            return 0
        payloads = whole_lines(path.read_bytes())
        entries = [p for p in map(json.loads, payloads) if "entry" in p]
        for entry in entries:
            self.check_account(entry["totals"])
        if entries:
            self.check_lengths(entries[-1])
        return len(entries)

    def check_lengths(self, entry):
        for sink in entry["sinks"]:
            path = self.directory / sink["sink"].rpartition("/")[2]
            if sink["token"].isdigit() and path.exists() and path.stat().st_size < int(sink["token"]):
                self.fail(f"{path} has {path.stat().st_size} bytes, {sink['token']} were committed")

    def fail(self, why):
        raise AssertionError(f"{self.pair.name} in {self.directory} (kept): {why}")


def whole_lines(content):
    """The payloads of the good lines of a checkpoint log (src/engine/log_lines.hpp)."""
    before, payloads = b"", []
    for line in content.split(b"\n")[:-1]:
        total, _, payload = line.partition(b" ")
        if hashlib.sha256(before + payload).hexdigest().encode() != total:
            break
        before = total
        payloads.append(payload)
    return payloads


def difference(expected, found):
    """Says in short how two contents differ."""
    wanted, got = (what if isinstance(what, list) else what.splitlines() for what in (expected, found))
    at = next((i for i, (a, b) in enumerate(zip(wanted, got)) if a != b), min(len(wanted), len(got)))
    return f"{len(got)} lines, not {len(wanted)}; line {at + 1} differs"


def write_log(path, payloads):
    """Writes a checkpoint log of such payloads."""
    before, lines = b"", []
    for payload in payloads:
        before = hashlib.sha256(before + payload).hexdigest().encode()
        lines.append(before + b" " + payload + b"\n")
    path.write_bytes(b"".join(lines))
