"""Measures processes: how long they take, and how much memory they need at most."""

import os
import random
import subprocess
import time
from dataclasses import dataclass, field
from statistics import median

WRITE_NOWHERE = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
]
# Each command is run so often, and oftener until it has taken so many seconds in all.
FEWEST = 3
LONG_ENOUGH = 10.0


@dataclass
class Runs:
    """What several runs of one command took."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def add(self, wall: float, processor: float) -> None:
        """Remembers one run, in seconds."""
        self.wall.append(wall)
        self.processor.append(processor)

    def medians(self) -> tuple[float, float]:
        """Returns the medians of the time that passed and of the time of all cores, in seconds."""
        return median(self.wall), median(self.processor)


def run(command: list[str], runs: Runs) -> None:
    """Runs a command with its output going nowhere, and remembers what it took; a failure is an error."""
    begun = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=WRITE_NOWHERE)
    _, status, usage = os.wait4(child, 0)
    taken = time.perf_counter() - begun
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise RuntimeError(f"exit code {code}: {' '.join(command)}")
    runs.add(taken, usage.ru_utime + usage.ru_stime)


def interleaved(commands: dict[str, list[str]], rounds: int) -> dict[str, Runs]:
    """Runs each command once a round, so that whatever else the machine does hits all alike.

    The order is another one in each round: what runs behind a process that fills all caches takes longer, and always
    the same one would. One that has taken long enough is left out of further rounds.
    """
    runs = {name: Runs() for name in commands}
    order = list(commands.items())
    orders = random.Random(1922)
    for number in range(rounds):
        orders.shuffle(order)
        for name, command in order:
            if number < FEWEST or sum(runs[name].wall) < LONG_ENOUGH:
                run(command, runs[name])
    return runs


def memory(command: list[str]) -> int:
    """Runs a command once more and returns its peak memory, in bytes.

    A small process has to start it: what this one holds would count for its children.
    """
    timed = ["/usr/bin/time", "-f", "%M", *command]
    told = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    return int(told.stderr.split()[-1]) * 1024
