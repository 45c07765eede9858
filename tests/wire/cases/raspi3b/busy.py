"""A line that another program holds: the sentence names it, whichever line it is."""

GUEST = """
hold() { # a foreign program takes a line of the header, and has it before we go on
    gpioset $HOLD_OPTIONS "$@" &
    holder=$!
    until grep -q gpioset /sys/kernel/debug/gpio; do sleep 0.1; done
}
for pin in 23 24; do
    hold $pin=1
    blinkt pinctrl-bcm2835 GPIO23 GPIO24 00 && echo "taken from its holder"
    kill $holder
    wait $holder
done
blinkt pinctrl-bcm2835 GPIO23 GPIO24 00 && echo "free again"
"""


def judge(result):
    for pin in (23, 24):
        result.expect_error(f'GPIO{pin} (line {pin} of /dev/gpiochip0 [pinctrl-bcm2835]) is in use'
                            ' by "gpioset": stop that program')
    result.expect_output("free again\n")
    return "the holder is named on either line, and the lines are free after it"
