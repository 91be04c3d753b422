"""A streaming run on one lane stays under 64 MiB and does not grow with its input."""
import unittest

from weir_command import CommandTest

LIMIT_BYTES = 64 << 20
RECORDS_OF_20_MB = 80_000


class Memory(CommandTest):
    def peak_of(self, pipeline, delivered=None):
        done = self.weir(pipeline, "--lanes", "1", "--strategy", "streaming", "--report", "R.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = self.report()
        if delivered is not None:
            self.assertEqual(report["delivered"], delivered)
        return report["peak_rss_bytes"], report["bytes_in"]

    def setUp(self):
        super().setUp()
        for name, count in (("small", RECORDS_OF_20_MB), ("large", 10 * RECORDS_OF_20_MB)):
            done = self.weir(f"from generate {count} | to file {name} format=text")
            self.assertEqual(done.returncode, 0, done.stderr)

    def check(self, steps, delivered=None):
        small, _ = self.peak_of(f"from small | json | {steps} | to OUT")
        large, size = self.peak_of(f"from large | json | {steps} | to OUT", delivered)
        self.assertGreater(size, 190_000_000)
        self.assertLess(large, LIMIT_BYTES)
        self.assertLess(large, small * 1.05)

    def test_the_main_job(self):
        self.check('where level in ("WARN","ERROR") | set host = "h1", env = "prod" | batch 1000 2s')

    def test_one_record_in_many_does_not_pin_the_rest(self):
        self.check("where @record % 100000 = 1 | batch 1000 1h", delivered=8)

    def test_without_any_filter(self):
        self.check("batch 1000 2s", delivered=10 * RECORDS_OF_20_MB)


class Budget(CommandTest):
    """What a stage holds counts in full: the records and keys of short lines are larger than their text."""

    def sorted_lines(self, count):
        # Line by line: what this process holds would count as the command's peak.
        with open(self.dir / "tiny", "wb") as tiny:
            tiny.writelines(b"%d\n" % (i * 7919 % count) for i in range(count))
        return self.weir("from tiny | sort by to_int(message) | to null", "--memory", "64MiB", "--report", "R.json")

    def test_a_sort_that_does_not_fit_is_refused_within_the_budget(self):
        done = self.sorted_lines(3_000_000)
        self.assertEqual(done.returncode, 74)
        self.assertRegex(done.stderr, rb"sort: \d+ records fill the memory budget of 64 MiB and there are more")
        self.assertLess(self.report()["peak_rss_bytes"], 64 << 20)

    def test_a_sort_that_fits_stays_within_the_budget(self):
        self.assertEqual(self.sorted_lines(200_000).returncode, 0)
        self.assertLess(self.report()["peak_rss_bytes"], 64 << 20)


class Threads(CommandTest):
    def test_what_threads_freed_is_not_kept_once_for_each(self):
        done = self.weir("from generate 100000 | to file 1.gz level=1 format=text")
        self.assertEqual(done.returncode, 0, done.stderr)
        for number in range(2, 9):
            (self.dir / f"{number}.gz").hardlink_to(self.dir / "1.gz")
        done = self.weir('from "*.gz" merge=8 | json | where status >= 500 | to sqlite:out.db?table=t', "--memory", "64MiB",
                         "--report", "R.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(self.report()["peak_rss_bytes"], 128 << 20)


if __name__ == "__main__":
    unittest.main()
