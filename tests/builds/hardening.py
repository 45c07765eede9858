#!/usr/bin/env python3
"""The installed programs as an attacker meets them: what the compiler and the linker can do is done,
they load the libraries they need and no other, and the daemon is one thread.

    hardening.py FOLDER    where amberbar and amberbar-replay are installed
"""
import os
import pathlib
import platform
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

FOLDER = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path("/usr/bin")
os.environ["AMBERBAR"] = str(FOLDER / "amberbar")

from peers.servers import Prometheus  # noqa: E402
from peers.wall import Wall  # noqa: E402

# Without the version, which differs between Debian's releases.
LIBRARIES = {
    "amberbar": {"libc", "libcurl", "libcjson", "libyaml-0", "libgpiod"},
    "amberbar-replay": {"libc", "libyaml-0", "libgpiod"},
}
LOADER = re.compile(r"^ld-linux")  # on some processors it is named as well

# What main() begins with, for jumps and returns that were bent; what touches each page of a large
# stack frame in turn. None: this processor's compilers have nothing of the kind, or nothing to see.
MARKS = {
    "x86_64": (r"endbr64", r"or[lq]\s+\$0x0,.*\(%rsp\)"),
    "aarch64": (r"paciasp|bti\s+c", None),
}


def tool(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True,
                          timeout=60, env=os.environ | {"LC_ALL": "C"}).stdout


class Program:
    name = None

    def setUp(self):
        self.path = FOLDER / self.name
        self.dynamic = tool("readelf", "--wide", "--dynamic", self.path)
        self.segments = tool("readelf", "--wide", "--program-headers", self.path)
        self.imports = set(re.findall(r"UND (\w+)@", tool("readelf", "--wide", "--dyn-syms",
                                                          self.path)))

    def flags(self, kind):
        """Of each segment of that kind, such as `R E`."""
        return re.findall(rf"^\s+{kind}\s+(?:0x\w+\s+){{5}}([RWE ]+?)\s+0x\w+$", self.segments, re.M)

    def code_of(self, *what):
        return tool("objdump", "--no-show-raw-insn", *(what or ("--disassemble",)), self.path)

    def test_lies_at_another_address_each_time(self):
        self.assertIn("Elf file type is DYN", self.segments)
        self.assertRegex(self.dynamic, r"\(FLAGS_1\).*\bPIE\b")
        self.assertNotIn("(TEXTREL)", self.dynamic)

    def test_all_is_linked_at_the_start_and_read_only_from_then_on(self):
        self.assertEqual(len(self.flags("GNU_RELRO")), 1, self.segments)
        self.assertRegex(self.dynamic, r"\(FLAGS(_1)?\).*\b(BIND_)?NOW\b")

    def test_nothing_is_both_written_and_run(self):
        self.assertEqual(self.flags("GNU_STACK"), ["RW"], self.segments)
        loaded = self.flags("LOAD")
        self.assertTrue(loaded, self.segments)
        self.assertEqual([flags for flags in loaded if "W" in flags and "E" in flags], [])

    def test_a_stack_that_was_overrun_is_noticed(self):
        self.assertIn("__stack_chk_fail", self.imports)

    def test_library_calls_know_the_sizes_of_what_they_fill(self):
        self.assertIn("__vsnprintf_chk", self.imports)
        self.assertIn("__memcpy_chk", self.imports, "of sizes that are known only as it runs: 3")

    def test_the_processor_watches_jumps_and_returns(self):
        mark = MARKS.get(platform.machine(), (None, None))[0]
        if mark is None:
            self.skipTest(f"nothing of the kind on {platform.machine()}")
        code = self.code_of("--disassemble=main")
        first = re.search(r"<main>:\n\s*\w+:\s+(.*)", code)
        self.assertIsNotNone(first, code)
        self.assertRegex(first.group(1), mark)

    def test_a_large_stack_frame_cannot_jump_over_the_guard(self):
        probe = MARKS.get(platform.machine(), (None, None))[1]
        if probe is None:
            self.skipTest(f"cannot be known on {platform.machine()}")
        self.assertTrue(re.search(probe, self.code_of()), "no function touches its pages in turn")

    def test_looks_for_libraries_where_the_system_has_them_and_for_no_other(self):
        self.assertNotRegex(self.dynamic, r"\((RPATH|RUNPATH)\)")
        needed = set(re.findall(r"\(NEEDED\).*\[(.*?)\.so", self.dynamic))
        self.assertEqual({name for name in needed if not LOADER.match(name)}, LIBRARIES[self.name])


class Daemon(Program, unittest.TestCase):
    name = "amberbar"

    def test_is_one_thread(self):
        prometheus, wall = Prometheus(), Wall()
        self.addCleanup(prometheus.close)
        self.addCleanup(wall.close)
        wall.run(url=f"http://{prometheus.place}")
        wall.wait_for_good()
        self.assertEqual(len(os.listdir(f"/proc/{wall.child.pid}/task")), 1)


class Replay(Program, unittest.TestCase):
    name = "amberbar-replay"


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
