#include "chips/chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void chips_are_found_by_their_name(void **state)
{
    (void)state;
    for (const struct chip *const *chip = chips; *chip != NULL; chip++)
        assert_ptr_equal(chip_find((*chip)->name), *chip);
    assert_null(chip_find("apa103"));
    assert_null(chip_find(""));
}

static void every_chip_is_described_whole(void **state)
{
    (void)state;
    for (const struct chip *const *chip = chips; *chip != NULL; chip++) {
        assert_true((*chip)->buses != 0 && strlen((*chip)->summary) > 0);
        assert_true((*chip)->pixels && (*chip)->digits && (*chip)->wire_size && (*chip)->encode);
        for (const struct field *field = (*chip)->fields; field->key != NULL; field++) {
            if (field->help == NULL || field->offset >= (*chip)->settings_size)
                fail_msg("%s: key %s", (*chip)->name, field->key);
            assert_true(field->required || field->fallback != NULL);
            assert_ptr_equal(chip_field(*chip, field->key), field);
        }
        assert_null(chip_field(*chip, "no such key"));
    }
}

static void lights_are_found_by_the_names_they_are_sold_under(void **state)
{
    (void)state;
    static const struct {
        const char *name, *chip; /* NULL: none is known */
        size_t length;           /* 0: all of the name */
    } rows[] = {
        {"ws2812b", "ws2812", 0},
        {"WS2812-B", "ws2812", 0},
        {" Neo Pixel! ", "ws2812", 0},
        {"ws2812bx", NULL, 0},
        {"ws2812bx", "ws2812", 7},
        {"dotsta", NULL, 0},
        {"dotstar", NULL, 6},
        {"LPD8803", "lpd8806", 0},
        {"MAX7221", "max7219", 0},
        {"xdotstar", NULL, 0},
        {"-", NULL, 0},
        {"", NULL, 0},
        {"DotStar-", "apa102", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t length = rows[i].length > 0 ? rows[i].length : strlen(rows[i].name);
        char *exactly = malloc(length > 0 ? length : 1); /* nothing behind it is looked at */
        assert_non_null(exactly);
        memcpy(exactly, rows[i].name, length);
        const char *chip = chip_same_wire(exactly, length);
        free(exactly);
        if ((chip == NULL) != (rows[i].chip == NULL) ||
            (chip != NULL && strcmp(chip, rows[i].chip) != 0))
            fail_msg("'%s' is %s", rows[i].name, chip == NULL ? "none" : chip);
    }
}

/* Of data sheets; ws2812's are its bit times: 417, 333 and 325 ns a third. */
static void each_clock_is_what_its_data_sheet_allows(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t hz, min_hz, max_hz;
    } rows[] = {
        {"apa102", 1000000, 100000, 12000000}, {"sk9822", 1000000, 100000, 12000000},
        {"hc595", 1000000, 10000, 10000000},   {"lpd8806", 2000000, 100000, 12000000},
        {"p9813", 1000000, 100000, 15000000},  {"tm1638", 250000, 10000, 1000000},
        {"ws2801", 1000000, 100000, 25000000}, {"ws2812", 3000000, 2250000, 3080000},
        {"max7219", 1000000, 10000, 10000000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct chip *chip = chip_find(rows[i].name);
        assert_non_null(chip);
        if (chip->spi.hz != rows[i].hz || chip->spi.min_hz != rows[i].min_hz ||
            chip->spi.max_hz != rows[i].max_hz)
            fail_msg("%s: %d, %d to %d Hz", chip->name, (int)chip->spi.hz, (int)chip->spi.min_hz,
                     (int)chip->spi.max_hz);
    }
}

#define GPIO BUS_BIT(BUS_GPIO)
#define SPI BUS_BIT(BUS_SPI)
#define I2C BUS_BIT(BUS_I2C)
#define UDP BUS_BIT(BUS_UDP)
#define HID BUS_BIT(BUS_HIDRAW)

/*
 * Of data sheets and makers' documents: addresses, ports and numbers; and what else is asked of a
 * chip, in letters: w, a message in one transfer; t, a clock as it was asked for; r, feature
 * reports; c, words; o, colours of its own; l, lamps; f, a face that is not its pixels.
 */
static const struct {
    const char *name;
    unsigned buses;
    enum wiring wiring; /* where GPIO is one of them */
    const char *letters;
    unsigned number, id; /* of I2C; of UDP's port; of USB's vendor and device */
    int64_t repeat_ms;   /* 0: it keeps what it shows */
} needs[] = {
    {"apa102", GPIO | SPI, WIRING_CLOCKED, "", 0, 0, 0},
    {"sk9822", GPIO | SPI, WIRING_CLOCKED, "", 0, 0, 0},
    {"ws2812", SPI, WIRING_CLOCKED, "wt", 0, 0, 0},
    {"sk6812", SPI, WIRING_CLOCKED, "wt", 0, 0, 0},
    {"ws2812-pio", BUS_BIT(BUS_DEVICE), WIRING_CLOCKED, "", 0, 0, 0},
    {"ws2801", SPI, WIRING_CLOCKED, "w", 0, 0, 0}, /* half a millisecond's pause shows all */
    {"lpd8806", GPIO | SPI, WIRING_CLOCKED, "", 0, 0, 0},
    {"p9813", GPIO | SPI, WIRING_CLOCKED, "", 0, 0, 0},
    {"tm1637", GPIO, WIRING_TWO_WIRE, "", 0, 0, 0},
    {"tm1638", GPIO | SPI, WIRING_LATCHED, "wof", 0, 0, 0},
    {"max7219", GPIO | SPI, WIRING_LATCHED, "w", 0, 0, 0},
    {"max7219-matrix", GPIO | SPI, WIRING_LATCHED, "wof", 0, 0, 0},
    {"ht16k33", I2C, WIRING_CLOCKED, "", 0x70, 0, 0},
    {"ht16k33-bicolour", I2C, WIRING_CLOCKED, "of", 0x70, 0, 0},
    {"is31fl3731-shim", I2C, WIRING_CLOCKED, "", 0x75, 0, 0},
    {"is31fl3731-scroll", I2C, WIRING_CLOCKED, "of", 0x74, 0, 0},
    {"hc595", GPIO | SPI, WIRING_LATCHED, "w", 0, 0, 0},
    {"sense-hat", BUS_BIT(BUS_FRAMEBUFFER), WIRING_CLOCKED, "f", 0, 0, 0},
    {"lamps", GPIO, WIRING_LINES, "l", 0, 0, 0},
    {"sysfs-led", BUS_BIT(BUS_LEDS), WIRING_CLOCKED, "l", 0, 0, 0},
    {"ddp", UDP, WIRING_CLOCKED, "", 4048, 0, 1000},
    {"e131", UDP, WIRING_CLOCKED, "", 5568, 0, 900},
    {"blink1", HID, WIRING_CLOCKED, "r", 0x27b8, 0x01ed, 3000},
    {"blinkstick", HID, WIRING_CLOCKED, "r", 0x20a0, 0x41e5, 0},
    {"luxafor", HID, WIRING_CLOCKED, "", 0x04d8, 0xf372, 0},
    {"terminal", BUS_BIT(BUS_FILE), WIRING_CLOCKED, "c", 0, 0, 0},
    {"frames", BUS_BIT(BUS_FILE), WIRING_CLOCKED, "", 0, 0, 0},
};
#define NEEDS (sizeof needs / sizeof needs[0])

static void letters_of(const struct chip *chip, char letters[static 8])
{
    const struct {
        char letter;
        bool is;
    } all[] = {{'w', chip->spi.whole},   {'t', chip->spi.timed},   {'r', chip->hid.features},
               {'c', chip->captioned},   {'o', chip->own_colours}, {'l', chip->lamps},
               {'f', chip->face != NULL}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i].is)
            *letters++ = all[i].letter;
    *letters = '\0';
}

static void each_chip_asks_for_what_it_needs(void **state)
{
    (void)state;
    size_t count = 0;
    while (chips[count] != NULL)
        count++;
    assert_int_equal(count, NEEDS);
    for (size_t i = 0; i < NEEDS; i++) {
        const struct chip *chip = chip_find(needs[i].name);
        assert_non_null(chip);
        const unsigned number = chip->buses == I2C   ? chip->i2c_address
                                : chip->buses == UDP ? (unsigned)chip->udp.port
                                                     : chip->hid.vendor;
        char letters[8];
        letters_of(chip, letters);
        if (chip->buses != needs[i].buses || chip->wiring != needs[i].wiring ||
            strcmp(letters, needs[i].letters) != 0)
            fail_msg("%s: buses %x, wiring %d, '%s'", chip->name, chip->buses, (int)chip->wiring,
                     letters);
        if (number != needs[i].number || chip->hid.id != needs[i].id ||
            chip->repeat_ms != needs[i].repeat_ms)
            fail_msg("%s: %x, %x, each %d ms", chip->name, number, chip->hid.id,
                     (int)chip->repeat_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_chip_asks_for_what_it_needs),
        cmocka_unit_test(chips_are_found_by_their_name),
        cmocka_unit_test(every_chip_is_described_whole),
        cmocka_unit_test(lights_are_found_by_the_names_they_are_sold_under),
        cmocka_unit_test(each_clock_is_what_its_data_sheet_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
