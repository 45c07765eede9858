"""An emulated PC with Debian's stock amd64 kernel and GPIO chips of gpio-sim, which take any label,
and come and go at will. Programs are built inside the Debian whose libgpiod is asked for."""

import os
import platform
import shutil
import subprocess
import zlib

from machine import HERE, Cannot, Machine, essential_root


class Pc(Machine):
    triple = "x86_64-linux-gnu"
    tools = {
        "qemu-system-x86_64": "qemu-system-x86",
        "readelf": "binutils",
        "mmdebstrap": "mmdebstrap",
    }
    programs = [
        *Machine.programs,
        ("udevadm", "usr/bin/udevadm", "bin/udevadm"),
        ("systemd-udevd", "usr/bin/udevadm", "bin/udevadm"),  # the same program by two names
    ]
    modules = ["virtio_pci", "virtio_console", "virtio_net", "gpio-sim-lab",
               "uhid", "hid-generic", "hid-led"]
    # While it is busy its time is its instructions, 8 ns each, so that two programs of a case keep their
    # order however busy this machine is.
    qemu_options = ["-icount", "shift=3"]
    memory_kb = 768 * 1024
    interface = "eth0"
    port = "/dev/vport0p1"

    def check_host(self):
        if platform.machine() != "x86_64":
            raise Cannot(f"the PC needs an amd64 machine, not {platform.machine()}")
        super().check_host()

    def make_root(self):
        return essential_root(self.suite, "amd64")

    def run(self, command):
        inside = [os.path.join(HERE, "inside"), self.root, "-w", self.work]
        return subprocess.run([*inside, *command], capture_output=True, text=True, check=False)

    def compiler(self):
        return ["gcc"]

    def kernel(self, name):
        """What `gpio-sim` makes, once for each root."""
        script = os.path.join(HERE, "gpio-sim")
        with open(script, "rb") as file:
            made = f"{self.root}.kernel-{zlib.crc32(file.read())}"
        if not os.path.isdir(made):
            scratch = os.path.join(self.work, "kernel")
            shutil.rmtree(scratch, ignore_errors=True)
            os.mkdir(scratch)
            self.build_step("building gpio-sim", script, scratch)
            shutil.rmtree(made + ".new", ignore_errors=True)
            os.mkdir(made + ".new")
            for file in ("gpio-sim-lab.ko", "vmlinux"):
                shutil.move(os.path.join(scratch, file), made + ".new")
            os.rename(made + ".new", made)
        return os.path.join(made, name)

    def extra_modules(self):
        return {"gpio-sim-lab": self.kernel("gpio-sim-lab.ko")}

    def command(self, image, directory):
        return [
            "qemu-system-x86_64", "-M", "q35", "-accel", "tcg", *self.qemu_options, "-m", "512",
            "-nodefaults", "-display", "none", "-serial", f"file:{directory}/console",
            "-kernel", self.kernel("vmlinux"), "-initrd", image,
            "-append", "console=ttyS0 panic=-1 quiet",
            "-device", "virtio-serial-pci", "-chardev", f"file,id=results,path={directory}/results",
            "-device", "virtserialport,chardev=results,name=results",
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile=",
        ]
