"""Debian packages unpacked into a private cache: nothing is installed, no service is started."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .cache import cache, only_one
from .process import Failure


def at_hand(package: str, file: str) -> Path | None:
    """The file of an unpacked package; None if it is not in the cache yet."""
    path = _place(package) / file
    return path if path.exists() else None


def unpacked(package: str, file: str) -> Path:
    """The file of a package, which is fetched and unpacked when that was not done yet."""
    with only_one(package):
        if not at_hand(package, file):
            print(f"Fetching Debian's {package} into {cache()} ...", file=sys.stderr, flush=True)
            _unpack(package)
    path = at_hand(package, file)
    if not path:
        raise Failure(f"Debian's package {package} has no {file}")
    return path


def _place(package: str) -> Path:
    """A home directory may be shared by machines of several kinds and releases."""
    system = platform.freedesktop_os_release()
    release = f"{system.get('ID', 'linux')}-{system.get('VERSION_ID', 'testing')}"
    return cache() / f"{package}-{release}-{platform.machine()}"


def _unpack(package: str) -> None:
    if not shutil.which("apt-get"):
        raise Failure(f"{package} comes as a Debian package, and this machine has no apt-get")
    with tempfile.TemporaryDirectory(dir=cache(), prefix=f"{package}-") as scratch:
        download = _download(package, scratch)
        if not download:
            # A fresh machine has no package lists yet, an old one has lists of packages long gone.
            _as_root(["apt-get", "update", "-qq"])
            download = _download(package, scratch)
        if not download:
            raise Failure(f"`apt-get download {package}` fails; try it by hand to see why")
        subprocess.run(["dpkg", "-x", download, f"{scratch}/root"], check=True)
        shutil.rmtree(_place(package), ignore_errors=True)
        os.rename(f"{scratch}/root", _place(package))


def _download(package: str, directory: str) -> Path | None:
    # apt's own user cannot write here; when we are root, that would only be a warning.
    command = ["apt-get", "download", "-o", "APT::Sandbox::User=root", package]
    # In a terminal it shows how far it is.
    shown = sys.stderr if sys.stderr.isatty() else subprocess.DEVNULL
    subprocess.run(command, cwd=directory, stdout=shown, stderr=subprocess.DEVNULL)
    return next(Path(directory).glob(f"{package}_*.deb"), None)


def _as_root(command: list[str]) -> None:
    if os.geteuid():
        if not shutil.which("sudo"):
            raise Failure(f"as root, run `{' '.join(command)}`: there is no sudo to do it")
        command = ["sudo", *command]
    print(f"Refreshing the package lists: {' '.join(command)}", file=sys.stderr)
    subprocess.run(command)
