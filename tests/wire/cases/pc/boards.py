"""One board file serves a Pi 4 and a Pi 5, also where another chip has taken the first number."""

import decode
import lights

BOARDS = {"pi4": "pinctrl-bcm2711", "pi5": "pinctrl-rp1"}

GUEST = "sim other pcf8574a\n" + "".join(
    f"""
mark {name}
sim {name} {label}
start pimoroni-blinkt
logged 1 '-> stable'
stop
mark {name}-end
remove {name}
"""
    for name, label in BOARDS.items()
) + "remove other\n"


def judge(result):
    result.expect_output("exit 0\n" * len(BOARDS))
    for name, label in BOARDS.items():
        chips = result.file(f"chips-{name}")
        if "gpiochip1" not in chips:
            result.fail(f"the header's chip is not the second: {chips}")
        trace = decode.between(result.trace, name, name + "-end")
        frames = lights.frames_of(result, trace, f"chips-{name}", label)
        lights.expect_green_then_dark(result, frames)
    return "green through the same board file on " + " and ".join(BOARDS.values())
