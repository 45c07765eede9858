#!/usr/bin/env python3
"""Twenty machines of people who were reported wrong things about them: what `doctor` says agrees with what is
true of each, and says it in the words that were read and found good.

tests/machine/recorded/machines.json has of each its files, what is in /dev, what is true, and for boards
whether there is a fault; tests/machine/recorded/sentences.txt has the sentences. `machines.py --write`
renews those, to be read."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

from daemon import AMBERBAR

TOP = os.environ["AMBERBAR_SOURCE"]
RECORDED = os.path.join(TOP, "tests", "machine", "recorded")
SENTENCES = os.path.join(RECORDED, "sentences.txt")
CHECKS = ("boot", "core clock", "devices", "lines", "pins")  # of the hardware; the rest is alike

OWN = """title: Own
outputs:
  - {{name: lights, chip: {chip}{more}, bus: {{{bus}}}}}
"""


def own_board(words):
    """"ws2801 on /dev/spidev1.0", "ws2812-pio on GPIO18, 64 LEDs"."""
    chip, place = words.split(" on ")
    if place.startswith("/dev/"):
        more = {"max7219": "", "hc595": ", digits: 4"}.get(chip, ", pixels: 8")
        return OWN.format(chip=chip, more=more, bus=f"spi: {place}")
    line, count = place.split(", ")
    return OWN.format(chip=chip, more=f", pixels: {count.split()[0]}", bus=f"file: /dev/leds0, line: {line}")


def write(root, path, text):
    whole = root + path
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "w", encoding="utf-8") as file:
        file.write(text)


def build(root, machine):
    for path, text in machine["files"].items():
        write(root, path, text)
    for name in machine["dev"]:
        write(root, f"/dev/{name}", "")
    write(root, "/ls-dev", "".join(f"crw-rw---- 1 root gpio 254, 0 Nov 22 10:00 /dev/{name}\n"
                                   for name in machine["dev"]))
    write(root, "/sys/kernel/debug/gpio",
          "gpiochip0: GPIOs 512-569, parent: platform/x, pinctrl-bcm2711:\n" +
          "".join(f" gpio-{512 + line} (GPIO{line}   )\n" for line in range(28)))


def examine(folder, machine, board):
    """The findings about the hardware."""
    root = os.path.join(folder, machine["name"])
    build(root, machine)
    if " on " in board:
        path = os.path.join(folder, "board.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(own_board(board))
        board = path
    config = os.path.join(folder, "amberbar.yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"board: {board}\nprometheus: {{url: 'http://127.0.0.1:1'}}\n"
                   "rollouts: [{name: web, namespace: shop}]\n")
    result = subprocess.run([AMBERBAR, "doctor", "--json", "--root", root, "-c", config],
                            capture_output=True, text=True, timeout=60, check=False)
    findings = json.loads(result.stdout)["findings"]
    wrong = [finding["text"] for finding in findings
             if finding["check"] == "config" and finding["result"] != "ok"]
    assert not wrong and not result.stderr, (wrong, result.stderr)
    return [finding for finding in findings if finding["check"] in CHECKS]


def machines():
    with open(os.path.join(RECORDED, "machines.json"), encoding="utf-8") as file:
        return json.load(file)


def sentences(folder):
    lines = []
    for machine in machines():
        lines.append(f"{machine['name']}: {machine['files']['/proc/device-tree/model']}: {machine['true']}")
        for trial in machine["trials"]:
            lines.append(f"  {trial['board']}")
            for finding in examine(folder, machine, trial["board"]):
                lines.append(f"    {finding['result']}: {finding['text']}")
                lines += [f"      -> {finding['fix']}"] if finding["fix"] else []
    return "\n".join(lines) + "\n"


class Machines(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_what_is_said_is_true(self):
        self.assertEqual(len(machines()), 20)
        for machine in machines():
            for trial in machine["trials"]:
                with self.subTest(machine=machine["name"], board=trial["board"]):
                    findings = examine(self.folder, machine, trial["board"])
                    faults = [finding for finding in findings if finding["result"] == "fault"]
                    shown = json.dumps(findings, indent=1)
                    self.assertEqual(bool(faults), trial["fault"], shown)
                    said = "\n".join(f"{fault['text']}\n{fault['fix'] or ''}" for fault in faults)
                    for words in trial["words"]:
                        self.assertIn(words, said)
                    self.assertNotIn("tee -a /boot/config.txt", shown)

    def test_another_machine_is_not_sent_to_a_pi_s_file(self):
        machine = next(machine for machine in machines() if machine["name"] == "opi")
        self.assertNotIn("config.txt", json.dumps(examine(self.folder, machine, "apa102-spi")))

    def test_a_generated_file_is_not_edited(self):
        """What the firmware itself reads goes where the generator takes it from."""
        machine = next(machine for machine in machines() if machine["name"] == "debconf")
        machine["dev"].append("spidev0.0")  # as an overlay of one's own brings it
        faults = [finding for finding in examine(self.folder, machine, "ws2812-spi")
                  if finding["result"] == "fault"]
        self.assertEqual([fault["check"] for fault in faults], ["core clock"])
        self.assertIn("tee -a /etc/default/raspi-firmware-custom && sudo update-initramfs -u",
                      faults[0]["fix"])

    def test_the_command_that_fixes_an_overlay_does(self):
        for name in ("pio", "pi5spi0cs", "pi3cs"):
            machine = next(machine for machine in machines() if machine["name"] == name)
            trial = machine["trials"][0]
            fault = [finding for finding in examine(self.folder, machine, trial["board"])
                     if finding["result"] == "fault"][0]
            boot = os.path.join(self.folder, name, "boot/firmware/config.txt")
            command = fault["fix"].split(" && sudo reboot")[0].removeprefix("sudo ")
            subprocess.run(command.replace("/boot/firmware/config.txt", f"'{boot}'"), shell=True,
                           check=True)
            with open(boot, encoding="utf-8") as file:
                machine["files"]["/boot/firmware/config.txt"] = file.read()
            machine["dev"] += ["spidev0.1"] if name == "pi3cs" else []
            faults = [finding for finding in examine(self.folder, machine, trial["board"])
                      if finding["result"] == "fault"]
            self.assertEqual(faults, [], name)

    def test_the_sentences(self):
        with open(SENTENCES, encoding="utf-8") as file:
            self.assertEqual(sentences(self.folder), file.read(),
                             "when the new ones are good: tests/system/machines.py --write")


def main():
    if "--write" in sys.argv:
        with tempfile.TemporaryDirectory() as folder, open(SENTENCES, "w", encoding="utf-8") as file:
            file.write(sentences(folder))
        return 0
    return 0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
