"""The chip disappears under a running daemon and returns under another number."""

import decode
import lights

LABEL = "pinctrl-bcm2711"

GUEST = f"""
sim pi4 {LABEL}
mv chips-pi4 chips-before
start pimoroni-blinkt
logged 1 '-> stable'
sleep 1
unplug pi4
logged 1 'the chip is gone' # within a repetition, 10 s
sim other pcf8574a
sleep 3
mark back
plug pi4
logged 1 'lit again'
sleep 1
stop
remove pi4 other
"""


def judge(result):
    result.expect_output("exit 0\n")
    log = result.file("log")
    before, _ = decode.find_chip(result.file("chips-before"), LABEL)
    after, _ = decode.find_chip(result.file("chips-pi4"), LABEL)
    if log.count(f"/dev/{before} [{LABEL}] could not be set: the chip is gone") != 1:
        result.fail(f"not told once what went:\n{log}")
    if before == after:
        result.fail(f"it came back as {after}, under its old number")
    frames = lights.frames_of(result, decode.between(result.trace, "back"), "chips-pi4", LABEL)
    if not lights.is_green(frames[0]):
        result.fail(f"the first frame is not the picture that was due: {frames[0]}")
    lights.expect_green_then_dark(result, frames)
    return f"{before} went, the daemon was green again on {after}"
