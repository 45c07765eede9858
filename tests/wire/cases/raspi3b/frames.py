"""Frames of eight lights arrive bit for bit, at two calls a bit, and leave both lines low."""

import decode

LEDS = 8
PINS = (23, 24)
LABEL = "pinctrl-bcm2835"


def frame(lights):
    """An APA102 frame of (brightness, red, green, blue)."""
    words = b"".join(bytes((0xE0 | light, b, g, r)) for light, r, g, b in lights)
    return bytes(4) + words + bytes(4 + (len(lights) + 15) // 16)


LIGHTS = [
    [(31, 8 * i, 255 - 8 * i, 1 << i) for i in range(LEDS)],
    [(31, 255, 255, 255)] * LEDS,  # data never falls from mark to mark
    [(7, 0x55, 0xAA, 0x55), (1, 0xAA, 0x55, 0xAA)] * (LEDS // 2),  # and here at every bit
    [(0, 0, 0, 0)] * LEDS,
]
FRAMES = [frame(lights) for lights in LIGHTS]

GUEST = "blinkt pinctrl-rp1,pinctrl-bcm2711,pinctrl-bcm2835 GPIO23 GPIO24 " + " ".join(
    frame.hex() for frame in FRAMES
)


def judge(result):
    result.expect_status(0)
    decode.check_complete(result.stats)
    line_0 = decode.first_line(result.chips, LABEL)
    wire = decode.read_wire(result.trace, line_0 + PINS[0], line_0 + PINS[1])
    colours = decode.check_frames(wire, FRAMES, LEDS)
    if colours != LIGHTS:
        raise decode.Fault(f"colours differ: sent {LIGHTS}, on the wire {colours}")
    return (
        f"{len(FRAMES)} frames of {LEDS} lights decoded, {len(wire.bits)} bits,"
        f" {wire.calls} line-set calls ({wire.calls // len(FRAMES)} a frame)"
    )
