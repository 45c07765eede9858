/*
 * The two wires of a TM1637 (Titan Micro Electronics TM1637 datasheet, "Interface Interpretation").
 * It looks like I2C, but has no address and takes the least significant bit first.
 *
 * While the clock is high a change of DIO is a START (falls) or a STOP (rises), so never do two
 * lines change in one system call: which of them the kernel moves first is not ours to say. Both
 * lines are open drain: the display itself holds DIO low during the ninth clock, its ACK.
 *
 * At rest both lines are let go, and what pulls them up is on the display's module. A line that
 * rests low is therefore a display that is not there: without that check a missing one would seem
 * to answer, for a Pi's own pull on most lines is down, and a low DIO is an ACK.
 */
#include "bus/driver.h"
#include "bus/gpio.h"
#include "bus/pace.h"

#include <stdlib.h>
#include <string.h>

#define CLOCK 1U /* bit 0: the first line of the request */
#define DIO 2U   /* bit 1 */

struct twowire {
    struct bus bus;
    struct gpio *gpio;
    int64_t half_period_us;
    char clock[BUS_NAME_SIZE], dio[BUS_NAME_SIZE]; /* for the sentences */
    bool resting; /* both lines are let go, and the last message was ended */
};

static bool set(const struct twowire *wires, uint32_t line, bool high, struct error *error)
{
    return gpio_set(wires->gpio, line, high ? line : 0, error);
}

/* The same, and time for the wire to follow. */
static bool settle(const struct twowire *wires, uint32_t line, bool high, struct error *error)
{
    if (!set(wires, line, high, error))
        return false;
    pace_us(wires->half_period_us);
    return true;
}

/* One clock: from high to high, with DIO at `bit` while it is low and after. */
static bool clock_bit(const struct twowire *wires, bool bit, struct error *error)
{
    return set(wires, CLOCK, false, error) && settle(wires, DIO, bit, error) &&
           settle(wires, CLOCK, true, error);
}

static bool start(const struct twowire *wires, struct error *error)
{
    return settle(wires, DIO, false, error);
}

static bool stop(const struct twowire *wires, struct error *error)
{
    return clock_bit(wires, false, error) && settle(wires, DIO, true, error);
}

static bool complain_silence(const struct twowire *wires, struct error *error)
{
    return error_set(
        error,
        "no answer from the display on CLK %s and DIO %s: check its wires (CLK and DIO "
        "may be swapped) and its power (3.3 V and ground)",
        wires->clock, wires->dio);
}

/* Looks for the ACK at the ninth clock. */
static bool take_ack(const struct twowire *wires, bool *answered, struct error *error)
{
    uint32_t levels = 0;
    if (!clock_bit(wires, true, error) || !gpio_get(wires->gpio, &levels, error))
        return false;
    *answered = (levels & DIO) == 0;
    return true;
}

/* False when a line fails; the bytes after one without an answer are not sent. */
static bool send_bytes(const struct twowire *wires, const uint8_t *bytes, size_t length,
                       bool *answered, struct error *error)
{
    *answered = true;
    for (size_t i = 0; i < length && *answered; i++) {
        for (unsigned bit = 0; bit < 8; bit++)
            if (!clock_bit(wires, (bytes[i] >> bit & 1) != 0, error))
                return false;
        if (!take_ack(wires, answered, error))
            return false;
    }
    return true;
}

/* Both lines must be high, for only then is there somebody to pull them up. */
static bool check_idle(const struct twowire *wires, struct error *error)
{
    uint32_t levels = 0;
    if (!gpio_get(wires->gpio, &levels, error))
        return false;
    if (levels == (CLOCK | DIO))
        return true;
    bool both = levels == 0;
    return error_set(
        error,
        "no display on CLK %s and DIO %s, for nothing pulls %s%s%s up: check its wires "
        "and its power (3.3 V and ground)",
        wires->clock, wires->dio, (levels & CLOCK) == 0 ? wires->clock : "", both ? " and " : "",
        (levels & DIO) == 0 ? wires->dio : "");
}

static bool is_idle(const struct twowire *wires)
{
    struct error ignored;
    return check_idle(wires, &ignored);
}

/*
 * A display that was left in the middle of a message lets go at a STOP. The clock of the first one
 * may be the byte's eighth or ninth, at which it holds DIO low as its ACK: the second then counts.
 */
static bool end(const struct twowire *wires, struct error *error)
{
    if (wires->resting)
        return true;
    pace_us(wires->half_period_us);                  /* since the edge at which it was left */
    return stop(wires, error) && stop(wires, error); /* NOLINT(misc-redundant-expression): two */
}

static bool rest(struct twowire *wires, struct error *error)
{
    if (!end(wires, error))
        return false;
    wires->resting = check_idle(wires, error);
    return wires->resting;
}

static bool twowire_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    struct twowire *wires = (struct twowire *)bus;
    bool answered = true;
    if (length == 0)
        return true;
    if (!rest(wires, error))
        return false;
    wires->resting = false;
    if (!start(wires, error) || !send_bytes(wires, bytes, length, &answered, error) ||
        !stop(wires, error))
        return false;
    wires->resting = true;
    return answered || complain_silence(wires, error);
}

static void twowire_close(struct bus *bus)
{
    struct twowire *wires = (struct twowire *)bus;
    struct error ignored; /* the lines are given up either way */
    (void)end(wires, &ignored);
    gpio_close(wires->gpio);
    free(wires);
}

static const struct bus_driver driver = {twowire_send, twowire_close};

struct bus *bus_open_gpio_twowire(const struct gpio_clocked_settings *settings, struct error *error)
{
    struct twowire *wires = calloc(1, sizeof *wires);
    if (wires == NULL) {
        (void)error_set(error, "out of memory while opening GPIO lines");
        return NULL;
    }
    const struct gpio_request request = {
        .chips = settings->chips,
        .lines = {settings->clock, settings->data},
        .count = 2,
        .levels = CLOCK | DIO,
        .open_drain = true,
    };
    wires->bus.driver = &driver;
    wires->half_period_us =
        settings->half_period_us > 0 ? settings->half_period_us : TWOWIRE_HALF_PERIOD_US;
    memcpy(wires->clock, settings->clock, sizeof wires->clock);
    memcpy(wires->dio, settings->data, sizeof wires->dio);
    wires->gpio = gpio_open(&request, error);
    if (wires->gpio == NULL) {
        free(wires);
        return NULL;
    }
    wires->resting = is_idle(wires); /* not when somebody was stopped in the middle of a message */
    return &wires->bus;
}
