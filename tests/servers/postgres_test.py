"""PostgreSQL as a sink of the command; with_postgres.py runs it with a server."""
import os
import pathlib
import random
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "command"))
from weir_command import CommandTest  # noqa: E402

SERVER = os.environ["WEIR_PG"]
RECORDS = 20_000
ALL = f"{RECORDS}|{RECORDS}|{RECORDS * (RECORDS - 1) // 2}\n"


class PostgresSink(CommandTest):
    def setUp(self):
        super().setUp()
        self.sql("drop table if exists t; drop table if exists weir_commits")

    def sql(self, statement):
        return subprocess.run(["psql", SERVER, "-Atqc", statement], check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def many_records(self):
        self.write("in.ndjson", "".join(f'{{"n":{i},"s":"{"x" * 2000}"}}\n' for i in range(RECORDS)))
        return (f'from in.ndjson | json | batch 100 | to "{SERVER}?table=t"', "-q", "--state", "state")

    def test_a_row_that_the_server_refuses_is_dead_lettered_and_the_others_arrive(self):
        self.sql("create table t (n bigint primary key, s text)")
        self.write("in.ndjson", '{"n":1}\n{"n":"x"}\n{"n":1,"s":"again"}\n{"n":3}\n')
        done = self.weir(f'from in.ndjson | json | to "{SERVER}?table=t"', "--dead-letter", "dead.ndjson",
                         "--report", "R.json")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.sql("select n from t order by n"), "1\n3\n")
        dead = self.read("dead.ndjson").decode().splitlines()
        self.assertIn('"reason":"invalid input syntax for type bigint in column `n`"', dead[0])
        self.assertIn("violates unique constraint", dead[1])
        report = self.report()
        self.assertEqual((report["in"], report["delivered"], report["rejected"]), (4, 2, 2))

    def test_a_server_that_will_not_have_the_rows_ends_the_run_as_unavailable(self):
        self.write("in.ndjson", '{"n":1}\n')
        self.sql("create view t as select 1 as n")
        self.addCleanup(self.sql, "drop view t")
        for target in (f"{SERVER}?table=t", f"{SERVER}?table=no_such_schema.t"):
            done = self.weir(f'from in.ndjson | json | to "{target}"')
            self.assertEqual(done.returncode, 69, done.stderr)

    def test_the_password_is_never_shown(self):
        self.write("in.ndjson", '{"n":1}\n')
        self.write("p.yaml", f'source: in.ndjson\nsteps: [json]\nsink: {{ postgres: {{ url: "{SERVER}", table: t }} }}\n')
        good = f'from in.ndjson | json | to "{SERVER}?table=t"'
        self.assertIn(b"weir:******@", self.weir("explain", good).stdout)
        for arguments in (["explain", good], ["explain", "p.yaml"], ["run", "p.yaml", "--report", "R.json"],
                          [good, "--dry-run", "3"], ["check", good + " nonsense=1"], ["check", "--json", good + " x=1"],
                          [good.replace("?table=t", "")], [good.replace("weir:", "nobody:")]):
            done = self.weir(*arguments)
            self.assertNotIn(b"secret", done.stdout + done.stderr, arguments)
        self.assertNotIn(b"secret", self.read("R.json"))

    def test_killed_again_and_again_it_ends_with_the_rows_of_an_undisturbed_run(self):
        command = self.many_records()
        kills = 0
        for attempt in range(60):
            process = self.start(*command)
            try:
                process.wait(timeout=random.uniform(0.02, 0.15 + attempt / 20))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                kills += 1
            if process.wait() == 0:
                break
        self.assertGreater(kills, 0)
        self.assertEqual(self.weir(*command).returncode, 0)
        self.assertEqual(self.sql("select count(*), count(distinct n), sum(n) from t"), ALL)

    def test_a_server_that_crashes_meanwhile_costs_time_and_nothing_else(self):
        command = self.many_records()
        process = self.start(*command)
        self.wait_for("the first rows", lambda: self.sql("select to_regclass('t')") == "t\n")
        subprocess.run(os.environ["WEIR_PG_RESTART"], shell=True, check=True, cwd="/")
        self.assertEqual(process.wait(), 0, process.stderr.read())
        self.assertEqual(self.sql("select count(*), count(distinct n), sum(n) from t"), ALL)

    def server(self, does):
        subprocess.run(os.environ["WEIR_PG_" + does], shell=True, check=True, cwd="/")

    def waits_for_the_server(self, process):
        said = process.stderr.readline()
        self.assertIn(b"waiting: postgres://", said)
        self.server("START")
        return process.wait(timeout=60)

    def test_a_server_that_is_down_at_the_start_is_waited_for(self):
        command = self.many_records()
        self.server("CRASH")
        process = self.start(*command)
        self.assertEqual(self.waits_for_the_server(process), 0, process.stderr.read())
        self.assertEqual(self.sql("select count(*), count(distinct n), sum(n) from t"), ALL)

    def test_a_server_that_goes_down_before_the_last_commit_is_waited_for(self):
        self.write("in.ndjson", '{"n":1}\n')
        command = (f'from follow in.ndjson | json | to "{SERVER}?table=t"', "-q", "--state", "state")
        process = self.start(*command)
        self.wait_for("the table", lambda: self.sql("select to_regclass('t')") == "t\n")
        self.server("CRASH")
        with open(self.dir / "in.ndjson", "a") as growing:
            growing.write('{"n":2}\n')
        process.send_signal(signal.SIGTERM)
        self.server("START")
        self.assertEqual(process.wait(timeout=60), 128 + signal.SIGTERM, process.stderr.read())
        # Whether the second line was read before the drain is a matter of time.
        process = self.start(*command)
        self.wait_for("both rows", lambda: self.sql("select n from t order by n") == "1\n2\n")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 128 + signal.SIGTERM, process.stderr.read())
        self.assertEqual(self.sql("select n from t order by n"), "1\n2\n")

    def test_a_server_that_does_not_want_us_is_not_waited_for(self):
        self.write("in.ndjson", '{"n":1}\n')
        for state, wrong in (("a", SERVER.replace("secret", "wrong")), ("b", SERVER.removesuffix("postgres") + "none")):
            done = self.weir(f'from in.ndjson | json | to "{wrong}?table=t"', "--state", state)
            self.assertEqual(done.returncode, 69, done.stderr)
            self.assertNotIn(b"waiting", done.stderr)


if __name__ == "__main__":
    unittest.main()
