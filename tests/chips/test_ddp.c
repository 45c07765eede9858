/*
 * DDP: what a controller shows after the datagrams of a picture, and what its model refuses.
 */
#include "chips/ddp.h"
#include "ddp_model.h"
#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pixel pixels[FRAME_PIXELS_MAX];
static struct ddp_model model;

static struct wire encode(size_t count, int order, bool raw)
{
    struct ddp_settings settings = {.pixels = (int64_t)count, .order = order};
    struct frame frame = {.pixels = pixels, .count = count};
    return encoding_of(&chip_ddp, &settings, &frame, raw);
}

static void receive(const struct wire *wire)
{
    for (size_t i = 0; i < wire->messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(wire, i, &bytes);
        ddp_receive(&model, bytes, length);
    }
}

static int order_of(const char *word)
{
    int order = 0;
    while (strcmp(ledstrip_rgb_orders[order], word) != 0)
        order++;
    return order;
}

static void header_is_byte_by_byte_as_published(void **state)
{
    (void)state;
    static const uint8_t one[] = {0x41, 0, 0x0b, 1, 0, 0, 0, 0, 0, 3, 0xff, 0x80, 0};
    static const uint8_t first[] = {0x40, 0, 0x0b, 1, 0, 0, 0, 0, 0x05, 0xa0};
    static const uint8_t second[] = {0x41, 0, 0x0b, 1, 0, 0, 0x05, 0xa0, 0, 6};
    const uint8_t *bytes;
    memset(pixels, 0, sizeof pixels);
    pixels[0] = (struct pixel){0xffff, 0x8080, 0};
    struct wire wire = encode(1, order_of("rgb"), true);
    assert_int_equal(wire.messages, 1);
    assert_int_equal(encoding_message(&wire, 0, &bytes), sizeof one);
    assert_memory_equal(bytes, one, sizeof one);

    wire = encode(482, order_of("rgb"), true);
    assert_int_equal(wire.messages, 2);
    assert_int_equal(encoding_message(&wire, 0, &bytes), 10 + 1440);
    assert_memory_equal(bytes, first, sizeof first);
    assert_int_equal(encoding_message(&wire, 1, &bytes), 10 + 6);
    assert_memory_equal(bytes, second, sizeof second);
}

static void every_light_gets_its_level_at_every_length(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 60, 479, 480, 481, 959, 960, 961, FRAME_PIXELS_MAX};
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        pixels[i] = encoding_noise(i);
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        memset(&model, 0, sizeof model);
        struct wire wire = encode(counts[k], order_of("rgb"), true);
        receive(&wire);
        if (model.fault != NULL)
            fail_msg("%zu lights: %s", counts[k], model.fault);
        assert_int_equal(model.pushes, 1); /* shown at once, whole */
        assert_false(wire.limited);
        for (size_t i = 0; i < counts[k]; i++) {
            const uint8_t *light = model.shown + 3 * i;
            uint16_t channels[] = {pixels[i].red, pixels[i].green, pixels[i].blue};
            for (size_t c = 0; c < 3; c++) {
                double exact = channels[c] * 255.0 / 65535;
                if (light[c] > exact + 1 || light[c] < exact - 1)
                    fail_msg("light %zu of %zu: %u for %.2f", i, counts[k], light[c], exact);
            }
        }
        assert_true(3 * counts[k] == DDP_MODEL_BYTES || model.shown[3 * counts[k]] == 0);
    }
}

static void colours_can_be_swapped(void **state)
{
    (void)state;
    pixels[0] = (struct pixel){0xffff, 0x8080, 0x4040};
    struct wire wire = encode(1, order_of("grb"), true);
    memset(&model, 0, sizeof model);
    receive(&wire);
    assert_memory_equal(model.shown, ((const uint8_t[]){0x80, 0xff, 0x40}), 3);
}

static void what_is_lit_is_never_sent_as_dark(void **state)
{
    (void)state;
    pixels[0] = (struct pixel){1, 0, 0};
    struct wire wire = encode(1, order_of("rgb"), false);
    memset(&model, 0, sizeof model);
    receive(&wire);
    assert_int_equal(model.shown[0], 1);
}

/* One of three datagrams is lost: nothing of the next picture is wrong. */
static void lost_datagram_spoils_one_picture(void **state)
{
    (void)state;
    memset(&model, 0, sizeof model);
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        pixels[i] = (struct pixel){0xffff, 0, 0};
    struct wire wire = encode(FRAME_PIXELS_MAX, order_of("rgb"), true);
    const uint8_t *bytes;
    for (size_t i = 0; i < 3; i += 2) {
        size_t length = encoding_message(&wire, i, &bytes);
        ddp_receive(&model, bytes, length);
    }
    assert_int_equal(model.shown[3 * 480], 0); /* the one that was lost */
    receive(&wire);
    assert_null(model.fault);
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        assert_int_equal(model.shown[3 * i], 0xff);
}

static void model_refuses_what_is_no_picture(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t length;
        uint8_t bytes[13];
    } wrong[] = {
        {"half a header", 9, {0x41, 0, 0x0b, 1, 0, 0, 0, 0, 0}},
        {"version 2", 13, {0x81, 0, 0x0b, 1, 0, 0, 0, 0, 0, 3}},
        {"a time code", 13, {0x51, 0, 0x0b, 1, 0, 0, 0, 0, 0, 3}},
        {"a query", 13, {0x43, 0, 0x0b, 1, 0, 0, 0, 0, 0, 3}},
        {"a sequence number of five bits", 13, {0x41, 0x10, 0x0b, 1, 0, 0, 0, 0, 0, 3}},
        {"RGBW", 13, {0x41, 0, 0x1b, 1, 0, 0, 0, 0, 0, 3}},
        {"for a control channel", 13, {0x41, 0, 0x0b, 246, 0, 0, 0, 0, 0, 3}},
        {"more than it says", 13, {0x41, 0, 0x0b, 1, 0, 0, 0, 0, 0, 2}},
        {"an offset of the wrong end", 13, {0x41, 0, 0x0b, 1, 3, 0, 0, 0, 0, 3}},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        memset(&model, 0, sizeof model);
        ddp_receive(&model, wrong[i].bytes, wrong[i].length);
        if (model.fault == NULL || model.datagrams > 0)
            fail_msg("%s is taken", wrong[i].what);
    }
}

/* DDP's second byte: 1 to 15 in turn; 0 would say that there are no numbers. */
static void datagrams_are_numbered_as_published(void **state)
{
    (void)state;
    assert_int_equal(chip_ddp.udp.port, 4048);
    assert_int_equal(chip_ddp.udp.counter_at, 1);
    assert_int_equal(chip_ddp.udp.counter_from, 1);
    assert_int_equal(chip_ddp.udp.counter_to, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_is_byte_by_byte_as_published),
        cmocka_unit_test(every_light_gets_its_level_at_every_length),
        cmocka_unit_test(datagrams_are_numbered_as_published),
        cmocka_unit_test(colours_can_be_swapped),
        cmocka_unit_test(what_is_lit_is_never_sent_as_dark),
        cmocka_unit_test(lost_datagram_spoils_one_picture),
        cmocka_unit_test(model_refuses_what_is_no_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
