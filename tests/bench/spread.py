"""A thousand boards that ask in phase with the same scrapes do not all ask at one moment.

    tools/bench spread                        1,000 boards, 20,000 Deployments with rules; some ten minutes
    tools/bench spread --boards 100 --size 1000

When boards ask is what the daemon's own schedule says (tests/bench/phases.c, in virtual time), of
boards that were started at any moment. `busiest` is the tenth of a second with the most questions of
the measured minutes, `even` what each would have if they fell anywhere. Then a load generator asks a
real Prometheus at these very moments, evenly spread, and all at once at each scrape.
"""

import argparse
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from lib.process import Failure
from scale import BOARDS, SIZES, Daemon, both, cpu_s, moved

from support import boards

STEPS_S = (15, 30)  # between scrapes
MINUTES_S = 120
LOADED = (15, "MOVES")  # what is asked of a real Prometheus
TENTH_S = 0.1
SCENES = {"MOVES": "a rollout", "REST": "rest"}


def moments(build: Path, count: int, step_s: int, scene: str) -> list[list[float]]:
    """When each board asks, in seconds."""
    command = [build / "tests/bench_phases", count, step_s * 1000, scene, MINUTES_S]
    run = subprocess.run([*map(str, command)], capture_output=True, text=True)
    if run.returncode:
        raise Failure(f"bench_phases ends with {run.returncode}: {run.stderr}")
    found: list[list[float]] = [[] for _ in range(count)]
    for line in run.stdout.splitlines():
        board, at_ms = line.split()
        found[int(board)].append(int(at_ms) / 1000)
    return found


def at_once(count: int, step_s: int) -> list[list[float]]:
    return [[float(at) for at in range(0, MINUTES_S, step_s)] for _ in range(count)]


def table(build: Path, count: int) -> None:
    print(f"questions of {count} boards in {MINUTES_S} s")
    print(f"{'scraped every':14}{'while':12}{'questions':>10}{'a board and scrape':>20}"
          f"{'busiest 0.1 s':>15}{'even':>8}{'all at once':>13}")
    for step_s in STEPS_S:
        for scene, words in SCENES.items():
            asked = [at for own in moments(build, count, step_s, scene) for at in own]
            busiest = max(Counter(int(at / TENTH_S) for at in asked).values())
            even = len(asked) / (MINUTES_S / TENTH_S)
            print(f"{step_s:>11} s  {words:12}{len(asked):10,}"
                  f"{len(asked) / count / (MINUTES_S / step_s):20.2f}{busiest:15,}{even:8.1f}"
                  f"{count:13,}", flush=True)


def load(build: Path, count: int, size: int) -> None:
    step_s, scene = LOADED
    apart = boards.evenly(count, step_s, MINUTES_S)
    ways = {"in phase": moments(build, count, step_s, scene), "evenly": apart,
            "at once": at_once(count, step_s)}
    print(f"\nthe same of a real Prometheus: {size} Deployments with rules, one of a hundred in a rollout; "
          f"scraped every {step_s} s")
    print(f"{'asked':12}{'polls':>8}{'failed':>8}{'late':>6}{'median ms':>11}{'99 % ms':>9}{'cores':>7}")
    with tempfile.TemporaryDirectory(prefix="amberbar-spread-") as scratch:
        for server, still in both(Path(scratch) / "prometheus", size, True):
            if not still.rolls:
                continue
            daemon = Daemon(build, Path(scratch), server, namespace="ns-0", rules=True)
            try:
                requests, _, _ = daemon.run()
            finally:
                daemon.recorder.close()
            whole = sum(len(request.ask(server.port)) for request in requests)
            for way, when in ways.items():
                before = cpu_s(server.child.pid)
                outcome = boards.poll(server.port, when,
                                      lambda board: moved(requests, board, still), whole // 2)
                cores = (cpu_s(server.child.pid) - before) / MINUTES_S
                print(f"{way:12}{len(outcome.latencies_s):8,}{outcome.failed:8}{outcome.late:6}"
                      f"{outcome.median() * 1000:11.1f}{outcome.quantile(0.99) * 1000:9.1f}"
                      f"{cores:7.2f}", flush=True)


def main(build: Path, arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/bench spread")
    parser.add_argument("--boards", type=int, default=BOARDS)
    parser.add_argument("--size", type=int, default=max(SIZES), help="Deployments in the cluster")
    chosen = parser.parse_args(arguments)
    table(build, chosen.boards)
    load(build, chosen.boards, chosen.size)
    return 0
