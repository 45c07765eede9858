"""The target `uninstall`, on a list of files as `cmake --install` leaves it: under a prefix, and under a DESTDIR."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FILES = ("bin/amberbar-of-a-test", "share/amberbar/boards/terminal.yaml", "share/doc/amberbar/examples/a.yaml",
         "lib/udev/rules.d/60-amberbar.rules")


class Uninstall(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.top = Path(scratch.name)
        self.manifest = self.top / "install_manifest.txt"

    def install(self, prefix, destdir=""):
        """Returns where it lies."""
        paths = [f"{prefix}/{name}" for name in FILES]
        self.manifest.write_text("\n".join(paths))
        for path in paths:
            Path(destdir + path).parent.mkdir(parents=True, exist_ok=True)
            Path(destdir + path).write_text("a file\n")
        return Path(f"{destdir}{prefix}")

    def uninstall(self, destdir=None):
        environment = {key: value for key, value in os.environ.items() if key != "DESTDIR"}
        if destdir is not None:
            environment["DESTDIR"] = destdir
        return subprocess.run(
            ["cmake", f"-DMANIFEST={self.manifest}", "-P", TOP / "tools/lib/uninstall.cmake"],
            env=environment, cwd=self.top, capture_output=True, text=True, timeout=60, check=False)

    def assert_uninstalled(self, result):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("amberbar is uninstalled.", result.stdout)

    def test_under_a_prefix_what_is_ours_goes_and_the_rest_stays(self):
        prefix = self.install(f"{self.top}/usr")
        other = prefix / "bin/other"
        other.write_text("somebody's\n")
        self.assert_uninstalled(self.uninstall())
        self.assertEqual([path for path in prefix.rglob("*") if path.is_file()], [other])
        self.assertEqual([path for path in prefix.rglob("amberbar")], [])
        self.assertTrue((prefix / "lib/udev/rules.d").is_dir(), "a folder of the system's")
        self.assertFalse(self.manifest.exists())

    def test_under_a_destdir_all_of_it_goes(self):
        stage = self.top / "stage"
        for destdir in (str(stage), "stage"):
            with self.subTest(destdir):
                self.install("/usr", f"{stage}")
                result = self.uninstall(destdir)
                self.assert_uninstalled(result)
                self.assertEqual(list(stage.rglob("*")), [])
                self.assertNotIn("Left", result.stdout, "no config, no user")

    def test_a_config_in_a_destdir_stays_and_is_named(self):
        stage = self.top / "stage"
        self.install("/usr", str(stage))
        config = stage / "etc/amberbar/amberbar.yaml"
        config.parent.mkdir(parents=True)
        config.write_text("board: terminal\n")
        result = self.uninstall(str(stage))
        self.assert_uninstalled(result)
        self.assertTrue(config.exists())
        self.assertIn(f"Left: {stage}/etc/amberbar, with your config.", result.stdout)

    def test_a_forgotten_destdir_is_said_and_can_be_given_still(self):
        stage = self.top / "stage"
        self.install(f"{self.top}/nowhere", str(stage))
        result = self.uninstall()
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("with the same, written from / on", " ".join(result.stderr.split()))
        self.assert_uninstalled(self.uninstall(str(stage)))
        self.assertEqual(list(stage.rglob("*")), [])

    def test_nothing_was_installed(self):
        result = self.uninstall()
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("Nothing was installed from here", result.stderr)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
