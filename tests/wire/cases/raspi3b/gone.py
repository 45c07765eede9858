"""A chip that is pulled out while its lines are in use, and comes back under another number: the
error says so, and opening the bus anew finds it by its label. It is a GPIO expander on I2C."""

import decode

GUEST = """
bus=$(dirname "$(grep -l i2c-lab /sys/bus/i2c/devices/i2c-*/name)")
label=${bus##*/i2c-}-0020
add() { echo "pca9534 $1" >"$bus/new_device"; }
plug() { add 0x20; basename "$bus/$label"/gpiochip[0-9]*; }
plug
mkfifo steps
blinkt "$label" 0 1 00 - ff - a5 <steps &
exec 3>steps
until grep -q amberbar /sys/kernel/debug/gpio; do sleep 0.1; done
sleep 0.2
echo 0x20 >"$bus/delete_device"
add 0x21 # takes the number of the first, should its user have let go of it already
plug
echo next >&3
echo next >&3
wait $!
echo "$label"
rm steps
"""


def judge(result):
    before, after, label = result.out.split()
    if before == after:
        result.fail(f"the chip came back as {after}, under its old number")
    result.expect_error(f"/dev/{before} [{label}] could not be set: the chip is gone")
    if len(result.err.splitlines()) != 1:
        result.fail("not exactly one error")
    decode.check_complete(result.stats)
    line_0 = decode.first_line(result.chips, label)
    wire = decode.read_wire(result.trace, line_0, line_0 + 1)
    # What went out before is there too when the new chip's lines have the old one's numbers.
    if wire.bits[-8:] != [1, 0, 1, 0, 0, 1, 0, 1]:
        raise decode.Fault(f"sent a5 at last, on the wire {wire.bits}")
    return f"{before} went, {after} was found by its label"
