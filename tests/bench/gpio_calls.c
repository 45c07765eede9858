/*
 * gpio_calls: sends one APA102 frame of eight pixels through the real bus to lines that only count,
 * and prints its bits and the calls that set lines: each is one ioctl() of the GPIO character
 * device.
 */
#include "bus/bus.h"
#include "bus/fake_gpio.h"
#include "chips/apa102.h"

#include <stdio.h>

#define PIXELS 8

int main(void)
{
    static const struct gpio_clocked_settings settings = {
        .chips = {"gpiochip"}, .data = "DATA", .clock = "CLOCK"};
    struct pixel pixels[PIXELS];
    struct frame frame = {.pixels = pixels, .count = PIXELS};
    uint8_t bytes[16 * PIXELS];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    const struct apa102_settings strip = {.pixels = PIXELS, .max_ma = 100000};
    struct error error = {0};
    for (size_t i = 0; i < PIXELS; i++)
        pixels[i] = (struct pixel){(uint16_t)(i * 977), (uint16_t)(i * 311), (uint16_t)(i * 59)};
    chip_apa102.encode(&strip, &frame, false, &wire);
    struct bus *bus = bus_open_gpio_clocked(&settings, &error);
    size_t before = fake.sets;
    if (bus == NULL || !bus_send(bus, wire.bytes, wire.length, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    printf("%zu %zu\n", 8 * wire.length, fake.sets - before);
    bus_close(bus);
    return 0;
}
