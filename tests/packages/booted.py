"""Debians with systemd in an emulated PC, as the tests of this folder boot them."""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, "..", ".."))
sys.path[:0] = [os.path.join(TOP, "tests", "wire"), os.path.join(TOP, "tests")]

import account  # noqa: E402
import decode  # noqa: E402
import lights  # noqa: E402
from initramfs import Initramfs  # noqa: E402
from machine import HOST, Cannot, debian_root  # noqa: E402
from pc import Pc  # noqa: E402

LIBRARIES = {
    "bookworm": ["libcurl4", "libcjson1", "libyaml-0-2", "libgpiod2"],
    "trixie": ["libcurl4t64", "libcjson1", "libyaml-0-2", "libgpiod3"],
}
SYSTEM = ["ca-certificates", "systemd", "systemd-sysv", "udev"]
PROOF_UNIT = """
[Unit]
After=multi-user.target

[Service]
Type=oneshot
ExecStart=/proof/{proof}
"""
LABEL = "pinctrl-bcm2711"


class Booted(Pc):
    tools = Pc.tools | {"mke2fs": "e2fsprogs"}
    # Debian's ext4 wants the first of the checksums by a name that no module's needs tell.
    modules = ["virtio_pci", "virtio_blk", "crc32c_generic", "ext4", "virtio_console", "virtio_net",
               "gpio-sim-lab"]
    qemu_options = ["-smp", "2"]  # systemd waits in real time

    def command(self, image, directory):
        # A busy host is late with the timer; udev would give eth0 another name.
        command = super().command(image, directory)
        command[command.index("-append") + 1] += (
            " no_timer_check net.ifnames=0 systemd.show_status=0")
        return [*command, "-no-reboot", "-drive",
                f"file={directory}/root.ext4,format=raw,if=virtio,cache=unsafe"]

    def pack_first_stage(self, out):
        image = Initramfs()
        for path in ("proc", "sys", "dev", "root", "bin"):
            image.directory(path)
        image.copy("bin/busybox", self.find("usr/bin/busybox", "bin/busybox"))
        image.copy("init", os.path.join(HERE, "machine", "init"))
        order = self.pack_modules(image)
        image.file("machine", f"MODULES='{' '.join(order)}'\n".encode(), 0o644)
        image.write(out)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def prepare_root(machine, packages, directory, proof, facts):
    """A copy of a Debian with systemd, where machine/`proof` runs at the end of each boot, with the facts it needs."""
    clean = debian_root(machine.suite, "amd64", "essential", [*packages, *SYSTEM])
    root = f"{directory}/root"
    subprocess.run(["cp", "-a", clean, root], check=True)
    os.makedirs(f"{root}/proof")
    for source in (f"{HERE}/machine/{proof}", f"{HERE}/machine/steps.sh", f"{TOP}/tests/wire/guest.sh",
                   machine.find("usr/bin/busybox", "bin/busybox")):  # has `ip`
        shutil.copy(source, f"{root}/proof/")
    write(f"{root}/proof/environment", "".join(
        f"{name}={value}\n" for name, value in ({"PORT": machine.port, "HOST": HOST} | facts).items()))
    write(f"{root}/etc/fstab", "")
    os.symlink("/dev/null", f"{root}/etc/systemd/system/serial-getty@ttyS0.service")
    want(root, "proof", PROOF_UNIT.format(proof=proof), "default")
    return root


def want(root, unit, text, target):
    write(f"{root}/etc/systemd/system/{unit}.service", text)
    wants = f"{root}/etc/systemd/system/{target}.target.wants"
    os.makedirs(wants, exist_ok=True)
    os.symlink(f"/etc/systemd/system/{unit}.service", f"{wants}/{unit}.service")


def pack_root(root, directory):
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-O", "^has_journal", "-d", root,
                    f"{directory}/root.ext4", "1G"], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(root)


def build_package(suite, directory):
    answer = subprocess.run([f"{TOP}/tools/package", "--suite", suite, "--output", directory],
                            stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode == 77:
        raise Cannot("tools/package cannot run here")
    if answer.returncode != 0:
        raise RuntimeError("tools/package failed")
    return answer.stdout.strip()


def repacked(package, change, out):
    """The same package, its control file changed by a command of sed's."""
    with tempfile.TemporaryDirectory(prefix="amberbar-repacked-") as tree:
        subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
        subprocess.run(["sed", "-i", change, f"{tree}/DEBIAN/control"], check=True)
        subprocess.run(["dpkg-deb", "-b", "--root-owner-group", tree, out], check=True, stdout=subprocess.DEVNULL)
    return out


def frames_of(files, trace):
    """What the lights showed in a part of the trace; `files` as guest.sh and steps.sh leave them."""
    decode.check_complete(files["stats"])
    line_0 = decode.first_line(files["chips-pi4"], LABEL)
    wire = decode.read_wire(trace, line_0 + 23, line_0 + 24)
    frames = account.read_frames(wire, lights.LEDS)
    if not frames:
        raise decode.Fault("no frame on the wire")
    return frames


def show(console):
    lines = [line for line in console.splitlines() if line.strip()]
    begin = next((i for i, line in enumerate(lines) if line.startswith(("ok ", "FAIL"))), 0)
    print("\n".join(lines[begin:]), flush=True)
