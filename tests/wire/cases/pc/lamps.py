"""Traffic lights, one lit by high levels and one by low ones: green alone is lit when all is well, and
none at the end. A relay is off from the first moment on."""

import decode

LABEL = "pinctrl-bcm2711"
BOARDS = {  # lines of red, amber, green; the level that lights a lamp
    "pi-stop-a-plus": ((21, 20, 16), 1),
    "relay-tower": ((4, 5, 6), 0),
}

GUEST = f"sim pi4 {LABEL}\n" + "".join(
    f"""
mark {board}
start {board}
logged 1 '-> stable'
sleep 3 # relays rest a second between changes
for line in {" ".join(map(str, lines))}; do
    cat /sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio$line/value
done
stop
mark {board}-end
"""
    for board, (lines, _) in BOARDS.items()
) + "remove pi4\n"


def judge(result):
    decode.check_complete(result.stats)
    levels = [(0, 0, on) if on else (1, 1, 0) for _, on in BOARDS.values()]
    result.expect_output("".join("%d\n%d\n%d\nexit 0\n" % level for level in levels))
    line_0 = decode.first_line(result.file("chips-pi4"), LABEL)
    for board, (lines, on) in BOARDS.items():
        trace = decode.between(result.trace, board, board + "-end")
        sets = decode.read_sets(trace)
        for line in lines:
            own = [level for number, level in sets if number == line_0 + line]
            if not own or own[-1] == on:
                result.fail(f"{board}: GPIO{line} is lit at the end: {own}")
            if own[0] == on:
                result.fail(f"{board}: GPIO{line} was lit as it was taken: {own}")
    return "green alone is lit, by high and by low; dark at both ends"
