"""I2C: an HT16K33 display gets the messages that `amberbar encode` says."""

import decode

ADDRESS = 0x70

GUEST = """
bus=$(dirname "$(grep -l i2c-lab /sys/bus/i2c/devices/i2c-*/name)")
sed "s:/dev/i2c-1:/dev/${bus##*/}:" /usr/share/amberbar/boards/adafruit-7-segment.yaml >lab.yaml
start ./lab.yaml
logged 1 '-> stable' && sleep 1
stop
amberbar encode --board ./lab.yaml --text ' ' >encoded
"""


def judge(result):
    result.expect_output("exit 0\n")
    decode.check_complete(result.stats)
    messages = decode.read_i2c(result.trace, ADDRESS)
    words = result.file("encoded").partition(":")[2].split("|")
    encoded = [bytes.fromhex(word) for word in words]
    if messages[-len(encoded):] != encoded:
        raise decode.Fault(f"dark: encoded {encoded}, on the wire {messages[-len(encoded):]}")
    pictures = {message for message in messages if len(message) == 17}
    if len(pictures) < 2:
        raise decode.Fault(f"never lit: {messages}")
    return f"{len(messages)} messages, {len(pictures)} pictures; dark at the end as encoded"
