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
class Comparison:
    """Paired ratios: the yardstick's time by weir's time, so that 1.0 means as fast."""

    yardstick_seconds: list[float]
    weir_seconds: list[float]

    @property
    def ratios(self) -> list[float]:
        return [y / w for y, w in zip(self.yardstick_seconds, self.weir_seconds)]

    @property
    def noise(self) -> float:
        """How far the yardstick's neighbouring runs lie apart: the median of their changes."""
        runs = self.yardstick_seconds
        return statistics.median(abs(b / a - 1) for a, b in zip(runs, runs[1:]))

    def summary(self, size_bytes: int, records: int, target: float) -> dict:
        weir = statistics.median(self.weir_seconds)
        yardstick = statistics.median(self.yardstick_seconds)
        return {
            "ratio": statistics.median(self.ratios),
            "ratio_min": min(self.ratios),
            "ratio_max": max(self.ratios),
            "target": target,
            "met": statistics.median(self.ratios) >= target,
            "noise": self.noise,
            "noisy": self.noise > NOISE_LIMIT,
            "weir_gb_s": size_bytes / weir / 1e9,
            "yardstick_gb_s": size_bytes / yardstick / 1e9,
            "weir_ns_record": weir / records * 1e9,
            "yardstick_ns_record": yardstick / records * 1e9,
            "yardstick_seconds": self.yardstick_seconds,
            "weir_seconds": self.weir_seconds,
        }


def compare(yardstick, weir, pairs: int, attempts: int) -> Comparison:
    """Runs the two in turn. Tries again while the yardstick is noisy; keeps the quietest attempt."""
    best = None
    for _ in range(attempts):
        times = [(yardstick(), weir()) for _ in range(pairs)]
        now = Comparison([y for y, _ in times], [w for _, w in times])
        if best is None or now.noise < best.noise:
            best = now
        if best.noise <= NOISE_LIMIT:
            break
    return best
