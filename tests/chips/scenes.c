#include "scenes.h"

#include "picture/picture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct scenery {
    enum state state;
    double p, q;
    int64_t at_ms;
    bool calm;
    enum health health; /* of one indicator beside it; HEALTH_OK: there is none */
};

static const struct scenery scenes[SCENES] = {
    {STATE_STABLE, 1, 1, 0, false, HEALTH_OK},
    {STATE_PROGRESSING, 0, 0, 900, false, HEALTH_OK},
    {STATE_PROGRESSING, 0.5, 0.75, 0, false, HEALTH_OK},
    {STATE_PROGRESSING, 0.5, 0.75, 1000, false, HEALTH_OK},
    {STATE_STALLED, 0.5, 0.5, 0, false, HEALTH_OK},
    {STATE_STALLED, 0.5, 0.5, 1200, false, HEALTH_OK},
    {STATE_FAILED, 0.5, 0.5, 0, false, HEALTH_OK},
    {STATE_FAILED, 0.5, 0.5, 800, false, HEALTH_OK},
    {STATE_PAUSED, 0.5, 0.5, 0, false, HEALTH_OK},
    {STATE_DEGRADED, 0.5, 0.5, 0, false, HEALTH_OK},
    {STATE_DEGRADED, 0.9, 1, 0, true, HEALTH_OK},
    {STATE_SCALED_TO_ZERO, 0, 0, 0, false, HEALTH_OK},
    {STATE_UNKNOWN, 0, 0, 0, false, HEALTH_OK},
    {STATE_UNKNOWN, 0, 0, 2000, false, HEALTH_OK},
    {STATE_STABLE, 1, 1, 0, false, HEALTH_WARNING},
    {STATE_STABLE, 1, 1, 0, false, HEALTH_CRITICAL},
};

const char *const scene_sentences[SCENES] = {
    "stable",
    "progressing, nothing is done yet",
    "progressing, half is done and more is created",
    "progressing, a second later",
    "stalled in the middle",
    "stalled, half a period later",
    "failed",
    "failed, half a period later",
    "paused in the middle",
    "degraded, half is lost",
    "degraded a little, calmly",
    "scaled to zero",
    "unknown",
    "unknown, half a period later",
    "a warning beside what is stable",
    "an alarm beside what is stable",
};

static struct frame draw(const struct scenery *scene, size_t pixels, size_t digits)
{
    static struct pixel room[FRAME_PIXELS_MAX];
    const struct picture_settings settings = {.brightness = 0.3};
    bool none = scene->state == STATE_UNKNOWN || scene->state == STATE_SCALED_TO_ZERO;
    struct verdict verdict = {.state = scene->state,
                              .p = none ? (double)NAN : scene->p,
                              .q = none ? (double)NAN : scene->q,
                              .available = (int64_t)(10 * scene->p),
                              .spec = 10,
                              .calm = scene->calm};
    struct show show;
    show_start(&show, &verdict, -10000);
    const struct gauge gauge = {.health = scene->health};
    const struct subject subject = {.shows = &show,
                                    .show_count = 1,
                                    .common = &show,
                                    .gauges = &gauge,
                                    .gauge_count = gauge.health != HEALTH_OK};
    struct frame frame = {.pixels = room, .count = pixels};
    picture_draw(&settings, &subject, digits, scene->at_ms, &frame);
    return frame;
}

struct frame scene_frame(size_t index, size_t pixels, size_t digits)
{
    return draw(&scenes[index], pixels, digits);
}

struct frame scene_progress(double p, int64_t at_ms, size_t pixels, size_t digits)
{
    const struct scenery scene = {STATE_PROGRESSING, p, 1, at_ms, false, HEALTH_OK};
    return draw(&scene, pixels, digits);
}

void scenes_add(char text[static SCENES_TEXT_SIZE], size_t index, const char *picture)
{
    size_t length = strlen(text);
    int more = snprintf(text + length, SCENES_TEXT_SIZE - length, "%s%s:\n%s",
                        index > 0 ? "\n" : "", scene_sentences[index], picture);
    assert_in_range(length + (size_t)more, 0, SCENES_TEXT_SIZE - 1);
}

void scenes_expect(const char *path, const char *text)
{
    static char expected[SCENES_TEXT_SIZE];
    FILE *file = fopen(path, "re");
    size_t length = file != NULL ? fread(expected, 1, sizeof expected - 1, file) : 0;
    expected[length] = '\0';
    if (file != NULL)
        fclose(file);
    if (strcmp(expected, text) != 0) {
        printf("%s", text);
        fail_msg("%s holds other pictures than these", path);
    }
}

/* Less than a sixteenth of the strongest channel is not seen. */
static char colour_of(struct pixel light)
{
    unsigned most = light.red > light.green ? light.red : light.green;
    most = most > light.blue ? most : light.blue;
    bool red = 16U * light.red > most, green = 16U * light.green > most;
    bool blue = 16U * light.blue > most;
    if (most == 0)
        return '.';
    if (blue)
        return red && green ? 'W' : light.red > light.green ? 'M' : 'B';
    if (red && green)
        return light.red > light.green ? 'A' : 'L';
    return red ? 'R' : 'G';
}

void scenes_expect_face(const struct chip *chip, const void *settings, const struct frame *frame,
                        const char *wall)
{
    static struct pixel lights[FRAME_PIXELS_MAX];
    size_t rows = chip->face->rows(settings), width = chip->pixels(settings);
    chip->face->see(settings, frame, lights);
    for (size_t y = 0; y < rows; y++) {
        for (size_t x = 0; x < width; x++) {
            char is = colour_of(lights[y * width + x]), on_wire = wall[y * (width + 1) + x];
            if (is != on_wire && !(on_wire == '#' && is != '.'))
                fail_msg("%s: row %zu, column %zu is seen as %c in\n%s", chip->name, y, x, is,
                         wall);
        }
        assert_int_equal(wall[y * (width + 1) + width], '\n');
    }
}
