/*
 * What counts as a secret, and what a process that holds one does about it.
 */
#include "prometheus/http/secrets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include <cmocka.h>

#define AT(member) offsetof(struct prometheus_settings, member)

static struct prometheus_settings settings; /* large; a new one for each case */

static void begin(void)
{
    settings = (struct prometheus_settings){.url = "https://prometheus.example.org"};
}

static void set(size_t offset, const char *text)
{
    memcpy((char *)&settings + offset, text, strlen(text) + 1);
}

static void secrets_are_known_as_such(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        bool held, inline_held;
    } rows[] = {
        {AT(basic_auth.username), false, false},
        {AT(basic_auth.password), true, true},
        {AT(basic_auth.password_file), true, false},
        {AT(authorization.credentials), true, true},
        {AT(bearer_token_file), true, false},
        {AT(tls_config.ca), false, false},
        {AT(tls_config.cert_file), false, false},
        {AT(tls_config.key), true, true},
        {AT(oauth2.client_secret), true, true},
        {AT(oauth2.tls_config.key_file), true, false},
        {AT(proxy.url), false, false},
        {AT(proxy.connect_headers[0].name), true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin();
        set(rows[i].offset, "x");
        assert_int_equal(prometheus_has_secret(&settings), rows[i].held);
        assert_int_equal(prometheus_has_inline_secret(&settings), rows[i].inline_held);
    }
    for (enum pair_source source = PAIR_VALUE; source <= PAIR_FILE; source++) {
        begin();
        settings.http_headers[0] = (struct http_pair){"X-A", "b", source};
        assert_int_equal(prometheus_has_secret(&settings), source != PAIR_VALUE);
        assert_int_equal(prometheus_has_inline_secret(&settings), source == PAIR_SECRET);
    }
    begin();
    set(AT(proxy.url), "http://me:pw@proxy:3128");
    assert_true(prometheus_has_inline_secret(&settings));
}

static void who_holds_secrets_leaves_no_core(void **state)
{
    (void)state;
    begin();
    assert_int_equal(prctl(PR_SET_DUMPABLE, 1), 0);
    prometheus_guard(&settings);
    assert_int_equal(prctl(PR_GET_DUMPABLE), 1);
    set(AT(basic_auth.password_file), "x");
    prometheus_guard(&settings);
    assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
    assert_int_equal(prctl(PR_SET_DUMPABLE, 1), 0);
}

/* Each source's text and file stand in settings of their own, none in another's. */
static void every_source_reads_its_own_setting(void **state)
{
    (void)state;
    for (size_t i = 0; i < SECRET_SOURCES; i++) {
        struct secrets secrets = {0};
        struct error error;
        begin();
        set(secret_sources[i].text, "text");
        assert_true(secrets_read(&secrets, &settings, &error));
        for (enum secret_id id = 0; id < SECRET_COUNT; id++)
            assert_int_equal(secrets.items[id].text != NULL, id == secret_sources[i].id);
        assert_string_equal(secret_text(&secrets.items[secret_sources[i].id]), "text");
        secrets_wipe(&secrets);
        set(secret_sources[i].text, "");
        set(secret_sources[i].file, "/nowhere/file");
        assert_false(secrets_read(&secrets, &settings, &error));
        char words[128];
        snprintf(words, sizeof words, "cannot read %s%s_file: there is no such file",
                 secret_sources[i].map, secret_sources[i].key);
        if (strstr(error.text, words) == NULL)
            fail_msg("%s", error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_known_as_such),
        cmocka_unit_test(who_holds_secrets_leaves_no_core),
        cmocka_unit_test(every_source_reads_its_own_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
