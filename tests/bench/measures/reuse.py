"""P13: one connection, kept."""

from collections.abc import Iterator
from contextlib import contextmanager

from lib.process import Failure
from support.fixture import Fixture
from support.programs import Program
from support.table import Row

POLLS = 1000
INTERVAL_MS = 300  # as long as all else takes; its time-out is for a busy machine


@contextmanager
def polling(made: Fixture) -> Iterator[Program]:
    """The daemon, which polls while other things are measured."""
    with made.ours("few", INTERVAL_MS) as program:
        program.start()
        yield program


def rows(program: Program) -> Iterator[Row]:
    if not program.server.wait_for(POLLS, lambda: program.child.ended is None):
        raise Failure(f"{program.name} did not poll {POLLS} times:\n{program.said()}")
    polls, connections = len(program.server.queries), program.server.connections
    yield Row("P13", f"connections made in {polls:,} polls", None, connections, "1",
              connections == 1)
