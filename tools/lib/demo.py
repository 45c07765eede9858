"""Tells a story of amberbar in about 90 seconds: a simulated Kubernetes cluster, a real Prometheus
and the real daemon, on this machine's loopback only. It ends by itself. What stays is a cache,
which `rm -r ~/.cache/amberbar` deletes, and the Debian packages that it says it installs."""

import argparse
import math
import os
import re
import select
import shutil
import signal
import sys
import textwrap
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lib.cache import cache, only_one  # noqa: E402 (found by the line above)
from lib.daemon import TOP, Amberbar, ask, config  # noqa: E402
from lib.packages import install_packages  # noqa: E402
from lib.process import Child, Failure  # noqa: E402
from lib.story import ROLLOUTS, STORIES, WORKLOAD, Scene, Stage, play  # noqa: E402

BLOCK_ROWS = 12  # more than the terminal board draws
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    def __init__(self, number: int):
        self.status = 128 + number


def speed(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not 0.1 <= number <= 100:
        raise argparse.ArgumentTypeError(f"it cannot be '{word}'; write a number from 0.1 to 100")
    return number


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/demo", description=__doc__)
    abouts = "; ".join(f"{name}: {story.about}" for name, story in STORIES.items())
    parser.add_argument("--story", choices=STORIES, default="rollout", help=abouts)
    parser.add_argument("--keep", action="store_true", help="go on after the story until Ctrl-C")
    parser.add_argument("--speed", type=speed, default=1.0, help="of the cluster; 2: twice as fast")
    parser.add_argument("--board", default="terminal", help="a name in boards/, or a file")
    options = parser.parse_args()
    if options.board.endswith((".yaml", ".yml", ".json")):
        options.board = str(Path(options.board).resolve())
    return options


# --- the program


def amberbar_program() -> Path:
    """The one named by AMBERBAR in the environment, or built from this checkout."""
    if given := os.environ.get("AMBERBAR"):
        return Path(given).resolve()
    with postponed_signals():
        install_packages("to build amberbar")
    with only_one("build-demo"):
        return build()


def build() -> Path:
    place, log = cache() / "build-demo", cache() / "build-demo.log"
    marker = place / "source"
    if place.exists() and (not marker.exists() or marker.read_text() != str(TOP)):
        shutil.rmtree(place)  # another checkout's
    place.mkdir(exist_ok=True)
    marker.write_text(str(TOP))
    if (place / "amberbar").exists():
        print("Bringing amberbar up to date ...", flush=True)
    else:
        print("Building amberbar; on a Raspberry Pi this takes a few minutes ...", flush=True)
    log.unlink(missing_ok=True)
    # A newer compiler's new warnings are no reason to show nothing.
    options = ["-DCMAKE_BUILD_TYPE=Release", "-DTESTS=OFF", "-DWARNINGS_AS_ERRORS=OFF"]
    configure = ["-S", TOP, "-B", place, "-G", "Ninja", *options]
    for step in (configure, ["--build", place, "--target", "amberbar"]):
        cmake = Child("cmake", ["cmake", *step], log)
        try:
            status = follow(cmake)
        finally:
            cmake.stop()
        if status:
            raise cmake.failure(f"ended with status {status}")
    return place / "amberbar"


def follow(ninja: Child) -> int:
    """Its exit status; meanwhile a terminal shows how far it is: [12/130]."""
    shown = ""
    while ninja.ended is None:
        steps = re.findall(r"^\[\d+/\d+\]", ninja.log.read_text(errors="replace"), re.MULTILINE)
        if steps and steps[-1] != shown and sys.stdout.isatty():
            shown = steps[-1]
            print(f"\r{shown}", end="", flush=True)
        time.sleep(0.1)
    if shown:
        print("\r\033[K", end="", flush=True)
    return ninja.ended


def check_board(program: Path, board: str) -> None:
    """Before anything is fetched or started."""
    answer = ask(program, "boards", board)
    if answer.returncode:
        raise Failure(f"--board {answer.stderr.strip()}")


# --- the story


class Narrator:
    """Captions above the board's picture. The terminal board draws a block of lines at the cursor
    and returns to where it began; a caption is inserted there, and the block moves down. Where
    there is no terminal, captions are lines; beside a board that owns standard output, on standard
    error."""

    def __init__(self, board: str):
        self._terminal = sys.stdout.isatty()
        self._stream = sys.stdout if self._terminal or board == "terminal" else sys.stderr
        self._bold = not os.environ.get("NO_COLOR")  # https://no-color.org

    def say(self, text: str) -> None:
        width, _ = shutil.get_terminal_size()
        self._insert(
            f"== {text}",
            textwrap.wrap(
                text, max(20, width - 1), break_long_words=False, break_on_hyphens=False
            ),
        )

    def command(self, text: str) -> None:
        """To be copied: a line by itself, whole. Where it is too long, the terminal folds it, and knows
        that it is one."""
        self._insert(text, [text])

    def _insert(self, plain: str, lines: list[str]) -> None:
        if not self._terminal:
            print(plain, file=self._stream, flush=True)
            return
        width, height = shutil.get_terminal_size()
        rows = sum(max(1, -(-len(line) // width)) for line in lines)
        if self._bold:
            lines = [f"\033[1m{line}\033[m" for line in lines]
        # Down and up again: if the screen must scroll to make room, it does so now.
        room = min(BLOCK_ROWS + rows, height - 1)
        make_room = "\r" + "\n" * room + f"\033[{room}A\033[{rows}L"
        os.write(sys.stdout.fileno(), (make_room + "\r\n".join(lines) + "\r\n").encode())

    def end(self, text: str) -> None:
        """When no picture stands there any more."""
        print(text, file=self._stream, flush=True)

    def announce(self, scene: Scene) -> None:
        self.say(scene.caption)


def report(program: Path, options: argparse.Namespace) -> None:
    narrator = Narrator(options.board)
    with ExitStack() as stack:
        stage = stack.enter_context(Stage(options.speed))
        story = STORIES[options.story]
        settings = config(
            stage.prometheus.url, options.board, ROLLOUTS, indicators=story.indicators
        )
        amberbar = Amberbar(program, stage.directory, settings)
        stack.callback(amberbar.stop)
        stack.callback(ignore_signals)  # once the end has begun, nothing disturbs it
        start(amberbar)
        narrator.say("While it plays, in another terminal:")
        narrator.command(amberbar.spelled("status"))
        narrator.say(f"Its Prometheus, for a browser: {stage.prometheus.url}")

        def look() -> None:
            heed_what_came()
            amberbar.child.expect_alive()
            if stage.prometheus.child:
                stage.prometheus.child.expect_alive()

        play(stage, narrator.announce, look, story.scenes)
        if options.keep:
            keep(stage, narrator, look)
    narrator.end("For a light of your own: install amberbar as README.md says, then `sudo amberbar setup`.")


def start(amberbar: Amberbar) -> None:
    """Its log is for a terminal; elsewhere it would only repeat the captions, and is kept for what
    goes wrong."""
    if sys.stderr.isatty():
        amberbar.start()
        return
    path = amberbar.directory / "amberbar.log"
    with open(path, "ab") as log:
        amberbar.start(stderr=log)
    amberbar.child.log = path


def keep(stage: Stage, narrator: Narrator, look) -> None:
    narrator.say(f"Going on until Ctrl-C. Prometheus: {stage.prometheus.url}")
    narrator.say("A rollout (or break, undo, scale&replicas=3, pause, resume, ...):")
    narrator.command(f"curl '{stage.server.url}/control?do=rollout&deployment={WORKLOAD}'")
    try:
        while True:
            look()
            time.sleep(0.2)
    except Interrupted:
        pass


# --- signals


came = []  # the signal that ends it


def raise_interrupted(number: int, _frame) -> None:
    ignore_signals()  # one is enough: what follows is the orderly end
    came.append(number)
    raise Interrupted(number)


def heed_what_came() -> None:
    """An exception is lost where Python cannot raise it, as while it clears up an object."""
    if came:
        raise Interrupted(came[0])


def ignore_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def heed_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, raise_interrupted)
    # The board draws from a process group in the background, so that Ctrl-C reaches us alone.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)


@contextmanager
def postponed_signals():
    """A package manager must not be left alone, nor torn apart."""
    for number in SIGNALS:
        signal.signal(number, lambda number, _frame: came.append(number))
    yield
    heed_signals()
    heed_what_came()


def nobody_reads() -> bool:
    """As after `| head`."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)
    return any(events & select.POLLERR for _, events in output.poll(0))


def end_unread() -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is still buffered
    return 128 + signal.SIGPIPE


def main() -> int:
    options = arguments()
    heed_signals()
    try:
        program = amberbar_program()
        check_board(program, options.board)
        report(program, options)
    except BrokenPipeError:
        return end_unread()
    except Failure as failure:
        if nobody_reads():  # amberbar has seen it first
            return end_unread()
        print(f"tools/demo: {failure}", file=sys.stderr)
        return 1
    except Interrupted as interrupted:
        return interrupted.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
