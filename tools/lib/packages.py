"""Debian packages for Python programs; packages.sh does the work."""

import os
import shutil
import subprocess
from pathlib import Path

from .process import Failure

SCRIPT = Path(__file__).with_name("packages.sh")


def install_packages(why: str, *more: str) -> None:
    """What the build takes, and `more`. Says what it installs, and `why`, such as "to build it"."""
    if not shutil.which("dpkg-query"):
        print("This is no Debian; tools/lib/packages.sh names what the build needs.")
        return
    command = ["bash", "-c", '. "$0" && packages_install "${packages_to_build[@]}" "$@"']
    installed = subprocess.run([*command, SCRIPT, *more], env={**os.environ, "packages_why": why})
    if installed.returncode:
        raise Failure("the packages that the build needs could not be installed; see above")
