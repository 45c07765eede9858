#include "daemon/four_pods.h"
#include "daemon/model_story.h"

#include "base/log.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check_shown(const struct story *story, enum state state, bool dimmed)
{
    const struct show *shows[] = {&story->model.shows[0], &story->model.common};
    for (size_t i = 0; i < 2; i++)
        if (shows[i]->verdict.state != state || shows[i]->dimmed != dimmed)
            fail_msg("at %lld ms %s shows %s%s", (long long)story->now_ms,
                     i == 0 ? "the rollout" : "the common bar", state_name(shows[i]->verdict.state),
                     shows[i]->dimmed ? ", dimmed" : "");
}

static void nothing_is_known_before_the_first_answer(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    check_shown(&story, STATE_UNKNOWN, false);
    story_poll_failed(&story, 100);
    check_shown(&story, STATE_UNKNOWN, false);
    assert_true(model_expiry_ms(&story.model) == INT64_MAX);
    model_stop(&story.model);
}

static void one_failed_poll_dims_and_the_next_is_unknown(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    story_poll_good(&story, 1000, 1, 4);
    check_shown(&story, STATE_STABLE, false);
    story_poll_failed(&story, 11000);
    check_shown(&story, STATE_STABLE, true);
    assert_int_equal(story.model.rollouts[0].verdict.state, STATE_UNKNOWN); /* the truth */
    story_poll_failed(&story, 12000);
    check_shown(&story, STATE_UNKNOWN, false);
    story_poll_failed(&story, 14000);
    check_shown(&story, STATE_UNKNOWN, false);
    story_poll_good(&story, 18000, 1, 4);
    check_shown(&story, STATE_STABLE, false);
    model_stop(&story.model);
}

static void a_dimmed_picture_does_not_outlive_one_poll_interval(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    story_poll_good(&story, 1000, 1, 4);
    story_poll_failed(&story, 11000); /* and the server asked us to stay away for five minutes */
    assert_true(model_expiry_ms(&story.model) == 11000 + STORY_POLL_MS);
    assert_false(model_expire(&story.model, 11000 + STORY_POLL_MS - 1));
    check_shown(&story, STATE_STABLE, true);
    assert_true(model_expire(&story.model, 11000 + STORY_POLL_MS));
    check_shown(&story, STATE_UNKNOWN, false);
    assert_true(model_expiry_ms(&story.model) == INT64_MAX);
    model_stop(&story.model);
}

/* The process was stopped, or a round takes for ever: green must not outlive what it was made of.
 */
static void what_is_known_expires_without_another_round(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    story_poll_good(&story, 1000, 1, 4);
    int64_t end_ms = 1000 + limits_default.max_age_ms + STORY_POLL_MS +
                     prometheus_timeout_ms(&story.config.prometheus);
    assert_true(model_expiry_ms(&story.model) == end_ms);
    assert_false(model_expire(&story.model, end_ms - 1));
    check_shown(&story, STATE_STABLE, false);
    assert_true(model_expire(&story.model, end_ms));
    check_shown(&story, STATE_UNKNOWN, false);
    assert_int_equal(story.model.rollouts[0].verdict.state, STATE_UNKNOWN);
    assert_string_equal(history_newest(&story.model.history, 0)->to, "unknown");
    assert_true(model_expiry_ms(&story.model) == INT64_MAX);
    assert_false(model_expire(&story.model, end_ms + 1));
    story_poll_good(&story, end_ms + 2000, 1, 4);
    check_shown(&story, STATE_STABLE, false);
    model_stop(&story.model);
}

static void a_bar_dims_where_it_stands(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    story_poll_good(&story, 0, 1, 4);
    story_poll_good(&story, 2000, 2, 2);
    story_poll_good(&story, 4000, 2, 2);
    check_shown(&story, STATE_PROGRESSING, false);
    double p = story.model.common.verdict.p;
    story_poll_failed(&story, 6000);
    check_shown(&story, STATE_PROGRESSING, true);
    assert_true(fabs(story.model.common.verdict.p - p) < 1e-9);
    model_stop(&story.model);
}

static void history_has_every_transition_with_its_reason(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    story_poll_good(&story, 0, 1, 4);
    story_poll_good(&story, 2000, 1, 4);
    story_poll_good(&story, 4000, 2, 2);
    story_poll_failed(&story, 6000);
    static const struct {
        enum state from, to;
    } expected[] = {{STATE_PROGRESSING, STATE_UNKNOWN},
                    {STATE_STABLE, STATE_PROGRESSING},
                    {STATE_UNKNOWN, STATE_STABLE}};
    for (size_t i = 0; i < 3; i++) {
        const struct transition *transition = history_newest(&story.model.history, i);
        assert_non_null(transition);
        assert_string_equal(transition->from, state_name(expected[i].from));
        assert_string_equal(transition->to, state_name(expected[i].to));
        assert_string_equal(transition->name, "web");
        assert_true(strlen(transition->why) > 0);
        assert_true(transition->at_ms > 0);
    }
    assert_null(history_newest(&story.model.history, 3));
    model_stop(&story.model);
}

static void another_cluster_is_another_memory(void **state)
{
    (void)state;
    struct story story;
    struct model same, other;
    struct error error;
    story_begin(&story);
    story_poll_good(&story, 1000, 1, 4);
    struct rollout_settings settings = story.settings;
    struct config config = story.config;
    config.rollouts = &settings;
    assert_true(model_start(&same, &config, 2000, &error));
    model_adopt(&same, &story.model, 2000);
    assert_int_equal(same.rollouts[0].verdict.state, STATE_STABLE);
    struct rollout_settings moved = settings;
    struct config next = config;
    text_copy(moved.cluster, sizeof moved.cluster, "eu-1");
    next.rollouts = &moved;
    assert_true(model_start(&other, &next, 3000, &error));
    model_adopt(&other, &same, 3000);
    assert_int_equal(other.rollouts[0].verdict.state, STATE_UNKNOWN);
    model_stop(&other);
    model_stop(&same);
    model_stop(&story.model);
}

/* A story with an indicator that is fine, a rollout that is stable, and evidence of it. */
static void begin_known(struct story *story, struct indicator_settings *indicator)
{
    static const struct ratio_sample fine = {.labels = "{}", .value = 0.1};
    struct error error;
    story_begin(story);
    model_stop(&story->model);
    *indicator = (struct indicator_settings){
        .name = "ttfb", .query = "up", .limits = {.warning = 0.4, .critical = 0.8}};
    story->config.indicators = indicator;
    story->config.indicator_count = 1;
    text_copy(story->config.prometheus.url, sizeof story->config.prometheus.url, "http://a:9090");
    assert_true(model_start(&story->model, &story->config, 0, &error));
    indicator_observe(&story->model.indicators.indicators[0], &fine, 1, false, 1000);
    story_poll_good(story, 1000, 1, 4);
    story->model.evidence->clock.known = true;
    story->model.evidence->ledger.ids[0] = 7;
    story->model.evidence->refused[EVIDENCE_CLOCK] = 5;
    story->model.durations->uses = 7;
    check_shown(story, STATE_STABLE, false);
}

struct kept {
    bool rollout, indicator, evidence;
};

/* Which memories a reload to `config` keeps; a rollout without one shows nothing either. */
static struct kept reload(struct story *story, const struct config *config)
{
    static struct model next;
    struct error error;
    assert_true(model_start(&next, config, 2000, &error));
    model_adopt(&next, &story->model, 2000);
    const struct evidence *evidence = next.evidence;
    const struct kept kept = {
        .rollout = next.rollouts[0].verdict.state == STATE_STABLE,
        .indicator = next.indicators.indicators[0].health == HEALTH_OK,
        .evidence = evidence->clock.known || evidence->ledger.ids[0] != 0,
    };
    assert_true((next.durations->uses != 0) == kept.evidence);
    assert_false(next.common.dimmed);
    assert_int_equal(evidence->refused[EVIDENCE_CLOCK], 5); /* a counter goes on */
    assert_int_equal(next.history.count,                    /* what begins anew is a line of it */
                     story->model.history.count + !kept.rollout);
    if ((next.shows[0].verdict.state == STATE_STABLE) != kept.rollout ||
        (next.common.verdict.state == STATE_STABLE) != kept.rollout ||
        next.rollouts[0].workloads[0].memory.proof.accepted != kept.rollout ||
        (next.indicators.shown[0].health == HEALTH_OK) != kept.indicator)
        fail_msg("what is shown is not what is known: %s", state_name(next.shows[0].verdict.state));
    model_stop(&next);
    return kept;
}

/* [O2] */
static void another_prometheus_is_another_memory(void **state)
{
    (void)state;
#define OF(field) offsetof(struct prometheus_settings, field)
    static const struct {
        const char *sentence;
        size_t offset;
        const char *text; /* NULL: a flag is turned */
        bool keeps;
    } rows[] = {
        {"the same", OF(url), "http://a:9090", true},
        {"a certificate is renewed", OF(tls_config.ca_file), "/etc/other.pem", true},
        {"a password is renewed", OF(basic_auth.password_file), "/etc/other", true},
        {"another url", OF(url), "http://b:9090", false},
        {"another tenant", OF(http_headers[0].name), "X-Scope-OrgID", false},
        {"another tenant's name", OF(http_headers[1].value), "blue", false},
        {"another label of the namespace", OF(namespace_label), "ns", false},
        {"another label of the cluster", OF(cluster_label), "dc", false},
        {"another parameter", OF(extra_params[0].name), "dedup", false},
        {"another value of a parameter", OF(extra_params[2].value), "false", false},
        {"by way of a proxy", OF(proxy.url), "http://proxy:3128", false},
        {"by that of the environment", OF(proxy.from_environment), NULL, false},
        {"nonces are given up", OF(query_nonce), NULL, false},
        {"recording rules are believed", OF(recording_rules), NULL, false},
        {"another user is another tenant", OF(basic_auth.username), "4711", false},
        {"named in another file", OF(basic_auth.username_file), "/etc/user", false},
        {"another certificate", OF(tls_config.cert_file), "/etc/cert.pem", false},
        {"so is another token", OF(authorization.credentials), "t0ken", false},
        {"in another file", OF(authorization.credentials_file), "/etc/token", false},
        {"another access key", OF(sigv4.access_key), "AKID", false},
        {"in a file of its own", OF(sigv4.access_key_file), "/etc/akid", false},
        {"in the old way", OF(bearer_token), "t0ken", false},
        {"and in a file", OF(bearer_token_file), "/etc/token", false},
        {"another client is another tenant", OF(oauth2.client_id), "blue", false},
        {"its token comes from elsewhere", OF(oauth2.token_url), "https://b/token", false},
        {"other scopes", OF(oauth2.scopes), "blue", false},
        {"other parameters of its token", OF(oauth2.endpoint_params[0].value), "blue", false},
    };
#undef OF
    static struct story story;
    static struct config next;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct indicator_settings indicator;
        begin_known(&story, &indicator);
        next = story.config;
        char *field = (char *)&next.prometheus + rows[i].offset;
        bool turned = !story.config.prometheus.query_nonce;
        if (rows[i].text != NULL)
            memcpy(field, rows[i].text, strlen(rows[i].text) + 1);
        else
            memcpy(field, &turned, sizeof turned);
        const struct kept kept = reload(&story, &next);
        if (kept.rollout != rows[i].keeps || kept.indicator != rows[i].keeps ||
            kept.evidence != rows[i].keeps)
            fail_msg("%s: the rollout is %s, the indicator %s, the evidence %s", rows[i].sentence,
                     kept.rollout ? "kept" : "forgotten", kept.indicator ? "kept" : "forgotten",
                     kept.evidence ? "kept" : "forgotten");
        model_stop(&story.model);
    }
}

/* [O2] */
static void another_question_is_another_memory(void **state)
{
    (void)state;
    static const struct rollout_settings same = {.name = "web",
                                                 .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                                 .namespace_ = "shop",
                                                 .workload = "web",
                                                 .max_workloads = 4};
    struct rollout_settings kinds = same, namespace_ = same, workload = same, name = same,
                            cluster = same, query = same, room = same, less = same;
    kinds.kinds = KIND_BIT(KIND_STATEFULSET);
    text_copy(namespace_.namespace_, sizeof namespace_.namespace_, "shop-2");
    text_copy(workload.workload, sizeof workload.workload, "web-2");
    text_copy(name.name, sizeof name.name, "web-2");
    text_copy(cluster.cluster, sizeof cluster.cluster, "eu-1");
    text_copy(query.query, sizeof query.query, "up");
    room.max_workloads = 5;
    less.max_workloads = 3;
    const struct {
        const char *sentence;
        const struct rollout_settings *settings;
        bool keeps;
    } rows[] = {
        {"the same", &same, true},
        {"another kind", &kinds, false},
        {"another namespace", &namespace_, false},
        {"another workload", &workload, false},
        {"another name, for the same", &name, true},
        {"another cluster", &cluster, false},
        {"a query", &query, false},
        {"room for more", &room, true},
        {"for less", &less, true},
    };
    static struct story story;
    static struct config next;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct indicator_settings indicator;
        struct rollout_settings settings = *rows[i].settings;
        settings.limits = limits_default;
        begin_known(&story, &indicator);
        next = story.config;
        next.rollouts = &settings;
        const struct kept kept = reload(&story, &next);
        if (kept.rollout != rows[i].keeps || !kept.indicator || !kept.evidence)
            fail_msg("%s: the rollout is %s, the indicator %s, the evidence %s", rows[i].sentence,
                     kept.rollout ? "kept" : "forgotten", kept.indicator ? "kept" : "forgotten",
                     kept.evidence ? "kept" : "forgotten");
        model_stop(&story.model);
    }
}

/* [W1] */
static void a_name_in_any_cluster_is_not_one_workload(void **state)
{
    (void)state;
    static const struct {
        const char *label, *cluster, *namespace_, *workload;
        bool one;
    } rows[] = {
        {"cluster", "", "shop", "web", false},
        {"cluster", "eu-1", "shop", "web", true},
        {"cluster", "eu-.*", "shop", "web", false},
        {"", "", "shop", "web", true},
        {"", "", "shop", "web.*", false},
        {"", "", "shop.*", "web", false},
        {"cluster", "eu-1", "shop", "", false},
        {"cluster", "e", "shop", "web", true},
        {"c", "", "shop", "web", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rollout_settings settings = {
            .name = "web", .kinds = KIND_BIT(KIND_DEPLOYMENT), .max_workloads = 4};
        struct config config = {.rollouts = &settings, .rollout_count = 1};
        struct model model;
        struct error error;
        text_copy(config.prometheus.cluster_label, sizeof config.prometheus.cluster_label,
                  rows[i].label);
        text_copy(settings.cluster, sizeof settings.cluster, rows[i].cluster);
        text_copy(settings.namespace_, sizeof settings.namespace_, rows[i].namespace_);
        text_copy(settings.workload, sizeof settings.workload, rows[i].workload);
        assert_true(model_start(&model, &config, 0, &error));
        if (model.rollouts[0].exact != rows[i].one)
            fail_msg("%s in %s, cluster %s of label %s: %s", rows[i].workload, rows[i].namespace_,
                     rows[i].cluster, rows[i].label, rows[i].one ? "not one" : "one");
        model_stop(&model);
    }
}

/* The end of the line for what was known at `seen_ms` [T1]. */
static int64_t end_of(const struct story *story, int64_t seen_ms)
{
    return seen_ms + limits_default.max_age_ms + STORY_POLL_MS +
           prometheus_timeout_ms(&story->config.prometheus);
}

static void a_dimmed_rollout_expires_all_the_same(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    story_poll_good(&story, 1000, 1, 4);
    const int64_t end_ms = end_of(&story, 1000);
    story_poll_failed(&story, end_ms - 1000); /* dimmed until poll_interval later */
    assert_true(model_expiry_ms(&story.model) == end_ms);
    assert_false(model_expire(&story.model, end_ms - 1));
    check_shown(&story, STATE_STABLE, true);
    assert_true(model_expire(&story.model, end_ms));
    check_shown(&story, STATE_UNKNOWN, false);
    assert_true(model_expiry_ms(&story.model) == INT64_MAX);
    model_stop(&story.model);
}

/* What is known counts from what its samples show, not from when they were read. */
static void an_old_sample_expires_sooner(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    story_poll_good(&story, 50000, 1, 4);
    story.model.rollouts[0].seen_ms = 20000;
    assert_true(model_expiry_ms(&story.model) == end_of(&story, 20000));
    assert_false(model_expire(&story.model, end_of(&story, 20000) - 1));
    assert_true(model_expire(&story.model, end_of(&story, 20000)));
    check_shown(&story, STATE_UNKNOWN, false);
    model_stop(&story.model);
}

static void each_rollout_expires_on_its_own(void **state)
{
    (void)state;
    struct story story;
    struct error error;
    story_begin(&story);
    model_stop(&story.model);
    struct rollout_settings two[2] = {story.settings, story.settings};
    text_copy(two[1].name, sizeof two[1].name, "api");
    two[1].limits.max_age_ms = 2 * limits_default.max_age_ms;
    story.config.rollouts = two;
    story.config.rollout_count = 2;
    assert_true(model_start(&story.model, &story.config, 0, &error));
    for (size_t i = 0; i < 2; i++) {
        struct rollout *rollout = &story.model.rollouts[i];
        rollout->verdict = (struct verdict){.state = STATE_STABLE, .p = 1, .q = 1};
        rollout->seen_ms = 1000;
    }
    story.report.ok = true;
    model_take(&story.model, &story.report, 1000);
    const int64_t first_ms = end_of(&story, 1000);
    const int64_t second_ms = first_ms + limits_default.max_age_ms;
    assert_true(model_expiry_ms(&story.model) == first_ms);
    assert_true(model_expire(&story.model, first_ms));
    assert_int_equal(story.model.shows[0].verdict.state, STATE_UNKNOWN);
    assert_int_equal(story.model.shows[1].verdict.state, STATE_STABLE);
    assert_int_equal(story.model.common.verdict.state, STATE_UNKNOWN);
    assert_true(model_expiry_ms(&story.model) == second_ms);
    assert_false(model_expire(&story.model, second_ms - 1));
    assert_true(model_expire(&story.model, second_ms));
    assert_int_equal(story.model.shows[1].verdict.state, STATE_UNKNOWN);
    model_stop(&story.model);
}

/* The end of calm is news by itself: the state and the counts stay. */
static void the_end_of_calm_is_shown(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story);
    story_poll_good(&story, 1000, 1, 4);
    struct verdict *verdict = &story.model.rollouts[0].verdict;
    *verdict = (struct verdict){.state = STATE_DEGRADED,
                                .why = WHY_LOST_PODS,
                                .p = 0.75,
                                .q = 1,
                                .available = 3,
                                .spec = 4,
                                .calm = true};
    assert_true(model_take(&story.model, &story.report, 2000));
    assert_true(story.model.shows[0].verdict.calm);
    assert_false(model_take(&story.model, &story.report, 3000));
    verdict->calm = false;
    assert_true(model_take(&story.model, &story.report, 4000));
    assert_false(story.model.shows[0].verdict.calm);
    model_stop(&story.model);
}

int main(void)
{
    log_threshold(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_before_the_first_answer),
        cmocka_unit_test(one_failed_poll_dims_and_the_next_is_unknown),
        cmocka_unit_test(a_dimmed_picture_does_not_outlive_one_poll_interval),
        cmocka_unit_test(what_is_known_expires_without_another_round),
        cmocka_unit_test(a_bar_dims_where_it_stands),
        cmocka_unit_test(history_has_every_transition_with_its_reason),
        cmocka_unit_test(another_cluster_is_another_memory),
        cmocka_unit_test(another_prometheus_is_another_memory),
        cmocka_unit_test(another_question_is_another_memory),
        cmocka_unit_test(a_name_in_any_cluster_is_not_one_workload),
        cmocka_unit_test(a_dimmed_rollout_expires_all_the_same),
        cmocka_unit_test(an_old_sample_expires_sooner),
        cmocka_unit_test(each_rollout_expires_on_its_own),
        cmocka_unit_test(the_end_of_calm_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
