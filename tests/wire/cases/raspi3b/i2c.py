"""Two HT16K33 displays on the chip's own I2C controller: one gets the messages that `amberbar encode`
says, while nobody acknowledges the other's address. The daemon lives, names the address once, and
goes on trying; `amberbar doctor` tells which of them answers."""

import decode

ONLY = "v2"  # no line of libgpiod's; this is the newer kernel
ADDRESS, ABSENT = 0x70, 0x71

GUEST = """
bus=$(dirname "$(grep -l 7e804000 /sys/bus/i2c/devices/i2c-*/name)")
shipped=/usr/share/amberbar/boards/adafruit-7-segment.yaml
{
    cat $shipped
    sed -e '1,/^outputs:/d' -e 's/name: .*/name: other/' -e s/0x70/0x71/ $shipped
} | sed "s:/dev/i2c-1:/dev/${bus##*/}:" >two.yaml
start ./two.yaml
logged 1 '-> stable' && sleep 7 # three tries more
amberbar doctor -c amberbar.yaml >doctor
echo "doctor $?"
text=$(sed -n 's/.*"text": *"\\([^"]*\\)".*/\\1/p' status.json)
stop
amberbar encode --board ./two.yaml --text "$text" >lit
amberbar encode --board ./two.yaml --text ' ' >dark
"""


def encoded(result, file):
    """The messages for the first display."""
    words = result.file(file).splitlines()[0].partition(":")[2].split("|")
    return [bytes.fromhex(word) for word in words]


def judge(result):
    result.expect_output("doctor 1\nexit 0\n")
    decode.check_complete(result.stats)
    messages = decode.read_i2c(result.trace, ADDRESS)
    picture = next(message for message in encoded(result, "lit") if len(message) == 17)
    if not any(picture) or picture not in messages:
        raise decode.Fault(f"lit: encoded {picture.hex(' ')}, on the wire {messages}")
    dark = encoded(result, "dark")
    if messages[-len(dark):] != dark:
        raise decode.Fault(f"dark: encoded {dark}, on the wire {messages[-len(dark):]}")
    return f"{len(messages)} messages, lit and dark as encoded; of the other: {silence(result)}"


def silence(result):
    """What is reported of the display that is not there."""
    log, doctor = result.file("log"), result.file("doctor")
    reported = [line for line in log.splitlines() if "output" in line]
    if len(reported) != 1 or f"output other: nothing answers at 0x{ABSENT:02x} on " not in reported[0]:
        result.fail(f"not told once, and of it alone, that it does not answer:\n{log}")
    if (f"digits: 0x{ADDRESS:02x} answers" not in doctor
            or f"other: nothing answers at 0x{ABSENT:02x} on " not in doctor):
        result.fail(f"doctor does not tell which of them answers:\n{doctor}")
    tries = len(decode.read_i2c(result.trace, ABSENT))
    if tries < 3:
        result.fail(f"tried {tries} times")
    return reported[0]
