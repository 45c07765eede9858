"""SPI: an APA102 strip on it gets bit for bit what one on plain lines gets in the same run, and a
WS2812 strip what `amberbar encode` says."""

import os

import decode
from machine import TOP

ONLY = "v2"  # of libgpiod's lines `frames` and `story` tell more; this is the newer kernel
LABEL = "pinctrl-bcm2835"
MOSI, SCLK = 10, 11


def read(name):
    with open(os.path.join(TOP, "boards", name + ".yaml"), encoding="utf-8") as file:
        return file.read()


GUEST = f"""
[ -e /dev/spidev0.0 ] || ln -s /dev/spidev*.0 /dev/spidev0.0
cat >both.yaml <<'EOF'
{read("pimoroni-blinkt").replace("name: strip", "name: lines")}
{read("apa102-spi").partition("outputs:" + chr(10))[2]}
EOF
mark both
start ./both.yaml
logged 1 '-> stable' && sleep 1
stop
mark ws2812
start ws2812-spi true # only for the configuration
wait $daemon
amberbar blank -c amberbar.yaml
echo "blank $?"
amberbar encode --board ws2812-spi --pixels '#000000' >encoded
"""


def bits_on(result, begin, end, data, clock):
    line_0 = decode.first_line(result.chips, LABEL)
    trace = decode.between(result.trace, begin, end)
    return decode.read_wire(trace, line_0 + data, line_0 + clock).bits


def judge(result):
    result.expect_output("exit 0\nblank 0\n")
    decode.check_complete(result.stats)
    lines = bits_on(result, "both", "ws2812", 23, 24)
    spi = bits_on(result, "both", "ws2812", MOSI, SCLK)
    for bit, (want, have) in enumerate(zip(lines, spi)):
        if want != have:
            raise decode.Fault(f"bit {bit}: {want} on the lines, {have} on SPI")
    if len(lines) != len(spi) or not any(lines):
        raise decode.Fault(f"{len(lines)} bits on the lines, {len(spi)} on SPI")
    encoded = bytes.fromhex(result.file("encoded").partition(":")[2])
    decode.check_bytes("WS2812, frame 1", encoded, bits_on(result, "ws2812", None, MOSI, SCLK))
    if not any(encoded):
        raise decode.Fault("WS2812: nothing was encoded")
    return f"{len(spi)} bits of APA102 as on plain lines; {len(encoded)} bytes for WS2812"
