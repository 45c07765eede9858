"""The image in QEMU's Raspberry Pi 3. Kernel, first root, device tree and command line come out of its own
FAT, as the boot loader would take them; the card is an overlay of the image, so that each byte which is
written to it is seen."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, "..", ".."))
sys.path[:0] = [os.path.join(TOP, "tests", "wire"), os.path.join(TOP, "tools")]

from initramfs import Initramfs  # noqa: E402
from machine import read_log, unpack  # noqa: E402
import qmp  # noqa: E402

QEMU = "qemu-system-aarch64"
FAT_OFFSET = 8192 * 512  # tools/appliance/assemble, FIRST_SECTOR
FAT_HEAD = 64 * 512
BOOT_LIMIT_S = 600  # an idle core takes half a minute
SERIAL = "00000000c0ffee01"
TREE = "bcm2837-rpi-3-b.dtb"
# The guest's clock is its instructions, 2 ns each for all of its four cores together: half of what one core
# of a Pi 3 does, and the same on each machine, however busy.
BY_INSTRUCTIONS = ["-icount", "shift=1"]


def run(*command, **options):
    answer = subprocess.run([str(word) for word in command], capture_output=True, check=False, **options)
    if answer.returncode:
        raise RuntimeError(f"{command[0]} fails: {answer.stderr.decode(errors='replace').strip()}")
    return answer


class Card:
    """A copy of the image, whose FAT a user has written to."""

    def __init__(self, image, path):
        self.path = path
        run("cp", "--sparse=always", image, path)

    @property
    def fat(self):
        return f"{self.path}@@{FAT_OFFSET}"

    def put(self, name, text):
        """What fits, where the FAT is full."""
        data = text if isinstance(text, bytes) else text.encode()
        subprocess.run(["mcopy", "-o", "-i", self.fat, "-", f"::/{name}"], input=data, capture_output=True, check=False)

    def content(self, name):
        return run("mtype", "-i", self.fat, f"::/{name}").stdout

    def remove(self, name):
        run("mdel", "-i", self.fat, f"::/{name}")

    def get(self, name, path):
        run("mcopy", "-n", "-o", "-i", self.fat, f"::/{name}", path)

    def damage(self):
        """Nothing of the FAT's own description is left, until repair()."""
        with open(self.path, "r+b") as file:
            file.seek(FAT_OFFSET)
            self.undamaged = file.read(FAT_HEAD)
            file.seek(FAT_OFFSET)
            file.write(bytes(FAT_HEAD))

    def repair(self):
        with open(self.path, "r+b") as file:
            file.seek(FAT_OFFSET)
            file.write(self.undamaged)


class Boot:
    """One power-on; `with` ends it by SIGKILL, however it went."""

    def __init__(self, card, directory, steps, environment=None, options=(), show=False, ssh_port=None):
        self.directory = directory
        shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(directory)
        self.console = os.path.join(directory, "console")
        self.overlay = os.path.join(directory, "card.qcow2")
        self.forward = f",hostfwd=tcp:127.0.0.1:{ssh_port}-:22" if ssh_port else ""
        self.command = self.make_command(card, steps, environment or {}, options, show)

    def make_command(self, card, steps, environment, options, show):
        where = self.directory
        for name in ("kernel.gz", "initrd.img", "cmdline.txt"):
            card.get(name, where)
        card.get(TREE, where)
        tree = os.path.join(where, TREE)
        self.add_overlays(card, tree)
        # Bluetooth would own the first serial line, by which the results come.
        run("fdtput", "-r", tree, "/soc/serial@7e201000/bluetooth")
        run("fdtput", "-t", "s", tree, "/", "serial-number", SERIAL)  # as the boot loader does it
        first = os.path.join(where, "initrd.img")
        self.add_proof(first, environment | {"STEPS": " ".join(steps)})
        size = 1 << (os.path.getsize(card.path) - 1).bit_length()  # the emulated controller's wish
        run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", os.path.abspath(card.path), self.overlay, size)
        with open(os.path.join(where, "cmdline.txt"), encoding="ascii") as file:
            words = file.read().split()
        # QEMU takes the arming of the watchdog for a reset.
        words += ["console=ttyS1,115200", "systemd.watchdog_sec=0", f"systemd.show_status={int(show)}"]
        return [
            QEMU, "-M", "raspi3b", "-accel", "tcg,thread=single", *options, "-display", "none",
            "-serial", f"file:{where}/results", "-serial", f"file:{self.console}",
            "-qmp", f"unix:{where}/qmp,server=on,wait=off", "-kernel", f"{where}/kernel.gz", "-dtb", tree,
            "-initrd", first, "-append", " ".join(words),
            "-drive", f"if=sd,file={self.overlay},format=qcow2",
            "-netdev", f"user,id=net{self.forward}", "-device", "usb-net,netdev=net",
        ]

    def add_overlays(self, card, tree):
        """As the boot loader does it."""
        for name in re.findall(r"^dtoverlay=(\w+)", card.content("config.txt").decode(), re.M):
            card.get(f"overlays/{name}.dtbo", tree + ".overlay")
            run("fdtoverlay", "-i", tree, "-o", tree + ".new", tree + ".overlay")
            os.replace(tree + ".new", tree)

    def add_proof(self, path, environment):
        """A second archive behind the image's own, whose files count where both have one."""
        more = Initramfs()
        for name in ("proof", "proof.service"):
            more.copy(f"proof/{name}", os.path.join(HERE, name))
        more.copy("bin/switch_root", os.path.join(HERE, "switch_root"))
        more.copy("proof/busybox", self.busybox(path))
        more.file("proof/environment",
                  "".join(f"{name}='{value}'\n" for name, value in environment.items()).encode(), 0o644)
        more.write(path + ".more")
        with open(path, "ab") as file, open(path + ".more", "rb") as rest:
            file.write(bytes(-file.tell() % 512))
            shutil.copyfileobj(rest, file)

    def busybox(self, archive):
        """The image's own, out of its first root."""
        unpacked = os.path.join(self.directory, "first")
        os.mkdir(unpacked)
        run("sh", "-c", f"gzip -dc '{archive}' | cpio -id --quiet bin/busybox", cwd=unpacked)
        return os.path.join(unpacked, "bin", "busybox")

    def __enter__(self):
        self.log = open(os.path.join(self.directory, "qemu"), "wb")
        # However this ends, the machine ends with it.
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *self.command],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.begin = time.monotonic()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()

    def cut(self):
        """The plug is pulled. How much was ever written to the card, in operations."""
        written = self.writes()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        return written

    def writes(self):
        answer = qmp.tell(os.path.join(self.directory, "qmp"), ("query-blockstats", {}))
        return sum(entry["stats"]["wr_operations"] for entry in answer)

    def clusters(self):
        """Of the overlay that hold something: what was written, in 64 KiB."""
        answer = run("qemu-img", "map", "--output=json", self.overlay).stdout
        return sum(part["length"] for part in json.loads(answer) if part.get("depth") == 0 and part["data"]) // 65536

    def wait(self, pattern, limit_s=BOOT_LIMIT_S):
        """The line of the console that has it; says how the console ends when none comes."""
        end = time.monotonic() + limit_s
        while True:
            text = read_log(self.console)
            found = re.search(pattern, text)
            if found:
                return found
            if self.process.poll() is not None or time.monotonic() > end:
                tail = "\n".join(text.splitlines()[-25:])
                raise RuntimeError(f"no '{pattern}' within {limit_s} s; the console ends with:\n{tail}\n{read_log(self.log.name)}")
            time.sleep(0.05)

    def results(self):
        with open(os.path.join(self.directory, "results"), "rb") as file:
            return unpack(file.read())
