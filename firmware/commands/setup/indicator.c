/* An indicator beside the bar, from what Prometheus has: how long answers take, how many fail. */
#include "commands/setup/setup.h"
#include "commands/setup/suggest.h"

#include "prometheus/promql/promql.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LATENCIES_MAX 3 /* of the list; errors fill it up */
#define METRIC_SIZE 200
#define LEAST_SECONDS 0.01
#define LEAST_SHARE 0.01

/* Counters of requests have their outcome in one of these labels. */
static const char *const code_labels[] = {"code", "status", "status_code"};

/* How far back one looks, the first of which there are enough values: a Prometheus may be young. */
static const struct {
    const char *name, *range;
    double least, whole, minutes; /* values that are enough, and that fill it; minutes a value */
} spans[] = {{"day", "1d:10m", 12, 144, 10},
             {"hour", "1h:1m", 12, 60, 1},
             {"ten minutes", "10m:15s", 1, 40, 0.25}};

/* "day"; "13 minutes", where there are no more of it. */
static void name_span(size_t which, double values, char *out, size_t size)
{
    const double minutes = values * spans[which].minutes;
    if (values >= 0.9 * spans[which].whole)
        text_copy(out, size, spans[which].name);
    else if (minutes >= 120)
        snprintf(out, size, "%.0f hours", minutes / 60);
    else if (minutes > 1)
        snprintf(out, size, "%d minutes", (int)minutes + (minutes > (int)minutes));
    else
        text_copy(out, size, "minute");
}

static bool ask_for(struct setup *setup, const struct text *query, struct answered *answered)
{
    return !query->failed && !ask_interrupted(&setup->asker) &&
           question_ask(&setup->inquiry, query->data, answered);
}

/* The only value of `function` over what the query has been; NAN: there is none. */
static double over_time(struct setup *setup, const char *query, const char *function,
                        const char *range)
{
    struct text text = {0};
    struct answered answered;
    text_addf(&text, "max(%s((%s) >= 0)[%s]))", function, query, range);
    const bool good = ask_for(setup, &text, &answered) && answered.answer.count == 1;
    text_free(&text);
    return good ? answered.answer.samples[0].value : (double)NAN;
}

/* What the query has been, and thresholds by that. False: it had no values. */
static bool measure(struct setup *setup, struct suggestion *suggestion)
{
    suggestion->high = suggestion->middle = (double)NAN;
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        const char *range = spans[i].range;
        const double values = over_time(setup, suggestion->query, "count_over_time(", range);
        if (!(values >= spans[i].least))
            continue;
        suggestion->high = over_time(setup, suggestion->query, "quantile_over_time(0.99, ", range);
        suggestion->middle = over_time(setup, suggestion->query, "quantile_over_time(0.5, ", range);
        name_span(i, values, suggestion->span, sizeof suggestion->span);
        break;
    }
    if (!isfinite(suggestion->high) || !isfinite(suggestion->middle))
        return false;
    const struct thresholds found =
        suggest_thresholds(suggestion->high, suggestion->share ? LEAST_SHARE : LEAST_SECONDS,
                           suggestion->share ? 1 : 0);
    suggestion->warning = found.warning;
    suggestion->critical = found.critical;
    return true;
}

/* `namespace=~"cms|shop"`, or nothing where `near` is false. */
static void add_near(const struct setup *setup, bool near, const char *before, struct text *out)
{
    if (!near || setup->namespaces.length == 0)
        return;
    text_addf(out, "%s%s%s", before, setup->trial->prometheus.namespace_label,
              promql_is_plain(setup->namespaces.data) ? "=" : "=~");
    text_add_json(out, setup->namespaces.data);
}

/* The same in braces of its own. */
static void add_selector(const struct setup *setup, bool near, struct text *out)
{
    const size_t before = out->length;
    add_near(setup, near, "{", out);
    if (out->length > before)
        text_add(out, "}");
}

/* The name in {metric="..."}; false: none, or not one to be suggested. */
static bool read_metric(const char *labels, char out[static METRIC_SIZE])
{
    const char *begin = strstr(labels, "metric=\"");
    if (begin == NULL)
        return false;
    begin += strlen("metric=\"");
    const size_t length = strcspn(begin, "\"");
    snprintf(out, METRIC_SIZE, "%.*s", (int)(length < METRIC_SIZE ? length : 0), begin);
    return suggest_takes(out);
}

/* Of the metrics that match, the best one below `rank`; 0: there is none. */
static int best_metric(struct setup *setup, const char *matchers, int below,
                       char name[static METRIC_SIZE])
{
    struct text query = {0};
    struct answered answered;
    int best = 0;
    text_addf(&query,
              "label_replace(count by (__name__) ({%s}),\"metric\",\"$1\",\"__name__\","
              "\"(.+)\")",
              matchers);
    const bool good = ask_for(setup, &query, &answered);
    for (size_t i = 0; good && i < answered.answer.count; i++) {
        char metric[METRIC_SIZE];
        if (!read_metric(answered.answer.samples[i].labels, metric))
            continue;
        const int rank = suggest_rank(metric);
        if (rank <= best || rank >= below)
            continue;
        best = rank;
        text_copy(name, METRIC_SIZE, metric);
    }
    text_free(&query);
    return best;
}

/* The metric without what every one of its kind ends with: "http_ttfb". */
static void name_after(struct suggestion *suggestion, const char *metric, const char *const ends[])
{
    size_t length = strlen(metric);
    for (size_t i = 0; ends[i] != NULL; i++) {
        const size_t end = strlen(ends[i]);
        if (length > end && strncmp(metric + length - end, ends[i], end) == 0)
            length -= end;
    }
    const char *tail = suggestion->share ? "_errors" : "";
    const size_t most = sizeof suggestion->name - 1 - strlen(tail);
    snprintf(suggestion->name, sizeof suggestion->name, "%.*s%s",
             (int)(length < most ? length : most), metric, tail);
}

static void keep(struct setup *setup, const struct suggestion *suggestion)
{
    if (setup->suggestion_count < SUGGESTIONS_MAX)
        setup->suggestions[setup->suggestion_count++] = *suggestion;
}

/* Histograms of seconds, the best first. */
static void suggest_latencies(struct setup *setup, bool near)
{
    static const char *const ends[] = {"_bucket", "_seconds", NULL};
    int rank = INT_MAX;
    char metric[METRIC_SIZE];
    struct text matchers = {0};
    text_add(&matchers, "__name__=~\".+_seconds_bucket\",le=\"+Inf\"");
    add_near(setup, near, ",", &matchers);
    while (!matchers.failed && setup->suggestion_count < LATENCIES_MAX &&
           (rank = best_metric(setup, matchers.data, rank, metric)) > 0) {
        struct suggestion suggestion = {.share = false};
        struct text query = {0};
        text_addf(&query, "histogram_quantile(0.95, sum by (le) (rate(%s", metric);
        add_selector(setup, near, &query);
        text_add(&query, "[5m])))");
        name_after(&suggestion, metric, ends);
        if (!query.failed && text_copy(suggestion.query, sizeof suggestion.query, query.data) &&
            measure(setup, &suggestion))
            keep(setup, &suggestion);
        text_free(&query);
    }
    text_free(&matchers);
}

/* The share of answers with a code from 500 on; none is no share, and no answer. */
static void add_share(const struct setup *setup, bool near, const char *metric, const char *label,
                      struct text *out)
{
    text_addf(out, "(sum(rate(%s{%s=~\"5..\"", metric, label);
    add_near(setup, near, ",", out);
    text_addf(out, "}[5m])) or vector(0)) / sum(rate(%s", metric);
    add_selector(setup, near, out);
    text_add(out, "[5m]))");
}

/* The best counter of requests whose outcome is in this label. */
static void suggest_errors(struct setup *setup, bool near, const char *label)
{
    static const char *const ends[] = {"_total", "_requests", "_request", NULL};
    char metric[METRIC_SIZE];
    struct suggestion suggestion = {.share = true};
    struct text matchers = {0}, query = {0};
    text_addf(&matchers, "__name__=~\".*requests?_total\",%s!=\"\"", label);
    add_near(setup, near, ",", &matchers);
    if (!matchers.failed && best_metric(setup, matchers.data, INT_MAX, metric) > 0) {
        add_share(setup, near, metric, label, &query);
        name_after(&suggestion, metric, ends);
        if (!query.failed && text_copy(suggestion.query, sizeof suggestion.query, query.data) &&
            measure(setup, &suggestion))
            keep(setup, &suggestion);
    }
    text_free(&matchers);
    text_free(&query);
}

static void add_value(struct text *out, double value, bool share)
{
    if (share)
        text_addf(out, "%.3g %%", value * 100);
    else if (value < 1)
        text_addf(out, "%.3g ms", value * 1000);
    else
        text_addf(out, "%.3g s", value);
}

static void list(const struct setup *setup)
{
    for (size_t i = 0; i < setup->suggestion_count; i++) {
        const struct suggestion *one = &setup->suggestions[i];
        struct text line = {0};
        text_addf(&line, "   %zu  %s: in the last %s half of the time at most ", i + 1, one->name,
                  one->span);
        add_value(&line, one->middle, one->share);
        text_add(&line, ", nearly always at most ");
        add_value(&line, one->high, one->share);
        text_add(&line, "; orange from ");
        add_value(&line, one->warning, one->share);
        text_add(&line, ", red from ");
        add_value(&line, one->critical, one->share);
        if (!line.failed)
            setup_say(setup, "%s", line.data);
        text_free(&line);
    }
}

static bool has_limits(const struct setup *setup)
{
    const char *const *values = setup->options->values;
    return values[SETUP_WARNING] != NULL || values[SETUP_CRITICAL] != NULL;
}

/* What is there of the chosen namespaces; else of anything. */
static bool due_indicator(struct setup *setup)
{
    const char *given = setup->options->values[SETUP_INDICATOR];
    setup->suggestion_count = 0;
    setup->indicator = NULL;
    setup->names_limits = false;
    text_clear(&setup->indicators);
    if (given != NULL && strcmp(given, "none") == 0)
        return false;
    for (int turn = 0; turn < 2 && setup->suggestion_count == 0; turn++) {
        suggest_latencies(setup, turn == 0);
        for (size_t i = 0; i < sizeof code_labels / sizeof code_labels[0]; i++)
            suggest_errors(setup, turn == 0, code_labels[i]);
    }
    return given != NULL || setup->suggestion_count > 0 || has_limits(setup) ||
           (setup->former.config != NULL && setup->former.config->indicator_count > 0);
}

/* False: there is nothing to keep. */
static bool keeps_indicators(struct setup *setup)
{
    return setup->former.config != NULL && setup->former.config->indicator_count > 0 &&
           former_section(setup->former.source.data, "indicators", &setup->indicators);
}

/* What there was is kept where it still can be: it may be explained by rollouts that are no more.
 */
static void propose_kept(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    struct error error = {0};
    if (setup->former.config == NULL || has_limits(setup))
        return;
    if (setup->former.config->indicator_count == 0) {
        text_copy(proposed, ANSWER_SIZE, "none");
        return;
    }
    if (keeps_indicators(setup) && compose_accepted(setup, &error)) {
        setup_say(setup, "   `" AS_BEFORE "` keeps those of %s as they are there.", setup->path);
        text_copy(proposed, ANSWER_SIZE, AS_BEFORE);
    } else {
        setup_say(setup, "   Those of %s cannot be kept: %s.", setup->path, error.text);
    }
    text_clear(&setup->indicators);
}

static void look_for_indicators(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    list(setup);
    if (setup->suggestion_count > 0 || !has_limits(setup)) /* which are of something */
        text_copy(proposed, ANSWER_SIZE, setup->suggestion_count > 0 ? "1" : "none");
    propose_kept(setup, proposed);
}

/* "2", or "2 0.4 0.8"; limits[0] is NAN where none are given. False: it is no such answer. */
bool indicator_parse(const char *answer, size_t suggestions, size_t *index, double limits[2])
{
    char words[3][32];
    int64_t number;
    size_t count = 0;
    limits[0] = limits[1] = (double)NAN;
    for (const char *at = answer + strspn(answer, " "); *at != '\0'; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " ");
        if (count == 3 || length >= sizeof words[0])
            return false;
        memcpy(words[count], at, length);
        words[count++][length] = '\0';
        at += length;
    }
    if ((count != 1 && count != 3) || !text_integer(words[0], 1, (int64_t)suggestions, &number))
        return false;
    *index = (size_t)number - 1;
    return count == 1 || (text_number(words[1], &limits[0]) && text_number(words[2], &limits[1]) &&
                          isfinite(limits[0]) && isfinite(limits[1]));
}

/* A query of one's own, tried as it stands. One that finds nothing on a good day is fine. */
static bool take_query(struct setup *setup, const char *answer, struct error *error)
{
    struct suggestion *own = &setup->chosen;
    struct answered answered;
    *own = (struct suggestion){.name = "indicator", .own = true};
    if (!text_copy(own->query, sizeof own->query, answer))
        return error_set(error, "that query is too long; write it into the file later");
    if (!question_ask(&setup->inquiry, own->query, &answered)) {
        *error = answered.refusal.error;
        retry_words_cut(error);
        char *advice = strstr(error->text, "; correct it in the config file");
        if (advice != NULL)
            *advice = '\0';
        return false;
    }
    if (answered.answer.count == 0)
        setup_say(setup, "   Prometheus understands that, and it yields nothing now: until it does "
                         "the light is `unknown`. `(...) or vector(0)` makes nothing a zero.");
    (void)measure(setup, own);
    own->warning = 1; /* until they are named: the rest of it is looked at first */
    own->critical = 2;
    return true;
}

/* One of the list, perhaps with thresholds; by number alone it has those that are listed. */
static bool take_listed(struct setup *setup, size_t index, const double limits[2])
{
    const bool typed = isfinite(limits[0]);
    setup->chosen = setup->suggestions[index];
    if (typed) {
        setup->chosen.warning = limits[0];
        setup->chosen.critical = limits[1];
    }
    return !typed && has_limits(setup);
}

static enum tried try_indicator(struct setup *setup, const char *answer, struct error *error)
{
    size_t index;
    double limits[2];
    const size_t digits = strspn(answer, "0123456789");
    setup->indicator = NULL;
    setup->names_limits = false;
    text_clear(&setup->indicators);
    if (strcmp(answer, AS_BEFORE) == 0 && keeps_indicators(setup))
        return compose_accepted(setup, error) ? TRIED_FINE : TRIED_REFUSED;
    if (strcmp(answer, "none") == 0 || consent_of(answer) == CONSENT_NO)
        return TRIED_FINE;
    if (indicator_parse(answer, setup->suggestion_count, &index, limits)) {
        setup->names_limits = take_listed(setup, index, limits);
    } else if (digits > 0 && strchr(" ", answer[digits]) != NULL) {
        error_set(error, "answer a number of the list, perhaps with two thresholds: 1 0.4 0.8");
        return TRIED_REFUSED;
    } else if (!take_query(setup, answer, error)) {
        return TRIED_REFUSED;
    } else {
        setup->names_limits = true;
    }
    setup->indicator = &setup->chosen;
    if (limits_accepted(setup, error))
        return TRIED_FINE;
    setup->indicator = NULL;
    setup->names_limits = false;
    return TRIED_REFUSED;
}

static void word_indicator(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "Which indicator beside the bar? A number, with thresholds of your own if you "
                  "like (1 0.4 0.8); or PromQL; or `none`");
}

const struct question question_indicator = {
    SETUP_INDICATOR,     "the indicator", word_indicator, due_indicator,
    look_for_indicators, try_indicator,   false};
