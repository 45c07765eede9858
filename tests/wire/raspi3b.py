"""QEMU's Raspberry Pi 3 with Debian's stock arm64 kernel: the real pinctrl-bcm2835 driver.
Everything comes from Debian packages; the suite decides the kernel and which libgpiod there is."""

import glob
import io
import lzma
import os
import shutil
import subprocess
import tarfile
import time

from initramfs import Initramfs

HERE = os.path.dirname(os.path.abspath(__file__))
FIRMWARE = os.path.join(HERE, "..", "..", "firmware")
TRIPLE = "aarch64-linux-gnu"
TOOLS = {  # what is needed, and the package that has it
    "qemu-system-aarch64": "qemu-system-arm",
    f"{TRIPLE}-gcc": "gcc-aarch64-linux-gnu",
    "fdtput": "device-tree-compiler",
    "mmdebstrap": "mmdebstrap",
}
PACKAGES = [
    "linux-image-arm64", "busybox-static", "gpiod", "base-files", "libc6-dev",
    "libgpiod-dev", "libcurl4-openssl-dev", "libcjson-dev", "libyaml-dev",
]
MODULES = ["i2c-algo-bit", "i2c-gpio"]  # for what a case may load; the rest is in the kernel
# An I2C bus on two lines of the header. The emulated lines read low, so that every byte is
# acknowledged and a GPIO expander can be plugged in and pulled out at will.
I2C_LAB = {"sda": 17, "scl": 27}
MEMORY_KB = 1280 * 1024  # the board's gigabyte, and QEMU's own
END = "wire: all cases ran"  # what `init` prints last
BOOT_LIMIT_S = 180  # a boot with all cases takes some 10 s on two cores without KVM


class Cannot(Exception):
    """This machine cannot run the bench; says why in one line."""


class Sysroot:
    def __init__(self, suite):
        answer = subprocess.run(
            [os.path.join(HERE, "root"), suite, "arm64", "extract", *PACKAGES],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
        )
        if answer.returncode != 0:
            raise Cannot((answer.stderr.strip().splitlines() or ["tests/wire/root failed"])[-1])
        self.path = answer.stdout.strip()

    def find(self, *patterns):
        for pattern in patterns:
            found = sorted(glob.glob(os.path.join(self.path, pattern)))
            if found:
                return found[-1]
        raise FileNotFoundError(f"none of {', '.join(patterns)} in {self.path}")

    def library(self, name):
        return self.find(f"usr/lib/{TRIPLE}/{name}", f"lib/{TRIPLE}/{name}", f"lib/{name}")


def check_machine():
    missing = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if missing:
        raise Cannot("not installed: " + " ".join(missing))
    with open("/proc/meminfo", encoding="ascii") as file:
        free = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable:"))
    if free < MEMORY_KB:
        raise Cannot(f"{free // 1024} MiB of memory are free, {MEMORY_KB // 1024} are needed")


def build(sysroot, backend, out):
    """The bus code as it is installed, for arm64 and one libgpiod."""
    sources = [os.path.join(FIRMWARE, "bus", f"gpio_{backend}.c")]
    for room in ("bus", "base"):
        sources += [path for path in sorted(glob.glob(os.path.join(FIRMWARE, room, "*.c")))
                    if not os.path.basename(path).startswith("gpio_")]
    answer = subprocess.run(
        [f"{TRIPLE}-gcc", f"--sysroot={sysroot.path}", "-std=gnu17", "-D_GNU_SOURCE", "-O2",
         "-Wall", "-Wextra", "-Werror", f"-I{FIRMWARE}", os.path.join(HERE, "blinkt.c"),
         *sources, "-lgpiod", "-lm", "-o", out],
        check=False,
    )
    if answer.returncode != 0:
        raise RuntimeError("the bus code does not compile for arm64")


def pack(sysroot, programs, cases, environment, out):
    """The root file system: busybox, the programs, and one shell script a case."""
    image = Initramfs()
    for path in ("proc", "sys", "dev", "results", "tmp"):
        image.directory(path)
    image.copy("bin/busybox", sysroot.find("usr/bin/busybox", "bin/busybox"))
    image.copy("init", os.path.join(HERE, "init"))
    image.file("etc/passwd", b"root:x:0:0::/:/bin/sh\nvisitor:x:1000:1000::/:/bin/sh\n"
                             b"member:x:1001:1001::/:/bin/sh\n", 0o644)
    image.file("etc/group", b"root:x:0:\ngpio:x:997:member\n", 0o644)
    for name, source in programs.items():
        image.program(f"bin/{name}", source, sysroot, f"{TRIPLE}-readelf")
    exports = "".join(f"export {name}='{value}'\n" for name, value in environment.items())
    for name, script in cases.items():
        image.file(f"cases/{name}", (exports + script + "\n").encode(), 0o644)
    for module in MODULES:
        path = sysroot.find(f"lib/modules/*/kernel/drivers/i2c/*/{module}.ko*")
        with (lzma.open if path.endswith(".xz") else open)(path, "rb") as file:
            image.file(f"modules/{module}.ko", file.read(), 0o644)
    image.write(out)


def write_device_tree(sysroot, tree):
    def put(*arguments):
        subprocess.run(["fdtput", *arguments], check=True)

    shutil.copy(sysroot.find("usr/lib/linux-image-*/broadcom/bcm2837-rpi-3-b.dtb"), tree)
    # Bluetooth would own the first serial line, by which the results come.
    put("-r", tree, "/soc/serial@7e201000/bluetooth")
    chip = subprocess.run(["fdtget", tree, "/soc/gpio@7e200000", "phandle"],
                          check=True, capture_output=True, text=True).stdout.strip()
    put("-c", tree, "/i2c-lab")
    put("-t", "s", tree, "/i2c-lab", "compatible", "i2c-gpio")
    for line, number in I2C_LAB.items():
        put("-t", "i", tree, "/i2c-lab", f"{line}-gpios", chip, str(number), "6")  # open drain
    put(tree, "/i2c-lab", "i2c-gpio,scl-output-only")


def boot(sysroot, image, directory):
    """Boots once; returns {file name below results/: text}."""
    tree = os.path.join(directory, "board.dtb")
    write_device_tree(sysroot, tree)
    results, console = (os.path.join(directory, name) for name in ("results", "console"))
    command = [
        "setpriv", "--pdeathsig", "KILL",  # however this ends, the board ends with it
        "qemu-system-aarch64", "-M", "raspi3b", "-accel", "tcg,thread=single",
        "-display", "none", "-monitor", "none", "-serial", f"file:{results}",
        "-serial", f"file:{console}", "-kernel", sysroot.find("boot/vmlinuz-*"), "-dtb", tree,
        "-initrd", image, "-append", "console=ttyS1,115200 panic=-1 quiet",
    ]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as board:
        try:
            wait_for_end(board, console)
        finally:
            board.kill()
    with open(results, "rb") as file:
        return unpack(file.read())


def wait_for_end(board, console):
    deadline = time.monotonic() + BOOT_LIMIT_S
    text = ""
    while END not in text:
        if board.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(text.splitlines()[-15:])
            raise RuntimeError(f"the board did not finish; its console ends with:\n{tail}")
        time.sleep(0.1)
        if os.path.exists(console):
            with open(console, encoding="utf-8", errors="replace") as file:
                text = file.read()


def unpack(archive):
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        return {
            member.name.removeprefix("results/"): tar.extractfile(member).read().decode()
            for member in tar if member.isfile()
        }
