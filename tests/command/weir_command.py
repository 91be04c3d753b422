"""The weir command in a directory of its own, as a person or a script uses it."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

WEIR = os.environ["WEIR"]
PATIENCE_SECONDS = 30


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="weir-command-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def write(self, name, content):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, name):
        return (self.dir / name).read_bytes()

    def weir(self, *arguments, stdin=b"", env=None, **options):
        """Runs the command to its end. Its output is bytes."""
        if "stdin" not in options and not hasattr(stdin, "fileno"):
            options["input"] = stdin
        elif hasattr(stdin, "fileno"):
            options["stdin"] = stdin
        options.setdefault("stdout", subprocess.PIPE)
        return subprocess.run([WEIR, *arguments], cwd=self.dir, stderr=subprocess.PIPE, timeout=PATIENCE_SECONDS * 4,
                              env={**os.environ, **(env or {})}, **options)

    def start(self, *arguments, **options):
        """Starts the command; it is killed at the end of the test if it still runs."""
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        process = subprocess.Popen([WEIR, *arguments], cwd=self.dir, stderr=subprocess.PIPE, **options)

        def end():
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    stream.close()

        self.addCleanup(end)
        return process

    def report(self, name="R.json"):
        """The report, whose equations must hold in total, for each sink and each shard."""
        report = json.loads(self.read(name))
        self.assertEqual(report["version"], 1)
        for account in [report, report["total"], *report["sinks"], *report["shards"]]:
            self.assertEqual(account["in"] + account["created"],
                             account["delivered"] + account["filtered"] + account["rejected"] + account["joined"],
                             account)
        for key in ("in", "delivered", "filtered", "rejected", "blank", "bytes_in"):
            self.assertEqual(sum(shard[key] for shard in report["shards"]), report[key], key)
        return report

    def wait_for(self, what, condition):
        """Looks again and again, since nobody can tell when another process is ready."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                self.fail(f"waited {PATIENCE_SECONDS} s for {what}")
            time.sleep(0.01)

    def wait_for_content(self, name, expected):
        self.wait_for(f"{name} to hold {expected!r}",
                      lambda: (self.dir / name).exists() and self.read(name) == expected)
