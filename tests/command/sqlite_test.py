"""SQLite as a sink: what the command leaves in the database, whatever happens to it meanwhile."""
import random
import signal
import subprocess
import unittest

from weir_command import CommandTest

RECORDS = 20_000


class SqliteSink(CommandTest):
    def sql(self, statement, database="out.db"):
        return subprocess.run(["sqlite3", self.dir / database, statement], check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def test_records_become_rows(self):
        self.write("in.ndjson", '{"n":1,"s":"a"}\n{"n":2,"s":"b","more":[1]}\n')
        done = self.weir("from in.ndjson | json | to sqlite:out.db?table=t", "-q")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(self.sql("select * from t"), "1|a||\n2|b|[1]|\n")

    def test_a_row_that_breaks_a_constraint_is_dead_lettered_and_the_others_arrive(self):
        self.sql("create table t (n integer primary key, s text)")
        self.write("in.ndjson", '{"n":1}\n{"n":1,"s":"again"}\n{"n":2,"x":1}\n{"n":3}\n')
        done = self.weir("from in.ndjson | json | to sqlite out.db table=t", "--dead-letter", "dead.ndjson",
                         "--report", "R.json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.sql("select n from t"), "1\n3\n")
        dead = self.read("dead.ndjson").decode().splitlines()
        self.assertIn('"number":2', dead[0])
        self.assertIn('"reason":"UNIQUE constraint failed: t.n"', dead[0])
        self.assertIn("the table has no column `x`", dead[1])
        report = self.report()
        self.assertEqual((report["in"], report["delivered"], report["rejected"]), (4, 2, 2))

    def test_a_yaml_file_names_the_table_apart(self):
        self.write("in.ndjson", '{"n":1}\n')
        self.write("p.yaml", "source: in.ndjson\nsteps: [json]\nsink: { sqlite: { url: out.db, table: t } }\n")
        self.assertEqual(self.weir("run", "p.yaml").returncode, 0)
        self.assertEqual(self.sql("select n from t"), "1\n")

    def test_explain_says_what_it_guarantees(self):
        self.write("in.ndjson", '{"n":1}\n')
        done = self.weir("explain", "from in.ndjson | json | to sqlite:out.db?table=t")
        self.assertIn(b"exactly once with --state: rows and position in one transaction", done.stdout)

    def test_killed_again_and_again_it_ends_with_the_rows_of_an_undisturbed_run(self):
        self.write("in.ndjson", "".join(f'{{"n":{i},"s":"{"x" * 2000}"}}\n' for i in range(RECORDS)))
        command = ("from in.ndjson | json | batch 100 | to sqlite:out.db?table=t", "-q", "--state", "state")
        kills = 0
        for attempt in range(60):
            process = self.start(*command)
            try:
                process.wait(timeout=random.uniform(0.01, 0.1 + attempt / 30))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                kills += 1
            if process.wait() == 0:
                break
        self.assertGreater(kills, 0)
        self.assertEqual(self.weir(*command).returncode, 0)
        self.assertEqual(self.sql("select count(*), count(distinct n), sum(n) from t"),
                         f"{RECORDS}|{RECORDS}|{RECORDS * (RECORDS - 1) // 2}\n")


if __name__ == "__main__":
    unittest.main()
