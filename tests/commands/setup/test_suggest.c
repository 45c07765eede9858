#include "commands/setup/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static void test_what_users_feel_goes_before_machinery(void **state)
{
    (void)state;
    static const char *const machinery[] = {
        "apiserver_request_duration_seconds_bucket",
        "prometheus_http_request_duration_seconds_bucket",
        "etcd_disk_wal_fsync_duration_seconds_bucket",
        "workqueue_queue_duration_seconds_bucket",
        "kubelet_runtime_operations_duration_seconds_bucket",
        "rest_client_requests_total",
    };
    for (size_t i = 0; i < sizeof machinery / sizeof machinery[0]; i++)
        if (suggest_rank(machinery[i]) != 0)
            fail_msg("%s is machinery", machinery[i]);
    static const char *const falling[] = {
        "http_ttfb_seconds_bucket",
        "http_request_duration_seconds_bucket",
        "grpc_server_handling_seconds_bucket",
        "job_seconds_bucket",
    };
    for (size_t i = 0; i + 1 < sizeof falling / sizeof falling[0]; i++)
        if (suggest_rank(falling[i]) <= suggest_rank(falling[i + 1]))
            fail_msg("%s is not before %s", falling[i], falling[i + 1]);
    assert_true(suggest_rank("job_seconds_bucket") > 0);
    assert_true(suggest_rank("nginx_ingress_controller_request_duration_seconds_bucket") >
                suggest_rank("nginx_ingress_controller_connect_duration_seconds_bucket"));
}

static void test_thresholds(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        double high, least, most, warning, critical;
    } rows[] = {
        {"half as much above it, as a person would write it", 0.25, 0.01, 0, 0.4, 0.8},
        {"a number that is round stays", 1, 0.01, 0, 1.5, 3},
        {"below what anybody feels", 0.0001, 0.01, 0, 0.01, 0.02},
        {"nothing ever failed", 0, 0.01, 1, 0.01, 0.02},
        {"some fail", 0.02, 0.01, 1, 0.03, 0.06},
        {"a share is never more than all", 0.5, 0.01, 1, 0.8, 1},
        {"nearly all fail", 0.9, 0.01, 1, 0.5, 1},
        {"seconds have no end", 40, 0.01, 0, 60, 120},
        {"no number", (double)NAN, 0.01, 0, 0.01, 0.02},
        {"no number either", (double)INFINITY, 0.01, 1, 0.01, 0.02},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct thresholds found = suggest_thresholds(rows[i].high, rows[i].least, rows[i].most);
        if (fabs(found.warning - rows[i].warning) > 1e-9 ||
            fabs(found.critical - rows[i].critical) > 1e-9)
            fail_msg("%s: %g and %g, not %g and %g", rows[i].sentence, found.warning,
                     found.critical, rows[i].warning, rows[i].critical);
    }
}

/* Whatever is measured: red lies beyond orange, orange beyond what was usual where it can. */
static void test_thresholds_are_in_order(void **state)
{
    (void)state;
    for (double high = 1e-6; high < 1e6; high *= 1.07) {
        struct thresholds seconds = suggest_thresholds(high, 0.01, 0);
        struct thresholds share = suggest_thresholds(fmin(high, 1), 0.01, 1);
        assert_true(seconds.warning >= high && seconds.critical > seconds.warning);
        assert_true(share.critical > share.warning && share.critical <= 1);
    }
}

static void test_names_that_promql_takes_as_they_are(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "_a9", "job:latency:p95", "HTTP_ttfb_seconds_bucket"};
    static const char *const bad[] = {"",
                                      "9a",
                                      "a b",
                                      "a-b",
                                      "a.b",
                                      "a\n",
                                      "a#",
                                      "a[1m]",
                                      "a{",
                                      "\xC3\xA4",
                                      "a\342\200\250b",
                                      "a\xC2\x85",
                                      "a\""};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!suggest_takes(good[i]))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (suggest_takes(bad[i]))
            fail_msg("%s is taken", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_that_promql_takes_as_they_are),
        cmocka_unit_test(test_what_users_feel_goes_before_machinery),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_thresholds_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
