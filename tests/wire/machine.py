"""What the emulated machines have in common: each is a Debian kernel under QEMU that boots once from
an archive with our program as `cmake --install` leaves it, runs every case, and sends back what came
of them."""

import glob
import io
import lzma
import os
import re
import shutil
import subprocess
import tarfile
import time

from initramfs import Initramfs

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, "..", ".."))
HOST = "10.0.2.2"  # the host's loopback, as QEMU's user network shows it
END = "wire: all cases ran"  # what `init` prints last
TOOLS = {  # of our own, beside the program, and what else each is made of
    "blinkt": [],
    "figure": [],
    "hidlight": [],
    "display": ["tests/bus/tm1637.c"],
}


class Cannot(Exception):
    """This machine cannot run the bench; says why in one line."""


class Machine:
    tools: dict = {}  # what is needed on this machine, and the package that has it
    packages: list = []  # of the root file system
    programs: list = [("gpioset", "usr/bin/gpioset")]  # of Debian's, and where they may be
    modules: list = []  # loaded before the cases, with what they need
    triple = ""
    memory_kb = 0
    interface = ""  # of the emulated network
    port = ""  # by which the results leave
    limit_s = 1500  # two idle cores without KVM take up to two minutes for all cases, busy ones five

    def __init__(self, suite, work):
        self.check_host()
        self.suite = suite
        self.work = work
        os.makedirs(work, exist_ok=True)
        self.root = self.make_root()

    # What each machine says for itself.

    def check_host(self):
        missing = [package for tool, package in self.tools.items() if shutil.which(tool) is None]
        if missing:
            raise Cannot("not installed: " + " ".join(missing))
        with open("/proc/meminfo", encoding="ascii") as file:
            free = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable:"))
        if free < self.memory_kb:
            raise Cannot(f"{free // 1024} MiB of memory are free, {self.memory_kb // 1024} needed")

    def make_root(self):
        raise NotImplementedError

    def cmake_options(self):
        return []

    def run(self, command):
        """Runs a build command where this machine's compiler is."""
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def compiler(self):
        raise NotImplementedError

    def command(self, image, directory):
        """The QEMU command; writes `results` and `console` into the directory."""
        raise NotImplementedError

    def extra_modules(self):
        """Kernel modules that Debian does not have: {name: path}."""
        return {}

    # What all do alike.

    def build_step(self, what, *command):
        answer = self.run([str(word) for word in command])
        if answer.returncode != 0:
            tail = "\n".join((answer.stdout + answer.stderr).splitlines()[-15:])
            raise RuntimeError(f"{what} failed:\n{tail}")

    def build(self):
        """The whole program, installed below `work`/installed, and our own tools."""
        build, installed = f"{self.work}/build", f"{self.work}/installed"
        shutil.rmtree(installed, ignore_errors=True)
        self.build_step(
            "configuring", "cmake", "-S", TOP, "-B", build, "-G", "Ninja", "-DTESTS=OFF",
            "-DWARNINGS_AS_ERRORS=OFF",  # they are looked at elsewhere
            "-DCMAKE_INSTALL_PREFIX=/usr", *self.cmake_options(),
        )
        self.build_step("building", "cmake", "--build", build)
        self.build_step("installing", "env", f"DESTDIR={installed}", "cmake", "--install", build,
                        "--strip")
        for tool, others in TOOLS.items():
            self.build_step(
                f"building {tool}", *self.compiler(), "-std=gnu17", "-D_GNU_SOURCE", "-O2", "-Wall",
                "-Wextra", "-Werror", f"-I{TOP}/firmware", f"-I{TOP}/tests",
                f"{HERE}/{tool}.c", *(f"{TOP}/{path}" for path in others),
                f"{build}/libamberbar_core.a", "-lgpiod", "-lm", "-o", f"{self.work}/{tool}",
            )

    def find(self, *patterns):
        for pattern in patterns:
            found = sorted(glob.glob(os.path.join(self.root, pattern)))
            if found:
                return found[-1]
        raise FileNotFoundError(f"none of {', '.join(patterns)} in {self.root}")

    def library(self, name):
        triple = self.triple
        return self.find(f"usr/lib/{triple}/{name}", f"lib/{triple}/{name}", f"lib/{name}",
                         f"lib64/{name}", f"usr/lib/{triple}/systemd/{name}")

    def pack(self, cases, environment, out):
        """The root file system: busybox, the programs, and one shell script a case."""
        image = Initramfs()
        for path in ("proc", "sys", "dev", "results", "tmp", "run", "etc/amberbar"):
            image.directory(path)
        image.link("lib64", "lib")  # where amd64's programs look for their loader
        image.copy("bin/busybox", self.find("usr/bin/busybox", "bin/busybox"))
        image.copy("init", os.path.join(HERE, "init"))
        image.copy("guest.sh", os.path.join(HERE, "guest.sh"))
        image.file("etc/passwd", b"root:x:0:0::/:/bin/sh\nvisitor:x:1000:1000::/:/bin/sh\n"
                                 b"member:x:1001:1001::/:/bin/sh\n", 0o644)
        image.file("etc/group", b"root:x:0:\ngpio:x:997:member\nspi:x:996:\ni2c:x:995:\n", 0o644)
        self.pack_programs(image)
        for name, script in cases.items():
            image.file(f"cases/{name}", f". /guest.sh\n{script}\n".encode(), 0o644)
        order = self.pack_modules(image)
        environment = environment | {"MODULES": " ".join(order), "INTERFACE": self.interface,
                                     "PORT": self.port}
        exports = "".join(f"export {name}='{value}'\n" for name, value in environment.items())
        image.file("machine", exports.encode(), 0o644)
        image.write(out)

    def pack_programs(self, image):
        readelf = f"{self.triple}-readelf" if shutil.which(f"{self.triple}-readelf") else "readelf"
        for tool in TOOLS:
            image.program(f"bin/{tool}", f"{self.work}/{tool}", self, readelf)
        for name, *places in self.programs:
            image.program(f"bin/{name}", self.find(*places), self, readelf)
        installed = f"{self.work}/installed"
        for folder, _, names in os.walk(installed):
            for name in names:
                source = os.path.join(folder, name)
                path = os.path.relpath(source, installed)
                if path.startswith("usr/bin/"):
                    image.program(path, source, self, readelf)
                else:
                    image.copy(path, source)

    def pack_modules(self, image):
        """Into modules/; returns their names, each after those that it needs."""
        extra, order = self.extra_modules(), []
        waiting = list(self.modules)
        while waiting:
            name = waiting[-1]
            content = self.module(name, extra)
            needs = [need for need in dependencies(content)
                     if need not in order and self.module(need, extra)]
            if name in order or not content or not needs:
                waiting.pop()
                if content and name not in order:
                    image.file(f"modules/{name}.ko", content, 0o644)
                    order.append(name)
            waiting += needs
        return order

    def module(self, name, extra):
        """The content of a module; None when it is part of the kernel."""
        if name in extra:
            with open(extra[name], "rb") as file:
                return file.read()
        letters = re.sub("[-_]", "[-_]", name)
        found = glob.glob(f"{self.root}/lib/modules/*/kernel/**/{letters}.ko*", recursive=True)
        if not found:
            return None
        with (lzma.open if found[0].endswith(".xz") else open)(found[0], "rb") as file:
            return file.read()

    def boot(self, image, directory):
        """Boots once; returns {file name below results/: text}."""
        results, console = (os.path.join(directory, name) for name in ("results", "console"))
        # However this ends, the machine ends with it.
        command = ["setpriv", "--pdeathsig", "KILL", *self.command(image, directory)]
        with open(os.path.join(directory, "qemu"), "wb") as log, subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ) as board:
            try:
                wait_for_end(board, [console, log.name], self.limit_s)
            finally:
                board.kill()
        with open(results, "rb") as file:
            return unpack(file.read())


def dependencies(module):
    """A module says in its section .modinfo which others it needs."""
    found = re.search(rb"\0depends=([^\0]*)\0", module or b"")
    return [name for name in found.group(1).decode().split(",") if name] if found else []


def wait_for_end(board, logs, limit_s):
    deadline = time.monotonic() + limit_s
    while END not in (text := "".join(map(read_log, logs))):
        if board.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(text.splitlines()[-15:])
            raise RuntimeError(f"the machine did not finish; its console ends with:\n{tail}")
        time.sleep(0.1)


def read_log(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def unpack(archive):
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        return {
            member.name.removeprefix("results/"): tar.extractfile(member).read().decode()
            for member in tar if member.isfile()
        }


def essential_root(suite, architecture):
    """In which programs can be built, started, and found."""
    with open(os.path.join(HERE, "essential-packages"), encoding="ascii") as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    packages = [name for name, *only in lines if set(only) <= {suite, architecture}]
    return debian_root(suite, architecture, "essential", packages)


def debian_root(suite, architecture, variant, packages):
    answer = subprocess.run(
        [os.path.join(HERE, "root"), suite, architecture, variant, *packages],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
    )
    if answer.returncode != 0:
        raise Cannot((answer.stderr.strip().splitlines() or ["tests/wire/root failed"])[-1])
    return answer.stdout.strip()
