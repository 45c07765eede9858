"""QEMU's Raspberry Pi 3 with Debian's stock arm64 kernel: the real pinctrl-bcm2835 driver.
Everything comes from Debian packages; the suite decides the kernel and which libgpiod there is."""

import os
import platform
import re
import shutil
import subprocess

from machine import HERE, Cannot, Machine, debian_root, essential_root

QEMU = "qemu-system-aarch64"
QEMU_WITH_I2C = 9  # from this version on its board has the chip's own I2C controllers
I2C_DEVICE = ["-device", "at24c-eeprom,bus=i2c-bus.1,address=0x70,rom-size=256"]

# Another I2C bus, on two lines of the header. The emulated lines read low, so that every byte is
# acknowledged and a GPIO expander can be plugged in and pulled out at will.
I2C_LAB = {"sda": 17, "scl": 27}
# SPI 0's own lines, clocked by the kernel one by one, so that its edges are in the trace too. (QEMU's
# model of the chip's own SPI hangs.) The kernel makes a spidev for devices that it knows by name.
SPI_LAB = {"sck": (11, 0), "mosi": (10, 0), "cs": (8, 1)}  # line, and whether active low
SPI_DEVICE = "rohm,dh2228fv"


class Raspi3b(Machine):
    triple = "aarch64-linux-gnu"
    tools = {
        "qemu-system-aarch64": "qemu-system-arm",
        f"{triple}-gcc": "gcc-aarch64-linux-gnu",
        "fdtput": "device-tree-compiler",
        "mmdebstrap": "mmdebstrap",
        "ninja": "ninja-build",
    }
    packages = [
        "linux-image-arm64", "busybox-static", "gpiod", "base-files", "libc6-dev",
        "libgpiod-dev", "libcurl4-openssl-dev", "libcjson-dev", "libyaml-dev",
    ]
    modules = ["i2c-gpio", "i2c-bcm2835", "i2c-dev", "spi-gpio", "phy-generic", "dwc2", "cdc_ether"]
    memory_kb = 1280 * 1024  # the board's gigabyte, and QEMU's own
    interface = "usb0"
    port = "/dev/ttyAMA0"

    def make_root(self):
        return debian_root(self.suite, "arm64", "extract", self.packages)

    def cmake_options(self):
        return [f"-DCMAKE_TOOLCHAIN_FILE={HERE}/cross.cmake", f"-DTRIPLE={self.triple}",
                f"-DCMAKE_SYSROOT={self.root}"]

    def compiler(self):
        return [f"{self.triple}-gcc", f"--sysroot={self.root}"]

    def qemu(self, directory):
        """One with I2C: this machine's or, where that is too old, Debian 13's in a root of its own,
        which sees no files but those in `directory`."""
        said = subprocess.run([QEMU, "--version"], capture_output=True, text=True).stdout
        if int(re.search(r"version (\d+)", said)[1]) >= QEMU_WITH_I2C:
            return [QEMU]
        architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine())
        if not architecture:
            raise Cannot(f"QEMU {QEMU_WITH_I2C} or newer is needed: {said.splitlines()[0]}")
        root = essential_root("trixie", architecture)
        return [os.path.join(HERE, "inside"), root, "-w", directory, QEMU]

    def command(self, image, directory):
        tree = os.path.join(directory, "board.dtb")
        self.write_device_tree(tree)
        kernel = shutil.copy(self.find("boot/vmlinuz-*"), directory)
        return [
            *self.qemu(directory), *I2C_DEVICE, "-M", "raspi3b", "-accel", "tcg,thread=single",
            "-display", "none", "-monitor", "none", "-serial", f"file:{directory}/results",
            "-serial", f"file:{directory}/console", "-kernel", kernel,
            "-dtb", tree, "-initrd", image, "-append", "console=ttyS1,115200 panic=-1 quiet",
            "-netdev", "user,id=net", "-device", "usb-net,netdev=net",
        ]

    def write_device_tree(self, tree):
        def put(*arguments):
            subprocess.run(["fdtput", *arguments], check=True)

        shutil.copy(self.find("usr/lib/linux-image-*/broadcom/bcm2837-rpi-3-b.dtb"), tree)
        # Bluetooth would own the first serial line, by which the results come.
        put("-r", tree, "/soc/serial@7e201000/bluetooth")
        chip = subprocess.run(["fdtget", tree, "/soc/gpio@7e200000", "phandle"],
                              check=True, capture_output=True, text=True).stdout.strip()
        put("-c", tree, "/i2c-lab")
        put("-t", "s", tree, "/i2c-lab", "compatible", "i2c-gpio")
        for line, number in I2C_LAB.items():
            put("-t", "i", tree, "/i2c-lab", f"{line}-gpios", chip, str(number), "6")  # open drain
        put(tree, "/i2c-lab", "i2c-gpio,scl-output-only")

        put("-c", tree, "/spi-lab")
        put("-c", tree, "/spi-lab/device@0")
        put("-t", "s", tree, "/spi-lab", "compatible", "spi-gpio")
        for line, (number, active_low) in SPI_LAB.items():
            put("-t", "i", tree, "/spi-lab", f"{line}-gpios", chip, str(number), str(active_low))
        for cells in (("#address-cells", 1), ("#size-cells", 0), ("num-chipselects", 1)):
            put("-t", "i", tree, "/spi-lab", cells[0], str(cells[1]))
        put("-t", "s", tree, "/spi-lab/device@0", "compatible", SPI_DEVICE)
        put("-t", "i", tree, "/spi-lab/device@0", "reg", "0")
        put("-t", "i", tree, "/spi-lab/device@0", "spi-max-frequency", "12000000")
