"""What every object store's source has to do, against a real server."""
import datetime
import gzip
import json
import os
import time

import stalling_proxy
from weir_command import CommandTest

LEVELS = ["INFO", "WARN", "DEBUG", "ERROR"]


def log_lines(name, count):
    return "".join(json.dumps({"n": i, "object": name, "level": LEVELS[i % 4]}) + "\n" for i in range(count)).encode()


class StoreTest(CommandTest):
    """A test that reads objects with the command. `environment` leads it to the server."""

    def run_weir(self, pipeline, environment, *more):
        done = self.weir(pipeline, "--report", "R.json", *more, env={"AWS_CONFIG_FILE": "/dev/null", **environment})
        for name, value in environment.items():
            if "KEY" in name or "SECRET" in name or "CONNECTION" in name:
                self.assertNotIn(value.encode(), done.stderr)
        return done

    def names_read(self, output="OUT.ndjson"):
        """The objects that the output's records come from, in order, without repetition."""
        names = []
        for line in self.read(output).splitlines():
            name = json.loads(line)["object"]
            if name not in names:
                names.append(name)
        return names


class StoreContract:
    """Mixed into a StoreTest with `server` (make_bucket, put, environment) and `scheme`."""

    def read_all(self, address, *more):
        return self.run_weir(f'from "{self.scheme}://{address}" | json | to OUT.ndjson', self.server.environment, *more)

    def test_the_contract(self):
        self.server.make_bucket("contract")
        for i in range(7):
            body = log_lines(str(i), 2000)
            self.server.put("contract", f"app/{i}/log.ndjson", gzip.compress(body) if i % 2 else body)
        self.server.put("contract", "other/log.ndjson", b"not to be read\n")
        done = self.run_weir(f'from {self.scheme}://contract/app/** | json | where level in ("WARN","ERROR") | '
                             'batch 1000 2s | to OUT.ndjson', self.server.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = self.report()
        self.assertEqual((report["in"], report["delivered"], report["filtered"]), (14000, 7000, 7000))
        expected = [json.dumps(r) for i in range(7) for r in map(json.loads, log_lines(str(i), 2000).splitlines())
                    if r["level"] in ("WARN", "ERROR")]
        self.assertEqual(self.read("OUT.ndjson").decode().splitlines(), expected)

    def test_a_large_object_that_comes_slowly_comes_in_ranges(self):
        self.server.make_bucket("large")
        body = log_lines("large", 500_000)
        self.server.put("large", "log.ndjson", body)
        proxy = stalling_proxy.StallingProxy(self.server.port, ranges=2)
        near, far = f":{self.server.port}", f":{proxy.server.port}"
        environment = {name: value.replace(near, far) for name, value in self.server.environment.items()}
        done = self.run_weir(f"from {self.scheme}://large/log.ndjson | json | to OUT.ndjson", environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("OUT.ndjson"), body)
        (first, last, status), (then, end, also) = sorted(proxy.ranges)
        self.assertEqual((status, also), (206, 206))
        self.assertEqual((then, end), (last + 1, last + 1 + last - first))
        self.assertGreaterEqual(end, len(body) - 1)

    def test_keys_as_people_make_them(self):
        self.server.make_bucket("odd")
        keys = ["p/a b.log", "p/a+b.log", "p/100%.log", "p/%20.log", "p/ü/ñ.log", "p/.hidden/x.log", "p/[1].log",
                "p/a&b=c?d#e.log", "p/it's.log", "p/~tilde!.log"]
        for key in keys:
            self.server.put("odd", key, log_lines(key, 3))
        done = self.read_all("odd/p/")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(self.names_read()), sorted(keys))
        for key in keys:
            done = self.read_all(f"odd/{key}")
            self.assertEqual((key, done.returncode), (key, 0), done.stderr)
            self.assertEqual(self.names_read(), [key])

    def test_globs(self):
        self.server.make_bucket("globs")
        for key in ["a/1.log", "a/2.gz", "a/b/3.log", "a/b/c/4.log", "a-5.log", "z/6.log"]:
            self.server.put("globs", key, log_lines(key, 2))
        for pattern, expected in {
            "": ["a-5.log", "a/1.log", "a/2.gz", "a/b/3.log", "a/b/c/4.log", "z/6.log"],
            "a/": ["a/1.log", "a/2.gz", "a/b/3.log", "a/b/c/4.log"],
            "a/*.log": ["a/1.log"],
            "a/**.log": ["a/1.log", "a/b/3.log", "a/b/c/4.log"],
            "a/**/*.log": ["a/1.log", "a/b/3.log", "a/b/c/4.log"],
            "{z,a}/[16].log": ["a/1.log", "z/6.log"],
            "a/b/3.log": ["a/b/3.log"],
        }.items():
            done = self.read_all(f"globs/{pattern}")
            self.assertEqual((pattern, done.returncode), (pattern, 0), done.stderr)
            self.assertEqual(self.names_read(), expected, pattern)

    def test_a_listing_of_many_pages(self):
        self.server.make_bucket("pages")
        keys = [f"{i:04}" for i in range(1050)]
        for key in keys:
            self.server.put("pages", key, log_lines(key, 1))
        done = self.read_all("pages/")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.names_read(), keys)

    def test_going_on_where_an_earlier_run_was_killed(self):
        self.server.make_bucket("state")
        for i in range(3):
            body = log_lines(str(i), 60_000)
            self.server.put("state", f"{i}", gzip.compress(body, 1) if i == 1 else body)
        pipeline = f"from {self.scheme}://state/** | json | to OUT.ndjson"
        environment = {**os.environ, **self.server.environment, "AWS_CONFIG_FILE": "/dev/null"}
        whole = b"".join(log_lines(str(i), 60_000) for i in range(3))
        for kill_at in (1, len(whole) // 2, len(whole) * 5 // 6):
            process = self.start(pipeline, "--state", "S", env=environment)
            self.wait_for("some output", lambda at=kill_at: process.poll() is not None or (
                (self.dir / "OUT.ndjson").exists() and (self.dir / "OUT.ndjson").stat().st_size >= at))
            process.kill()
            process.wait()
        done = self.run_weir(pipeline, self.server.environment, "--state", "S")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read("OUT.ndjson"), whole)
        again = self.run_weir(pipeline, self.server.environment, "--state", "S")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.report()["in"], 0)

    def test_what_was_read_to_its_end_is_not_asked_for_again(self):
        self.server.make_bucket("finished")
        bodies = {name: log_lines(name, 3) for name in ("a.gz", "b", "c.gz", "d")}
        for name, body in bodies.items():
            self.server.put("finished", name, gzip.compress(body) if name.endswith("gz") else body)
        self.server.put("finished", "e.empty", b"")
        self.server.put("finished", "f.gz", gzip.compress(b""))
        proxy = stalling_proxy.StallingProxy(self.server.port, ranges=0)
        near, far = f":{self.server.port}", f":{proxy.server.port}"
        environment = {name: value.replace(near, far) for name, value in self.server.environment.items()}

        def run():
            """Which objects were asked for, and what was delivered in all."""
            proxy.requests.clear()
            done = self.run_weir(f"from {self.scheme}://finished/** | json | to OUT.ndjson", environment, "--state", "S")
            self.assertEqual(done.returncode, 0, done.stderr)
            paths = [target.partition("?")[0] for _, target in proxy.requests]
            known = ["a.gz", "b", "c.gz", "d", "e.empty", "f.gz", "g.gz"]
            return [key for key in known for path in paths if path.endswith("/" + key)], self.read("OUT.ndjson")

        everything = b"".join(bodies.values())
        self.assertEqual(run(), ([*bodies, "e.empty", "f.gz"], everything))
        self.assertEqual(run(), ([], everything))
        report = self.report()
        self.assertEqual((report["in"], report["shards"], report["complete"], report["total"]["in"]), (0, [], True, 12))
        self.server.put("finished", "c.gz", gzip.compress(log_lines("another", 2)))
        self.server.put("finished", "g.gz", gzip.compress(log_lines("g", 1)))
        everything += log_lines("another", 2) + log_lines("g", 1)
        self.assertEqual(run(), (["c.gz", "g.gz"], everything))
        self.assertEqual(run(), ([], everything))

    def test_its_listing(self):
        self.server.make_bucket("listing")
        for key in ("a/1 x.gz", "a/2", "b"):
            self.server.put("listing", key, b"x" * len(key))
        done = self.weir("ls", f"{self.scheme}://listing/a/**", "--json", env=self.server.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(one["name"], one["bytes"]) for one in found],
                         [(f"{self.scheme}://listing/a/1 x.gz", 8), (f"{self.scheme}://listing/a/2", 3)])
        for one in found:
            age = time.time() - datetime.datetime.fromisoformat(one["modified"].replace("Z", "+00:00")).timestamp()
            self.assertLess(abs(age), 600)
        done = self.weir("ls", f"{self.scheme}://listing/c/**", env=self.server.environment)
        self.assertEqual((done.returncode, done.stdout), (66, b""), done.stderr)

    def test_the_yaml_form(self):
        self.server.make_bucket("yaml")
        self.server.put("yaml", "a.log", log_lines("a.log", 5))
        self.write("p.yaml", f"source: {{ {self.component}: {{ url: '{self.scheme}://yaml/a.log', merge: 2 }} }}\n"
                             "steps: [json]\nsink: { file: OUT.ndjson }\n")
        done = self.weir("run", "p.yaml", env=self.server.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.names_read(), ["a.log"])

    def test_what_is_not_there(self):
        self.server.make_bucket("empty")
        for address in ["empty/**", "empty/a.log", "nobucket/**"]:
            done = self.read_all(address)
            self.assertEqual((address, done.returncode), (address, 66), done.stderr)
