"""What takes minutes says how far it is: to a terminal, in place; elsewhere not a word too many."""

import os
import pty
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools"))
from lib.process import Child, Failure, wait_until  # noqa: E402

APT = """#!/bin/sh
case "$*" in
*update*) echo 'Get:1 lists' ;;
*install*) echo 'Unpacking gcc'; echo 'Setting up gcc' ;;
esac
[ ! -e "$0.fails" ] || { echo 'E: no such luck' >&2; exit 100; }
"""
FOLLOW = """
import sys
sys.path.insert(0, {tools!r})
from pathlib import Path
from lib.demo import follow
from lib.process import Child
log = Path({folder!r}) / "log"
status = follow(Child("ninja", ["sh", "-c", {script!r}], log))
print("ended", status)
"""


class Waiting(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, text in (
            ("apt-get", APT),
            ("sudo", '#!/bin/sh\nexec "$@"\n'),
            ("dpkg-query", "#!/bin/sh\n"),
        ):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)
        self.environment = os.environ | {"PATH": f"{self.folder}:{os.environ['PATH']}"}

    def run_in(self, terminal: bool, *command: str) -> tuple[int, str]:
        if not terminal:
            done = subprocess.run(
                command, env=self.environment, capture_output=True, text=True, timeout=60
            )
            return done.returncode, done.stdout
        ours, theirs = pty.openpty()
        process = subprocess.Popen(command, env=self.environment, stdout=theirs, stderr=theirs)
        os.close(theirs)
        output = b""
        try:
            while piece := os.read(ours, 65536):
                output += piece
        except OSError:  # EIO: nobody is at the other end any more
            pass
        os.close(ours)
        return process.wait(60), output.decode()

    def install(self, terminal: bool) -> tuple[int, str]:
        script = f". {TOP}/tools/lib/packages.sh && packages_install gcc"
        return self.run_in(terminal, "bash", "-c", script)

    def follow(self, terminal: bool, script: str) -> tuple[int, str]:
        program = FOLLOW.format(tools=str(TOP / "tools"), folder=str(self.folder), script=script)
        return self.run_in(terminal, sys.executable, "-c", program)

    def test_packages(self):
        status, output = self.install(terminal=True)
        self.assertEqual(status, 0, output)
        for line in ("Get:1 lists", "Unpacking gcc", "Setting up gcc"):
            self.assertIn(f"\r\033[K{line}", output)
        self.assertEqual(self.install(terminal=False), (0, "Installing Debian packages: gcc\n"))

    def test_packages_that_cannot_be_had(self):
        (self.folder / "apt-get.fails").touch()
        for terminal in (True, False):
            self.assertEqual(self.install(terminal)[0], 100)

    def test_a_build(self):
        script = "for i in 1 2 3; do echo \"[$i/3] cc\"; sleep 0.4; done; exit 3"
        status, output = self.follow(True, script)
        self.assertEqual(status, 0, output)
        for step in (1, 2, 3):
            self.assertIn(f"\r[{step}/3]", output)
        self.assertIn("\r\033[Kended 3", output)
        self.assertEqual(self.follow(False, script), (0, "ended 3\n"))

    def test_for_what_a_child_does_as_it_ends(self):
        """It may end between the look and the question whether it is alive."""
        child = Child("sleep", ["sleep", "60"])
        looks = []

        def is_seen():
            looks.append(child.ended)
            if len(looks) == 1:
                child.stop()  # what is looked for happens after this look, and then it ends
                return False
            return "seen"

        self.assertEqual(wait_until("seen", is_seen, 60, child), "seen")
        with self.assertRaisesRegex(Failure, "ended with status"):
            wait_until("seen", lambda: False, 60, child)


if __name__ == "__main__":
    unittest.main()
