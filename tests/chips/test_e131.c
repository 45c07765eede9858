/*
 * E1.31: what a controller shows after the datagrams of a picture, and what its model refuses.
 */
#include "base/text.h"
#include "chips/e131.h"
#include "e131_model.h"
#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pixel pixels[FRAME_PIXELS_MAX];
static struct e131_model model;
static uint8_t sequences[E131_MODEL_UNIVERSES]; /* as the bus counts them */

static struct e131_settings settings_of(size_t count)
{
    return (struct e131_settings){.pixels = (int64_t)count,
                                  .order = LEDSTRIP_ORDER_RGB,
                                  .universe = 1,
                                  .priority = 100,
                                  .source = "amberbar"};
}

static void deliver(const uint8_t *bytes, size_t length, bool lost)
{
    uint8_t datagram[1472];
    size_t stream = bytes[114] % E131_MODEL_UNIVERSES;
    memcpy(datagram, bytes, length);
    datagram[111] = sequences[stream]++;
    if (!lost)
        e131_receive(&model, datagram, length);
}

/* `lost`: which of each five is. */
static void receive(const struct wire *wire, size_t lost)
{
    for (size_t i = 0; i < wire->messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(wire, i, &bytes);
        deliver(bytes, length, i % 5 == lost);
    }
}

static void start(uint16_t first)
{
    memset(&model, 0, sizeof model);
    memset(sequences, 0, sizeof sequences);
    model.first = first;
}

static struct wire encode(const struct e131_settings *settings)
{
    struct frame frame = {.pixels = pixels, .count = (size_t)settings->pixels};
    return encoding_of(&chip_e131, settings, &frame, true);
}

/* ANSI E1.31-2018, table 4-1, of three slots and of a whole universe. */
static void header_is_byte_by_byte_as_published(void **state)
{
    (void)state;
    static const uint8_t root[] = {0,   0x10, 0, 0, 'A', 'S',  'C',  '-', 'E', '1', '.',
                                   '1', '7',  0, 0, 0,   0x70, 0x71, 0,   0,   0,   4};
    static const uint8_t framing[] = {0x70, 0x5b, 0,   0,   0,   2,   'a', 'm',
                                      'b',  'e',  'r', 'b', 'a', 'r', 0};
    static const uint8_t rest[] = {100, 0, 0, 0, 0, 0, 1, 0x70, 0x0e, 0x02, 0xa1,
                                   0,   0, 0, 1, 0, 4, 0, 0xff, 0x80, 0};
    const uint8_t *bytes;
    struct e131_settings settings = settings_of(1);
    memset(pixels, 0, sizeof pixels);
    pixels[0] = (struct pixel){0xffff, 0x8080, 0};
    struct wire wire = encode(&settings);
    assert_int_equal(wire.messages, 1);
    assert_int_equal(encoding_message(&wire, 0, &bytes), 129);
    assert_memory_equal(bytes, root, sizeof root);
    assert_memory_equal(bytes + 38, framing, sizeof framing);
    assert_memory_equal(bytes + 108, rest, sizeof rest);
    assert_int_equal(bytes[22 + 6] >> 4, 8); /* a UUID of its own making */
    assert_int_equal(bytes[22 + 8] >> 6, 2);

    settings = settings_of(172);
    settings.universe = 0x1fe;
    settings.priority = 7;
    wire = encode(&settings);
    assert_int_equal(wire.messages, 2);
    assert_int_equal(encoding_message(&wire, 0, &bytes), 126 + 510);
    assert_memory_equal(bytes + 16, ((const uint8_t[]){0x72, 0x6c}), 2);
    assert_memory_equal(bytes + 38, ((const uint8_t[]){0x72, 0x56}), 2);
    assert_memory_equal(bytes + 108, ((const uint8_t[]){7, 0, 0, 0, 0, 0x01, 0xfe, 0x72, 0x09}), 9);
    assert_memory_equal(bytes + 123, ((const uint8_t[]){0x01, 0xff, 0}), 3);
    assert_int_equal(encoding_message(&wire, 1, &bytes), 126 + 6);
    assert_memory_equal(bytes + 113, ((const uint8_t[]){0x01, 0xff}), 2);
}

static void every_light_gets_its_level_at_every_length(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 60, 169, 170, 171, 340, 341, FRAME_PIXELS_MAX};
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        pixels[i] = encoding_noise(i);
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        struct e131_settings settings = settings_of(counts[k]);
        settings.universe = 63990;
        struct wire wire = encode(&settings);
        start(63990);
        receive(&wire, 5);
        if (model.fault != NULL)
            fail_msg("%zu lights: %s", counts[k], model.fault);
        assert_false(wire.limited);
        for (size_t i = 0; i < counts[k]; i++) {
            const uint8_t *light = model.universes[i / 170].shown + 3 * (i % 170);
            uint16_t channels[] = {pixels[i].red, pixels[i].green, pixels[i].blue};
            for (size_t c = 0; c < 3; c++) {
                double exact = channels[c] * 255.0 / 65535;
                if (light[c] > exact + 1 || light[c] < exact - 1)
                    fail_msg("light %zu of %zu: %u for %.2f", i, counts[k], light[c], exact);
            }
        }
        assert_int_equal(model.universes[(counts[k] - 1) / 170].slots,
                         3 * ((counts[k] - 1) % 170 + 1));
    }
}

/* Each universe loses some, and what is not lost is as if nothing were. */
static void lost_datagrams_spoil_one_picture(void **state)
{
    (void)state;
    struct e131_settings settings = settings_of(FRAME_PIXELS_MAX);
    start(1);
    for (size_t round = 0; round < 600; round++) {
        for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
            pixels[i] = (struct pixel){(uint16_t)(257 * (round % 256)), 0, 0};
        struct wire wire = encode(&settings);
        receive(&wire, round % 6);
        for (size_t u = 0; u < 7; u++)
            if (u % 5 != round % 6)
                assert_int_equal(model.universes[u].shown[0], round % 256);
    }
    assert_null(model.fault);
    for (size_t u = 0; u < 7; u++)
        assert_int_equal(model.universes[u].discarded, 0);
}

static void its_end_is_told_thrice(void **state)
{
    (void)state;
    static uint8_t room[32768];
    struct e131_settings settings = settings_of(171);
    struct wire wire = {.bytes = room, .capacity = chip_e131.wire_size(&settings)};
    pixels[0] = (struct pixel){0xffff, 0, 0};
    struct wire picture = encode(&settings);
    start(1);
    receive(&picture, 5);
    chip_e131.leave(&settings, &wire);
    assert_false(wire.overflow);
    assert_int_equal(wire.messages, 6);
    receive(&wire, 0); /* one of three is lost */
    assert_null(model.fault);
    for (size_t u = 0; u < 2; u++) {
        assert_in_range(model.universes[u].terminations, 2, 3);
        assert_int_equal(model.universes[u].datagrams, 1);
        assert_int_equal(model.universes[u].discarded, 0);
    }
    assert_int_equal(model.universes[0].shown[0], 0xff); /* what the end holds is no picture */
}

/* By its name a controller tells two senders apart, and one from none. */
static void a_source_has_an_identity(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "amberbar", "amberbar", "hall", "",
        "a name that has all of its sixty-three bytes, and not one more!"};
    /* FNV-1a of "amberbar E1.31" and the name with its NUL, then of the name, marked as RFC 9562
       has it: the same for ever, for receivers know a sender by it. */
    static const uint8_t ours[16] = {0x9f, 0x77, 0x97, 0x6e, 0x51, 0xda, 0x8c, 0x57,
                                     0x97, 0x13, 0x25, 0x2e, 0xc5, 0xdc, 0xb9, 0xd5};
    uint8_t cids[5][16];
    for (size_t i = 0; i < 5; i++) {
        struct e131_settings settings = settings_of(1);
        text_copy(settings.source, sizeof settings.source, sources[i]);
        struct wire wire = encode(&settings);
        start(1);
        receive(&wire, 5);
        if (model.fault != NULL)
            fail_msg("%s: %s", sources[i], model.fault);
        assert_string_equal(model.source, sources[i]);
        memcpy(cids[i], model.cid, sizeof model.cid);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(memcmp(cids[i], cids[k], 16) == 0, i == 1 && k == 0);
    }
    assert_memory_equal(cids[0], ours, sizeof ours);
}

static void universes_end(void **state)
{
    (void)state;
    struct error error = {0};
    struct e131_settings settings = settings_of(341);
    settings.universe = 63997;
    assert_true(chip_e131.check(&settings, &error));
    settings.universe = 63998;
    assert_false(chip_e131.check(&settings, &error));
    assert_string_equal(
        error.text, "universe 63998 and the 2 after it go beyond 63999; begin with a lower one");
}

static void model_refuses_what_is_no_picture(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t byte;
    } wrong[] = {{1, 0},      {3, 1},   {4, 'a'}, {13, ' '},  {16, 0},  {17, 0x72},
                 {21, 3},     {39, 0},  {43, 1},  {108, 201}, {110, 1}, {112, 0x80},
                 {112, 0x20}, {113, 9}, {114, 0}, {116, 0},   {117, 1}, {118, 0xa0},
                 {120, 1},    {122, 2}, {124, 5}, {125, 0xdd}};
    struct e131_settings settings = settings_of(1);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t datagram[129];
        const uint8_t *bytes;
        struct wire wire = encode(&settings);
        assert_int_equal(encoding_message(&wire, 0, &bytes), sizeof datagram);
        memcpy(datagram, bytes, sizeof datagram);
        start(1);
        e131_receive(&model, datagram, sizeof datagram);
        assert_null(model.fault);
        datagram[wrong[i].at] = wrong[i].byte;
        start(1);
        e131_receive(&model, datagram, sizeof datagram);
        if (model.fault == NULL || model.universes[0].datagrams > 0)
            fail_msg("%02x at %zu is taken", wrong[i].byte, wrong[i].at);
    }
}

/* ANSI E1.31, table 4-1: a sequence number at 111, of each universe (at 113) its own. */
static void datagrams_are_numbered_as_published(void **state)
{
    (void)state;
    assert_int_equal(chip_e131.udp.port, 5568);
    assert_int_equal(chip_e131.udp.counter_at, 111);
    assert_int_equal(chip_e131.udp.counter_from, 0);
    assert_int_equal(chip_e131.udp.counter_to, 255);
    assert_int_equal(chip_e131.udp.counter_of, 114);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_is_byte_by_byte_as_published),
        cmocka_unit_test(every_light_gets_its_level_at_every_length),
        cmocka_unit_test(lost_datagrams_spoil_one_picture),
        cmocka_unit_test(its_end_is_told_thrice),
        cmocka_unit_test(a_source_has_an_identity),
        cmocka_unit_test(universes_end),
        cmocka_unit_test(datagrams_are_numbered_as_published),
        cmocka_unit_test(model_refuses_what_is_no_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
