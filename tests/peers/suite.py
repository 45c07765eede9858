"""How a program of tests/system/ that needs what this machine may lack begins and ends."""

import unittest
from collections.abc import Callable

from lib.process import Failure

SKIPPED = 77  # as tests/CMakeLists.txt tells ctest


def main(*needs: Callable[[], object]) -> int:
    """Runs the tests of the program that was started, once each of `needs` is there: what is not
    raises a Failure, and its sentence is why they are skipped."""
    try:
        for need in needs:
            need()
    except Failure as failure:
        print(f"skipped: {failure}")
        return SKIPPED
    return not unittest.main("__main__", exit=False, verbosity=2).result.wasSuccessful()
