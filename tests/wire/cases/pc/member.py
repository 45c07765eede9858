"""The daemon needs no root: a user who is in the group gpio, as our udev rules give it, is enough.
One who is not is told what to do, and is not let down by it."""

import decode
import lights

LABEL = "pinctrl-bcm2711"

GUEST = f"""
sim pi4 {LABEL}
start pimoroni-blinkt true # only for the configuration
wait $daemon
chmod 0777 .
RUNTIME_DIRECTORY= su visitor -c 'exec amberbar run -c amberbar.yaml' >account 2>log &
daemon=$!
logged 1 '-> stable'
stop
mv log log-visitor
su member -c "RUNTIME_DIRECTORY=$PWD exec amberbar run -c amberbar.yaml" >account 2>log &
daemon=$!
logged 1 '-> stable'
stop
remove pi4
"""


def judge(result):
    result.expect_output("exit 0\nexit 0\n")
    chip, _ = decode.find_chip(result.file("chips-pi4"), LABEL)
    reported = (f"/dev/{chip} could not be opened by user visitor: it belongs to owner root, group"
            " gpio (mode 0660): run `sudo usermod -aG gpio visitor`")
    if result.file("log-visitor").count(reported) != 1:
        result.fail("the visitor is not told:\n" + result.file("log-visitor"))
    if "output" in result.file("log"):
        result.fail("the member has trouble:\n" + result.file("log"))
    frames = lights.frames_of(result, result.trace, "chips-pi4", LABEL)
    lights.expect_green_then_dark(result, frames)
    return "a member of the group lights the lights, a visitor is told how to become one"
