"""A TM1637 display: one that is not there is reported, one that is plugged in later acknowledges and shows
the right digits, and one that goes deaf in mid-use is reported once more and shows the same when it
hears again. The display is a model that sees the lines
and answers on them."""

LABEL = "pinctrl-bcm2711"
DIGITS = 4

GUEST = f"""
sim pi4 {LABEL}
lines=$(dirname /sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio20)
# Slow enough for a display that is a program.
{{ cat /usr/share/amberbar/boards/tm1637.yaml; echo "        half_period_us: 1000"; }} >digits.yaml
start ./digits.yaml
logged 1 'output digits'
display "$lines" 21 20 >shown &
display=$!
logged 1 'lit again'
logged 1 '-> stable'
sleep 12 # it may have come in the middle of a message: until all is sent again
tail -n1 shown
text=$(sed -n 's/.*"text": *"\\([^"]*\\)".*/\\1/p' status.json)
amberbar encode --board ./digits.yaml --text "$text"
kill $display # pulled up, and acknowledging nothing, until the picture is sent again
wait $display
logged 2 'trying again'
sleep 5
display "$lines" 21 20 >shown &
display=$!
logged 2 'lit again'
sleep 12
tail -n1 shown
stop
tail -n1 shown
amberbar encode --board ./digits.yaml --text ' '
kill $display
wait $display
remove pi4
"""


def judge(result):
    lines = result.out.splitlines()
    if len(lines) != 6 or lines[3] != "exit 0":
        result.fail("the daemon did not end well")
    lit, encoded, again, _, dark, encoded_dark = lines
    for what, shown, encoded in (
        ("lit", lit, encoded), ("lit again", again, encoded), ("dark", dark, encoded_dark)
    ):
        messages = [bytes.fromhex(word) for word in encoded.partition(":")[2].split("|")]
        shown = bytes.fromhex(shown)
        digits = next(message[1:] for message in messages if message[0] == 0xC0)
        if shown[: len(digits)] != digits or shown[-1] != messages[-1][0]:
            result.fail(f"{what}: the display shows {shown.hex(' ')}, and should {encoded}")
    if not any(bytes.fromhex(lit)[:DIGITS]):
        result.fail(f"nothing is lit: {lit}")
    reported = [line for line in result.file("log").splitlines() if "output digits: " in line]
    ends = [at for at, line in enumerate(reported) if "lit again" in line]
    if len(ends) != 2 or ends[0] == 0 or ends[1] == ends[0] + 1 or ends[1] != len(reported) - 1:
        result.fail("a display that is away, and one that goes deaf, are not told, with their ends:"
                    f"\n{result.file('log')}")
    return f"shows {lit}, deaf and again, then dark; when deaf: {reported[ends[0] + 1]}"
