"""A copy of the sources to change and to build, beside the checkout that stays as it is."""

import filecmp
import os
import shutil
import subprocess
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def copy_sources(to: str) -> None:
    for name in ("firmware", "tests", "tools", "boards", "CMakeLists.txt"):
        here = os.path.join(TOP, name)
        if os.path.isdir(here):
            shutil.copytree(here, os.path.join(to, name), symlinks=True)
        else:
            shutil.copy(here, to)


def renew_sources(to: str) -> None:
    """A copy in a folder that may hold an older one: what was built of what is the same stays good.
    What is not the same is new, however long ago it was written: what was built there may be younger."""
    os.makedirs(to, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to) as before:
        for name in ("firmware", "tests", "tools", "boards"):
            if os.path.isdir(os.path.join(to, name)):
                os.rename(os.path.join(to, name), os.path.join(before, name))
        copy_sources(to)
        for name in ("firmware", "tests", "tools", "boards"):
            for folder, _, files in os.walk(os.path.join(to, name)):
                for file in files:
                    keep_time(os.path.join(folder, file),
                              os.path.join(before, os.path.relpath(folder, to), file))


def keep_time(new: str, old: str) -> None:
    """As of the old one, where it is the same; else of now."""
    if os.path.islink(new):
        return
    if os.path.isfile(old) and filecmp.cmp(new, old, shallow=False):
        os.utime(new, ns=(os.stat(old).st_atime_ns, os.stat(old).st_mtime_ns))
    else:
        os.utime(new)


def configure(where: str, *options: str) -> str:
    """The folder that `where` is built in, which is prepared once."""
    folder = os.path.join(where, "build")
    if not os.path.exists(folder):
        subprocess.run(["cmake", "-S", where, "-B", folder, "-G", "Ninja", *options], check=True,
                       stdout=subprocess.DEVNULL)
    return folder
