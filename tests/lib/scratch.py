"""A copy of the sources to change and to build, beside the checkout that stays as it is."""

import os
import shutil
import subprocess

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def copy_sources(to: str) -> None:
    for name in ("firmware", "tests", "tools", "boards", "CMakeLists.txt"):
        here = os.path.join(TOP, name)
        if os.path.isdir(here):
            shutil.copytree(here, os.path.join(to, name), symlinks=True)
        else:
            shutil.copy(here, to)


def renew_sources(to: str) -> None:
    """A copy in a folder that may hold an older one: what was built of what is the same stays good."""
    os.makedirs(to, exist_ok=True)
    for name in ("firmware", "tests", "tools", "boards"):
        shutil.rmtree(os.path.join(to, name), ignore_errors=True)
    copy_sources(to)


def configure(where: str, *options: str) -> str:
    """The folder that `where` is built in, which is prepared once."""
    folder = os.path.join(where, "build")
    if not os.path.exists(folder):
        subprocess.run(["cmake", "-S", where, "-B", folder, "-G", "Ninja", *options], check=True,
                       stdout=subprocess.DEVNULL)
    return folder
