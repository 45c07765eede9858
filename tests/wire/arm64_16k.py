"""QEMU's generic arm64 board with the processor of a Pi 5 and Debian's kernel of 16 KiB pages, as
Raspberry Pi OS boots a Pi 5 by default. It has no lights: what is asked there is how much memory
larger pages take."""

import os
import shutil

from machine import Cannot
from raspi3b import QEMU, Raspi3b


class Arm64With16k(Raspi3b):
    packages = [package.replace("linux-image-arm64", "linux-image-arm64-16k")
                for package in Raspi3b.packages]
    modules = ["virtio_pci", "virtio_console", "virtio_net"]
    interface = "eth0"
    port = "/dev/vport0p1"

    def make_root(self):
        if self.suite != "trixie":
            raise Cannot("Debian 12 has no kernel of 16 KiB pages")
        return super().make_root()

    def command(self, image, directory):
        kernel = shutil.copy(self.find("boot/vmlinuz-*"), directory)
        return [
            QEMU, "-M", "virt,gic-version=3", "-cpu", "cortex-a76", "-accel", "tcg,thread=single", "-m", "1024",
            "-nodefaults", "-display", "none", "-serial", f"file:{directory}/console",
            "-kernel", kernel, "-initrd", image, "-append", "console=ttyAMA0 panic=-1 quiet",
            "-device", "virtio-serial-pci", "-chardev", f"file,id=results,path={os.path.join(directory, 'results')}",
            "-device", "virtserialport,chardev=results,name=results",
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile=",
        ]
