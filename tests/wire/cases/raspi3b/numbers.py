"""Lines given by plain numbers are the same lines; two messages that begin with a one need one call
more each."""

import decode

MESSAGES = [b"\xa5", b"\xff\x01"]

GUEST = "blinkt pinctrl-bcm2835 5 6 " + " ".join(message.hex() for message in MESSAGES)


def judge(result):
    result.expect_status(0)
    decode.check_complete(result.stats)
    line_0 = decode.first_line(result.chips, "pinctrl-bcm2835")
    wire = decode.read_wire(result.trace, line_0 + 5, line_0 + 6)
    decode.check_edges(wire, MESSAGES, 0)
    sent = [byte >> shift & 1 for byte in b"".join(MESSAGES) for shift in range(7, -1, -1)]
    if wire.bits != sent:
        raise decode.Fault(f"sent {sent}, on the wire {wire.bits}")
    if wire.calls != 2 * len(sent) + len(MESSAGES):
        raise decode.Fault(f"{wire.calls} line-set calls for {len(sent)} bits")
    return f"{len(sent)} bits, {wire.calls} line-set calls"
