"""Writes the archive that the kernel unpacks as its first root (cpio's "newc" form, see the
kernel's Documentation/driver-api/early-userspace/buffer-format.rst)."""

import os
import re
import stat
import subprocess


class Initramfs:
    def __init__(self):
        self.entries = {}  # path without the leading slash: (mode, content)

    def directory(self, path):
        parent = os.path.dirname(path)
        if parent:
            self.directory(parent)
        self.entries.setdefault(path, (stat.S_IFDIR | 0o755, b""))

    def file(self, path, content, mode=0o755):
        self.directory(os.path.dirname(path) or path)
        self.entries[path] = (stat.S_IFREG | mode, content)

    def link(self, path, target):
        self.entries[path] = (stat.S_IFLNK | 0o777, target.encode())

    def copy(self, path, source):
        with open(source, "rb") as file:
            self.file(path, file.read())

    def program(self, path, source, sysroot, readelf):
        """A dynamic program with its libraries, all from the sysroot."""
        self.copy(path, source)
        listing = subprocess.run(
            [readelf, "-ld", source], check=True, capture_output=True, text=True
        ).stdout
        wanted = re.findall(r"\(NEEDED\).*\[(.+)\]", listing)
        wanted += [os.path.basename(name) for name in re.findall(r"interpreter: (.+)\]", listing)]
        for name in wanted:
            if "lib/" + name not in self.entries:
                self.program("lib/" + name, sysroot.library(name), sysroot, readelf)

    def write(self, path):
        with open(path, "wb") as out:
            for number, (name, (mode, content)) in enumerate(sorted(self.entries.items()), 1):
                out.write(record(number, name, mode, content))
            out.write(record(0, "TRAILER!!!", 0, b""))


def record(number, name, mode, content):
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % value for value in fields) + name.encode() + b"\0"
    return pad(head) + pad(content)


def pad(content):
    return content + bytes(-len(content) % 4)
