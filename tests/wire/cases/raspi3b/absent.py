"""I2C on the chip's own controller: a display that is there, and one that is not, whose address
nobody acknowledges. The daemon lives, names the address, and says so once."""

import decode

ADDRESS, ABSENT = 0x70, 0x71

GUEST = """
grep -H . /sys/bus/i2c/devices/i2c-*/name
bus=$(dirname "$(grep -l 7e804000 /sys/bus/i2c/devices/i2c-*/name)")
board() {
    sed -e "s:/dev/i2c-1:/dev/${bus##*/}:" -e "s:0x70:$1:" \\
        /usr/share/amberbar/boards/adafruit-7-segment.yaml >lab.yaml
}
board 0x70
start ./lab.yaml
logged 1 '-> stable' && sleep 1
stop
mv log there
board 0x71
start ./lab.yaml
logged 1 '-> stable' && sleep 7 # three tries more
kill -0 "$daemon" && echo "it lives"
stop
"""


def judge(result):
    decode.check_complete(result.stats)
    messages = decode.read_i2c(result.trace, ADDRESS)
    if len({message for message in messages if len(message) == 17}) < 2:
        raise decode.Fault(f"never lit: {messages}")
    if "output" in result.file("there"):
        result.fail(f"a display that is there is told of: {result.file('there')}")
    told = [line for line in result.file("log").splitlines() if f"0x{ABSENT:02x}" in line]
    if len(told) != 1:
        result.fail(f"not told once that nothing answers at 0x{ABSENT:02x}: {result.file('log')}")
    tries = len(decode.read_i2c(result.trace, ABSENT))
    if tries < 3:
        result.fail(f"tried {tries} times")
    return f"{len(messages)} messages to the one that is there; of the other: {told[0]}"
