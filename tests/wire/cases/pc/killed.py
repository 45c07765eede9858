"""SIGKILL in the middle of a moving picture leaves lights lit; `amberbar blank` darkens them."""

import decode
import lights

LABEL = "pinctrl-rp1"

GUEST = f"""
sim pi5 {LABEL}
# So slow that it is always in a frame's middle.
{{ cat /usr/share/amberbar/boards/pimoroni-blinkt.yaml; echo "        half_period_us: 1000"; }} >slow.yaml
POLL=2s start ./slow.yaml # a frame takes long, and so may an answer
logged 1 '-> stable'
cluster rollout
logged 1 '-> progressing'
sleep 0.5
kill -KILL $daemon
wait $daemon
echo "exit $?"
mark killed
amberbar blank -c amberbar.yaml
echo "blank $?"
remove pi5
"""


def judge(result):
    result.expect_output("exit 137\nblank 0\n")
    frames = lights.frames_of(result, decode.between(result.trace, "killed"), "chips-pi5", LABEL)
    if not lights.is_dark(frames[-1]):
        result.fail(f"not dark: {frames[-1]}")
    line_0 = decode.first_line(result.file("chips-pi5"), LABEL)
    before = decode.read_wire(
        "\n".join(result.trace.splitlines()).partition("tracing_mark_write: killed")[0],
        line_0 + 23, line_0 + 24,
    )
    if not any(before.bits[-10 * 328:]):
        result.fail("nothing was lit when it was killed")
    cut = len(before.bits) % 328
    if cut == 0:
        result.fail("it was not killed in the middle of a frame")
    return f"killed at bit {cut} of a frame that was lit; dark after `amberbar blank`"
