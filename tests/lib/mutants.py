"""Do the tests notice? One operator, constant or truth at a time is changed in a copy of firmware/*.c,
at random by a seed; what is built then runs the unit and scenario tests, the nearest first, until one
fails. What none has noticed is tried again at the end, by the same tests with sanitizers, as they are
run each day, and then by the few that take long. What no test notices is printed with its place: a test is missing, or the line is needless, or
the change makes no difference, which a person must say.

A change whose object code is the same as before is none; one that does not compile neither.
"""

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import scratch
from lib.process import Failure

# What becomes what. Spaces tell an operator of two sides from a sign or a pointer.
SWAPS = [
    (r" == ", " != "), (r" != ", " == "), (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "),
    (r" >= ", " > "), (r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + "),
    (r" \* (?=[\w(])", " / "), (r" / ", " * "), (r" % ", " / "), (r" \+= ", " -= "),
    (r" -= ", " += "), (r" \|= ", " &= "), (r" &= ", " |= "), (r" << ", " >> "), (r" >> ", " << "),
    (r" & (?=[\w(])", " | "), (r" \| ", " & "), (r"\+\+(?=[;)\]])", "--"), (r"(?<![\w\"'])!(?=[\w(])", ""),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"\bbreak;", ";"), (r"\bcontinue;", ";"),
]
NUMBER = re.compile(r"(?<![\w.\"'])(\d+)(?![\w.xX])")
# A statement by itself, which is left out: an assignment or a call.
STATEMENT = re.compile(r"^ +(?!return|static|const|struct|enum|assert|goto|case|default)"
                       r"[\w>.\-\[\]*]+(?: [-+|&^]?= .*|\(.*\));$")
DECLARATION = re.compile(r"^ +(?:const |static |struct |enum |unsigned |u?int\d*_t |size_t |char |bool "
                         r"|double |int |long |u?int )")
PATIENCE = 10  # times what a test took on the sources as they are
GRACE_S = 20.0
OBJECTS = "CMakeFiles/amberbar_core.dir/firmware"
QUICK_S = 2.0  # a test that takes no longer, or than four times the usual one, is quick


@dataclass(frozen=True)
class Mutant:
    file: str  # below firmware/
    line: int
    start: int  # of what is changed, in the whole text
    before: str
    after: str

    def words(self, text: str) -> str:
        source = text.splitlines()[self.line - 1].strip()
        change = f"`{self.before.strip()}` became `{self.after.strip()}`" if self.after.strip() \
            else f"`{self.before.strip()}` was left out"
        return f"firmware/{self.file}:{self.line}: {change}: {source}"


@dataclass
class Test:
    name: str
    command: list[str]
    folder: str
    environment: dict[str, str]
    files: set[str]  # of which it may notice something
    took_s: float = 0.0


HIDDEN = [(r"/\*.*?\*/", re.DOTALL), (r'"(?:\\.|[^"\\\n])*"', 0), (r"'(?:\\.|[^'\\\n])+'", 0),
          (r"^#(?:.*\\\n)*.*$", re.MULTILINE), (r"\b(?:static_)?assert\([^;]*;", re.DOTALL)]


def blanked(text: str) -> str:
    """The same length, without comments, texts, the preprocessor's lines, and assertions."""
    for pattern, flags in HIDDEN:
        text = re.sub(pattern, lambda found: re.sub(r"[^\n]", "#", found[0]), text, flags=flags)
    return text


def mutants_of(file: str, text: str) -> Iterator[Mutant]:
    code = blanked(text)
    at = 0
    for number, line in enumerate(code.splitlines(keepends=True), 1):
        for pattern, after in SWAPS:
            for found in re.finditer(pattern, line):
                yield Mutant(file, number, at + found.start(), found[0], after)
        for found in NUMBER.finditer(line):
            for after in {int(found[1]) + 1, max(int(found[1]) - 1, 0)} - {int(found[1])}:
                yield Mutant(file, number, at + found.start(), found[1], str(after))
        if STATEMENT.match(line.rstrip("\n")) and not DECLARATION.match(line):
            whole = text[at:at + len(line)].rstrip("\n")
            yield Mutant(file, number, at + len(whole) - len(whole.lstrip()), whole.lstrip(), ";")
        at += len(line)


def symbols(path: str, *options: str) -> set[str]:
    """Names that nm(1) lists, without their versions."""
    listed = subprocess.run(["nm", "--format=just-symbols", *options, path], capture_output=True,
                            text=True, check=False).stdout
    return {name.split("@")[0] for name in listed.split()}


class Reach:
    """Which files' code a program can come to at all: those that a linker would take for it."""

    def __init__(self, objects: Path):
        self.uses, self.owner = {}, {}
        for path in objects.rglob("*.o"):
            file = str(path.relative_to(objects)).removesuffix(".o")
            self.uses[file] = symbols(path, "--undefined-only")
            self.owner |= dict.fromkeys(symbols(path, "--defined-only", "--extern-only"), file)

    def of(self, program: str) -> set[str]:
        names, files = symbols(program, "--dynamic"), set()  # its copies of our tables, too
        while names:
            found = {self.owner[name] for name in names if name in self.owner} - files
            files |= found
            names = set().union(*(self.uses[file] for file in found))
        return files


class Bench:
    """The copy, built once; each mutant is built and tried in it."""

    def __init__(self, where: str, *options: str):
        self.where = where
        scratch.renew_sources(where)
        lists = Path(where, "CMakeLists.txt")
        # Shared, so that a change is linked once and not into each test.
        lists.write_text(lists.read_text().replace("add_library(amberbar_core STATIC",
                                                   "add_library(amberbar_core SHARED")
                         .replace("PRIVATE PkgConfig::", "PUBLIC PkgConfig::"))
        launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        self.build_folder = scratch.configure(
            where, "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS_DEBUG=-O1", "-DEXTRA_TESTS=OFF",
            "-DCMAKE_LINK_DEPENDS_NO_SHARED=ON", "-DWARNINGS_AS_ERRORS=OFF", *launcher, *options)
        subprocess.run(["cmake", self.build_folder], check=True, capture_output=True)  # files are new
        programs = ["test_" + each["name"].replace("/", "_") for each in self._listed()]
        if not self.build("amberbar_core", *programs):
            raise Failure(f"the copy in {where} cannot be built")
        reach = Reach(Path(self.build_folder, OBJECTS))
        self.tests = [self._test(each, reach) for each in self._listed()]
        paths = {file: Path(where, "firmware", file) for file in sorted(reach.uses)}
        self.texts = {file: path.read_text() for file, path in paths.items() if path.exists()}
        self.objects = {file: self.object(file) for file in self.texts}  # as they are

    def build(self, *targets: str) -> bool:
        return subprocess.run(["ninja", "-C", self.build_folder, *targets], capture_output=True,
                              check=False).returncode == 0

    def _listed(self) -> list[dict]:
        shown = subprocess.run(["ctest", "--test-dir", self.build_folder, "--show-only=json-v1", "-L",
                                "^(unit|scenario)$"], capture_output=True, text=True, check=True)
        return json.loads(shown.stdout)["tests"]

    @staticmethod
    def _test(listed: dict, reach: Reach) -> Test:
        properties = {one["name"]: one["value"] for one in listed["properties"]}
        environment = dict(word.split("=", 1) for word in properties.get("ENVIRONMENT", []))
        return Test(listed["name"], listed["command"], properties["WORKING_DIRECTORY"], environment,
                    reach.of(listed["command"][0]))

    def object(self, file: str) -> bytes:
        return Path(self.build_folder, OBJECTS, file + ".o").read_bytes()

    def run(self, test: Test, patience_s: float) -> bool:
        """Passes it, and in time?"""
        try:
            return subprocess.run(test.command, cwd=test.folder, env=os.environ | test.environment,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=patience_s,
                                  check=False).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def measure(self) -> None:
        """How long each test takes; one that fails as it is is left out."""
        for test in list(self.tests):
            begun = time.monotonic()
            if not self.run(test, 600):
                print(f"{test.name} fails without any change here, and is left out")
                self.tests.remove(test)
            test.took_s = time.monotonic() - begun

    def quick(self) -> set[str]:
        limit_s = max(QUICK_S, 4 * statistics.median(test.took_s for test in self.tests))
        return {test.name for test in self.tests if test.took_s <= limit_s}

    def order(self, file: str, quick: bool) -> list[Test]:
        """The tests of the file, of its folder, of its room, of all that may come to it: those that
        are quick, or not."""
        names = self.quick()
        stem = file.removesuffix(".c")
        room = file.split("/")[0]

        def far(test: Test) -> tuple:
            near = (test.name != stem, not test.name.startswith(os.path.dirname(stem) + "/"),
                    not test.name.startswith(room + "/"))
            return *near, test.took_s
        return sorted((test for test in self.tests
                       if (test.name in names) == quick and file in test.files), key=far)

    def notices(self, mutant: Mutant, quick: bool) -> str | None:
        """The test that fails; "" for none; None where the change is none."""
        path, text = Path(self.where, "firmware", mutant.file), self.texts[mutant.file]
        end = mutant.start + len(mutant.before)
        try:
            path.write_text(text[:mutant.start] + mutant.after + text[end:])
            if not self.build("amberbar_core") or self.object(mutant.file) == self.objects[mutant.file]:
                return None
            for test in self.order(mutant.file, quick):
                if not self.run(test, test.took_s * PATIENCE + GRACE_S):
                    return test.name
            return ""
        finally:
            path.write_text(text)


def look(where: str, minutes: float, rooms: list[str], seed: int) -> tuple[int, list[str]]:
    """Tries changes for so long, in the folder `where`: how many there were, and those that no test
    has noticed."""
    bench, strict = Bench(where), Bench(where + "-sanitized", "-DSANITIZE=ON")
    bench.measure()
    everything = [mutant for file, text in bench.texts.items() if of_rooms(file, rooms)
                  for mutant in mutants_of(file, text)]
    random.Random(seed).shuffle(everything)
    until = time.monotonic() + 60 * minutes
    tried, doubtful, survivors = 0, [], []
    for mutant in everything:
        if time.monotonic() > until:
            break
        found = bench.notices(mutant, quick=True)
        tried += found is not None
        if found == "":
            doubtful.append(mutant)
            print(f"by the quick tests: {mutant.words(bench.texts[mutant.file])}", flush=True)
    print(f"{tried} changes, {len(doubtful)} not noticed by the quick tests", flush=True)
    names = bench.quick()
    strict.tests = [test for test in strict.tests if test.name in names]
    if doubtful:
        strict.measure()
    for mutant in doubtful:
        if strict.notices(mutant, quick=True) == "" and bench.notices(mutant, quick=False) == "":
            survivors.append(mutant.words(bench.texts[mutant.file]))
            print(survivors[-1], flush=True)
    return tried, survivors


def of_rooms(file: str, rooms: list[str]) -> bool:
    return not rooms or any(file == room or file.startswith(room.rstrip("/") + "/") for room in rooms)
