/*
 * `prometheus:` as prometheus.yml has it: every key lands in its setting, and what cannot be meant
 * is complained about at its place.
 */
#include "config/config.h"
#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BOARD "board: frames\n"
#define ROLLOUTS "rollouts: [{name: a, namespace: b}]\n"

static struct config *read(const char *section, struct complaints *complaints)
{
    struct text text = {0};
    text_addf(&text, BOARD "prometheus:\n%s" ROLLOUTS, section);
    assert_false(text.failed);
    const char *path = scratch_write("c.yaml", text.data, text.length);
    struct config *config = config_read(path, complaints);
    text_free(&text);
    return config;
}

static const struct http_pair every_header[] = {
    {"X-Scope-OrgID", "wall", PAIR_VALUE}, {"X-Many", "v", PAIR_VALUE},
    {"X-Many", "s", PAIR_SECRET},          {"X-Many", "f", PAIR_FILE},
    {"X-Many", "/g", PAIR_FILE},           {"", "", PAIR_VALUE}};

static const char every_key[] =
    "  url: https://p\n"
    "  tls_config:\n"
    "    ca: |\n      -----BEGIN CERTIFICATE-----\n      MIIB\n"
    "    cert_file: wall.pem\n    key_file: /etc/wall.key\n"
    "    server_name: p.example.org\n    insecure_skip_verify: true\n"
    "    min_version: TLS13\n"
    "  proxy_url: http://proxy:3128\n  no_proxy: 10.0.0.0/8,localhost\n"
    "  proxy_connect_header: {X-P: [one, two]}\n"
    "  follow_redirects: false\n  enable_http2: true\n"
    "  extra_params: {nocache: 1, 'extra_label[]': [a=b, c=d]}\n"
    "  http_method: GET\n"
    "  labels: {deployment: {name: exported_deployment}, rollout: {namespace: ns}}\n"
    "  http_headers:\n"
    "    X-Scope-OrgID: wall\n"
    "    X-Many: {values: [v], secrets: [s], files: [f, /g]}\n"
    "  oauth2:\n"
    "    client_id: id\n    client_secret_file: secret\n    token_url: https://t/token\n"
    "    scopes: [read, write]\n    endpoint_params: {audience: prom}\n"
    "    tls_config: {ca_file: t.pem}\n    proxy_from_environment: true\n";

static void every_key_lands_in_its_setting(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    scratch_make();
    struct config *config = read(every_key, &complaints);
    if (config == NULL)
        fail_msg("%s", complaints.text.data);
    const struct prometheus_settings *is = &config->prometheus;
    const struct http_pair *headers = is->http_headers;
    char folder[sizeof config->path];
    snprintf(folder, sizeof folder, "%.*s", (int)(strlen(config->path) - strlen("c.yaml")),
             config->path);
    size_t length = strlen(folder);

    assert_string_equal(is->tls_config.ca, "-----BEGIN CERTIFICATE-----\nMIIB\n");
    assert_memory_equal(is->tls_config.cert_file, folder, length);
    assert_string_equal(is->tls_config.cert_file + length, "wall.pem");
    assert_string_equal(is->tls_config.key_file, "/etc/wall.key");
    assert_string_equal(is->tls_config.server_name, "p.example.org");
    assert_true(is->tls_config.insecure_skip_verify);
    assert_int_equal(is->tls_config.min_version, TLS13);
    assert_int_equal(is->tls_config.max_version, TLS13);
    assert_string_equal(is->proxy.url, "http://proxy:3128");
    assert_string_equal(is->proxy.no_proxy, "10.0.0.0/8,localhost");
    assert_string_equal(is->proxy.connect_headers[0].name, "X-P");
    assert_string_equal(is->proxy.connect_headers[1].name, "X-P");
    assert_string_equal(is->proxy.connect_headers[1].value, "two");
    assert_string_equal(is->proxy.connect_headers[2].name, "");
    assert_false(is->follow_redirects);
    assert_true(is->enable_http2);
    assert_int_equal(is->http_method, HTTP_METHOD_GET);
    assert_string_equal(is->labels.deployment.name, "exported_deployment");
    assert_string_equal(is->labels.rollout.namespace_, "ns");
    const struct labels labels = config_labels(config);
    assert_string_equal(labels.of[KIND_DEPLOYMENT].name, "exported_deployment");
    assert_null(labels.of[KIND_DEPLOYMENT].namespace_);
    assert_string_equal(labels.of[KIND_ROLLOUT].namespace_, "ns");
    assert_string_equal(is->extra_params[0].name, "nocache");
    assert_string_equal(is->extra_params[0].value, "1");
    assert_string_equal(is->extra_params[2].name, "extra_label[]");
    assert_string_equal(is->extra_params[2].value, "c=d");
    for (size_t i = 0; i < sizeof every_header / sizeof every_header[0]; i++) {
        bool here = every_header[i].source == PAIR_FILE && every_header[i].value[0] != '/';
        assert_string_equal(headers[i].name, every_header[i].name);
        assert_string_equal(headers[i].value + (here ? length : 0), every_header[i].value);
        assert_int_equal(headers[i].source, every_header[i].source);
    }
    assert_string_equal(is->oauth2.client_id, "id");
    assert_string_equal(is->oauth2.client_secret_file + length, "secret");
    assert_string_equal(is->oauth2.token_url, "https://t/token");
    assert_string_equal(is->oauth2.scopes, "read write");
    assert_string_equal(is->oauth2.endpoint_params[0].value, "prom");
    assert_string_equal(is->oauth2.tls_config.ca_file + length, "t.pem");
    assert_int_equal(is->oauth2.tls_config.min_version, TLS12);
    assert_true(is->oauth2.proxy.from_environment);
    config_free(config);
    complaints_free(&complaints);
    scratch_remove();
}

static void what_is_left_out_is_safe(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    scratch_make();
    struct config *config = read("  url: https://p\n", &complaints);
    assert_non_null(config);
    const struct prometheus_settings *is = &config->prometheus;
    assert_int_equal(is->tls_config.min_version, TLS12);
    assert_int_equal(is->tls_config.max_version, TLS13);
    assert_int_equal(is->oauth2.tls_config.min_version, TLS12);
    assert_false(is->tls_config.insecure_skip_verify);
    assert_true(is->follow_redirects);
    assert_false(is->enable_http2);
    assert_false(is->proxy.from_environment);
    assert_string_equal(is->oauth2.client_id, "");
    config_free(config);
    complaints_free(&complaints);
    scratch_remove();
}

static const struct {
    const char *sentence, *section, *complaints; /* "$" is the file */
} refused[] = {
    {"a header whose values are a map, and one with a kind of value that is none",
     "  url: http://p\n  http_headers: {X-A: {values: {b: c}}, X-D: {value: [e]}}\n",
     "$:4:32: this cannot be a map of keys; write a value\n"
     "$:4:47: unknown key 'value'; did you mean 'values'?\n"},
    {"keys that may be secrets are not repeated, nor is what stands right after a colon",
     "  url: http://p\n  basic_auth: {username: a, password:c4nary, c4nary: b}\n"
     "  authorization: {c4nary}\n  http_headers: {'X-A: c4nary': b, X-B: {c4nary: c}}\n"
     "  tls_config: {c4nary: e}\n  oauth2: {client_id: a, token_url: 'http://t', c4nary: b}\n",
     "$:4:29: a space is missing after 'password:'; add it\n"
     "$:4:46: unknown key; write username, username_file, password or password_file\n"
     "$:5:19: unknown key; write type, credentials or credentials_file\n"
     "$:6:18: this is no header's name; write one such as X-Scope-OrgID, and its value after ': '\n"
     "$:6:42: unknown key; write values, secrets or files\n"
     "$:7:16: unknown key; write ca, ca_file, cert, cert_file, key, key_file, server_name, "
     "insecure_skip_verify, min_version or max_version\n"
     "$:8:3: oauth2 cannot stand beside basic_auth; leave one out\n"
     "$:8:49: unknown key; amberbar.yaml(5) lists those that there are\n"},
    {"oauth2 without what it needs, with a word for a list",
     "  url: http://p\n  oauth2: {client_id: a, scopes: b}\n",
     "$:4:11: the key 'token_url' is missing here; add it, with an address such as "
     "https://login.example.org/oauth2/token\n"
     "$:4:34: scopes cannot be a single value; write a list, e.g. [metrics.read]\n"},
    {"a proxy that is misspelt in oauth2, and a TLS version of the past",
     "  url: http://p\n  oauth2: {client_id: a, token_url: 'http://t', proxy_ur: b}\n"
     "  tls_config: {min_version: SSL3}\n",
     "$:4:49: unknown key 'proxy_ur'; did you mean 'proxy_url'?\n"
     "$:5:29: min_version cannot be 'SSL3'; write TLS10, TLS11, TLS12 or TLS13\n"},
    {"more parameters than are sent",
     "  url: http://p\n  extra_params: {a: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\n",
     "$:4:46: extra_params has more than 8 values; leave out the others\n"},
    {"extra parameters that are a list", "  url: http://p\n  extra_params: [a]\n",
     "$:4:17: extra_params cannot be a list; write names and values, e.g. {dedup: \"true\"}\n"},
    {"labels of what is no kind", "  url: http://p\n  labels: {pod: {name: a}}\n",
     "$:4:12: unknown key 'pod'; write " KIND_KEYS_HERE "\n"},
    {"a profile of Amazon's", "  url: http://p\n  sigv4: {profile: default}\n",
     "$:4:20: sigv4: profile is not supported; write access_key and secret_key_file, or let a "
     "sigv4 proxy sign\n"},
    {"two ways to say who we are",
     "  url: http://p\n  bearer_token: a\n  basic_auth: {username: b}\n",
     "$:4:17: bearer_token cannot stand beside basic_auth; leave one out\n"},
    {"a proxy's password is not repeated", "  url: http://p\n  proxy_url: ftp://me:pw@host\n",
     "$:4:14: proxy_url: write http://HOST:PORT, or https, socks5 or socks5h\n"},
};

static void what_cannot_be_meant_is_refused(void **state)
{
    (void)state;
    const char *folder = scratch_make();
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct complaints complaints = {0};
        char expected[2048];
        char path[128];
        snprintf(path, sizeof path, "%s/c.yaml", folder);
        put_path(expected, sizeof expected, refused[i].complaints, path);
        assert_null(read(refused[i].section, &complaints));
        expect_complaints(refused[i].sentence, &complaints, expected);
        complaints_free(&complaints);
    }
    scratch_remove();
}

/* `key` with a text of `length` letters in `before` and `after`, and what is complained of it. */
static void expect_length(const char *before, size_t length, const char *after, const char *said)
{
    struct complaints complaints = {0};
    struct text section = {0};
    char expected[256] = "";
    char path[128];
    text_add(&section, before);
    for (size_t i = 0; i < length; i++)
        text_add(&section, "a");
    text_add(&section, after);
    snprintf(path, sizeof path, "%s/c.yaml", scratch_make());
    config_free(read(section.data, &complaints));
    put_path(expected, sizeof expected, said, path);
    expect_complaints(before, &complaints, expected);
    text_free(&section);
    complaints_free(&complaints);
    scratch_remove();
}

#define AUTHORITY \
    "  url: http://p\n  oauth2: {client_id: a, client_secret: s, token_url: 'http://t', "

/* Exactly full, and one byte more. */
static void what_is_too_long_is_refused(void **state)
{
    (void)state;
    const size_t scopes = sizeof((struct oauth2_settings *)NULL)->scopes - 1;
    const size_t name = sizeof((struct http_pair *)NULL)->name - 1;
    const size_t value = sizeof((struct http_pair *)NULL)->value - 1;
    char said[128];
    expect_length(AUTHORITY "scopes: [b, ", scopes - 2, "]}\n", "");
    snprintf(said, sizeof said, "$:4:75: scopes cannot be so long; at most %zu bytes fit\n",
             scopes);
    expect_length(AUTHORITY "scopes: [b, ", scopes - 1, "]}\n", said);

    expect_length("  url: http://p\n  http_headers:\n    ", name, ": b\n", "");
    snprintf(said, sizeof said,
             "$:5:5: a name in http_headers has 1 to %zu characters; correct it\n", name);
    expect_length("  url: http://p\n  http_headers:\n    ", name + 1, ": b\n", said);

    expect_length("  url: http://p\n  extra_params: {b: ", value, "}\n", "");
    snprintf(said, sizeof said,
             "$:4:21: a value in extra_params cannot be so long; at most %zu bytes fit\n", value);
    expect_length("  url: http://p\n  extra_params: {b: ", value + 1, "}\n", said);
}

int main(void)
{
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_lands_in_its_setting),
        cmocka_unit_test(what_is_left_out_is_safe),
        cmocka_unit_test(what_cannot_be_meant_is_refused),
        cmocka_unit_test(what_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
