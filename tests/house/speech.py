#!/usr/bin/env python3
"""The house: one function stands between what others have written and what a person reads, one between a
path and the file that is read. Prints each place that goes past them."""

import os
import re
import sys

TOP = os.environ.get("AMBERBAR_SOURCE") or os.path.join(os.path.dirname(__file__), "..", "..")
FIRMWARE = os.path.join(TOP, "firmware")

PRINTS = re.compile(r"\b(?:printf|fprintf|vprintf|vfprintf|dprintf|puts|fputs|fputc|putchar|putc|fwrite)\s*\(")
OPENS = re.compile(r"\b(?:open|openat|fopen|freopen)\s*\(")

# File -> how many such places it may have, and what for.
MAY_PRINT = {
    "base/say.c": 5,  # the function itself
    "base/log.c": 4,  # lines made printable there; the moves above a picture
    "commands/common/report.c": 3,  # the colours of the picture
    "commands/preview/preview.c": 1,  # an SVG of our own, into its file
}
MAY_OPEN = {
    "base/intake.c": 1,  # the function itself
    "commands/card/place.c": 2,  # to write anew, and a folder that is brought to the disk
    "commands/card/wifi.c": 1,  # /dev/rfkill, to write
    "prometheus/http/transfer.c": 1,  # the folder of our own tasks, of which nothing is read
    "bus/device.c": 1, "bus/file.c": 1, "bus/gpiochip.c": 1, "commands/doctor/line_holder.c": 1,  # devices
    "daemon/atomic_file.c": 2, "daemon/status.c": 9,  # what is written, and read back by its owner
    "commands/preview/preview.c": 1,
    "commands/setup/newfile.c": 4,  # what is not there yet, and its folder
}


def strip(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def main() -> int:
    faults, files = [], 0
    for folder, _, names in sorted(os.walk(FIRMWARE)):
        for name in sorted(names):
            if not name.endswith(".c"):
                continue
            files += 1
            path = os.path.relpath(os.path.join(folder, name), FIRMWARE)
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = strip(file.read())
            for what, pattern, may in (("prints past base/say.h", PRINTS, MAY_PRINT),
                                       ("opens past base/intake.h", OPENS, MAY_OPEN)):
                found = len(pattern.findall(text))
                if found > may.get(path, 0):
                    faults.append(f"{path} {what}: {found} times, {may.get(path, 0)} are known")
    print("\n".join([*faults, f"{files} files looked at, {len(faults)} faults"]))
    return 1 if faults or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
