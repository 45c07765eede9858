"""What a run of the tests has shown of reliability, a line a goal, from ctest's own record of it.

Usage: reliability.py RESULTS.xml     (ctest --output-junit, with the whole output of each test)
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

# Of each goal: what it promises, and the tests that hold it, as their names begin.
GOALS = {
    "E1": ("green is proven true, and what is true gets green: random worlds in virtual time",
           ("law/",)),
    "E2": ("as kubectl has witnessed it: rows that real controllers have written",
           ("rollout/recorded", "rollout/field")),
    "R1": ("whatever a server does: alive, bounded, never green by mistake",
           ("system/faults", "builds/faults", "system/cached", "system/shards", "system/federation",
            "system/remote_write", "system/broken_rules")),
    "R2": ("right again within an interval, or what the time-out adds", ("system/faults",)),
    "R3": ("a month of virtual time (an hour of faults: tools/test --soak 60)", ("scenario/",)),
    "R4": ("lights that fail, go away and come back", ("bus/", "daemon/outputs", "wire/pc-")),
    "R5": ("each call that can fail fails once", ("torture",)),
    "R6": ("every input surface, fuzzed", ("fuzz/",)),
    "R7": ("analysers find nothing (all of them: tools/analyse --all)", ("analysis/",)),
    "R8": ("stops dark, ends as documented, keeps a good config",
           ("system/daemon", "system/service", "system/full_disk")),
    "R9": ("the service's sandbox and its protocol", ("house/service_unit", "daemon/notify")),
    "R10": ("the hardening of what is installed", ("builds/hardening",)),
    "R11": ("the transport: TLS, redirects, secrets, proxies",
            ("system/tls", "system/credentials", "prometheus/")),
    "R12": ("nothing foreign speaks: bytes of output looked at", ("system/words",)),
    "R13": ("no secret is repeated: canaries planted", ("system/canary",)),
    "R14": ("no file stops it: things that lay where one is read", ("system/lying", "base/intake")),
    "R15": ("answers with one node changed", ("prometheus/answer/mutants",)),
    "R16": ("memory stays within the unit's, whatever is sent", ("builds/memory",)),
}


def counts(case: ElementTree.Element) -> tuple[int, int]:
    """Passed and failed, as finely as the test itself has counted."""
    output = case.findtext("system-out") or ""
    failed = case.get("status") == "fail"
    if reported := re.findall(r"(\d+) passed, (\d+) failed", output):  # ours
        return int(reported[-1][0]), max(int(reported[-1][1]), failed)
    if reported := re.findall(r"\[  PASSED  \] (\d+) test", output):  # cmocka's
        bad = re.findall(r"\[  FAILED  \] (\d+) test", output)
        return int(reported[-1]), max(int(bad[-1]) if bad else 0, failed)
    if reported := re.findall(r"Ran (\d+) tests?", output):  # unittest's
        bad = sum(map(int, re.findall(r"(?:failures|errors)=(\d+)", output)))
        bad = max(bad, failed)
        return max(int(reported[-1]) - bad, 0), bad
    return int(not failed), int(failed)


def figures(case: ElementTree.Element) -> list[str]:
    """What a law has tried, by its own count; the peak of memory against its budget."""
    return re.findall(r"^(?:\d+ polls|memory:).*", case.findtext("system-out") or "", re.MULTILINE)


def fit(name: str, names: tuple[str, ...]) -> int:
    """How much of a test's name a goal gives."""
    return max(len(beginning) if name.startswith(beginning) else 0 for beginning in names)


def belongs(name: str, names: tuple[str, ...]) -> bool:
    """A test that one goal names in full is not counted with a whole room's by another."""
    best = max(fit(name, others) for _, others in GOALS.values())
    return 0 < best == fit(name, names)


def lines(cases: list[ElementTree.Element]) -> Iterator[str]:
    for goal, (promise, names) in GOALS.items():
        those = [case for case in cases if belongs(case.get("name", ""), names)]
        if those:
            passed, failed = map(sum, zip(*map(counts, those)))
            yield f"{goal:4} {passed:4} passed, {failed} failed  {promise}"
        yield from (" " * 28 + figure for case in those for figure in figures(case))


def main() -> int:
    cases = [case for case in ElementTree.parse(sys.argv[1]).getroot().iter("testcase")
             if case.get("status") in ("run", "fail")]
    print("\nReliability:")
    print("\n".join(lines(cases)))
    failed = sum(case.get("status") == "fail" for case in cases)
    print(f"\n{len(cases) - failed} passed, {failed} failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
