"""Running commands side by side and comparing what they cost."""

import dataclasses
import json
import pathlib
import statistics
import subprocess
import tempfile

NOISE_LIMIT = 0.05  # the loop against itself: above it, a ratio is not to be trusted


@dataclasses.dataclass
class Cost:
    seconds: float
    user: float
    system: float
    peak_bytes: int
    exit: int


class Launcher:
    """Runs commands through bench/launch, which measures them better than a script can."""

    def __init__(self, program: pathlib.Path):
        self.program = program

    def run(self, *commands: list[str], stdin=None) -> list[Cost]:
        """Runs all commands at the same time. Any failure ends the bench."""
        with tempfile.TemporaryDirectory() as scratch:
            started = []
            for number, command in enumerate(commands):
                result = pathlib.Path(scratch, str(number))
                started.append((command, result, self._start(command, result, stdin)))
            return [self._finish(*run) for run in started]

    def _start(self, command, result, stdin):
        return subprocess.Popen(
            [self.program, result, *command],
            stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    @staticmethod
    def _finish(command, result, process) -> Cost:
        complaint = process.communicate()[1].decode(errors="replace")
        cost = Cost(**json.loads(result.read_text()))
        if cost.exit != 0:
            raise SystemExit(f"exit {cost.exit}: {' '.join(map(str, command))}\n{complaint}")
        return cost


def pinned(cores: str, *command) -> list[str]:
    return ["taskset", "-c", cores, *map(str, command)]


@dataclasses.dataclass
class Effort:
    """What one side of a comparison took."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int = 0

    @classmethod
    def of(cls, costs: list[Cost]) -> "Effort":
        """Of commands that ran at the same time: until the last of them was done."""
        return cls(
            max(cost.seconds for cost in costs),
            sum(cost.user + cost.system for cost in costs),
            max(cost.peak_bytes for cost in costs),
        )


@dataclasses.dataclass
class Comparison:
    """Paired ratios: the yardstick's time by weir's time, so that 1.0 means as fast."""

    yardstick: list[Effort]
    weir: list[Effort]

    @property
    def ratios(self) -> list[float]:
        return [y.seconds / w.seconds for y, w in zip(self.yardstick, self.weir)]

    @property
    def cpu_ratio(self) -> float:
        """The same in CPU time: a hint on a machine where other programs run."""
        pairs = zip(self.yardstick, self.weir)
        return statistics.median(y.cpu_seconds / w.cpu_seconds for y, w in pairs)

    @property
    def noise(self) -> float:
        """How far the yardstick's neighbouring runs lie apart: the median of their changes."""
        runs = [effort.seconds for effort in self.yardstick]
        return statistics.median(abs(b / a - 1) for a, b in zip(runs, runs[1:]))

    def summary(self, size_bytes: int, records: int, target: float) -> dict:
        weir = statistics.median(effort.seconds for effort in self.weir)
        yardstick = statistics.median(effort.seconds for effort in self.yardstick)
        ratio = statistics.median(self.ratios)
        return {
            "ratio": ratio,
            "ratio_min": min(self.ratios),
            "ratio_max": max(self.ratios),
            "cpu_ratio": self.cpu_ratio,
            "target": target,
            "met": ratio >= target,
            "noise": self.noise,
            "noisy": self.noise > NOISE_LIMIT,
            "weir_gb_s": size_bytes / weir / 1e9,
            "yardstick_gb_s": size_bytes / yardstick / 1e9,
            "weir_ns_record": weir / records * 1e9,
            "yardstick_ns_record": yardstick / records * 1e9,
            "weir_peak_mib": max(effort.peak_bytes for effort in self.weir) / 2**20,
            "yardstick_seconds": [effort.seconds for effort in self.yardstick],
            "weir_seconds": [effort.seconds for effort in self.weir],
        }


def compare(yardstick, weir, pairs: int, attempts: int) -> Comparison:
    """Runs the two in turn. Tries again while the yardstick is noisy; keeps the quietest attempt."""
    best = None
    for _ in range(attempts):
        efforts = [(yardstick(), weir()) for _ in range(pairs)]
        now = Comparison([y for y, _ in efforts], [w for _, w in efforts])
        if best is None or now.noise < best.noise:
            best = now
        if best.noise <= NOISE_LIMIT:
            break
    return best
