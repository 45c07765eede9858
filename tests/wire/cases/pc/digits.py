"""A TM1637 display: one that is not there is told, one that is plugged in later acknowledges and shows
the right digits, and one that went away is told again. The display is a model that sees the lines
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
sleep 5
tail -n1 shown
text=$(sed -n 's/.*"text": *"\\([^"]*\\)".*/\\1/p' status.json)
amberbar encode --board ./digits.yaml --text "$text"
stop
tail -n1 shown
amberbar encode --board ./digits.yaml --text ' '
mv log log-answering
kill $display
wait $display
start ./digits.yaml
logged 1 'output digits'
stop
remove pi4
"""


def judge(result):
    lines = result.out.splitlines()
    if len(lines) != 6 or lines[2] != "exit 0" or lines[5] != "exit 0":
        result.fail("the daemon did not end well")
    for what, shown, encoded in (("lit", *lines[0:2]), ("dark", *lines[3:5])):
        messages = [bytes.fromhex(word) for word in encoded.partition(":")[2].split("|")]
        shown = bytes.fromhex(shown)
        digits = next(message[1:] for message in messages if message[0] == 0xC0)
        if shown[: len(digits)] != digits or shown[-1] != messages[-1][0]:
            result.fail(f"{what}: the display shows {shown.hex(' ')}, and should {encoded}")
    if not any(bytes.fromhex(lines[0])[:DIGITS]):
        result.fail(f"nothing is lit: {lines[0]}")
    before, after = result.file("log-answering"), result.file("log")
    for log in (before, after):
        if "output digits: " not in log:
            result.fail(f"a missing display is not told:\n{log}")
    told = next(line for line in after.splitlines() if "output digits: " in line)
    return f"shows {lines[0]}, then dark; without a display: {told}"
