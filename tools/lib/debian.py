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

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def at_hand(package: str, file: str, suite: str = "") -> Path | None:
    """The file of an unpacked package; None if it is not in the cache yet."""
    path = _place(package, suite) / file
    return path if path.exists() else None


def unpacked(package: str, file: str, suite: str = "") -> Path:
    """The file of a package, which is fetched and unpacked when that was not done yet. Of another
    release than this machine's when `suite` names one; what that file needs is not fetched."""
    with only_one(package):
        if not at_hand(package, file, suite):
            whose = f" {suite}" if suite else ""
            what = f"Debian{whose}'s {package}"
            print(f"Fetching {what} into {cache()} ...", file=sys.stderr, flush=True)
            _unpack(package, suite)
    path = at_hand(package, file, suite)
    if not path:
        raise Failure(f"Debian's package {package} has no {file}")
    return path


def other_suite() -> str:
    """The supported Debian that this machine is not."""
    return "bookworm" if _release().get("VERSION_CODENAME") == "trixie" else "trixie"


def _release() -> dict[str, str]:
    return platform.freedesktop_os_release()


def _place(package: str, suite: str) -> Path:
    """A home directory may be shared by machines of several kinds and releases."""
    system = _release()
    release = f"{system.get('ID', 'linux')}-{system.get('VERSION_ID', 'testing')}"
    return cache() / f"{package}-{suite or release}-{platform.machine()}"


def _unpack(package: str, suite: str) -> None:
    if not shutil.which("apt-get"):
        raise Failure(f"{package} comes as a Debian package, and this machine has no apt-get")
    with tempfile.TemporaryDirectory(dir=cache(), prefix=f"{package}-") as scratch:
        options = _lists_of(suite, scratch) if suite else []
        download = _download(package, scratch, options)
        if not download and not suite:
            # A fresh machine has no package lists yet, an old one has lists of packages long gone.
            _as_root(["apt-get", "update", "-qq"])
            download = _download(package, scratch, options)
        if not download:
            whose = f" of Debian {suite}" if suite else ""
            raise Failure(f"`apt-get download {package}`{whose} fails; try it by hand to see why")
        subprocess.run(["dpkg", "-x", download, f"{scratch}/root"], check=True)
        shutil.rmtree(_place(package, suite), ignore_errors=True)
        os.rename(f"{scratch}/root", _place(package, suite))


def _lists_of(suite: str, scratch: str) -> list[str]:
    """apt's options for another release, whose lists are fetched into `scratch`: what this
    machine's apt knows stays as it is."""
    mirrors = _mirrors()
    if not mirrors:
        _as_root(["apt-get", "update", "-qq"])
        mirrors = _mirrors()
    if not mirrors:
        raise Failure("this machine's apt knows no archive of Debian; is it a Debian?")
    lists = Path(scratch) / "lists"
    (lists / "partial").mkdir(parents=True)
    sources = Path(scratch) / "sources.list"
    signed = f"[signed-by={KEYRING}] " if Path(KEYRING).exists() else ""
    sources.write_text(f"deb {signed}{mirrors[0]} {suite} main\n")
    words = {"Dir::Etc::SourceList": sources, "Dir::Etc::SourceParts": "-",
             "Dir::State::Lists": lists, "Dir::Cache": scratch, "Acquire::Languages": "none",
             "APT::Sandbox::User": "root"}
    options = [word for name, value in words.items() for word in ("-o", f"{name}={value}")]
    subprocess.run(["apt-get", "update", "-qq", *options], stdout=subprocess.DEVNULL)
    return options


def _mirrors() -> list[str]:
    """Of Debian's main archive, as this machine's apt has them."""
    command = ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)"]
    reported = subprocess.run([*command, "Created-By: Packages"], capture_output=True, text=True).stdout
    targets = [line.split("|") for line in reported.splitlines()]
    return [uri for origin, label, uri in targets if (origin, label) == ("Debian", "Debian")]


def _download(package: str, directory: str, options: list[str]) -> Path | None:
    # apt's own user cannot write here; when we are root, that would only be a warning.
    command = ["apt-get", "download", "-o", "APT::Sandbox::User=root", *options, package]
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
