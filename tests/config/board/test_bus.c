/*
 * `bus:` for every kind of bus and wiring: what is read, what is refused, what two outputs share.
 */
#include "chips/lamps.h"
#include "config/config.h"
#include "config/expect.h"
#include "daemon/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOARD "title: T\noutputs:\n  - "
#define APA102 "{name: a, chip: apa102, pixels: 8, bus: "
#define TM1637 "{name: a, chip: tm1637, bus: "
#define HT16K33 "{name: a, chip: ht16k33, bus: "
#define LAMPS "{name: a, chip: lamps, lamps: [{colour: red}, {colour: green}], bus: "
#define BLINK1 "{name: a, chip: blink1, bus: "
#define DDP "{name: a, chip: ddp, pixels: 8, bus: "
#define LIGHTS "{name: a, chip: sysfs-led, lamps: [{colour: red}], bus: "

static const struct refused refused[] = {
    {"a mistyped key of SPI", BOARD APA102 "{spi: /dev/spidev0.0, sped: 1MHz}}\n",
     "$:3:67: unknown key 'sped'; did you mean 'speed'?\n"},
    {"a speed that the chip cannot follow", BOARD APA102 "{spi: /dev/spidev0.0, speed: 80MHz}}\n",
     "$:3:74: speed cannot be 80MHz; write 100kHz to 12MHz\n"},
    {"half a path", BOARD APA102 "{spi: spidev0.0}}\n",
     "$:3:51: spi cannot be 'spidev0.0'; write the whole path, /dev/...\n"},
    {"a word for SPI", BOARD APA102 "spi}\n",
     "$:3:45: the bus spi is written otherwise; write bus: {spi: /dev/spidev0.0}\n"},
    {"two buses at once", BOARD APA102 "{spi: /dev/spidev0.0, i2c: /dev/i2c-1}}\n",
     "$:3:45: bus names one bus, not 2; write bus: {gpio: {data: LINE, clock: "
     "LINE}}\n"},
    {"no bus at all", BOARD APA102 "{}}\n",
     "$:3:45: bus names one bus, not 0; write bus: {gpio: {data: LINE, clock: "
     "LINE}}\n"},
    {"a key of the bus before it", BOARD APA102 "{speed: 1MHz, spi: /dev/spidev0.0}}\n", ""},
    {"an unknown key before it", BOARD APA102 "{sped: 1MHz, spi: /dev/spidev0.0}}\n",
     "$:3:46: unknown key 'sped'; did you mean 'speed'?\n"},
    {"unknown keys alone", BOARD APA102 "{sped: 1MHz, gpoi: /dev/spidev0.0}}\n",
     "$:3:46: unknown bus 'sped'; the chip apa102 takes bus: {gpio: {data: LINE, clock: LINE}}\n"},
    {"a key between two buses", BOARD APA102 "{gpio: {}, speed: 1MHz, spi: /dev/spidev0.0}}\n",
     "$:3:45: bus names one bus, not 2; write bus: {gpio: {data: LINE, clock: "
     "LINE}}\n"},
    {"keys beside gpio", BOARD APA102 "{gpio: {gpiochip: c, data: 1, clock: 2}, speed: 1MHz}}\n",
     "$:3:86: unknown key 'speed'; write gpio\n"},
    {"a level that is none",
     BOARD APA102 "{gpio: {gpiochip: c, data: 1, clock: 2, hold: [{line: 5, level: hgih}]}}}\n",
     "$:3:109: level cannot be 'hgih'; did you mean 'high'?\n"},
    {"a line that is held and used",
     BOARD APA102 "{gpio: {gpiochip: c, data: 1, clock: 2, hold: [{line: GPIO2, level: low}]}}}\n",
     "$:3:52: clock and held low are both GPIO2; they are two lines\n"},
    {"the keys of a clocked chip for a two-wire one",
     BOARD TM1637 "{gpio: {gpiochip: c, data: 1, clock: 2}}}\n",
     "$:3:41: the key 'dio' is missing here; add it, with text\n"
     "$:3:55: unknown key 'data'; write clock, dio, half_period_us, gpiochip or hold\n"},
    {"an address as i2cdetect's columns have it", BOARD HT16K33 "{i2c: /dev/i2c-1, address: 70}}\n",
     "$:3:62: address cannot be '70'; write 0x08 to 0x77\n"},
    {"an address that I2C keeps for itself", BOARD HT16K33 "{i2c: /dev/i2c-1, address: 0x78}}\n",
     "$:3:62: address cannot be '0x78'; write 0x08 to 0x77\n"},
    {"an address with a letter too much", BOARD HT16K33 "{i2c: /dev/i2c-1, address: 0x7g}}\n",
     "$:3:62: address cannot be '0x7g'; write 0x08 to 0x77\n"},
    {"fewer lines than lamps", BOARD LAMPS "{gpio: {gpiochip: c, lines: [GPIO9]}}}\n",
     "$:3:5: lamps and lines differ in number, 2 and 1; name one for each\n"},
    {"no lines for lamps", BOARD LAMPS "{gpio: {gpiochip: c}}}\n",
     "$:3:81: the key 'lines' is missing here; add a line for each lamp, e.g. lines: [GPIO9, "
     "GPIO10, GPIO11]\n"},
    {"no data", BOARD APA102 "{gpio: {clock: 2}}}\n",
     "$:3:52: the key 'data' is missing here; add it, with text\n"},
    {"no clock", BOARD APA102 "{gpio: {data: 2}}}\n",
     "$:3:52: the key 'clock' is missing here; add it, with text\n"},
    {"no latch", BOARD "{name: a, chip: max7219, bus: {gpio: {data: 1, clock: 2}}}\n",
     "$:3:42: the key 'latch' is missing here; add it, with text\n"},
    {"a held line without its level",
     BOARD APA102 "{gpio: {data: 1, clock: 2, hold: [{line: 5}]}}}\n",
     "$:3:79: the key 'level' is missing here; add it, with a word\n"},
    {"a level without its line",
     BOARD APA102 "{gpio: {data: 1, clock: 2, hold: [{level: low}]}}}\n",
     "$:3:79: the key 'line' is missing here; add it, with text\n"},
    {"a lamp's line without its line",
     BOARD LAMPS "{gpio: {lines: [GPIO9, {active_low: true}]}}}\n",
     "$:3:97: the key 'line' is missing here; add it, with text\n"},
    {"a light without its name", BOARD LIGHTS "{leds: [{inverted: true}]}}\n",
     "$:3:69: the key 'light' is missing here; add it, with text\n"},
    {"lines that are none", BOARD LAMPS "{gpio: {gpiochip: c, lines: []}}}\n",
     "$:3:102: lines are 1 to 16, one a lamp, not 0; correct the list\n"},
    {"a lamp's line twice", BOARD LAMPS "{gpio: {gpiochip: c, lines: [GPIO9, {line: '9'}]}}}\n",
     "$:3:81: lamp 1 and lamp 2 are both 9; they are two lines\n"},
    {"a mistyped key of a line",
     BOARD LAMPS "{gpio: {gpiochip: c, lines: [GPIO9, {line: GPIO8, active-low: true}]}}}\n",
     "$:3:124: unknown key 'active-low'; did you mean 'active_low'?\n"},
    {"lamps without colours",
     BOARD
     "{name: a, chip: lamps, lamps: [{color: red}], bus: {gpio: {gpiochip: c, lines: [1]}}}\n",
     "$:3:37: unknown key 'color'; did you mean 'colour'?\n"},
    {"no lamps", BOARD "{name: a, chip: lamps, bus: {gpio: {gpiochip: c, lines: [1]}}}\n",
     "$:3:5: the key 'lamps' is missing here; add the list of lamps in the order of their lines, "
     "e.g. lamps: [{colour: red}, {colour: amber}, {colour: green}]\n"},
    {"a name where an address has to be", BOARD DDP "{udp: wled.local}}\n",
     "$:3:48: udp cannot be 'wled.local'; write the address of one controller, e.g. "
     "192.168.1.60\n"},
    {"the address of all", BOARD DDP "{udp: 255.255.255.255}}\n",
     "$:3:48: udp cannot be '255.255.255.255'; write the address of one controller, e.g. "
     "192.168.1.60\n"},
    {"an address and its port in one", BOARD DDP "{udp: '192.168.1.60:4048'}}\n",
     "$:3:48: udp cannot be '192.168.1.60:4048'; write the address of one controller, e.g. "
     "192.168.1.60\n"},
    {"a port that there is not", BOARD DDP "{udp: 192.168.1.60, port: 65536}}\n",
     "$:3:68: port cannot be 65536; write 1 to 65535\n"},
    {"a controller on wires", BOARD DDP "{spi: /dev/spidev0.0}}\n",
     "$:3:43: the chip ddp cannot be wired to spi; write bus: {udp: 192.168.1.60}\n"},
    {"a number that changes", BOARD BLINK1 "{hidraw: /dev/hidraw0}}\n",
     "$:3:43: a device's number changes when it is plugged in; write its serial number, or any\n"},
    {"USB as a word", BOARD BLINK1 "hidraw}\n",
     "$:3:34: the bus hidraw is written otherwise; write bus: {hidraw: any}\n"},
    {"a light on USB on wires", BOARD BLINK1 "{spi: /dev/spidev0.0}}\n",
     "$:3:35: the chip blink1 cannot be wired to spi; write bus: {hidraw: any}\n"},
    {"two lights that may be one",
     BOARD BLINK1 "{hidraw: any}}\n  - {name: b, chip: blink1, bus: {hidraw: '2000'}}\n",
     "$:4:5: the output a may be the same blink(1); name the serial number of each\n"},
    {"sides that a flag does not have",
     BOARD "{name: a, chip: luxafor, pixels: 4, bus: {hidraw: any}}\n",
     "$:3:5: a Luxafor Flag shows 1, 3 or 6 pixels, not 4; write one of these\n"},
    {"lights that leave their directory", BOARD LIGHTS "{leds: [../../x]}}\n",
     "$:3:69: a light is named as in /sys/class/leds, e.g. ACT\n"},
    {"more lamps than lights", BOARD LIGHTS "{leds: [ACT, PWR]}}\n",
     "$:3:5: lamps and leds differ in number, 1 and 2; name one for each\n"},
    {"a strip that begins too late",
     BOARD "{name: a, chip: apa102, pixels: 8, from: 1020, bus: {spi: /dev/spidev0.0}}\n",
     "$:3:46: from and pixels together pass 1024, the most that there are; lower one\n"},
    {"a chip that is a list", BOARD "{name: a, chip: [apa102], bus: stdout}\n",
     "$:3:21: chip cannot be a list; write the chip's name, e.g. apa102\n"},
    {"an address that is a list", BOARD HT16K33 "{i2c: /dev/i2c-1, address: [0x70]}}\n",
     "$:3:62: address cannot be a list; write an address such as 0x70\n"},
    {"lights that are a word", BOARD LIGHTS "{leds: ACT}}\n",
     "$:3:68: leds cannot be a single value; write a list such as [ACT, PWR]\n"},
    {"a light that is a list", BOARD LIGHTS "{leds: [[ACT]]}}\n",
     "$:3:69: this cannot be a list; write the name of a light in /sys/class/leds\n"},
    {"no lights at all", BOARD LIGHTS "{leds: []}}\n",
     "$:3:68: leds names 1 to 8 lights, not 0; correct the list\n"},
    {"more lights than there can be", BOARD LIGHTS "{leds: [a, b, c, d, e, f, g, h, i]}}\n",
     "$:3:68: leds names 1 to 8 lights, not 9; correct the list\n"},
    {"a light whose name no kernel gives",
     BOARD LIGHTS "{leds: [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]}}\n",
     "$:3:69: a light is named as in /sys/class/leds, e.g. ACT\n"},
    {"lamps that are a word",
     BOARD "{name: a, chip: lamps, lamps: red, bus: {gpio: {gpiochip: c, lines: [1]}}}\n",
     "$:3:35: lamps cannot be a single value; write a list such as [{colour: red}, {colour: "
     "green}]\n"},
    {"an empty list of lamps",
     BOARD "{name: a, chip: lamps, lamps: [], bus: {gpio: {gpiochip: c, lines: [1]}}}\n",
     "$:3:35: there are 1 to 16 lamps, not 0; correct the list\n"},
    {"chips that are a map", BOARD APA102 "{gpio: {gpiochip: {a: b}, data: 1, clock: 2}}}\n",
     "$:3:63: gpiochip cannot be a map of keys; write a label, or a list of labels\n"},
    {"more chips than are looked for",
     BOARD APA102 "{gpio: {gpiochip: [a, b, c, d, e, f, g, h, i], data: 1, clock: 2}}}\n",
     "$:3:63: gpiochip names 1 to 8 chips; the first one found is used\n"},
    {"an empty label", BOARD APA102 "{gpio: {gpiochip: [''], data: 1, clock: 2}}}\n",
     "$:3:64: a GPIO chip's label has 1 to 63 characters; see gpiodetect\n"},
    {"a label that no chip has",
     BOARD APA102
     "{gpio: {gpiochip: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, data: 1, "
     "clock: 2}}}\n",
     "$:3:63: a GPIO chip's label has 1 to 63 characters; see gpiodetect\n"},
    {"held lines that are a word",
     BOARD APA102 "{gpio: {gpiochip: c, data: 1, clock: 2, hold: GPIO5}}}\n",
     "$:3:91: hold cannot be a single value; write a list such as [{line: GPIO5, level: high}]\n"},
    {"lines that are a word", BOARD LAMPS "{gpio: {gpiochip: c, lines: GPIO9}}}\n",
     "$:3:102: lines cannot be a single value; write a list such as [GPIO9, GPIO10, GPIO11]\n"},
    {"a line that is a list", BOARD LAMPS "{gpio: {gpiochip: c, lines: [[GPIO9], GPIO8]}}}\n",
     "$:3:103: this cannot be a list; write its keys, indented under it\n"},
    {"a line that no chip has",
     BOARD LAMPS "{gpio: {gpiochip: c, lines: "
                 "[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, GPIO8]}}}\n",
     "$:3:103: a line's name has 1 to 63 characters; see gpioinfo\n"},
    {"a balance that is a number",
     BOARD "{name: a, chip: apa102, pixels: 8, white_balance: 80%, bus: {spi: /dev/spidev0.0}}\n",
     "$:3:55: white_balance cannot be a single value; write shares of red, green, blue: [100%, "
     "70%, 80%]\n"},
    {"a balance of two",
     BOARD
     "{name: a, chip: apa102, pixels: 8, white_balance: [80%, 90%], bus: {spi: /dev/spidev0.0}}\n",
     "$:3:55: white_balance has three shares of 10% to 100%; write e.g. [100%, 70%, 80%] for red, "
     "green, blue\n"},
    {"a balance with a list and with what is too dark",
     BOARD "{name: a, chip: apa102, pixels: 8, white_balance: [[1], 5%, 101%], bus: {spi: "
           "/dev/spidev0.0}}\n",
     "$:3:55: white_balance has three shares of 10% to 100%; write e.g. [100%, 70%, 80%] for red, "
     "green, blue\n"},
    {"more lamps than there can be",
     BOARD "{name: a, chip: lamps, lamps: [{colour: red}, {colour: red}, {colour: red}, {colour: "
           "red}, {colour: red}, {colour: red}, {colour: red}, {colour: red}, {colour: red}, "
           "{colour: red}, {colour: red}, {colour: red}, {colour: red}, {colour: red}, {colour: "
           "red}, {colour: red}, {colour: red}], bus: {gpio: {gpiochip: c, lines: [1]}}}\n",
     "$:3:35: there are 1 to 16 lamps, not 17; correct the list\n"},
    {"more held lines than there can be",
     BOARD APA102 "{gpio: {gpiochip: c, data: 1, clock: 2, hold: [{line: '3', level: low}, {line: "
                  "'4', level: low}, {line: '5', level: low}, {line: '6', level: low}, {line: '7', "
                  "level: low}, {line: '8', level: low}, {line: '9', level: low}, {line: '10', "
                  "level: low}, {line: '11', level: low}]}}}\n",
     "$:3:91: at most 8 lines can be held; there are 9\n"},
    {"more lines than there can be",
     BOARD LAMPS
     "{gpio: {gpiochip: c, lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]}}}\n",
     "$:3:102: lines are 1 to 16, one a lamp, not 17; correct the list\n"},
};

static void test_refused(void **state)
{
    (void)state;
    expect_boards(refused, sizeof refused / sizeof refused[0]);
}

#define A_ON(bus) BOARD "{name: a, chip: apa102, pixels: 8, bus: {" bus "}}\n  - "
#define MAX(bus) "{name: b, chip: max7219, bus: {" bus "}}\n"

#define PINS(name, chip, data, clock)                                                              \
    "{name: " name ", chip: apa102, pixels: 8, bus: {gpio: {" chip "data: " data ", clock: " clock \
    "}}}\n"

/* Outputs that conflict, and those that only seem to. */
static const struct refused pairs[] = {
    {"a mistyped chip before a good one",
     BOARD "{name: a, chip: aap102}\n  - " PINS("b", "", "10", "25"),
     "$:3:21: unknown chip 'aap102'; did you mean 'apa102'?\n"},
    {"a mistyped chip behind a good one",
     BOARD PINS("a", "", "10", "25") "  - {name: a, chip: aap102}\n",
     "$:4:21: unknown chip 'aap102'; did you mean 'apa102'?\n"},
    {"a line of the header by name and by number",
     BOARD PINS("a", "", "10", "25") "  - " PINS("b", "", "11", "GPIO10"),
     "$:4:5: the output a uses the line GPIO10 already; take another\n"},
    {"the header by another of its names",
     BOARD PINS("a", "gpiochip: pinctrl-rp1, ", "10",
                "25") "  - " PINS("b", "gpiochip: pinctrl-bcm2711, ", "10", "4"),
     "$:4:5: the output a uses the line 10 already; take another\n"},
    {"the first line of one and the last of the other",
     BOARD PINS("a", "", "10", "25") "  - " PINS("b", "", "25", "4"),
     "$:4:5: the output a uses the line 25 already; take another\n"},
    {"both lines", BOARD PINS("a", "", "10", "25") "  - " PINS("b", "", "25", "10"),
     "$:4:5: the output a uses the line 25 already; take another\n"
     "$:4:5: the output a uses the line 10 already; take another\n"},
    {"other lines", BOARD PINS("a", "", "10", "25") "  - " PINS("b", "", "11", "4"), ""},
    {"one line of a chip that is no header's",
     BOARD PINS("a", "gpiochip: pca9535, ", "10", "25") "  - " PINS("b", "gpiochip: pca9535, ",
                                                                    "11", "10"),
     "$:4:5: the output a uses the line 10 already; take another\n"},
    {"the same numbers of two such chips",
     BOARD PINS("a", "gpiochip: pca9535, ", "10", "25") "  - " PINS("b", "gpiochip: pca9536, ",
                                                                    "10", "25"),
     ""},
    {"the same numbers of such a chip and of the header",
     BOARD PINS("a", "gpiochip: pca9535, ", "10", "25") "  - " PINS("b", "", "10", "25"), ""},
    {"the same, the header first",
     BOARD PINS("a", "", "10", "25") "  - " PINS("b", "gpiochip: pca9535, ", "10", "25"), ""},
    {"SPI's own pin is the header's, where another chip's line is held",
     A_ON("spi: /dev/spidev0.0, gpiochip: pca9535, hold: [{line: '5', level: low}]")
         PINS("b", "gpiochip: pca9535, ", "10", "25"),
     ""},
    {"SPI's own pin behind that chip's",
     BOARD PINS("a", "gpiochip: pca9535, ", "10",
                "25") "  - {name: b, chip: max7219, bus: {spi: /dev/spidev0.0, gpiochip: pca9535, "
                      "hold: [{line: "
                      "'5', level: low}]}}\n",
     ""},
    {"a line that is held and used",
     A_ON("spi: /dev/spidev0.0, gpiochip: pca9535, hold: [{line: '5', level: low}]")
         PINS("b", "gpiochip: pca9535, ", "5", "25"),
     "$:4:5: the output a uses the line 5 already; take another\n"},
    {"one SPI device twice", A_ON("spi: /dev/spidev0.0") MAX("spi: /dev/spidev0.0"),
     "$:4:5: the output a is on /dev/spidev0.0 already; chain the lights as one output\n"},
    {"lights that take what is for another select",
     A_ON("spi: /dev/spidev0.0") MAX("spi: /dev/spidev0.1"),
     "$:4:5: the output a is on the same wires, and its lights take what is for others; take "
     "another SPI, or GPIO\n"},
    {"SPI 10 is not SPI 1", A_ON("spi: /dev/spidev10.0") MAX("spi: /dev/spidev1.0"), ""},
    {"nor SPI 1 SPI 10", A_ON("spi: /dev/spidev1.0") MAX("spi: /dev/spidev10.0"), ""},
    {"another SPI is fine", A_ON("spi: /dev/spidev0.0") MAX("spi: /dev/spidev1.0"), ""},
    {"latched chips share a bus by their selects",
     BOARD "{name: a, chip: max7219, bus: {spi: /dev/spidev0.0}}\n  - " MAX("spi: /dev/spidev0.1"),
     ""},
    {"SPI's own pin on a Pi's header",
     A_ON("gpio: {gpiochip: pinctrl-rp1, data: 10, clock: 25}") MAX("spi: /dev/spidev0.1"),
     "$:4:5: the output a uses the line GPIO10 already; take another\n"},
    {"a pin of that number on another chip",
     A_ON("gpio: {gpiochip: pca9535, data: 10, clock: 25}") MAX("spi: /dev/spidev0.1"), ""},
    {"one I2C address twice",
     BOARD HT16K33 "{i2c: /dev/i2c-1}}\n  - {name: b, chip: ht16k33, bus: {i2c: /dev/i2c-1, "
                   "address: 0x70}}\n",
     "$:4:5: the output a is at 0x70 on /dev/i2c-1 already; set another address\n"},
    {"one address on two I2C",
     BOARD HT16K33 "{i2c: /dev/i2c-1}}\n  - {name: b, chip: ht16k33, bus: {i2c: /dev/i2c-2}}\n",
     ""},
    {"one controller twice",
     BOARD DDP "{udp: 192.168.1.60}}\n  - {name: b, chip: ddp, pixels: 8, bus: {udp: "
               "192.168.1.60}}\n",
     "$:4:5: the output a sends to 192.168.1.60 already; keep one\n"},
    {"another port of it",
     BOARD DDP "{udp: 192.168.1.60}}\n  - {name: b, chip: ddp, pixels: 8, bus: {udp: "
               "192.168.1.60, port: 4049}}\n",
     ""},
    {"two controllers",
     BOARD DDP "{udp: 192.168.1.60}}\n  - {name: b, chip: ddp, pixels: 8, bus: {udp: "
               "192.168.1.61}}\n",
     ""},
    {"two devices",
     BOARD "{name: a, chip: ws2812-pio, pixels: 8, bus: {file: /dev/leds0}}\n"
           "  - {name: b, chip: ws2812-pio, pixels: 8, bus: {file: /dev/leds1}}\n",
     ""},
    {"two devices on one line",
     BOARD "{name: a, chip: ws2812-pio, pixels: 8, bus: {file: /dev/leds0, line: GPIO18}}\n"
           "  - {name: b, chip: ws2812-pio, pixels: 8, bus: {file: /dev/leds1, line: '18'}}\n",
     "$:4:5: the output a uses the line 18 already; take another\n"},
    {"two lights on USB of two makers",
     BOARD BLINK1 "{hidraw: any}}\n  - {name: b, chip: luxafor, pixels: 3, bus: {hidraw: any}}\n",
     ""},
    {"the second light of one and the first of the other",
     BOARD "{name: a, chip: sysfs-led, lamps: [{colour: red}, {colour: red}], bus: {leds: [ACT, "
           "PWR]}}\n  - {name: b, chip: sysfs-led, lamps: [{colour: red}, {colour: red}], bus: "
           "{leds: [PWR, x]}}\n",
     "$:4:5: the output a uses the light PWR already; take another\n"},
    {"other lights",
     BOARD LIGHTS "{leds: [ACT]}}\n  - {name: b, chip: sysfs-led, lamps: [{colour: red}], bus: "
                  "{leds: [PWR]}}\n",
     ""},
    {"two addresses on one I2C",
     BOARD HT16K33 "{i2c: /dev/i2c-1}}\n  - {name: b, chip: ht16k33, bus: {i2c: /dev/i2c-1, "
                   "address: 0x71}}\n",
     ""},
    {"one device twice",
     BOARD "{name: a, chip: ws2812-pio, pixels: 8, bus: {file: /dev/leds0}}\n"
           "  - {name: b, chip: ws2812-pio, pixels: 8, bus: {file: /dev/leds0}}\n",
     "$:4:5: the output a writes to /dev/leds0 already; keep one\n"},
    {"one framebuffer twice",
     BOARD "{name: a, chip: sense-hat, bus: {framebuffer: RPi-Sense FB}}\n"
           "  - {name: b, chip: sense-hat, bus: {framebuffer: RPi-Sense FB}}\n",
     "$:4:5: the output a writes to RPi-Sense FB already; keep one\n"},
    {"two framebuffers",
     BOARD "{name: a, chip: sense-hat, bus: {framebuffer: RPi-Sense FB}}\n"
           "  - {name: b, chip: sense-hat, bus: {framebuffer: another}}\n",
     ""},
    {"a framebuffer is not a path", BOARD "{name: a, chip: sense-hat, bus: {file: /dev/fb1}}\n",
     "$:3:38: the chip sense-hat cannot be wired to file; write bus: {framebuffer: RPi-Sense "
     "FB}\n"},
    {"a framebuffer without a name", BOARD "{name: a, chip: sense-hat, bus: {framebuffer: ''}}\n",
     "$:3:51: framebuffer cannot be empty; write text\n"},
    {"two lights on USB that may be one, the other way round",
     BOARD BLINK1 "{hidraw: '2000'}}\n  - {name: b, chip: blink1, bus: {hidraw: any}}\n",
     "$:4:5: the output a may be the same blink(1); name the serial number of each\n"},
    {"two that are one",
     BOARD BLINK1 "{hidraw: '2000'}}\n  - {name: b, chip: blink1, bus: {hidraw: '2000'}}\n",
     "$:4:5: the output a may be the same blink(1); name the serial number of each\n"},
    {"two by their numbers",
     BOARD BLINK1 "{hidraw: '2000'}}\n  - {name: b, chip: blink1, bus: {hidraw: '2001'}}\n", ""},
    {"one light twice",
     BOARD LIGHTS "{leds: [ACT]}}\n  - {name: b, chip: sysfs-led, lamps: [{colour: red}], bus: "
                  "{leds: [ACT]}}\n",
     "$:4:5: the output a uses the light ACT already; take another\n"},
};

static void test_pairs(void **state)
{
    (void)state;
    expect_boards(pairs, sizeof pairs / sizeof pairs[0]);
}

/* One of each, in the order of the outputs below. */
static const char everything[] =
    "title: T\noutputs:\n"
    "  - {name: ring, chip: apa102, pixels: 12, bus: {spi: /dev/spidev0.1, speed: 8MHz,\n"
    "     gpiochip: [pinctrl-rp1, pinctrl-bcm2835], hold: [{line: GPIO5, level: high}]}}\n"
    "  - {name: strip, chip: ws2812, pixels: 8, from: 12, reverse: true, bus: {spi: "
    "/dev/spidev1.0}}\n"
    "  - {name: clock, chip: tm1637, bus: {gpio: {gpiochip: pinctrl-rp1, clock: GPIO23, dio: "
    "GPIO24}}}\n"
    "  - {name: digits, chip: max7219, bus: {gpio: {gpiochip: pinctrl-rp1, data: GPIO22, clock: "
    "GPIO27,\n     latch: GPIO4, half_period_us: 5}}}\n"
    "  - {name: pack, chip: ht16k33, bus: {i2c: /dev/i2c-1}}\n"
    "  - {name: tower, chip: lamps, lamps: [{colour: red, relay: true}, {colour: green, pixel: "
    "3}],\n     bus: {gpio: {gpiochip: pinctrl-rp1, lines: [GPIO13, {line: GPIO19, active_low: "
    "true}]}}}\n"
    "  - {name: own, chip: sysfs-led, lamps: [{colour: red}], bus: {leds: [PWR]}}\n"
    "  - {name: pio, chip: ws2812-pio, pixels: 8, bus: {file: /dev/leds0}}\n";

static void read_everything(struct board *board)
{
    struct complaints complaints = {0};
    scratch_make();
    board_read(scratch_write("b.yaml", everything, strlen(everything)), NULL, board, &complaints);
    expect_complaints("one of each", &complaints, "");
    complaints_free(&complaints);
    scratch_remove();
}

static void test_everything_is_read(void **state)
{
    (void)state;
    struct board board;
    read_everything(&board);
    const struct bus_settings *ring = &board.outputs[0].bus;
    assert_int_equal(ring->kind, BUS_SPI);
    assert_string_equal(ring->spi.path, "/dev/spidev0.1");
    assert_int_equal(ring->spi.speed_hz, 8000000);
    assert_true(ring->spi.in_pieces);
    assert_int_equal(ring->hold.count, 1);
    assert_string_equal(ring->hold.lines[0].line, "GPIO5");
    assert_int_equal(ring->hold.lines[0].level, 1);
    assert_string_equal(ring->hold.chips[1], "pinctrl-bcm2835");
    assert_int_equal(board.outputs[1].bus.spi.speed_hz, board.outputs[1].chip->spi.hz);
    assert_false(board.outputs[1].bus.spi.in_pieces); /* a pause would latch */
    assert_int_equal(board.outputs[1].from, 12);
    assert_true(board.outputs[1].reverse);
    assert_string_equal(board.outputs[2].bus.gpio.data, "GPIO24");
    assert_string_equal(board.outputs[2].bus.gpio.clock, "GPIO23");
    assert_int_equal(board.outputs[2].bus.gpio.half_period_us, TWOWIRE_HALF_PERIOD_US);
    assert_string_equal(board.outputs[3].bus.gpio.latch, "GPIO4");
    assert_int_equal(board.outputs[3].bus.gpio.half_period_us, 5);
    assert_string_equal(board.outputs[4].bus.i2c.path, "/dev/i2c-1");
    assert_int_equal(board.outputs[4].bus.i2c.address, 0x70);
    const struct gpio_lines_settings *tower = &board.outputs[5].bus.lines;
    assert_int_equal(tower->count, 2);
    assert_string_equal(tower->chips[0], "pinctrl-rp1");
    assert_string_equal(tower->lines[0].name, "GPIO13");
    assert_false(tower->lines[0].active_low);
    assert_string_equal(tower->lines[1].name, "GPIO19");
    assert_true(tower->lines[1].active_low);
    const struct lamps_settings *lamps = board.outputs[5].chip_settings;
    assert_int_equal(lamps->count, 2);
    assert_true(lamps->lamps[0].relay);
    assert_int_equal(lamps->lamps[1].colour, LAMP_GREEN);
    assert_int_equal(lamps->lamps[1].pixel, 3);
    assert_int_equal(board.outputs[6].bus.leds.count, 1);
    assert_string_equal(board.outputs[6].bus.leds.lights[0].name, "PWR");
    assert_string_equal(board.outputs[7].bus.device.path, "/dev/leds0");
    assert_int_equal(board_pixels(&board), 20); /* 12 and then 8 */
    board_free(&board);
}

static void test_lines_that_outputs_use(void **state)
{
    (void)state;
    static const struct {
        size_t output;
        const char *uses;
    } rows[] = {
        {0, "MOSI GPIO10, SCLK GPIO11, CE1 GPIO7, held high GPIO5, "},
        {1, "MOSI GPIO20, SCLK GPIO21, CE0 GPIO18, "},
        {2, "DIO GPIO24, CLK GPIO23, "},
        {3, "data GPIO22, clock GPIO27, latch GPIO4, "},
        {4, "SDA GPIO2, SCL GPIO3, "},
        {5, "lamp 1 GPIO13, lamp 2 GPIO19, "},
        {6, ""},
        {7, ""},
    };
    struct board board;
    read_everything(&board);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line_use uses[OUTPUT_LINES_MAX];
        struct text text = {0};
        size_t count = output_lines(&board.outputs[rows[i].output], uses);
        text_add(&text, "");
        for (size_t j = 0; j < count; j++) {
            text_addf(&text, "%s %s, ", uses[j].use, uses[j].line);
            assert_true(uses[j].on_header);
        }
        assert_string_equal(text.data == NULL ? "" : text.data, rows[i].uses);
        text_free(&text);
    }
    board_free(&board);
}

/* Twenty pixels, each of another red, on a ring of 12 and, the other way round, a strip of 8. */
static void test_parts_of_the_picture(void **state)
{
    (void)state;
    struct pixel pixels[20];
    static uint8_t bytes[2][256];
    struct board board;
    read_everything(&board);
    board.outputs[1].chip = board.outputs[0].chip; /* whose bytes are easily read */
    free(board.outputs[1].chip_settings);
    board.outputs[1].chip_settings = calloc(1, board.outputs[0].chip->settings_size);
    memcpy(board.outputs[1].chip_settings, board.outputs[0].chip_settings,
           board.outputs[0].chip->settings_size);
    for (size_t i = 0; i < 20; i++)
        pixels[i] = (struct pixel){.red = (uint16_t)((i + 1) * 257)};
    const struct frame frame = {.pixels = pixels, .count = 20};
    for (size_t i = 0; i < 2; i++) {
        struct wire wire = {.bytes = bytes[i], .capacity = sizeof bytes[i]};
        output_encode(&board.outputs[i], &frame, true, &wire);
        assert_false(wire.overflow);
    }
    for (size_t i = 0; i < 12; i++) {
        assert_int_equal(bytes[0][4 + 4 * i + 3], i + 1);
        size_t shown = 12 + 11 - i; /* pixels behind the picture's end are dark */
        assert_int_equal(bytes[1][4 + 4 * i + 3], shown < 20 ? shown + 1 : 0);
    }
    board_free(&board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_everything_is_read),
        cmocka_unit_test(test_lines_that_outputs_use),
        cmocka_unit_test(test_parts_of_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
