#include "prometheus/answer/mark.h"

#include "base/text.h"
#include "prometheus/promql/survey.h"

#include <string.h>

static bool is_word(const char *text, size_t length, const char *word)
{
    return strncmp(text, word, length) == 0 && word[length] == '\0';
}

static size_t rule_of(const char *text, size_t length)
{
    size_t rule = 0;
    while (rule < SURVEY_RULES && !is_word(text, length, survey_rule_name((enum survey_rule)rule)))
        rule++;
    return rule;
}

/* "deployment", which is a count; "rows/deployment", or "rows" and a label; "at/count". */
static bool read_mark(const struct series *series, struct survey_mark *mark)
{
    static const char evaluated[] = SURVEY_EVALUATED;
    const char *word = series->aside[ASIDE_FIELD];
    const char *label = series_label(series, SURVEY_KIND_LABEL);
    if (word == NULL)
        return false;
    *mark = (struct survey_mark){.evaluated = strncmp(word, evaluated, sizeof evaluated - 1) == 0};
    word += mark->evaluated ? sizeof evaluated - 1 : 0;
    const size_t length = strcspn(word, "/");
    const size_t counted = kind_worded(word);
    size_t rule = rule_of(word, length);
    size_t kind = counted;
    if (counted < KIND_COUNT)
        rule = RULE_COUNT;
    else if (word[length] == '/')
        kind = kind_worded(word + length + 1);
    else if (label != NULL)
        kind = kind_named(label);
    mark->of_kind = kind < KIND_COUNT;
    mark->kind = mark->of_kind ? (enum workload_kind)kind : KIND_DEPLOYMENT;
    if (rule == SURVEY_RULES || (rule == RULE_UNSETTLED && !mark->evaluated))
        return false;
    mark->rule = (enum survey_rule)rule;
    return mark->of_kind || mark->evaluated || rule == RULE_OLDEST;
}

bool mark_read(const struct series *series, struct survey_mark *mark)
{
    if (!read_mark(series, mark) || series->value == NULL ||
        !text_number(series->value, &mark->number))
        return false;
    const bool is_time = mark->evaluated || mark->rule == RULE_OLDEST;
    return mark->number >= 0 && mark->number <= (is_time ? 1e11 : 1e9);
}

static void take_older(int64_t *oldest_ms, double seconds)
{
    int64_t ms = (int64_t)(seconds * 1000);
    if (*oldest_ms == ROW_MISSING || ms < *oldest_ms)
        *oldest_ms = ms;
}

void mark_add(struct survey *survey, const struct survey_mark *mark)
{
    if (mark->evaluated) {
        take_older(&survey->evaluated_ms[mark->rule], mark->number);
    } else if (mark->rule == RULE_OLDEST) {
        take_older(&survey->oldest_ms, mark->number);
        survey->timed |= mark->of_kind ? KIND_BIT(mark->kind) : KINDS_ALL;
    } else if (mark->rule == RULE_COUNT) {
        survey->total[mark->kind] = (size_t)mark->number;
    }
}
