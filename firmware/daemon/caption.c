#include "daemon/caption.h"

#include <stdio.h>
#include <string.h>

/* "NAME: " at the start of `out`; the rest of it, `size` bytes in all, is left to the sentence. */
static char *write_name(const char *name, char *out, size_t *size)
{
    char start[ROLLOUT_NAME_SIZE + 2];
    snprintf(start, sizeof start, "%s: ", name);
    text_copy(out, *size, start);
    size_t length = strlen(out);
    *size -= length;
    return out + length;
}

static void write_rollout(const struct model *model, char *out, size_t size)
{
    const struct rollout *rollout = &model->rollouts[model->worst];
    if (model->worst >= model->count) {
        text_copy(out, size, why_sentence(model->common.verdict.why));
        return;
    }
    out = write_name(rollout->name, out, &size);
    rollout_sentence(rollout, out, size);
}

/* The worst indicator, when it has something to say; else "". */
static void write_indicator(const struct model *model, char *out, size_t size)
{
    size_t worst = indicators_worst(&model->indicators);
    out[0] = '\0';
    if (worst == model->indicators.count || model->indicators.shown[worst].health == HEALTH_OK)
        return;
    const struct indicator *indicator = &model->indicators.indicators[worst];
    out = write_name(indicator->name, out, &size);
    indicator_sentence(indicator, model->rollouts, out, size);
}

/* True when an indicator is worse than the rollouts, or names the one that explains it. */
static bool comes_first(const struct model *model)
{
    size_t worst = indicators_worst(&model->indicators);
    if (worst == model->indicators.count)
        return false;
    const struct gauge *gauge = &model->indicators.shown[worst];
    return gauge->explained ||
           health_severity(gauge->health, false) > state_severity(model->common.verdict.state);
}

/* Both are there, however long the first is: half of the room is the second's, if it wants it. */
static void write_both(const char *first, const char *second, char *out, size_t size)
{
    static const char between[] = " | ";
    char start[HISTORY_WHY_SIZE], whole[2 * HISTORY_WHY_SIZE + sizeof between];
    const size_t beside = strlen(second) + sizeof between - 1;
    const size_t room = beside < size / 2 ? size - beside : size / 2;
    text_shorten(start, room < sizeof start ? room : sizeof start, first);
    snprintf(whole, sizeof whole, "%s%s%s", start, between, second);
    text_shorten(out, size, whole);
}

void model_caption(const struct model *model, const struct poll_report *report, char *out,
                   size_t size)
{
    char rollout[HISTORY_WHY_SIZE], indicator[HISTORY_WHY_SIZE];
    if (why_is(model->common.verdict.why, WHYS_UNANSWERED) && report->error.text[0] != '\0') {
        text_shorten(out, size, report->error.text);
        return;
    }
    write_rollout(model, rollout, sizeof rollout);
    write_indicator(model, indicator, sizeof indicator);
    if (indicator[0] == '\0')
        text_shorten(out, size, rollout);
    else if (comes_first(model))
        write_both(indicator, rollout, out, size);
    else
        write_both(rollout, indicator, out, size);
}
