#include "daemon/outputs.h"

#include "base/log.h"
#include "daemon/claim.h"
#include "daemon/output.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONG_AGO (INT64_MIN / 2)
/* A loose contact comes and goes: so far apart are its log lines, but for what fails and that it is
   well again, twice. */
#define REPORT_MS 60000
#define REPORTS_AT_ONCE 4

struct output {
    const struct output_settings *settings;
    struct claims claims;  /* from the first picture on, also while `bus` is not open */
    struct bus *bus;       /* NULL: not open */
    struct wire wire;      /* what the lights should show */
    struct wire brief;     /* the same, for lights that show the rest of it; no bytes: never */
    uint8_t *shown;        /* the bytes they show; `shown_length` of them */
    size_t shown_length;   /* 0: not known */
    size_t reach;          /* how many of them, from the first, the last picture changed */
    int64_t whole_ms;      /* monotonic: when all of `wire` was sent last */
    int64_t changed_ms;    /* monotonic: when `shown` became what it is */
    int64_t opened_ms;     /* monotonic: when `bus` was opened last */
    int64_t retry_ms;      /* monotonic: when to try again; meaningless while `bus` is open */
    struct error error;    /* "" when all is well */
    struct error reported; /* of that, what the log says */
    int64_t report_ms;     /* monotonic: when all its lines so far would be REPORT_MS apart */
    bool limit_reported;   /* that its supply limits it */
    uint64_t frames, errors;
};

struct outputs {
    struct output outputs[BOARD_OUTPUTS_MAX];
    size_t count;
    struct pixel pixels[FRAME_PIXELS_MAX]; /* of `last` */
    struct pixel dark[FRAME_PIXELS_MAX];   /* all zero, for ever */
    struct frame last;                     /* what was shown last, to tell what is new */
    bool any;                              /* something was shown */
};

enum change { CHANGE_NONE, CHANGE_CAPTION, CHANGE_LIGHT };

static bool start_output(struct output *output, const struct output_settings *settings)
{
    size_t size = settings->chip->wire_size(settings->chip_settings);
    output->settings = settings;
    output->wire.bytes = malloc(size);
    output->wire.capacity = size;
    output->shown = malloc(size);
    output->brief.capacity = settings->chip->cut != NULL ? size : 0;
    output->brief.bytes = settings->chip->cut != NULL ? malloc(size) : NULL;
    return output->wire.bytes != NULL && output->shown != NULL &&
           (settings->chip->cut == NULL || output->brief.bytes != NULL);
}

struct outputs *outputs_open(struct board *board, struct error *error)
{
    struct outputs *outputs = calloc(1, sizeof *outputs);
    for (size_t i = 0; outputs != NULL && i < board->output_count; i++) {
        outputs->count++;
        if (!start_output(&outputs->outputs[i], &board->outputs[i])) {
            outputs_close(outputs);
            outputs = NULL;
        }
    }
    if (outputs == NULL)
        error_set(error, "not enough memory for the outputs of %s", board->name);
    return outputs;
}

void outputs_rebind(struct outputs *outputs, const struct board *board)
{
    for (size_t i = 0; i < outputs->count; i++)
        outputs->outputs[i].settings = &board->outputs[i];
}

void outputs_close(struct outputs *outputs)
{
    for (size_t i = 0; outputs != NULL && i < outputs->count; i++) {
        bus_close(outputs->outputs[i].bus);
        claims_drop(&outputs->outputs[i].claims);
        free(outputs->outputs[i].wire.bytes);
        free(outputs->outputs[i].brief.bytes);
        free(outputs->outputs[i].shown);
    }
    free(outputs);
}

static struct bus *open_lines(const struct output_settings *output, struct error *error)
{
    switch (output->chip->wiring) {
    case WIRING_CLOCKED:
    case WIRING_LATCHED:
        return bus_open_gpio_clocked(&output->bus.gpio, error);
    case WIRING_TWO_WIRE:
        return bus_open_gpio_twowire(&output->bus.gpio, error);
    case WIRING_LINES:
        return bus_open_gpio_lines(&output->bus.lines, error);
    }
    return NULL;
}

static struct bus *open_plain(const struct output_settings *output, struct error *error)
{
    switch (output->bus.kind) {
    case BUS_GPIO:
        return open_lines(output, error);
    case BUS_SPI:
        return bus_open_spi(&output->bus.spi, error);
    case BUS_I2C:
        return bus_open_i2c(&output->bus.i2c, error);
    case BUS_FILE:
        return bus_open_file(STDOUT_FILENO, error);
    case BUS_DEVICE:
        return bus_open_device(&output->bus.device, error);
    case BUS_LEDS:
        return bus_open_leds(&output->bus.leds, error);
    case BUS_FRAMEBUFFER:
        return bus_open_framebuffer(&output->bus.framebuffer, error);
    case BUS_UDP:
        return bus_open_udp(&output->bus.udp, error);
    case BUS_HIDRAW:
        return bus_open_hidraw(&output->bus.hidraw, error);
    }
    return NULL;
}

static struct bus *open_bus(struct output *output, struct error *error)
{
    const struct output_settings *settings = output->settings;
    if (!claims_take(&output->claims, settings, error))
        return NULL;
    return bus_hold(&settings->bus.hold, open_plain(settings, error), error);
}

/* Reports a new fault, or that an old one is over: once each, and later if there was much to
   report. What one fault says in other words is not new. */
static void report(struct output *output, int64_t now_ms)
{
    const struct error *error = &output->error;
    bool goes_on = output->reported.text[0] != '\0' && error->text[0] != '\0'; /* in other words */
    int64_t early_ms = goes_on ? 0 : (REPORTS_AT_ONCE - 1) * REPORT_MS;
    if (strcmp(output->reported.text, error->text) == 0 || now_ms < output->report_ms - early_ms)
        return;
    const bool retries = output->settings->bus.kind != BUS_FILE; /* a reader that is gone is gone */
    if (error->text[0] != '\0' && !retries)
        log_line(LOG_LEVEL_WARNING, "output %s: %s", output->settings->name, error->text);
    else if (error->text[0] != '\0')
        log_line(LOG_LEVEL_WARNING, "output %s: %s; trying again every %d s",
                 output->settings->name, error->text, OUTPUT_RETRY_MS / 1000);
    else
        log_line(LOG_LEVEL_NOTICE, "output %s: lit again", output->settings->name);
    output->reported = *error;
    output->report_ms = (output->report_ms > now_ms ? output->report_ms : now_ms) + REPORT_MS;
}

/* A limiter makes the brightness setting look broken, so it is reported; once, for it comes and
 * goes.
 */
static void report_limit(struct output *output)
{
    if (!output->wire.limited || output->limit_reported)
        return;
    log_line(
        LOG_LEVEL_NOTICE,
        "output %s: dimmed to what max_ma allows; set it to what the supply can give, or lower "
        "display.brightness",
        output->settings->name);
    output->limit_reported = true;
}

static bool fail(struct output *output, const struct error *error, int64_t now_ms)
{
    output->error = *error;
    report(output, now_ms);
    bus_close(output->bus);
    output->bus = NULL;
    output->retry_ms = now_ms + OUTPUT_RETRY_MS;
    output->errors++;
    return false;
}

static bool send_wire(const struct output *output, const struct wire *wire, struct error *error)
{
    size_t from = 0;
    for (size_t i = 0; i < wire->messages; i++) {
        size_t to = wire->ends[i];
        if (!bus_send(output->bus, wire->bytes + from, to - from, error))
            return false;
        from = to;
    }
    return true;
}

static bool is_shown(const struct output *output)
{
    return output->bus != NULL && output->shown_length == output->wire.length &&
           memcmp(output->shown, output->wire.bytes, output->wire.length) == 0;
}

/* Up to the last byte that differs from what is shown. */
static size_t changed_bytes(const struct output *output)
{
    size_t count = output->wire.length;
    if (output->bus == NULL || output->shown_length != count)
        return count;
    while (count > 0 && output->wire.bytes[count - 1] == output->shown[count - 1])
        count--;
    return count;
}

/* What to send so that lights show `wire`. What the picture before has changed is sent once more.
 */
static const struct wire *message_for(struct output *output, size_t changed, int64_t now_ms)
{
    const struct chip *chip = output->settings->chip;
    bool due = now_ms - output->whole_ms >= OUTPUT_WHOLE_MS;
    wire_reset(&output->brief);
    if (chip->cut == NULL || changed == 0 || due)
        return &output->wire;
    return chip->cut(output->settings->chip_settings, &output->wire,
                     changed > output->reach ? changed : output->reach, &output->brief)
               ? &output->brief
               : &output->wire;
}

/* When lights that wear (relays) may change again. */
static int64_t change_due_ms(const struct output *output)
{
    const struct output_settings *settings = output->settings;
    bool wears = settings->chip->hold_ms != NULL && output->bus != NULL && output->shown_length > 0;
    return wears ? output->changed_ms + settings->chip->hold_ms(settings->chip_settings)
                 : INT64_MIN;
}

/* A datagram that was sent proves nothing: a fault is over when no objection comes for a while. */
static bool is_on_trial(const struct output *output, int64_t now_ms)
{
    return output->settings->bus.kind == BUS_UDP && output->error.text[0] != '\0' &&
           now_ms - output->opened_ms < OUTPUT_PROVE_MS;
}

/* Sends what the lights should show; opens the bus for it when there is none. */
static bool transmit(struct output *output, int64_t now_ms)
{
    struct error error = {0};
    bool anew = output->bus == NULL;
    size_t changed = changed_bytes(output);
    const struct wire *message = anew ? &output->wire : message_for(output, changed, now_ms);
    if (anew) {
        output->bus = open_bus(output, &error);
        output->opened_ms = now_ms;
    }
    if (output->bus == NULL || !send_wire(output, message, &error))
        return fail(output, &error, now_ms);
    if (!is_on_trial(output, now_ms))
        output->error = error;
    report(output, now_ms);
    if (anew || !is_shown(output))
        output->changed_ms = now_ms;
    memcpy(output->shown, output->wire.bytes, output->wire.length);
    output->shown_length = output->wire.length;
    output->reach = changed;
    if (message == &output->wire)
        output->whole_ms = now_ms;
    output->frames++;
    return true;
}

static enum change compare(const struct outputs *outputs, const struct frame *frame)
{
    const struct frame *last = &outputs->last;
    if (!outputs->any || last->count != frame->count || strcmp(last->text, frame->text) != 0 ||
        last->text_dimmed != frame->text_dimmed ||
        memcmp(last->pixels, frame->pixels, frame->count * sizeof *frame->pixels) != 0)
        return CHANGE_LIGHT;
    return strcmp(last->caption, frame->caption) != 0 ? CHANGE_CAPTION : CHANGE_NONE;
}

static void remember(struct outputs *outputs, const struct frame *frame)
{
    outputs->last = *frame;
    outputs->last.pixels = outputs->pixels;
    memcpy(outputs->pixels, frame->pixels, frame->count * sizeof *frame->pixels);
    outputs->any = true;
}

/*
 * Encodes the frame and sends it, unless its bytes are shown already or the output is being waited
 * for; outputs_update() then sends what is newest.
 */
static bool show(struct output *output, const struct frame *frame, int64_t now_ms)
{
    wire_reset(&output->wire);
    output_encode(output->settings, frame, false, &output->wire);
    report_limit(output);
    if (output->wire.messages == 0) /* this frame says nothing there */
        return output->error.text[0] == '\0';
    if (output->bus == NULL && output->error.text[0] != '\0' && now_ms < output->retry_ms)
        return false;
    return is_shown(output) || now_ms < change_due_ms(output) || transmit(output, now_ms);
}

bool outputs_show(struct outputs *outputs, const struct frame *frame, int64_t now_ms)
{
    enum change change = compare(outputs, frame);
    bool fine = true;
    for (size_t i = 0; i < outputs->count; i++) {
        struct output *output = &outputs->outputs[i];
        if (change == CHANGE_LIGHT ||
            (change == CHANGE_CAPTION && output->settings->chip->captioned))
            show(output, frame, now_ms);
        fine = fine && output->error.text[0] == '\0';
    }
    if (change != CHANGE_NONE)
        remember(outputs, frame);
    return fine;
}

static bool say_goodbye(struct output *output, int64_t now_ms)
{
    const struct output_settings *settings = output->settings;
    wire_reset(&output->wire);
    if (settings->chip->leave != NULL)
        settings->chip->leave(settings->chip_settings, &output->wire);
    return output->wire.messages == 0 || output->bus == NULL || transmit(output, now_ms);
}

bool outputs_darken(struct outputs *outputs, int64_t now_ms)
{
    struct frame frame = {.pixels = outputs->dark, .count = FRAME_PIXELS_MAX, .time_ms = now_ms};
    if (outputs->any)
        frame.count = outputs->last.count;
    for (size_t i = 0; i < outputs->count; i++) { /* the last chance: do not wait */
        outputs->outputs[i].retry_ms = now_ms;
        outputs->outputs[i].changed_ms = LONG_AGO;
        outputs->outputs[i].whole_ms = LONG_AGO; /* also what is dark as far as we know */
    }
    bool fine = true;
    outputs_show(outputs, &frame, now_ms);
    for (size_t i = 0; i < outputs->count; i++) {
        struct output *output = &outputs->outputs[i];
        bool failed = output->error.text[0] != '\0';
        output->retry_ms = now_ms;
        if (failed) /* once more, opened anew */
            failed = !show(output, &frame, now_ms);
        fine = !failed && say_goodbye(output, now_ms) && fine;
    }
    return fine;
}

/* Paper and terminals keep what they were given; lights may not. */
static bool is_repeated(const struct output *output)
{
    return output->settings->bus.kind != BUS_FILE;
}

static int64_t repeat_ms(const struct output *output)
{
    int64_t own_ms = output->settings->chip->repeat_ms;
    return own_ms > 0 ? own_ms : OUTPUT_REPEAT_MS;
}

static int64_t due_ms(const struct output *output)
{
    if (output->wire.messages == 0)
        return INT64_MAX;
    if (output->bus == NULL)
        return output->retry_ms;
    if (!is_shown(output))
        return change_due_ms(output);
    return is_repeated(output) ? output->whole_ms + repeat_ms(output) : INT64_MAX;
}

void outputs_update(struct outputs *outputs, int64_t now_ms)
{
    for (size_t i = 0; i < outputs->count; i++) {
        report(&outputs->outputs[i], now_ms);
        if (now_ms >= due_ms(&outputs->outputs[i]))
            transmit(&outputs->outputs[i], now_ms);
    }
}

const char *outputs_left_lit(const struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++) {
        const struct output *output = &outputs->outputs[i];
        if (output->error.text[0] != '\0' && output->shown_length > 0 && is_repeated(output))
            return output->settings->name;
    }
    return NULL;
}

int64_t outputs_due_ms(const struct outputs *outputs)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < outputs->count; i++) {
        int64_t due = due_ms(&outputs->outputs[i]);
        first = due < first ? due : first;
    }
    return first;
}

bool outputs_abandoned(const struct outputs *outputs)
{
    struct pollfd reader = {.fd = STDOUT_FILENO};
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->outputs[i].settings->bus.kind != BUS_FILE ||
            outputs->outputs[i].error.text[0] == '\0')
            return false;
    return poll(&reader, 1, 0) > 0 && (reader.revents & (POLLERR | POLLHUP)) != 0;
}

bool outputs_limited(const struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->outputs[i].wire.limited)
            return true;
    return false;
}

const char *outputs_fault(const struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->outputs[i].error.text[0] != '\0')
            return outputs->outputs[i].error.text;
    return NULL;
}

size_t outputs_count(const struct outputs *outputs)
{
    return outputs->count;
}

struct output_health outputs_health(const struct outputs *outputs, size_t index)
{
    const struct output *output = &outputs->outputs[index];
    return (struct output_health){.name = output->settings->name,
                                  .fine = output->error.text[0] == '\0',
                                  .limited = output->wire.limited,
                                  .frames = output->frames,
                                  .errors = output->errors};
}
