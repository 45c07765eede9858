#!/usr/bin/env python3
"""The service's unit as systemd reads it: no remark, as little exposed as promised, and what stands in
it fits the program. Also the users and groups that it needs, and the udev rules that serve them."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = os.environ["AMBERBAR_SOURCE"]
AMBERBAR = os.environ["AMBERBAR"]
EXPOSURE_MAX = 1.5  # of 10, by `systemd-analyze security`


def read(*path):
    with open(os.path.join(TOP, "firmware", *path), encoding="utf-8") as file:
        return file.read()


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


class Unit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "amberbar.service")
        self.text = read("systemd", "amberbar.service.in").replace(
            "@CMAKE_INSTALL_FULL_BINDIR@", os.path.dirname(AMBERBAR))
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(self.text)

    def tearDown(self):
        self.folder.cleanup()

    def settings(self, key):
        return re.findall(rf"^{key}=(.*)$", self.text, re.M)

    def test_systemd_has_nothing_to_remark(self):
        result = run("systemd-analyze", "verify", "--man=no", self.path)
        self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ""))

    def test_the_cards_unit_comes_before_all_that_it_is_for(self):
        path = os.path.join(self.folder.name, "amberbar-card.service")
        text = read("systemd", "amberbar-card.service.in").replace(
            "@CMAKE_INSTALL_FULL_BINDIR@", os.path.dirname(AMBERBAR))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        result = run("systemd-analyze", "verify", "--man=no", path, self.path)
        self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ""))
        before = set(" ".join(re.findall(r"^Before=(.*)$", text, re.M)).split())
        self.assertLessEqual({"network-pre.target", "NetworkManager.service", "systemd-networkd.service",
                              "systemd-timesyncd.service", "amberbar.service"}, before)
        self.assertIn("amberbar-card.service", self.settings("After")[0].split())
        self.assertNotIn("network", " ".join(self.settings("After")), "the light waits for no network")
        folder = re.findall(r"^RuntimeDirectory=(.*)$", text, re.M)
        self.assertEqual(self.settings("ExecStart")[0].split()[1:], ["run", "--card", f"/run/{folder[0]}"])

    def test_a_card_that_is_wrong_keeps_nothing_from_booting(self):
        text = read("systemd", "amberbar-card.service.in")
        card = os.path.join(self.folder.name, "card")
        os.mkdir(card)
        with open(os.path.join(card, "hostname.txt"), "w", encoding="utf-8") as file:
            file.write("no name\n")
        status = run(AMBERBAR, "card", "--from", card, "--root", self.folder.name, "--run", self.folder.name)
        self.assertEqual(re.findall(r"^SuccessExitStatus=(.*)$", text, re.M), [str(status.returncode)])

    def test_is_exposed_no_more_than_promised(self):
        result = run("systemd-analyze", "security", "--no-pager", "--offline=true", self.path)
        found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", result.stdout)
        self.assertIsNotNone(found, result.stdout + result.stderr)
        print(found.group(0))
        self.assertLessEqual(float(found.group(1)), EXPOSURE_MAX, result.stdout)

    def test_its_memory_is_what_check_measures_settings_by(self):
        known = re.search(r"PROMETHEUS_UNIT_BYTES \(INT64_C\((\d+)\) << 20\)",
                          read("prometheus", "settings", "settings.h"))
        self.assertEqual(self.settings("MemoryMax"), [f"{known[1]}M"])

    def test_it_may_have_one_task_more_than_are_begun(self):
        begun = re.search(r"#define TRANSFERS_TASKS_MAX (\d+)", read("prometheus", "http", "transfer.h"))
        self.assertEqual(self.settings("TasksMax"), [str(int(begun[1]) + 1)])

    def test_a_config_that_cannot_be_read_is_not_tried_again_and_again(self):
        path = os.path.join(self.folder.name, "amberbar.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("board: nowhere\n")
        status = run(AMBERBAR, "run", "-c", path).returncode
        self.assertEqual(self.settings("RestartPreventExitStatus"), [str(status)])

    def test_its_groups_are_made_and_given_the_devices(self):
        groups = set(self.settings("SupplementaryGroups")[0].split())
        sysusers = read("systemd", "amberbar.sysusers")
        self.assertEqual(groups, set(re.findall(r"^g (\S+)", sysusers, re.M)))
        self.assertEqual(groups, set(re.findall(r"^m amberbar (\S+)", sysusers, re.M)))
        self.assertEqual(groups, set(re.findall(r'GROUP="(\w+)"', read("udev", "60-amberbar.rules"))))

    def test_systemd_makes_its_user(self):
        if not shutil.which("systemd-sysusers"):
            self.skipTest("there is no systemd-sysusers")
        root = os.path.join(self.folder.name, "root")
        for folder in ("etc", "usr/lib/sysusers.d"):
            os.makedirs(os.path.join(root, folder))
        shutil.copy(os.path.join(TOP, "firmware/systemd/amberbar.sysusers"),
                    os.path.join(root, "usr/lib/sysusers.d/amberbar.conf"))
        result = run("systemd-sysusers", "--root", root)
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(os.path.join(root, "etc/passwd"), encoding="utf-8") as file:
            self.assertIn(f"\n{self.settings('User')[0]}:", "\n" + file.read())
        with open(os.path.join(root, "etc/group"), encoding="utf-8") as file:
            self.assertRegex(file.read(), r"gpio:x:\d+:amberbar\n")

    def test_every_kind_of_device_of_the_boards_may_be_opened(self):
        allowed = " ".join(self.settings("DeviceAllow"))
        for device in ("char-gpiochip", "char-spi", "char-i2c", "/dev/leds0", "char-fb",
                       "char-hidraw"):
            self.assertIn(f"{device} rw", allowed)

    def test_the_drivers_of_these_devices_are_loaded_before(self):
        """Or systemd does not know the name yet, and forbids the device until the next start."""
        drivers = {f"modprobe@{module}.service" for module in ("hid", "i2c_dev", "spidev")}
        for key in ("Wants", "After"):
            self.assertLessEqual(drivers, set(" ".join(self.settings(key)).split()))


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        print("skipped: there is no systemd-analyze")
        sys.exit(77)
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
