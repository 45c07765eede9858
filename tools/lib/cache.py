"""Our corner of the user's cache (XDG Base Directory Specification)."""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(base) / "amberbar"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def only_one(name: str):
    """Holds a lock, so that two programs do not fill the same place at once."""
    with open(cache() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
