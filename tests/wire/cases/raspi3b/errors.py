"""What a newcomer meets: the wrong board, the wrong line, no rights. Each is a sentence."""

GUEST = """
blinkt pinctrl-rp1,pinctrl-bcm2711 GPIO23 GPIO24 00
blinkt pinctrl-bcm2835 P8_11 GPIO24 00
blinkt pinctrl-bcm2835 GPIO23 23 00
su visitor -c "blinkt pinctrl-bcm2835 GPIO23 GPIO24 00"
su member -c "blinkt pinctrl-bcm2835 GPIO23 GPIO24 00" && echo "a member of the group may"
ln -s gpiochip0 /dev/gpiochip4 # as Raspberry Pi OS does on a Pi 5
blinkt none GPIO23 GPIO24 00
rm /dev/gpiochip4
"""


def judge(result):
    result.expect_error("no GPIO chip is labelled pinctrl-rp1 or pinctrl-bcm2711: ")
    result.expect_error('/dev/gpiochip0 is "pinctrl-bcm2835"')
    result.expect_error("/dev/gpiochip0 [pinctrl-bcm2835] has no line named P8_11 ")
    result.expect_error("GPIO23 and 23 are the same line, 23 of /dev/gpiochip0")
    result.expect_error("/dev/gpiochip0 could not be opened by user visitor: it belongs to owner"
                        " root, group gpio (mode 0660): run `sudo usermod -aG gpio visitor`")
    result.expect_output("a member of the group may\n")
    if "gpiochip4" in result.err:
        result.fail("the same chip is listed twice")
    return "wrong label, wrong line, one line twice, no rights: each told with its fix"
