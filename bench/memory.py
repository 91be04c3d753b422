"""Peak memory of streaming plans: small, and the same however long the input is."""

import pathlib
import subprocess

import measure
from corpus import Corpora

MIB = 1024 * 1024
LINE_BYTES = 247
SIZES = {"0.2 GB": 200_000_000, "2 GB": 2_000_000_000}
HUGE = {"20 GB": 20_000_000_000}
CEILING_MIB = 64
MORE_PER_LANE_MIB = 16
SPREAD_LIMIT = 0.05

WARN_AND_ERROR = 'where level in ("WARN","ERROR")'
ONE_IN_A_MILLION = 'where path = "/needle"'


class Memory:
    def __init__(self, launcher, corpora: Corpora, weir: pathlib.Path, options):
        self.launcher = launcher
        self.corpora = corpora
        self.weir = weir
        self.out = options.out_dir / "memory.ndjson"
        self.sizes = SIZES | (HUGE if options.huge else {})

    def peak_mib(self, size_bytes: int, keep: str, lanes: int) -> float:
        """Feeds the records through a pipe: 20 GB need no disk."""
        maker = subprocess.Popen(self.corpora.command(size_bytes // LINE_BYTES), stdout=subprocess.PIPE)
        pipeline = f'from - | json | {keep} | set host = "h1" | batch 1000 2s | to {self.out}'
        command = measure.pinned("0,1", self.weir, pipeline, "--quiet", "--lanes", lanes)
        (cost,) = self.launcher.run(command, stdin=maker.stdout)
        maker.stdout.close()
        maker.wait()
        return cost.peak_bytes / MIB

    def measure(self, keep: str, lanes: int) -> dict:
        peaks = {name: self.peak_mib(size, keep, lanes) for name, size in self.sizes.items()}
        limit = CEILING_MIB + MORE_PER_LANE_MIB * (lanes - 1)
        spread = max(peaks.values()) / min(peaks.values()) - 1
        met = max(peaks.values()) <= limit and spread <= SPREAD_LIMIT
        return {"peak_mib": peaks, "limit_mib": limit, "spread": spread, "met": met}

    def cases(self) -> dict:
        return {
            "memory": lambda: self.measure(WARN_AND_ERROR, 1),
            "memory-needle": lambda: self.measure(ONE_IN_A_MILLION, 1),
            "memory-two-lanes": lambda: self.measure(WARN_AND_ERROR, 2),
        }
