/* Whatever is answered, the config says just that: nothing of it becomes a key of its own. */
#include "commands/common/load_config.h"
#include "commands/setup/setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const odd[] = {
    "plain",     "with space",  "a: b",     "a #b",     "\"quoted\"",
    "'single'",  "back\\slash", "{map: 1}", "[list]",   "yes",
    "123",       "~",           "- item",   "%percent", "\xC3\xA4\xE2\x82\xAC",
    "trailing:", "&anchor",     "*alias",   "!tag",     "a\tb",
};

static struct setup *begin(void)
{
    static struct setup setup; /* large */
    text_free(&setup.rollouts);
    text_free(&setup.names);
    setup = (struct setup){.url = "http://127.0.0.1:9090", .board_name = "terminal"};
    text_add(&setup.rollouts, "  - {name: shop, namespace: shop}\n");
    text_add(&setup.names, "shop");
    return &setup;
}

static struct config *read_back(const struct setup *setup, enum compose what)
{
    struct text text = {0};
    struct error error = {0};
    compose(setup, what, &text);
    struct config *config = load_made_config(&text, &error);
    if (config == NULL)
        fail_msg("%s\n%s", error.text, text.data);
    text_free(&text);
    return config;
}

static void test_secrets(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct setup *setup = begin();
        const char *name = strchr(odd[i], ':') == NULL ? odd[i] : "wall"; /* RFC 7617 */
        text_copy(setup->username, sizeof setup->username, name);
        text_copy(setup->secret, sizeof setup->secret, odd[i]);
        text_copy(setup->secret_name, sizeof setup->secret_name, "prometheus.password");
        struct config *trial = read_back(setup, COMPOSE_TRIAL);
        assert_string_equal(trial->prometheus.basic_auth.username, name);
        assert_string_equal(trial->prometheus.basic_auth.password, odd[i]);
        config_free(trial);
        struct config *file = read_back(setup, COMPOSE_FILE);
        assert_string_equal(file->prometheus.basic_auth.username, name);
        assert_string_equal(file->prometheus.basic_auth.password, "");
        assert_non_null(strstr(file->prometheus.basic_auth.password_file, "prometheus.password"));
        config_free(file);
        setup->username[0] = '\0';
        trial = read_back(setup, COMPOSE_TRIAL);
        assert_string_equal(trial->prometheus.authorization.credentials, odd[i]);
        config_free(trial);
    }
}

static void test_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct setup *setup = begin();
        char path[64];
        snprintf(path, sizeof path, "/certificates/%s", odd[i]);
        text_copy(setup->ca_file, sizeof setup->ca_file, path);
        struct config *file = read_back(setup, COMPOSE_FILE);
        assert_string_equal(file->prometheus.tls_config.ca_file, path);
        config_free(file);
    }
}

/* Queries as people write them, and what YAML would take for something else. */
static void test_queries(void **state)
{
    (void)state;
    static const char *const queries[] = {
        "sum(rate(a{code=~\"5..\",ns='x'}[5m])) / sum(rate(a[5m]))",
        "(sum(a) or vector(0)) / sum(b)",
        "{__name__=\"a\"}",
        "job:latency:p95",
        "a # b",
        "a{x=\"b: c\"}",
        "-a",
        "\"text\"",
        "label_replace(a, \"b\", \"$1\", \"c\", \"(.+)\\\\.d\")",
        "a *b",
        "a{x=\"\xC3\xA4\"}",
        "a ",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct setup *setup = begin();
        struct suggestion one = {
            .name = "an odd: name", .warning = 0.4, .critical = 0.8, .span = "day", .high = 0.25};
        text_copy(one.query, sizeof one.query, queries[i]);
        setup->indicator = &one;
        text_copy(setup->brightness, sizeof setup->brightness, "40%");
        text_copy(setup->night_from, sizeof setup->night_from, "19:00");
        text_copy(setup->night_to, sizeof setup->night_to, "07:30");
        text_copy(setup->night_brightness, sizeof setup->night_brightness, "off");
        struct config *file = read_back(setup, COMPOSE_FILE);
        assert_int_equal(file->indicator_count, 1);
        assert_string_equal(file->indicators[0].query, queries[i]);
        assert_string_equal(file->indicators[0].name, one.name);
        assert_int_equal(file->indicators[0].explained_by_count, 1);
        assert_true(file->night.kept && file->picture.night.brightness < 0.001);
        assert_int_equal(file->night.from_minute, 19 * 60);
        config_free(file);
    }
}

/* YAML breaks lines at more characters than \n: what has them is refused, and splits nothing. */
static void test_queries_that_would_break_a_line(void **state)
{
    (void)state;
    static const char *const breaks[] = {"\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        struct setup *setup = begin();
        struct suggestion one = {.name = "one", .warning = 0.4, .critical = 0.8};
        struct text text = {0};
        struct error error = {0};
        snprintf(one.query, sizeof one.query, "a#%s    critical: 9%s  - name: b", breaks[i],
                 breaks[i]);
        setup->indicator = &one;
        compose(setup, COMPOSE_FILE, &text);
        struct config *config = load_made_config(&text, &error);
        const bool kept = config != NULL && config->indicator_count == 1 &&
                          strcmp(config->indicators[0].query, one.query) == 0;
        if (config != NULL ? !kept : strstr(error.text, "query") == NULL)
            fail_msg("%s\n%s", error.text, text.data);
        config_free(config);
        text_free(&text);
    }
}

static void test_what_the_server_wants(void **state)
{
    (void)state;
    struct setup *setup = begin();
    setup->by_get = setup->no_nonce = true;
    struct config *file = read_back(setup, COMPOSE_FILE);
    assert_int_equal(file->prometheus.http_method, HTTP_METHOD_GET);
    assert_false(file->prometheus.query_nonce);
    config_free(file);
}

int main(void)
{
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_queries_that_would_break_a_line),
        cmocka_unit_test(test_what_the_server_wants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
