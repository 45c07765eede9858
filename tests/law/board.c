#include "law/board.h"

#include "daemon/fresh.h"
#include "evidence/whole.h"
#include "rollout/members.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)
#define MAX_AGE_SHORT_MS (90 * SECOND_MS)
#define MAX_AGE_LONG_MS (150 * SECOND_MS)

/* --- what is shown, against what is true */

static bool is_green(const struct board_under_law *board)
{
    enum state state = board->model.common.verdict.state;
    return state == STATE_STABLE || state == STATE_SCALED_TO_ZERO;
}

bool board_asks(const struct board_under_law *board, const struct object *object)
{
    return board->settings.workload[0] == '\0' ||
           strcmp(board->settings.workload, object->name) == 0;
}

static void check_workloads(struct board_under_law *board, int64_t now_ms)
{
    const int64_t torn_ms = board->world.faults.torn_scrapes ? WORLD_OBSERVED_MS : 0;
    const int64_t bound_ms = board->bound_ms + torn_ms;
    for (size_t i = 0; i < board->world.object_count; i++) {
        const struct object *object = &board->world.objects[i];
        int64_t right_ms = !object->exists || object_is_done(object) ? now_ms : object->right_ms;
        if (board_asks(board, object) && now_ms - right_ms > bound_ms)
            snprintf(board->breach, sizeof board->breach,
                     "green (%s), and %s of kind %s has not been done for %" PRId64
                     " ms, more than %" PRId64,
                     why_name(board->model.common.verdict.why), object->name,
                     kind_name(object->kind), now_ms - right_ms, bound_ms);
    }
}

static int64_t bound_of(const struct board_under_law *board, int64_t max_age_ms)
{
    return max_age_ms + board->config.prometheus.poll_interval_ms +
           board->config.prometheus.timeout_ms;
}

static void check_indicator(struct board_under_law *board, int64_t now_ms)
{
    const struct gauge *shown = &board->model.indicators.shown[0];
    int64_t right_ms = board->value_right ? now_ms : board->value_right_ms;
    const int64_t bound_ms = bound_of(board, limits_default.max_age_ms); /* no rollout's */
    if (shown->health == HEALTH_OK && now_ms - right_ms > bound_ms)
        snprintf(board->breach, sizeof board->breach,
                 "the indicator is good, and has not been for %" PRId64 " ms", now_ms - right_ms);
}

/* And the rules in it. */
static void advance(struct board_under_law *board, int64_t now_ms)
{
    for (int64_t due; board->recorded && (due = rules_due_ms(&board->rules)) <= now_ms;) {
        world_advance(&board->world, due);
        rules_happen(&board->rules, &board->world);
    }
    world_advance(&board->world, now_ms);
}

/* Who starts now sees all there is, for so long. */
static bool is_whole(const struct board_under_law *board, int64_t ms)
{
    return world_is_whole(&board->world, ms) &&
           (!board->recorded || rules_are_whole(&board->rules, &board->world, ms));
}

/* The world goes on to `now_ms` under the picture that hangs there. */
static void look(struct board_under_law *board, int64_t now_ms)
{
    while (board->value_due_ms <= now_ms) {
        if (board->value_right)
            board->value_right_ms = board->value_due_ms;
        board->value_right = !board->value_right;
        board->value_due_ms += random_in(&board->seed, SECOND_MS, 15 * MINUTE_MS);
    }
    advance(board, now_ms);
    if (is_green(board)) {
        board->green_ms += now_ms - board->looked_ms;
        check_workloads(board, now_ms);
    }
    check_indicator(board, now_ms);
    board->looked_ms = now_ms;
}

/* The daemon wakes up for what expires, as its loop does. */
static void pass_until(struct board_under_law *board, int64_t until_ms)
{
    for (int64_t due; (due = model_expiry_ms(&board->model)) < until_ms;) {
        look(board, due > board->looked_ms ? due : board->looked_ms);
        model_expire(&board->model, board->looked_ms);
    }
    look(board, until_ms);
}

/* --- the questions and their answers */

static void keep(struct board_under_law *board, const struct letter *letter)
{
    if (board->hostility.repeats)
        board->cache[board->cached++ % KEPT_ANSWERS] = *letter;
}

/* The same as a server has it whose clock is behind. */
static void put_back(struct world_answer *answer, int64_t skew_ms)
{
    answer->eval_ms -= skew_ms;
    for (size_t i = 0; i < answer->count; i++)
        answer->rows[i].sample_ms -= skew_ms;
    for (size_t i = 0; i < answer->source_count; i++)
        answer->sources[i].newest_ms -= skew_ms;
}

/* Two servers answer in turn: the second all that is about workloads, or as it comes. */
static bool asks_second(struct board_under_law *board, bool canary)
{
    if (!board->world.faults.turns)
        return false;
    return board->hostility.strict_turns ? !canary : world_chance(&board->seed, 50);
}

static void write_letter(struct board_under_law *board, struct letter *letter)
{
    world_ask(&board->world, asks_second(board, false), &letter->answer);
    if (board->polls % 2 == 1)
        put_back(&letter->answer, board->hostility.skew_ms);
    if (board->recorded)
        rules_survey(&board->rules, &board->world, &letter->recorded);
    letter->nonce = board->nonce;
    letter->value_right = board->value_right;
}

/* A cache answers with what it has; of another question, or of this one long ago. */
static const struct letter *from_cache(struct board_under_law *board)
{
    size_t kept = board->cached < KEPT_ANSWERS ? board->cached : KEPT_ANSWERS;
    if (kept == 0 || !world_chance(&board->seed, 15))
        return NULL;
    return &board->cache[random_in(&board->seed, 0, (int64_t)kept - 1)];
}

static void fail_round(struct board_under_law *board, int64_t now_ms)
{
    board->good = false;
    rollout_observe_failure(&board->model.rollouts[0], now_ms);
    indicator_observe_failure(&board->model.indicators.indicators[0], now_ms);
    board->report.ok = false;
    model_take(&board->model, &board->report, now_ms);
}

/* The workloads that a question is about. */
struct names {
    const char *list[WORLD_ROWS_MAX + WORLD_OBJECTS_MAX];
    size_t count;
    bool all;
};

static bool has_name(const struct names *names, const char *name)
{
    bool found = names->all;
    for (size_t i = 0; !found && i < names->count; i++)
        found = strcmp(names->list[i], name) == 0;
    return found;
}

/* What else is there is not in the answer. */
static void select_rows(const struct names *names, struct world_answer *answer)
{
    size_t count = 0, sources = 0;
    for (size_t i = 0; i < answer->count; i++)
        if (has_name(names, answer->rows[i].key.name))
            answer->rows[count++] = answer->rows[i];
    answer->count = count;
    for (size_t i = 0; i < answer->source_count; i++) {
        bool shows = false;
        for (size_t k = 0; k < count; k++)
            shows |= answer->rows[k].source_id == answer->sources[i].id;
        if (shows)
            answer->sources[sources++] = answer->sources[i];
    }
    answer->source_count = sources;
}

/* All, or one name alone. */
static struct names names_of(const struct board_under_law *board)
{
    const char *name = board->settings.workload;
    return (struct names){.all = name[0] == '\0', .count = 1, .list = {name}};
}

static bool shows(const struct world_answer *answer, const struct missed_key *missed)
{
    const struct workload_key *key = &missed->key;
    bool shown = false;
    for (size_t i = 0; i < answer->count; i++)
        shown |= strcmp(answer->rows[i].key.name, key->name) == 0 &&
                 strcmp(answer->rows[i].key.cluster, key->cluster) == 0 &&
                 (missed->source == 0 || missed->source == answer->rows[i].source_id);
    return shown;
}

static size_t count_workloads(const struct world_answer *answer)
{
    size_t count = 0;
    for (size_t i = 0; i < answer->count; i++)
        count += answer->rows[i].source == 0; /* of several rows of one workload the first */
    return count;
}

/* The canary: what is visible now of the sources that the answer lacks. */
static void ask_canary(struct board_under_law *board, struct answer *answer)
{
    const struct rollout *rollout = &board->model.rollouts[0];
    struct missed_sources missed = {.count = 0};
    bool kinds = rollout_misses(rollout, answer, 0) != 0;
    size_t total[KIND_COUNT];
    rollout_missed_sources(rollout, answer, 0, &missed, total);
    if (!kinds && missed.count == 0)
        return;
    struct world_answer now, shown;
    world_ask(&board->world, asks_second(board, true), &now);
    shown = now;
    const struct names names = names_of(board);
    select_rows(&names, &shown);
    answer->unwitnessed =
        now.partial || (board->hostility.losses && world_chance(&board->seed, 10));
    for (size_t i = 0; i < missed.key_count; i++)
        answer->unwitnessed |= shows(&shown, &missed.keys[i]);
    answer->unwitnessed |= count_workloads(&shown) > total[board->world.objects[0].kind];
    if (answer->unwitnessed)
        return;
    for (size_t i = 0; i < now.count; i++)
        answer->kind_alive[now.rows[i].key.kind] = true;
    for (size_t i = 0; i < missed.count; i++)
        for (size_t k = 0; k < now.source_count; k++)
            if (now.sources[k].id == missed.ids[i])
                answer->witnesses[answer->witness_count++] = now.sources[k];
}

static void trace(const struct board_under_law *board, const struct answer *answer)
{
    if (board->looked_ms < board->trace_ms)
        return;
    printf("%" PRId64 " asked %" PRId64 " clock %+" PRId64 " lag %" PRId64 "%s%s:",
           board->looked_ms, answer->sent_ms, board->world.offset_ms, answer->lag_ms,
           answer->partial ? " partial" : "", answer->unwitnessed ? " unwitnessed" : "");
    for (size_t i = 0; i < answer->count; i++) {
        const struct row *row = &answer->rows[i];
        printf(" %s%s@%04x-%" PRId64 "%s %" PRId64 "/%" PRId64 " %" PRId64 " %" PRId64 "/%" PRId64
               "/%" PRId64,
               row->key.cluster, row->key.name, (unsigned)(row->source_id & 0xFFFF),
               answer->eval_ms - row->sample_ms, row->left_behind ? " left" : "", row->generation,
               row->observed, row->spec, row->replicas, row->updated, row->available);
    }
    for (size_t i = 0; answer->surveys != NULL && i < answer->surveys->counted.count; i++) {
        const struct source_count *of = &answer->surveys->counted.list[i];
        printf(" %04x %" PRId64 "=%" PRId64 "+%" PRId64, (unsigned)(of->id & 0xFFFF), of->rows,
               of->settled, of->unsettled);
    }
    printf(" =>");
    for (size_t i = 0; i < board->model.rollouts[0].count; i++) {
        const struct workload *member = &board->model.rollouts[0].workloads[i];
        printf(" %s %s %s", member->name, state_name(member->verdict.state),
               why_name(member->verdict.why));
    }
    printf(" => %s %s, true at %" PRId64 "\n", state_name(board->model.rollouts[0].verdict.state),
           why_name(board->model.rollouts[0].verdict.why), board->model.rollouts[0].seen_ms);
    fflush(stdout);
}

/* What of an answer about workloads says when it was made. */
static struct clock_reading read_clock(const struct board_under_law *board,
                                       const struct letter *letter, int64_t sent_ms, int64_t now_ms)
{
    const struct arrival arrival = {.sent_ms = sent_ms,
                                    .date_ms = -1,
                                    .received_ms = now_ms,
                                    .nonce =
                                        letter->nonce == board->nonce ? NONCE_OWN : NONCE_ANOTHER};
    return evidence_clock_read(&board->model.evidence->clock, letter->answer.eval_ms, &arrival,
                               board->settings.limits.max_age_ms);
}

/* What is known of all workloads now, sent for at `answer->sent_ms`. */
static void observe(struct board_under_law *board, struct answer *answer, int64_t now_ms)
{
    ask_canary(board, answer);
    source_note(answer);
    rollout_observe(&board->model.rollouts[0], answer, 0, answer->sent_ms);
    phase_want_none(&board->phase);
    board->moves = rollout_watch(&board->model.rollouts[0], answer, 0, &board->phase);
    phase_note(&board->phase, answer);
    board->good = true;
    trace(board, answer);
    board->report = (struct poll_report){.asked = true, .ok = true, .good_ms = now_ms};
    model_take(&board->model, &board->report, now_ms);
}

static struct answer answer_of(struct board_under_law *board, struct world_answer *rows,
                               int64_t sent_ms, int64_t lag_ms)
{
    struct evidence *evidence = board->model.evidence;
    struct answer answer = {.eval_ms = rows->eval_ms,
                            .sent_ms = sent_ms,
                            .lag_ms = lag_ms,
                            .clock = &evidence->clock,
                            .sources = rows->sources,
                            .source_count = rows->source_count,
                            .ledger = &evidence->ledger,
                            .rows = rows->rows,
                            .count = rows->count,
                            .partial = rows->partial};
    for (size_t i = 0; i < rows->count; i++)
        answer.kind_alive[rows->rows[i].key.kind] = true;
    return answer;
}

static void take_workloads(struct board_under_law *board, const struct letter *letter,
                           int64_t sent_ms, int64_t now_ms)
{
    const struct clock_reading reading = read_clock(board, letter, sent_ms, now_ms);
    if (reading.doubt != DOUBT_NONE) {
        fail_round(board, now_ms);
        return;
    }
    struct world_answer rows = letter->answer;
    const struct names names = names_of(board);
    select_rows(&names, &rows);
    struct answer answer = answer_of(board, &rows, sent_ms, reading.lag_ms);
    observe(board, &answer, now_ms);
}

/* The indicator's answer has no nonce; its time must do. */
static void take_value(struct board_under_law *board, const struct letter *letter, int64_t sent_ms,
                       int64_t now_ms)
{
    struct evidence *evidence = board->model.evidence;
    struct indicator *indicator = &board->model.indicators.indicators[0];
    const struct arrival arrival = {
        .sent_ms = sent_ms, .date_ms = -1, .received_ms = now_ms, .nonce = NONCE_NOT_ASKED};
    const struct clock_reading reading = evidence_clock_read(
        &evidence->clock, letter->answer.eval_ms, &arrival, limits_default.max_age_ms);
    if (reading.doubt != DOUBT_NONE || reading.lag_ms > fresh_max_age_ms(&board->config)) {
        indicator_observe_failure(indicator, now_ms);
    } else {
        const struct ratio_sample sample = {"{}", letter->value_right ? 0.0 : 1.0, 0};
        indicator_observe(indicator, &sample, 1, false, now_ms);
        indicator->seen_ms = sent_ms - reading.lag_ms;
    }
    model_take(&board->model, &board->report, now_ms);
}

/* Sends, waits and receives; false: nothing came in time. */
static bool exchange(struct board_under_law *board, struct letter *letter, int64_t *sent_ms)
{
    uint64_t *seed = &board->seed;
    int64_t timeout_ms = board->config.prometheus.timeout_ms;
    bool slow = board->hostility.delays && world_chance(seed, 30);
    int64_t there_ms = slow ? random_in(seed, 0, timeout_ms) : random_in(seed, 0, 20);
    int64_t back_ms = slow ? random_in(seed, 0, timeout_ms) : random_in(seed, 0, 20);
    *sent_ms = board->looked_ms;
    board->nonce = random_next(seed);
    bool lost =
        there_ms + back_ms > timeout_ms || (board->hostility.losses && world_chance(seed, 10));
    if (lost) {
        pass_until(board, *sent_ms + timeout_ms);
        return false;
    }
    pass_until(board, *sent_ms + there_ms);
    const struct letter *old = from_cache(board);
    if (old != NULL) {
        *letter = *old;
    } else {
        write_letter(board, letter);
        keep(board, letter);
    }
    pass_until(board, *sent_ms + there_ms + back_ms);
    return true;
}

/* Whose rows are asked for after a survey: what it lists, and what was not settled before. */
static struct names names_in_question(const struct board_under_law *board,
                                      const struct listed_workloads *listed)
{
    const struct rollout *rollout = &board->model.rollouts[0];
    struct names names = {.count = 0};
    for (size_t i = 0; i < listed->count; i++)
        names.list[names.count++] = listed->list[i].key.name;
    for (size_t i = 0; i < rollout->count; i++)
        if (!member_is_settled(&rollout->workloads[i]))
            names.list[names.count++] = rollout->workloads[i].name;
    return names;
}

/* Where rules count nothing, they may not be there: anything of the kind is asked for as well. */
static bool may_lack_rules(const struct board_under_law *board, const struct survey *survey)
{
    return board->recorded && whole_sum(&survey->counted, board->world.objects[0].kind).rows <= 0;
}

/* The rows of these, by another question; false: it has failed. */
static bool ask_rows(struct board_under_law *board, const struct names *names,
                     struct survey *survey, struct letter *letter, struct clock_reading *reading)
{
    int64_t sent_ms;
    const int64_t lag_ms = reading->lag_ms;
    if (!exchange(board, letter, &sent_ms))
        return false;
    *reading = read_clock(board, letter, sent_ms, board->looked_ms);
    reading->lag_ms = lag_ms > reading->lag_ms ? lag_ms : reading->lag_ms;
    const struct row *any = &letter->answer.rows[0];
    if (may_lack_rules(board, survey) && letter->answer.count > 0)
        whole_place(&survey->counted, any->source_id, any->key.kind)->unsettled++;
    select_rows(names, &letter->answer);
    return reading->doubt == DOUBT_NONE;
}

/* What a survey says, and whose labels came with it. */
static void read_survey(struct board_under_law *board, const struct letter *letter,
                        struct recorded *counted)
{
    *counted = letter->recorded;
    if (board->recorded)
        return;
    *counted = (struct recorded){.source_count = letter->answer.source_count};
    survey_of_answer(&letter->answer, &counted->survey, &counted->listed);
    memcpy(counted->sources, letter->answer.sources, sizeof counted->sources);
}

/* The answer to a survey has come: the rows of what it lists are asked for next. */
static void take_survey(struct board_under_law *board, const struct letter *first, int64_t sent_ms)
{
    static struct letter letter; /* large */
    static struct recorded counted;
    struct clock_reading reading = read_clock(board, first, sent_ms, board->looked_ms);
    read_survey(board, first, &counted);
    const struct names names = names_in_question(board, &counted.listed);
    letter.answer = first->answer;
    if (reading.doubt == DOUBT_NONE) {
        struct answer alone = answer_of(board, &letter.answer, sent_ms, reading.lag_ms);
        alone.sources = counted.sources;
        alone.source_count = counted.source_count;
        source_note(&alone);
    }
    const bool asks = names.count > 0 || may_lack_rules(board, &counted.survey);
    if (reading.doubt != DOUBT_NONE ||
        (asks && !ask_rows(board, &names, &counted.survey, &letter, &reading))) {
        fail_round(board, board->looked_ms);
        return;
    }
    if (!asks)
        letter.answer.count = letter.answer.source_count = 0;
    struct answer answer = answer_of(board, &letter.answer, sent_ms, reading.lag_ms);
    answer.surveys = &counted.survey;
    answer.survey_count = 1;
    answer.listed = counted.listed.list;
    answer.listed_count = counted.listed.count;
    answer.partial |= counted.survey.partial;
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        answer.kind_alive[kind] |= counted.survey.total[kind] > 0;
    observe(board, &answer, board->looked_ms);
}

/* --- the board's own life */

static void start_watch(struct board_under_law *board)
{
    struct error error;
    if (!model_start(&board->model, &board->config, board->looked_ms, &error))
        abort();
    board->model.evidence->clock.asks = true;
    board->report = (struct poll_report){.good_ms = INT64_MIN};
    board->phase = (struct phase){.random = (uint32_t)board->seed};
    board->world.watched_ms = board->looked_ms;
}

/* And with it what the law allows from now on, whatever was allowed a moment ago. */
static void set_max_age(struct board_under_law *board, int64_t max_age_ms)
{
    board->settings.limits.max_age_ms = max_age_ms;
    board->bound_ms = bound_of(board, max_age_ms);
}

static void disturb_board(struct board_under_law *board)
{
    uint64_t *seed = &board->seed;
    /* Until it is heard for the first time, which losses and sleep put off. */
    if (board->hostility.restarts && is_whole(board, 10 * MINUTE_MS) && world_chance(seed, 1)) {
        model_stop(&board->model);
        start_watch(board);
    }
    if (board->hostility.reloads && world_chance(seed, 2)) {
        struct model before = board->model;
        board->settings.max_workloads ^=
            1; /* 32, 33: what is known stays, with more room or less */
        if (world_chance(seed, 50))
            set_max_age(board,
                        MAX_AGE_LONG_MS + MAX_AGE_SHORT_MS - board->settings.limits.max_age_ms);
        start_watch(board);
        model_adopt(&board->model, &before, board->looked_ms);
        model_stop(&before);
    }
    if (board->hostility.sleeps && world_chance(seed, 1)) { /* stopped, and woken again */
        board->world.watched_ms = INT64_MAX;
        pass_until(board, board->looked_ms + random_in(seed, SECOND_MS, 5 * MINUTE_MS));
        board->world.watched_ms = board->looked_ms;
    }
}

void board_step(struct board_under_law *board)
{
    static struct letter letter; /* large */
    int64_t sent_ms;
    disturb_board(board);
    pass_until(board, board->due_ms > board->looked_ms ? board->due_ms : board->looked_ms);
    int64_t begun_ms = board->looked_ms;
    board->polls++;
    if (!exchange(board, &letter, &sent_ms))
        fail_round(board, board->looked_ms);
    else if (board->surveys)
        take_survey(board, &letter, sent_ms);
    else
        take_workloads(board, &letter, sent_ms, board->looked_ms);
    if (exchange(board, &letter, &sent_ms))
        take_value(board, &letter, sent_ms, board->looked_ms);
    const struct phase_terms terms = {board->moves, board->config.prometheus.poll_interval_ms,
                                      begun_ms};
    board->due_ms = begun_ms + terms.interval_ms;
    if (board->good)
        board->due_ms = phase_due_ms(&board->phase, &terms);
}

void board_begin(struct board_under_law *board, uint64_t seed, const struct world_faults *faults,
                 const struct hostility *hostility)
{
    memset(board, 0, sizeof *board);
    world_begin(&board->world, seed, faults);
    board->seed = seed * UINT64_C(0xBF58476D1CE4E5B9) + 7;
    for (int i = 0; i < 8; i++)
        random_next(&board->seed);
    board->hostility = *hostility;
    const bool is_short = random_in(&board->seed, 0, 1) == 0;
    board->settings = (struct rollout_settings){.name = "all",
                                                .kinds = KIND_BIT(board->world.objects[0].kind),
                                                .namespace_ = "shop",
                                                .limits = limits_default,
                                                .max_workloads = 32};
    if (world_chance(&board->seed, 25) && board->world.clusters == 1)
        snprintf(board->settings.workload, sizeof board->settings.workload, "%s",
                 board->world.objects[0].name);
    board->surveys = board->settings.workload[0] == '\0' && world_chance(&board->seed, 30);
    board->recorded = board->surveys && !faults->turns && !faults->stores_fail &&
                      hostility->skew_ms == 0 && world_chance(&board->seed, 50);
    if (board->recorded)
        rules_begin(&board->rules, random_next(&board->seed), faults->rules_fail);
    board->indicator =
        (struct indicator_settings){.name = "value", .limits = {.warning = 0.5, .critical = 2}};
    board->config.rollouts = &board->settings;
    board->config.rollout_count = 1;
    board->config.indicators = &board->indicator;
    board->config.indicator_count = 1;
    board->config.prometheus.poll_interval_ms = 10 * SECOND_MS;
    board->config.prometheus.timeout_ms = 8 * SECOND_MS;
    set_max_age(board, is_short ? MAX_AGE_SHORT_MS : MAX_AGE_LONG_MS);
    const char *trace_from = getenv("AMBERBAR_LAW_TRACE");
    board->trace_ms = trace_from != NULL ? strtoll(trace_from, NULL, 10) : INT64_MAX;
    board->value_right = true;
    board->value_due_ms = random_in(&board->seed, SECOND_MS, 15 * MINUTE_MS);
    do
        advance(board, board->world.now_ms + MINUTE_MS);
    while (!is_whole(board, 10 * MINUTE_MS));
    board->looked_ms = board->due_ms = board->world.now_ms;
    start_watch(board);
}

void board_end(struct board_under_law *board)
{
    model_stop(&board->model);
}
