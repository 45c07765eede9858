"""What tools/image refuses, each time in a sentence, and that its lists are lists. tests/image builds one."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PARTS = TOP / "tools" / "appliance"
NEEDED = ("bash", "env", "sed", "dirname", "dpkg", "id", "unshare", "newuidmap", "cat")  # to come to its checks
PROGRAMS = ("mmdebstrap", "mksquashfs", "mkfs.vfat", "mcopy", "sfdisk", "cpio", "dtc", "depmod", "xz", "zstd",
            "qemu-aarch64-static")


def lines_of(name):
    text = (PARTS / name).read_text(encoding="utf-8")
    return [line for line in (re.sub(r"\s*#.*", "", line) for line in text.splitlines()) if line]


class Refusals(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.programs = Path(scratch.name)
        for name in NEEDED:
            found = shutil.which(name)
            if found:
                (self.programs / name).symlink_to(found)
        for name in PROGRAMS:
            (self.programs / name).symlink_to(shutil.which("true"))

    def assert_says(self, words, status, *arguments):
        answer = subprocess.run([TOP / "tools" / "image", "--output", self.programs / "out", *arguments],
                                capture_output=True, text=True, timeout=60, check=False,
                                env={**os.environ, "PATH": str(self.programs)})
        self.assertIn(words, answer.stderr)
        self.assertEqual(len(answer.stderr.splitlines()), 1, answer.stderr)
        self.assertEqual(answer.returncode, status, answer.stderr)
        self.assertFalse((self.programs / "out").exists(), "something was made all the same")

    def test_a_word_that_it_does_not_know(self):
        self.assert_says("unknown word '--colour'", 2, "--colour")

    def test_an_option_without_its_value(self):
        self.assert_says("--board wants a value", 2, "--board")

    def test_a_board_that_is_not_there(self):
        self.assert_says("there is no board blinkenlights", 2, "--board", "blinkenlights")

    def test_a_package_that_is_not_there(self):
        self.assert_says("amberbar.deb: there is no such file", 2, "--package", "amberbar.deb")

    def test_a_program_that_is_not_installed(self):
        (self.programs / "mksquashfs").unlink()
        self.assert_says("sudo apt install squashfs-tools", 77)


class Lists(unittest.TestCase):
    def test_each_unit_has_its_target(self):
        for line in lines_of("units"):
            self.assertRegex(line, r"^(never|[\w-]+\.target) [\w@-]+\.(service|socket|mount)$")

    def test_each_module_stands_alone_or_with_when(self):
        for name in ("modules", "modules-pi5"):
            names = [line.split()[0] for line in lines_of(name)]
            self.assertEqual(len(names), len(set(names)), "one stands there twice")
            for line in lines_of(name):
                self.assertRegex(line, r"^[\w-]+( first| maybe)?$")

    def test_what_is_left_out_is_named_from_the_root_on(self):
        for line in lines_of("left-out"):
            self.assertRegex(line, r"^\./[a-z]")

    def test_the_example_is_a_config(self):
        answer = subprocess.run([os.environ["AMBERBAR"], "check", "-c", PARTS / "amberbar.yaml.example"],
                                capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(answer.returncode, 0, answer.stderr)


if __name__ == "__main__":
    unittest.main()
