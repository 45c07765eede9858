/*
 * minute ROLLOUT|REST PIXELS: a minute of the picture on an APA102 strip over GPIO, as the daemon
 * draws and sends it, in virtual time. Prints pictures sent, calls that set lines, and how many
 * those would be if every picture went out whole.
 *
 * ROLLOUT: twenty pods that become ready every three seconds. REST: all is well, and the picture
 * ripples as often as it does by default.
 */
#include "base/text.h"
#include "bus/fake_gpio.h"
#include "chips/apa102.h"
#include "daemon/outputs.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000
#define POD_MS 3000
#define HEARTBEAT_MS 30000

static struct pixel pixels[FRAME_PIXELS_MAX];

static struct show show_at(bool rolls, int64_t now_ms, struct show show)
{
    struct verdict verdict = {.state = STATE_STABLE, .p = 1, .q = 1};
    double pods = (double)(now_ms / POD_MS), all = (double)(MINUTE_MS / POD_MS);
    if (rolls)
        verdict =
            (struct verdict){.state = STATE_PROGRESSING, .p = pods / all, .q = (pods + 1) / all};
    if (now_ms == 0)
        show_start(&show, &verdict, now_ms);
    else
        show_update(&show, &verdict, false, now_ms);
    return show;
}

static void play(bool rolls, struct outputs *outputs, size_t count)
{
    static const struct picture_settings settings = {.brightness = 0.3};
    struct frame frame = {.pixels = pixels, .count = count};
    struct ambience ambience = {.night_ms = PICTURE_NEVER, .beat_ms = PICTURE_NEVER};
    struct show show = {.since_ms = 0};
    int64_t due_ms = 0;
    for (int64_t now_ms = 0; now_ms < MINUTE_MS; now_ms += PICTURE_FRAME_MS) {
        bool beats = now_ms % HEARTBEAT_MS == 0, pod = now_ms % POD_MS == 0;
        if (beats)
            ambience.beat_ms = now_ms;
        if (pod)
            show = show_at(rolls, now_ms, show);
        const struct subject subject = {
            .shows = &show, .show_count = 1, .common = &show, .ambience = &ambience};
        if (beats || pod || now_ms >= due_ms) {
            int64_t next = picture_draw(&settings, &subject, 0, now_ms, &frame);
            due_ms = next == PICTURE_STILL ? INT64_MAX : now_ms + next;
            outputs_show(outputs, &frame, now_ms);
        }
        outputs_update(outputs, now_ms);
    }
}

int main(int argc, char **argv)
{
    int64_t count;
    if (argc != 3 || !text_integer(argv[2], 1, FRAME_PIXELS_MAX, &count))
        return 2;
    static struct apa102_settings strip = {.max_ma = 100000};
    static struct board board = {
        .name = "strip",
        .output_count = 1,
        .outputs = {{.name = "strip",
                     .chip = &chip_apa102,
                     .chip_settings = &strip,
                     .bus = {.kind = BUS_GPIO,
                             .gpio = {.chips = {"gpiochip"}, .data = "DATA", .clock = "CLOCK"}}}}};
    struct error error = {0};
    strip.pixels = count;
    struct outputs *outputs = outputs_open(&board, &error);
    if (outputs == NULL)
        return 1;
    play(strcmp(argv[1], "ROLLOUT") == 0, outputs, (size_t)count);
    uint64_t pictures = outputs_health(outputs, 0).frames;
    uint64_t whole = pictures * 2 * 8 * chip_apa102.wire_size(&strip);
    printf("%llu %zu %llu\n", (unsigned long long)pictures, fake.sets, (unsigned long long)whole);
    outputs_close(outputs);
    return 0;
}
