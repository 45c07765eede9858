"""The cards that Raspberry Pi Imager and pi-gen make, as tools/card finds, prepares and leaves them."""

import importlib.machinery
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
AMBERBAR = os.environ["AMBERBAR"]
sys.dont_write_bytecode = True
_LOADER = importlib.machinery.SourceFileLoader("card", str(TOP / "tools" / "card"))
CARD = importlib.util.module_from_spec(importlib.util.spec_from_loader("card", _LOADER))
_LOADER.exec_module(CARD)

COMMON = {
    "config.txt": "dtparam=audio=on\n[cm4]\notg_mode=1\n\n[all]\n",
    "issue.txt": "Raspberry Pi reference 2024-11-19\nGenerated using pi-gen, stage2\n",
}
BOOKWORM = COMMON | {
    "cmdline.txt": "console=serial0,115200 console=tty1 root=PARTUUID=1a2b-02 rootfstype=ext4 fsck.repair=yes "
                   "rootwait quiet init=/usr/lib/raspberrypi-sys-mods/firstboot\n"}
FIRSTRUN = """#!/bin/sh

set +e

imager_custom set_hostname wall
rm -f /boot/firstrun.sh
sed -i 's| systemd.run.*||g' /boot/cmdline.txt
exit 0
"""
TRIXIE = COMMON | {
    "cmdline.txt": "console=serial0,115200 console=tty1 root=PARTUUID=1a2b-02 rootfstype=ext4 fsck.repair=yes "
                   "rootwait resize\n",
    "meta-data": "dsmode: local\ninstance_id: rpios-image\n",
    "network-config": "#network:\n#  version: 2\n",
}
IMAGER_DATA = """#cloud-config
manage_resolv_conf: false

hostname: wall
user:
  name: me
  shell: /bin/bash

ssh_pwauth: true

runcmd:
  - [ systemctl, enable, --now, ssh ]
"""

FORMS = {
    "bookworm, as it is downloaded": (BOOKWORM, "deb12"),
    "bookworm, custom.toml": (BOOKWORM | {"custom.toml": "config_version = 1\n[system]\nhostname = \"wall\"\n"},
                              "deb12"),
    "bookworm, Imager's firstrun.sh": (BOOKWORM | {
        "firstrun.sh": FIRSTRUN,
        "cmdline.txt": BOOKWORM["cmdline.txt"].rstrip() + " systemd.run=/boot/firstrun.sh "
        "systemd.run_success_action=reboot systemd.unit=kernel-command-line.target"}, "deb12"),
    "trixie, as it is downloaded": (TRIXIE | {"user-data": "#cloud-config\n\n#hostname: raspberrypi\n"}, "deb13"),
    "trixie, Imager's user-data with commands": (TRIXIE | {"user-data": IMAGER_DATA}, "deb13"),
    "trixie, a file without a last line feed": (TRIXIE | {"user-data": "#cloud-config\nhostname: wall"}, "deb13"),
    "trixie, lines of Windows": (TRIXIE | {"user-data": IMAGER_DATA.replace("\n", "\r\n")}, "deb13"),
    "trixie, a list without indentation": (TRIXIE | {
        "user-data": "#cloud-config\nruncmd:\n# mine\n- [ls]\n- [touch, /tmp/x]\n"}, "deb13"),
}


def package(folder, release="deb13", architecture="arm64", name="amberbar"):
    """As Debian builds them, as far as a control file goes."""
    control = io.BytesIO()
    with tarfile.open(fileobj=control, mode="w:xz") as archive:
        text = f"Package: {name}\nVersion: 0.1.0~{release}\nArchitecture: {architecture}\n".encode()
        member = tarfile.TarInfo("./control")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    path = folder / f"amberbar_0.1.0~{release}_{architecture}.deb"
    with open(path, "wb") as file:
        file.write(b"!<arch>\n")
        for name, data in (("debian-binary", b"2.0\n"), ("control.tar.xz", control.getvalue())):
            file.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode())
            file.write(data + b"\n" * (len(data) % 2))
    return path


class Card(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.boot = self.home / "bootfs"

    def make(self, files):
        self.boot.mkdir()
        for name, text in files.items():
            (self.boot / name).write_bytes(text.encode())

    def files(self):
        return {str(path.relative_to(self.boot)): path.read_bytes()
                for path in self.boot.rglob("*") if path.is_file()}

    def card(self, *words):
        return subprocess.run([TOP / "tools" / "card", self.boot, *map(str, words)], capture_output=True, text=True,
                              timeout=60, check=False)

    def prepare(self, release="deb13", board="pimoroni-blinkt", *more):
        return self.card("--board", board, "--url", "http://prometheus.example.org:9090", "--deb",
                         package(self.home, release), *more)

    def refused(self, said, words):
        self.assertEqual((said.returncode, said.stdout), (2, ""), said.stderr)
        self.assertIn(words, said.stderr)
        self.assertEqual(said.stderr.count("\n"), 1, said.stderr)

    def test_every_form_is_prepared_and_left_as_it_was(self):
        for form, (files, release) in FORMS.items():
            with self.subTest(form):
                self.make(files)
                before = self.files()
                for _ in range(2):  # again: the same
                    said = self.prepare(release)
                    self.assertEqual(said.returncode, 0, said.stderr)
                    after = self.files()
                    begun = sum(data.count(b"/amberbar/first-boot") for name, data in after.items()
                                if not name.startswith("amberbar/"))
                    self.assertEqual(begun, 1, "one thing begins it")
                    self.assertIn(b"board: pimoroni-blinkt", after["amberbar.yaml"])
                    self.assertTrue(after["amberbar/amberbar.deb"].startswith(b"!<arch>"))
                self.assertEqual(self.card("--undo").returncode, 0)
                self.assertEqual(self.files(), before)
                for path in self.boot.iterdir():
                    path.unlink()
                self.boot.rmdir()

    def test_the_kernel_gets_one_line(self):
        self.make(BOOKWORM)
        self.prepare("deb12")
        line = (self.boot / "cmdline.txt").read_text()
        self.assertEqual(line.count("\n"), 1)
        self.assertIn("init=/usr/lib/raspberrypi-sys-mods/firstboot systemd.run=/boot/firmware/amberbar/first-boot ",
                      line)
        self.assertTrue(line.endswith(" systemd.unit=kernel-command-line.target\n"), line)

    def test_firstrun_calls_it_before_it_is_cut(self):
        self.make(FORMS["bookworm, Imager's firstrun.sh"][0])
        self.prepare("deb12")
        kept = subprocess.run(["sed", "-n", r"/rm.*firstrun\.sh$/q;p", self.boot / "firstrun.sh"],
                              capture_output=True, text=True, check=True).stdout  # as the system does
        self.assertIn("\nsh /boot/firmware/amberbar/first-boot || true\n", kept)
        subprocess.run(["sh", "-n", self.boot / "firstrun.sh"], check=True)

    def test_user_data_stays_a_list_of_commands(self):
        for form in ("trixie, Imager's user-data with commands", "trixie, a list without indentation",
                     "trixie, as it is downloaded"):
            with self.subTest(form):
                self.make(FORMS[form][0])
                self.prepare()
                data = (self.boot / "user-data").read_text()
                self.assertEqual(data.count("\nruncmd:"), 1)
                items = [line for line in data.split("\nruncmd:")[1].splitlines() if line.strip().startswith("- ")]
                self.assertEqual(len({len(line) - len(line.lstrip()) for line in items}), 1, items)
                self.assertIn("- [sh, /boot/firmware/amberbar/first-boot]", items[0])
                for path in sorted(self.boot.rglob("*"), reverse=True):
                    path.rmdir() if path.is_dir() else path.unlink()
                self.boot.rmdir()

    def test_the_first_boot_leaves_a_unit_and_takes_its_words_back(self):
        self.make(BOOKWORM)
        self.prepare("deb12")
        root = self.home / "root"
        (root / "boot").mkdir(parents=True)
        (root / "boot" / "firmware").symlink_to(self.boot)
        subprocess.run(["sh", self.boot / "amberbar/first-boot"], check=True, timeout=60,
                       env=os.environ | {"AMBERBAR_ROOT": str(root)})
        self.assertEqual((self.boot / "cmdline.txt").read_text(), BOOKWORM["cmdline.txt"])
        install = root / "usr/local/sbin/amberbar-install"
        self.assertTrue(os.access(install, os.X_OK))
        subprocess.run(["sh", "-n", install], check=True)
        wanted = root / "etc/systemd/system/multi-user.target.wants/amberbar-install.service"
        self.assertIn("amberbar-install", wanted.read_text())

    def test_the_installation_is_tried_until_apt_has_done_it(self):
        self.make(FORMS["trixie, as it is downloaded"][0])
        self.prepare()
        script = (self.boot / "amberbar/install").read_text().replace("/boot/firmware", str(self.boot))
        log, commands = self.home / "log", self.home / "bin"
        commands.mkdir()
        for apt, dpkg, ends in ((100, 0, 100), (0, 1, 0)):  # no network; cut short the time before
            with self.subTest(apt=apt, dpkg=dpkg):
                log.write_text("")
                for name, code in (("apt-get", apt), ("dpkg", dpkg), ("systemctl", 0)):
                    (commands / name).write_text(f'#!/bin/sh\necho {name} "$@" >>{log}\nexit {code}\n')
                    (commands / name).chmod(0o755)
                said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, check=False,
                                      env=os.environ | {"PATH": f"{commands}:{os.environ['PATH']}"})
                self.assertEqual(said.returncode, ends, said.stderr)
                self.assertEqual("systemctl disable amberbar-install" in log.read_text(), ends == 0)
        done = re.findall(r"dpkg --configure|--fix-broken|install \S*/amberbar\.deb|systemctl disable", log.read_text())
        self.assertEqual([words.split("/")[0] for words in done],
                         ["dpkg --configure", "--fix-broken", "install ", "systemctl disable"])

    def test_the_config_is_one(self):
        self.make(FORMS["trixie, as it is downloaded"][0])
        for words in ((), ("--namespace", "shop")):
            self.assertEqual(self.prepare("deb13", "pimoroni-blinkt", *words).returncode, 0)
            said = subprocess.run([AMBERBAR, "check", "-c", self.boot / "amberbar.yaml"], capture_output=True,
                                  text=True, timeout=60, check=False)
            self.assertEqual(said.returncode, 0, said.stderr)

    def test_what_the_board_needs_is_enabled(self):
        self.make(FORMS["trixie, as it is downloaded"][0])
        for board, lines in (("apa102-spi", "dtparam=spi=on"), ("ht16k33", "dtparam=i2c_arm=on"),
                             ("ws2812-pio", "dtoverlay=ws2812-pio,gpio=18,num_leds="), ("ws2812-spi", "\n[pi0]\n")):
            with self.subTest(board):
                self.assertEqual(self.prepare("deb13", board).returncode, 0)
                config = (self.boot / "config.txt").read_text()
                self.assertTrue(config.startswith(COMMON["config.txt"]))
                self.assertIn(lines, config)
                self.assertNotIn('"', config)

    def test_a_config_that_was_changed_is_not_taken_away(self):
        self.make(FORMS["trixie, as it is downloaded"][0])
        self.prepare()
        (self.boot / "amberbar.yaml").write_text("board: frames\n")
        self.assertEqual(self.card("--undo").returncode, 0)
        self.assertEqual((self.boot / "amberbar.yaml").read_text(), "board: frames\n")
        self.refused(self.prepare(), "amberbar.yaml is there already")

    def test_what_is_not_known_is_refused_and_left(self):
        trixie, bookworm = FORMS["trixie, as it is downloaded"][0], BOOKWORM
        cases = (
            ({}, "deb13", "this is no boot partition"),
            (trixie | {"issue.txt": "Ubuntu\n"}, "deb13", "this is not Raspberry Pi OS"),
            ({**COMMON, "cmdline.txt": "root=x\n"}, "deb13", "booted before"),
            (trixie | {"user-data": "#include http://x\n"}, "deb13", "does not begin with #cloud-config"),
            (trixie | {"user-data": "#cloud-config\nruncmd: [[ls]]\n"}, "deb13", "a line for each command"),
            (bookworm | {"cmdline.txt": "init=/usr/lib/raspberrypi-sys-mods/firstboot systemd.run=/x\n"}, "deb12",
             "something else runs"),
            (bookworm | {"cmdline.txt": "a\nb init=/usr/lib/raspberrypi-sys-mods/firstboot\n"}, "deb12",
             "several lines"),
            (trixie, "deb12", "this card has trixie"),
            (bookworm, "deb13", "this card has bookworm"),
            (trixie | {"kernel7.img": ""}, "deb13", "needs amberbar for armhf"),
        )
        for files, release, words in cases:
            with self.subTest(words):
                self.make(files)
                before = self.files()
                self.refused(self.prepare(release), words)
                self.assertEqual(self.files(), before)
                for path in self.boot.iterdir():
                    path.unlink()
                self.boot.rmdir()

    def advised(self, said):
        """The boards that a refusal names, without the one that there is not."""
        return re.findall(r"'([^' ]+)'", said)[1:]

    def test_other_names_of_boards_are_those_that_the_program_knows(self):
        table = (TOP / "firmware" / "chips" / "same_wire.c").read_text()
        sold = re.findall(r'\{"(\w+)", "[\w-]+"\}', table)
        boards = [path.stem for path in (TOP / "boards").glob("*.yaml")]
        parts = {part for board in boards for part in board.split("-")}
        typos = {board[:-1] for board in boards[::4]} | {f"{board[1]}{board[0]}{board[2:]}" for board in boards[::5]}
        others = {"NeoPixel strip", "WS2812B-spi", "blinkt!", "Pimoroni-Blinkt", "zzzz", "tm1640", "no", ""}
        self.assertGreater(len(sold), 30)
        for name in sorted({*sold, *parts, *typos, *others} - {*boards}):
            with self.subTest(name):
                program = subprocess.run([AMBERBAR, "preview", "--board", name], capture_output=True, text=True,
                                         timeout=60, check=False, stdin=subprocess.DEVNULL)
                self.assertEqual(program.returncode, 2, program.stdout)
                with self.assertRaises(CARD.Refusal) as refused:
                    CARD.board_text(name)
                self.assertEqual(self.advised(str(refused.exception)), self.advised(program.stderr))
        for name, board in (("blinkt", "pimoroni-blinkt"), ("neopixel", "ws2812-spi"), ("dotstar", "apa102-spi")):
            with self.assertRaisesRegex(CARD.Refusal, f"'{board}'"):
                CARD.board_text(name)

    def test_lights_in_the_network_have_an_address_first(self):
        for board in ("wled", "e131"):
            self.make(FORMS["trixie, as it is downloaded"][0])
            before = self.files()
            self.refused(self.prepare("deb13", board), f"board: ./{board}.yaml")
            self.assertEqual(self.files(), before)
            shutil.rmtree(self.boot)

    def test_words_that_are_mistyped(self):
        self.make(FORMS["trixie, as it is downloaded"][0])
        deb = package(self.home)
        self.refused(self.card("--board", "pimoroni-blinkd", "--url", "http://p", "--deb", deb), "did you mean")
        self.refused(self.card("--board", "frames", "--url", "prometheus", "--deb", deb), "is no address")
        self.refused(self.card("--board", "frames"), "--url are needed")
        self.refused(self.card("--undo"), "nothing of amberbar's")
        self.refused(self.card("--board", "frames", "--url", "http://p", "--deb", self.boot / "config.txt"),
                     "no Debian package")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
