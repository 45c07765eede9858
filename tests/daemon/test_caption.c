#include "daemon/caption.h"
#include "daemon/model_story.h"

#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void the_caption_names_the_failure(void **state)
{
    (void)state;
    struct story story;
    char caption[FRAME_CAPTION_SIZE];
    story_begin(&story);
    story_poll_good(&story, 0, 1, 4);
    model_caption(&story.model, &story.report, caption, sizeof caption);
    assert_non_null(strstr(caption, "web"));
    error_set(&story.report.error, "indicator ttfb: refused");
    model_caption(&story.model, &story.report, caption, sizeof caption);
    assert_non_null(strstr(caption, "web")); /* of which it says nothing */
    story_poll_failed(&story, 10000);
    story_poll_failed(&story, 11000);
    model_caption(&story.model, &story.report, caption, sizeof caption);
    assert_string_equal(caption, "nothing listens on 127.0.0.1:9090");
    model_stop(&story.model);
}

static struct indicator_settings ttfb = {.name = "ttfb",
                                         .query = "up",
                                         .limits = {.warning = 0.4, .critical = 0.8},
                                         .explained_by_count = 1};

static void begin_with_indicator(struct story *story)
{
    struct error error;
    story_begin(story);
    model_stop(&story->model);
    story->config.indicators = &ttfb;
    story->config.indicator_count = 1;
    assert_true(model_start(&story->model, &story->config, 0, &error));
    story_poll_good(story, 1000, 1, 4);
}

/* The caption while the rollout is in that state and the indicator has that sample. */
static void take(struct story *story, enum state state, const struct ratio_sample *sample,
                 int64_t now_ms, char caption[static FRAME_CAPTION_SIZE])
{
    indicator_observe(&story->model.indicators.indicators[0], sample, 1, false, now_ms);
    story->model.rollouts[0].verdict.state = state;
    story->model.rollouts[0].seen_ms = now_ms;
    model_take(&story->model, &story->report, now_ms);
    model_caption(&story->model, &story->report, caption, FRAME_CAPTION_SIZE);
}

/* What explains itself comes first; what is fine is not mentioned; an alarm is before all else. */
static void the_caption_names_the_indicator(void **state)
{
    (void)state;
    static const struct {
        double value;
        enum state rollout;
        const char *caption;
    } rows[] = {
        {0.1, STATE_STABLE, "web: "},
        {0.5, STATE_PROGRESSING,
         "ttfb: 0.5, warning from 0.4 up; explained by the rollout of web | web: "},
        {0.9, STATE_FAILED,
         "ttfb: 0.9, critical from 0.8 up; the rollout of web has failed | web: "},
        {0.5, STATE_FAILED, "web: "},
        {0.5, STATE_STABLE,
         "ttfb: 0.5, warning from 0.4 up; nothing is rolling out that would explain it | web: "},
    };
    struct story story;
    begin_with_indicator(&story);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char caption[FRAME_CAPTION_SIZE];
        int64_t now_ms = 2000 + 1000 * (int64_t)i;
        const struct ratio_sample sample = {.labels = "{}", .value = rows[i].value};
        take(&story, rows[i].rollout, &sample, now_ms, caption);
        if (strncmp(caption, rows[i].caption, strlen(rows[i].caption)) != 0)
            fail_msg("'%s' does not begin with '%s'", caption, rows[i].caption);
    }
    model_stop(&story.model);
}

/* However long the one is, the other is there: both names, and each has half of the room. */
static void the_caption_has_room_for_both(void **state)
{
    (void)state;
    char query[200];
    memset(query, 'x', sizeof query - 1);
    query[sizeof query - 1] = '\0';
    struct story story;
    begin_with_indicator(&story);
    for (size_t longer = 0; longer < 3; longer++) {
        char caption[FRAME_CAPTION_SIZE], labels[256] = "{}";
        if (longer != 1)
            snprintf(labels, sizeof labels, "{path=\"%s\"}", query);
        const struct ratio_sample sample = {.labels = labels, .value = 0.9};
        take(&story, longer == 2 ? STATE_PROGRESSING : STATE_FAILED, &sample, 2000, caption);
        const char *between = strstr(caption, " | ");
        if (between == NULL || strstr(caption, "web: ") == NULL ||
            strstr(caption, "ttfb: ") == NULL)
            fail_msg("%zu: '%s'", longer, caption);
        if (longer != 1 && strlen(caption) < sizeof caption / 2)
            fail_msg("%zu: '%s' leaves room", longer, caption);
    }
    model_stop(&story.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caption_names_the_failure),
        cmocka_unit_test(the_caption_names_the_indicator),
        cmocka_unit_test(the_caption_has_room_for_both),
    };
    log_threshold(LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
