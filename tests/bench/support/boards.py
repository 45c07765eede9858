"""Many boards that poll one Prometheus on the loopback: each keeps its connection, as amberbar does,
and sends again and again what one recorded round asks. Bounded in time."""

import asyncio
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .recorder import Request

PATIENCE_S = 60.0  # for one answer


@dataclass
class Outcome:
    """Of all boards together."""

    latencies_s: list[float] = field(default_factory=list)  # of whole rounds
    bytes: int = 0  # of answers, as they came
    failed: int = 0  # rounds without an answer, or with one that lacks much
    late: int = 0  # rounds that were not begun, as the next one was due already

    def quantile(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def median(self) -> float:
        return statistics.median(self.latencies_s) if self.latencies_s else 0.0


def evenly(count: int, interval_s: float, seconds: float) -> list[list[float]]:
    """When each of so many boards asks: each every interval, over which they are spread."""
    return [[interval_s * (i / count + n) for n in range(int(seconds / interval_s - i / count) + 1)]
            for i in range(count)]


def poll(port: int, moments: list[list[float]], round_of: Callable[[int], list[Request]],
         least: int) -> Outcome:
    """`moments`: when each board asks, in seconds from the start. `round_of` a board's number: what it
    asks each time. A round of fewer than `least` bytes lacks data."""
    outcome = Outcome()
    asyncio.run(_all(port, moments, round_of, least, outcome))
    return outcome


async def _all(port, moments, round_of, least, outcome) -> None:
    start = time.monotonic() + 0.5
    boards = [_board(port, [start + moment for moment in own],
                     [_spelled(request, port) for request in round_of(board)], least, outcome)
              for board, own in enumerate(moments)]
    await asyncio.gather(*boards)


async def _board(port, dues, messages, least, outcome: Outcome) -> None:
    streams = None
    for due, following in zip(dues, [*dues[1:], math.inf]):
        if time.monotonic() > following:  # the round before lasted for so long
            outcome.late += 1
            continue
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        started = time.monotonic()
        try:
            streams = streams or await asyncio.open_connection("127.0.0.1", port)
            length = 0
            for message in messages:
                length += await asyncio.wait_for(_ask(*streams, message), PATIENCE_S)
            outcome.bytes += length
            outcome.latencies_s.append(time.monotonic() - started)
            outcome.failed += length < least
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, ValueError):
            outcome.failed += 1
            streams = None
    if streams:
        streams[1].close()


def _spelled(request: Request, port: int) -> bytes:
    headers = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(request.body))}
    lines = [f"{name}: {value}\r\n" for name, value in (headers | request.headers).items()]
    return f"POST {request.path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + request.body


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes) -> int:
    """The bytes of the answer's body."""
    writer.write(message)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200 "):
        raise ValueError(head)
    if b"transfer-encoding: chunked" in head:
        return await _chunks(reader)
    length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
    return len(await reader.readexactly(length))


async def _chunks(reader: asyncio.StreamReader) -> int:
    total = 0
    while length := int(await reader.readline(), 16):
        total += len(await reader.readexactly(length + 2)) - 2
    await reader.readline()
    return total
