"""`weir checkpoint`: what people see of a state, and how they come back from a damaged one."""
import base64
import fcntl
import hashlib
import json
import os
import unittest

from weir_command import CommandTest

PIPELINE = "from in.ndjson | json | to out.ndjson"


class Checkpoint(CommandTest):
    def run_once_more(self, records):
        with open(self.dir / "in.ndjson", "a") as file:
            file.write("".join(f'{{"n":{n}}}\n' for n in records))
        done = self.weir(PIPELINE, "-q", "--state", "state")
        self.assertEqual(done.returncode, 0, done.stderr)

    def damage(self, what):
        log = self.read("state/log")
        at = log.index(what)
        self.write("state/log", log[:at] + b"X" + log[at + 1:])
        return log.rindex(b"\n", 0, at) + 1

    def test_inspect_shows_positions_tokens_and_totals_while_a_run_holds_the_lock(self):
        self.run_once_more(range(3))
        with open(self.dir / "state/lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.weir("checkpoint", "inspect", "state", "--json")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        seen = json.loads(done.stdout)
        self.assertFalse(seen["damaged"])
        self.assertEqual(seen["good_bytes"], len(self.read("state/log")))
        shard, = seen["reached"]["shards"]
        self.assertEqual((shard["name"], shard["offset"], shard["number"]), ("in.ndjson", 24, 3))
        self.assertEqual(seen["reached"]["sinks"][0]["token"], str(len(self.read("out.ndjson"))))
        self.assertEqual(seen["reached"]["totals"]["delivered"], 3)
        text = self.weir("checkpoint", "inspect", "state").stdout.decode()
        self.assertIn("read      in.ndjson: 3 records, 24 bytes", text)

    def test_inspect_names_a_directory_that_is_not_utf8_in_base64(self):
        self.run_once_more(range(3))
        os.rename(os.fsencode(self.dir) + b"/state", os.fsencode(self.dir) + b"/st\xff")
        done = self.weir("checkpoint", "inspect", b"st\xff", "--json")
        self.assertEqual(base64.b64decode(json.loads(done.stdout)["log"]["$base64"]), b"st\xff/log")

    def test_a_damaged_log_is_cut_back_kept_and_gone_on_from(self):
        for first in range(0, 9, 3):
            self.run_once_more(range(first, first + 3))
        whole = self.read("out.ndjson")
        at = self.damage(b'"run":3')
        damaged = self.read("state/log")
        self.assertEqual(self.weir(PIPELINE, "--state", "state").returncode, 74)
        done = self.weir("checkpoint", "inspect", "state")
        self.assertEqual(done.returncode, 74)
        self.assertIn(f"{at}  damaged: ", done.stdout.decode())
        self.assertIn(b"weir checkpoint repair state", done.stderr)
        done = self.weir("checkpoint", "repair", "state")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("state/log.damaged-1"), damaged)
        self.assertEqual(self.read("state/log"), damaged[:at])
        self.assertEqual(self.weir(PIPELINE, "-q", "--state", "state").returncode, 0)
        self.assertEqual(self.read("out.ndjson"), whole)
        self.assertIn(b"nothing to repair", self.weir("checkpoint", "repair", "state").stderr)

    def test_a_log_that_is_damaged_before_its_first_commit_says_that_outputs_have_to_go(self):
        self.run_once_more(range(3))
        whole = self.read("out.ndjson")
        self.damage(b'"entry":1')
        done = self.weir("checkpoint", "repair", "state")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"No commit is left: remove what the sinks hold", done.stdout + done.stderr)
        self.assertEqual(self.weir(PIPELINE, "--state", "state").returncode, 2)
        (self.dir / "out.ndjson").unlink()
        self.assertEqual(self.weir(PIPELINE, "-q", "--state", "state").returncode, 0)
        self.assertEqual(self.read("out.ndjson"), whole)

    def test_a_log_of_a_newer_version_is_neither_shown_nor_repaired(self):
        self.run_once_more(range(3))
        before, lines = b"", []
        for line in self.read("state/log").splitlines():
            payload = line[65:].replace(b'"version":1', b'"version":5')
            before = hashlib.sha256(before + payload).hexdigest().encode()
            lines.append(before + b" " + payload + b"\n")
        newer = b"".join(lines[:-1]) + b"X" + lines[-1][1:] + lines[-1]
        self.write("state/log", newer)
        for verb in ("inspect", "repair"):
            done = self.weir("checkpoint", verb, "state")
            self.assertEqual((done.returncode, done.stdout), (74, b""))
            self.assertIn(b"state/log: it has version 5, this weir knows 4", done.stderr)
        self.assertEqual(self.read("state/log"), newer)

    def test_repair_waits_for_no_run_and_refuses_what_is_no_state(self):
        self.run_once_more(range(3))
        with open(self.dir / "state/lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertEqual(self.weir("checkpoint", "repair", "state").returncode, 75)
        for verb in ("inspect", "repair"):
            self.assertEqual(self.weir("checkpoint", verb, "nowhere").returncode, 66)
            self.assertFalse((self.dir / "nowhere").exists())
        self.assertEqual(self.weir("checkpoint", "mend", "state").returncode, 2)


if __name__ == "__main__":
    unittest.main()
