"""A line that another program holds: the daemon names the holder, lives, and lights up when the line
is free."""

import decode
import lights

LABEL = "pinctrl-bcm2711"

GUEST = f"""
sim pi4 {LABEL}
gpioset $HOLD_OPTIONS 24=0 &
holder=$!
until grep -q gpioset /sys/kernel/debug/gpio; do sleep 0.1; done
start pimoroni-blinkt
logged 1 'in use by'
logged 1 '-> stable'
sleep 3
kill -0 $daemon && echo alive
RUNTIME_DIRECTORY=$PWD amberbar status >status-busy
kill $holder
mark free
logged 1 'lit again'
sleep 1
stop
remove pi4
"""


def judge(result):
    result.expect_output("alive\nexit 0\n")
    log = result.file("log")
    chip, _ = decode.find_chip(result.file("chips-pi4"), LABEL)
    if log.count(f'GPIO24 (line 24 of /dev/{chip} [{LABEL}]) is in use by "gpioset"') != 1:
        result.fail(f"the holder is not named once:\n{log}")
    frames = lights.frames_of(result, decode.between(result.trace, "free"), "chips-pi4", LABEL)
    if not lights.is_green(frames[0]):
        result.fail(f"the first frame is not the picture that was due: {frames[0]}")
    lights.expect_green_then_dark(result, frames)
    return "the holder is named once, the daemon lives, and is green when the line is free"
