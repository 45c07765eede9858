/*
 * From answers to light: each part of the input, parted by NULs, is the body of one poll's answer;
 * what comes of it is judged, drawn, encoded for a board (its length says which), and written as
 * the status file.
 */
#include "base/log.h"
#include "config/yaml/tree.h"
#include "daemon/caption.h"
#include "daemon/output.h"
#include "daemon/status.h"
#include "fuzz/fuzz.h"
#include "prometheus/answer/response.h"

#include <string.h>

#define POLL_MS 10000
#define POLLS_MAX 8

static const char settings[] =
    "board: frames\n"
    "prometheus: {url: 'http://p'}\n"
    "rollouts: [{name: all, namespace: .*, kinds: [Deployment, StatefulSet, DaemonSet, Rollout],\n"
    "  max_workloads: 20}]\n";

static const char *const names[] = {"pimoroni-blinkt",
                                    "ws2812-spi",
                                    "ht16k33",
                                    "max7219",
                                    "pimoroni-unicorn-hat",
                                    "lpd8806-spi",
                                    "p9813-spi",
                                    "tm1637",
                                    "ws2801-spi",
                                    "ws2812-pio",
                                    "hc595-spi",
                                    "terminal",
                                    "pi-traffic",
                                    "frames",
                                    "sk9822-spi",
                                    "ledborg",
                                    "max7219-matrix",
                                    "adafruit-bicolour-bar",
                                    "adafruit-bicolour-matrix",
                                    "tm1638",
                                    "pimoroni-led-shim",
                                    "pimoroni-scroll-phat-hd",
                                    "raspberry-pi-sense-hat",
                                    "wled",
                                    "blink1",
                                    "blinkstick",
                                    "luxafor-flag"};
#define BOARDS (sizeof names / sizeof names[0])

static struct config *config;
static struct board boards[BOARDS];
static struct pixel pixels[FRAME_PIXELS_MAX];

static void prepare(void)
{
    struct complaints complaints = {0};
    struct text text = {0};
    log_threshold(LOG_LEVEL_ERROR);
    text_add(&text, settings);
    config = config_read_text("config", &text, &complaints);
    must(config != NULL);
    for (size_t i = 0; i < BOARDS; i++)
        must(board_read(names[i], NULL, &boards[i], &complaints));
    text_free(&text);
}

/* Never green that is not known to be true. */
static void check_green(const struct model *model, const struct frame *frame)
{
    bool may = model->common.verdict.state != STATE_UNKNOWN;
    for (size_t i = 0; i < frame->count && !may; i++) {
        const struct pixel *pixel = &frame->pixels[i];
        must(pixel->green <= pixel->red || pixel->green <= pixel->blue);
    }
}

static void draw(const struct model *model, const struct board *board, int64_t now_ms,
                 struct frame *frame)
{
    struct subject subject = model_subject(model);
    *frame = (struct frame){.pixels = pixels, .count = board_pixels(board), .time_ms = now_ms};
    picture_draw(&config->picture, &subject, board_digits(board), now_ms, frame);
    check_green(model, frame);
    for (size_t i = 0; i < board->output_count; i++) {
        const struct output_settings *output = &board->outputs[i];
        struct wire wire = {.capacity = output->chip->wire_size(output->chip_settings)};
        wire.bytes = malloc(wire.capacity);
        must(wire.bytes != NULL);
        output_encode(output, frame, false, &wire);
        must(!wire.overflow && wire.length <= wire.capacity);
        free(wire.bytes);
    }
}

static void write_status(const struct model *model, const struct poll_report *report,
                         const struct frame *frame, int64_t now_ms)
{
    struct complaints complaints = {0};
    struct text text = {0};
    struct status_view view = {
        .model = model, .report = report, .frame = frame, .now_ms = now_ms, .realtime_ms = now_ms};
    status_render(&view, &text);
    struct tree *tree = tree_read_text("status", text.data, text.length, &complaints);
    must(tree != NULL && complaints.count == 0);
    tree_free(tree);
    text_free(&text);
}

static void poll_once(struct model *model, struct rows *rows, const struct http_answer *http,
                      int64_t now_ms)
{
    static const struct asked asked = {
        .namespace_ = "namespace", .cluster = "cluster", .selections = 1};
    struct answer answer;
    struct refusal refusal;
    struct frame frame = {0};
    struct poll_report report = {.asked = true};
    report.ok = response_workloads(http, &asked, rows, &answer, &refusal);
    text_copy(report.remark.text, sizeof report.remark.text, response_remark(rows));
    if (report.ok) {
        report.good_ms = now_ms;
        rollout_observe(&model->rollouts[0], &answer, 0, now_ms);
    } else {
        report.error = refusal.error;
        rollout_observe_failure(&model->rollouts[0], now_ms);
    }
    model_take(model, &report, now_ms);
    draw(model, &boards[http->length % BOARDS], now_ms + 700, &frame);
    model_caption(model, &report, frame.caption, sizeof frame.caption);
    write_status(model, &report, &frame, now_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model *model = malloc(sizeof *model);
    struct rows *rows = rows_new();
    struct error error;
    if (config == NULL)
        prepare();
    must(model != NULL && rows != NULL && model_start(model, config, 0, &error));
    for (int64_t poll = 1; poll <= POLLS_MAX && size > 0; poll++) {
        const uint8_t *end = memchr(data, '\0', size);
        size_t length = end != NULL ? (size_t)(end - data) : size;
        struct http_answer http = {.status = 200,
                                   .content_type = "application/json",
                                   .retry_after_ms = -1,
                                   .body = (const char *)data,
                                   .length = length};
        poll_once(model, rows, &http, poll * POLL_MS);
        data += length + (end != NULL);
        size -= length + (end != NULL);
    }
    model_stop(model);
    rows_free(rows);
    free(model);
    return 0;
}
