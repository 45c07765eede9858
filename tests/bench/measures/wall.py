"""P12: sixteen rollouts and eight indicators of one server."""

from collections.abc import Iterator
from concurrent.futures import Executor

from support.fixture import INDICATORS, TEAMS, Fixture
from support.table import Row

ROUNDS = (3, 8)  # a slope's ends
REQUESTS = 1 + INDICATORS  # a round: all rollouts are one question
INTERVAL_MS, ROUND_S = 1500, 10.0


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    mine = pool.submit(made.ours("wall", INTERVAL_MS).instructions_a_round, *ROUNDS, REQUESTS)
    each = {}
    for name in ("team", "sum"):
        each[name] = pool.submit(made.reference(name, 200).instructions_a_round, *ROUNDS).result()
    theirs = TEAMS * each["team"] + INDICATORS * each["sum"]
    yield Row("P12", f"instructions a round, {TEAMS} rollouts and {INDICATORS} indicators", theirs,
              mine.result(), "1.1x", mine.result() <= 1.1 * theirs)
    with made.ours("wall", 500) as program:
        program.start()
        program.wait_for(3 * REQUESTS)
        wakes = program.spend_over(ROUND_S)[1] * REQUESTS
        connections = program.server.connections
    yield Row("P12", "wake-ups a round", None, wakes, "32", wakes <= 32)
    yield Row("P12", "connections", None, connections, "2", connections <= 2)
