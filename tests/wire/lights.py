"""What eight lights on GPIO 23 and 24 of a chip showed, for cases that judge the whole program."""

import account
import decode

LEDS = 8


def frames_of(result, trace, chips, label):
    """The frames of a trace's part, on a chip that was there when the file `chips` was written."""
    decode.check_complete(result.stats)
    line_0 = decode.first_line(result.file(chips), label)
    frames = account.read_frames(decode.read_wire(trace, line_0 + 23, line_0 + 24), LEDS)
    if not frames:
        result.fail("no frame on the wire")
    return frames


def is_green(frame):
    return all(green > 1.25 * red and green > 1.25 * blue for _, red, green, blue in frame.leds)


def is_dark(frame):
    return not any(max(led[1:]) for led in frame.leds)


def expect_green_then_dark(result, frames):
    """Green until the daemon was told to stop, dark as the last thing it did."""
    if not is_dark(frames[-1]):
        result.fail(f"not dark at the end: {frames[-1]}")
    if len(frames) < 2 or not is_green(frames[-2]):
        result.fail(f"not green before the end: {frames[-2:]}")
