"""How figures are printed: what the reference took, what we took, and what the goal was."""

import textwrap
from dataclasses import dataclass

WIDTH = (4, 52, 12, 12, 7, 22)


@dataclass(frozen=True)
class Row:
    goal: str  # P1 ... P15, of the table in the header of goals.py
    measure: str
    reference: float | str | None
    ours: float | str
    bound: str  # in words
    met: bool | None  # None: no goal, a figure by the way
    note: str = ""  # the goal that this one replaces, and why; or why there is no figure


def heading() -> str:
    words = ("", "measure", "reference", "ours", "ratio", "goal")
    return _line(words) + "\n" + "-" * (sum(WIDTH) + 5)


def line(row: Row) -> str:
    numbers = isinstance(row.reference, int | float) and isinstance(row.ours, int | float)
    ratio = f"{row.ours / row.reference:.2f}" if numbers and row.reference else ""
    verdict = {True: "met", False: "MISSED", None: ""}[row.met]
    words = (row.goal, row.measure, _number(row.reference), _number(row.ours), ratio, row.bound)
    text = f"{_line(words)} {verdict}".rstrip()
    indent = " " * (WIDTH[0] + 3)
    return "\n".join([text, *textwrap.wrap(row.note, 100, initial_indent=indent,
                                           subsequent_indent=indent)])


def _line(words: tuple[str, ...]) -> str:
    goal, measure, *numbers, bound = (
        f"{word:{'>' if 2 <= i <= 4 else '<'}{WIDTH[i]}}" for i, word in enumerate(words))
    return " ".join((goal, measure, *numbers, bound)).rstrip()


def _number(value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
