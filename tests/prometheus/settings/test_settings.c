/*
 * Settings that cannot work, settings that deserve a warning, and the table that reads them.
 */
#include "prometheus/http/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* All of it: the first fault. */
static bool check(const struct prometheus_settings *settings, struct error *error)
{
    size_t number = 0;
    while (number < PROMETHEUS_CHECKS && prometheus_check(settings, number, error))
        number++;
    return number == PROMETHEUS_CHECKS;
}

static struct prometheus_settings sound(void)
{
    return (struct prometheus_settings){
        .url = "https://prometheus.example.org/prom",
        .poll_interval_ms = 10000,
        .max_response_bytes = 65536,
        .namespace_label = "namespace",
        .cluster_label = "cluster",
        .query_nonce = true,
        .authorization = {.type = "Bearer"},
    };
}

static const struct {
    const char *url, *words; /* NULL: sound */
} urls[] = {
    {"http://127.0.0.1:9090", NULL},
    {"HTTPS://Prometheus/", NULL},
    {"http://[::1]:9090/a/b/", NULL},
    {"http://host/@", NULL},
    {"", "does not begin with http"},
    {"localhost:9090", "does not begin with http:// or https://; write http://HOST:PORT"},
    {"ftp://host", "does not begin with http:// or https://; write http://HOST:PORT"},
    {"prom.example/?token=abc", "does not begin with http:// or https://; write http://HOST:PORT"},
    {"abcdef0123456789", "does not begin with http:// or https://; write http://HOST:PORT"},
    {"me:pw@host:9090", "does not begin with http:// or https://; write http://HOST:PORT"},
    {"http://host:1", NULL},
    {"http://host:65535/a:b", NULL},
    {"http://host:/", NULL},
    {"http://host:0", "url: its port is none; write 1 to 65535"},
    {"http://host:65536/a", "url: its port is none; write 1 to 65535"},
    {"http://[::1]:99999", "url: its port is none; write 1 to 65535"},
    {"http://[::1]:9090/a", NULL},
    {"http://[::1:9090", "url: a '[' without its ']'; write http://[ADDRESS]:PORT"},
    {"http://[::1/]", "url: a '[' without its ']'"},
    {"http://host:9090x", "url: its port is none; write 1 to 65535"},
    {"http://", "no host"},
    {"http:///prom", "no host"},
    {"http://:9090", "no host"},
    {"http://me:pw@host", "url holds a user's name or password; move it to basic_auth"},
    {"http://me:pw@host:99999", "basic_auth"},
    {"http://host/?a=b", "what follows the ? or #, or write it as extra_params"},
    {"http://host/#a", "a query or fragment"},
    {"http://a b", "in the host; remove it"},
    {"http://a\nb", "in the host; remove it"},
    {"http://a/b c", "%20"},
    {"http://a/b\nc", "%0A"},
    {"http://host:9090/api/v1/query",
     "url: leave out /api/v1/query, it is added by itself; write http://host:9090"},
    {"http://host:9090/prom/api/v1/",
     "leave out /api/v1/, it is added by itself; write http://host:9090/prom"},
    {"http://host:9090/api/v1?query=up", "leave out /api/v1, it is added by itself"},
    {"https://api:6443/api/v1/namespaces/monitoring/services/prometheus:9090/proxy", NULL},
    {"http://127.0.0.1:8001/api/v1/namespaces/m/services/https:p:web/proxy/prom/", NULL},
    {"https://grafana/api/datasources/proxy/uid/P1809F7CD0C75ACF3", NULL},
    {"http://api/v1", NULL},
    {"http://host:9090/graph?g0.expr=up&g0.tab=1",
     "url: http://host:9090/graph is a page of the web interface; write http://host:9090"},
    {"http://host:9090/prom/graph",
     "page of the web interface; write http://host:9090/prom, or a slash at its end where "
     "that is a prefix"},
    {"http://host:9090/query?g0.expr=up", "write http://host:9090"},
    {"http://host:9090/query", "write http://host:9090, or a slash"},
    {"http://host:9090/query/", NULL},
    {"http://query", NULL},
    {"http://graph:9090", NULL},
};

static void urls_are_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct prometheus_settings settings = sound();
        struct error error;
        snprintf(settings.url, sizeof settings.url, "%s", urls[i].url);
        bool good = check(&settings, &error);
        if (good != (urls[i].words == NULL))
            fail_msg("%s: %s", urls[i].url, good ? "was taken" : error.text);
        if (!good && (strstr(error.text, urls[i].words) == NULL || strstr(error.text, "pw")))
            fail_msg("%s: %s", urls[i].url, error.text);
    }
}

#define SET(member, text) snprintf(settings.member, sizeof settings.member, "%s", text)

#define AT(member) offsetof(struct prometheus_settings, member)

static const struct {
    const char *words; /* NULL: sound */
    struct {
        size_t offset;
        const char *text;
    } changes[3];
} contradictions[] = {
    {NULL, {{AT(basic_auth.username), "a"}, {AT(basic_auth.password), ""}}},
    {NULL, {{AT(authorization.type), "Api-Key"}, {AT(authorization.credentials), "b c"}}},
    {NULL, {{AT(http_headers[0].name), "X-Ok"}, {AT(http_headers[0].value), "a\tb"}}},
    {NULL, {{AT(basic_auth.username_file), "a"}, {AT(basic_auth.password_file), "b"}}},
    {NULL, {{AT(tls_config.cert), "a"}, {AT(tls_config.key_file), "b"}}},
    {NULL, {{AT(proxy.url), "socks5h://me:pw@host:1080"}, {AT(proxy.no_proxy), "*"}}},
    {NULL, {{AT(oauth2.client_id), "a"}, {AT(oauth2.token_url), "https://t/?a=b"}}},
    {NULL, {{AT(authorization.type), "Api-Key"}}},
    {NULL, {{AT(extra_params[0].name), "dedup"}, {AT(extra_params[0].value), "true"}}},
    {NULL,
     {{AT(sigv4.region), "eu-central-1"},
      {AT(sigv4.access_key), "AKID"},
      {AT(sigv4.secret_key_file), "a"}}},
    {"sigv4 cannot stand beside basic_auth",
     {{AT(basic_auth.username), "a"}, {AT(sigv4.region), "eu-central-1"}}},
    {"sigv4: secret_key_file cannot stand beside secret_key",
     {{AT(sigv4.secret_key), "a"}, {AT(sigv4.secret_key_file), "b"}}},
    {"sigv4: access_key is missing; write it", {{AT(sigv4.region), "eu-central-1"}}},
    {"sigv4: secret_key is missing; write secret_key_file",
     {{AT(sigv4.region), "eu-central-1"}, {AT(sigv4.access_key), "AKID"}}},
    {"sigv4: region is missing; write that of the workspace",
     {{AT(sigv4.access_key_file), "a"}, {AT(sigv4.secret_key_file), "b"}}},
    {"sigv4: region: write one such as eu-central-1",
     {{AT(sigv4.region), "eu:x"}, {AT(sigv4.access_key), "a"}, {AT(sigv4.secret_key), "b"}}},
    {"sigv4: profile is not supported; write access_key and secret_key_file, or let a sigv4 proxy "
     "sign",
     {{AT(sigv4.profile), "default"}}},
    {"sigv4: role_arn is not supported",
     {{AT(sigv4.role_arn), "arn:aws:iam::1:role/a"}, {AT(sigv4.region), "eu-central-1"}}},
    {"basic_auth: username_file cannot stand beside username",
     {{AT(basic_auth.username), "a"}, {AT(basic_auth.username_file), "b"}}},
    {"bearer_token_file cannot stand beside bearer_token",
     {{AT(bearer_token), "a"}, {AT(bearer_token_file), "b"}}},
    {"oauth2: client_secret_file cannot stand beside client_secret",
     {{AT(oauth2.client_secret), "a"}, {AT(oauth2.client_secret_file), "b"}}},
    {"tls_config: ca_file cannot stand beside ca",
     {{AT(tls_config.ca), "a"}, {AT(tls_config.ca_file), "b"}}},
    {"oauth2: tls_config: key_file cannot stand beside key",
     {{AT(oauth2.tls_config.key), "a"}, {AT(oauth2.tls_config.key_file), "b"}}},
    {"bearer_token cannot stand beside basic_auth",
     {{AT(basic_auth.username), "a"}, {AT(bearer_token), "b"}}},
    {"oauth2 cannot stand beside basic_auth",
     {{AT(basic_auth.username_file), "a"}, {AT(oauth2.client_id), "b"}}},
    {"bearer_token_file cannot stand beside authorization",
     {{AT(authorization.type), "Api-Key"}, {AT(bearer_token_file), "b"}}},
    {"oauth2 cannot stand beside authorization",
     {{AT(authorization.credentials_file), "a"}, {AT(oauth2.client_id), "b"}}},
    {"oauth2 cannot stand beside bearer_token",
     {{AT(bearer_token), "a"}, {AT(oauth2.client_id), "b"}}},
    {"tls_config: a cert without its key", {{AT(tls_config.cert_file), "a"}}},
    {"tls_config: a key without its cert", {{AT(tls_config.key), "a"}}},
    {"oauth2: tls_config: a cert without", {{AT(oauth2.tls_config.cert), "a"}}},
    {"server_name: write a host's name", {{AT(tls_config.server_name), "a/b"}}},
    {"proxy_url: write http", {{AT(proxy.url), "proxy:3128"}}},
    {"proxy_url: write http", {{AT(proxy.url), "http://:3128"}}},
    {"proxy_url: its port is none; write 1 to 65535", {{AT(proxy.url), "http://a:99999"}}},
    {"oauth2: proxy_url: its port is none; write", {{AT(oauth2.proxy.url), "socks5://[::1]:0"}}},
    {"oauth2: proxy_url: write http", {{AT(oauth2.proxy.url), "ftp://a"}}},
    {"no_proxy without proxy_url", {{AT(proxy.no_proxy), "a"}}},
    {"proxy_connect_header without proxy_url", {{AT(proxy.connect_headers[0].name), "X-A"}}},
    {"proxy_connect_header: a name in it is no header's",
     {{AT(proxy.url), "http://a"}, {AT(proxy.connect_headers[0].name), "X A"}}},
    {"oauth2: token_url does not begin with http:// or https://; write http://HOST:PORT",
     {{AT(oauth2.client_id), "a"}, {AT(oauth2.token_url), "t"}}},
    {"oauth2: token_url: a user's name",
     {{AT(oauth2.client_id), "a"}, {AT(oauth2.token_url), "http://me:pw@t/"}}},
    {"extra_params: amberbar_ask is set by each request",
     {{AT(extra_params[0].name), "amberbar_ask"}, {AT(extra_params[0].value), "x"}}},
    {"extra_params: timeout is set by each request",
     {{AT(extra_params[0].name), "a"}, {AT(extra_params[1].name), "timeout"}}},
    {"basic_auth: password_file cannot stand beside password",
     {{AT(basic_auth.username), "a"},
      {AT(basic_auth.password), "b"},
      {AT(basic_auth.password_file), "c"}}},
    {"credentials_file cannot stand beside credentials",
     {{AT(authorization.credentials), "b"}, {AT(authorization.credentials_file), "c"}}},
    {"authorization cannot stand beside basic_auth",
     {{AT(basic_auth.username), "a"}, {AT(authorization.credentials_file), "c"}}},
    {"without a username", {{AT(basic_auth.password), "a"}}},
    {"colon", {{AT(basic_auth.username), "a:b"}}},
    {"use basic_auth", {{AT(authorization.type), "BASIC"}}},
    {"authorization: type: empty; leave it out",
     {{AT(authorization.type), ""}, {AT(authorization.credentials), "a"}}},
    {"one word", {{AT(authorization.type), "A b"}}},
    {"line break", {{AT(authorization.credentials), "a\nX: y"}}},
    {"namespace_label: empty", {{AT(namespace_label), ""}}},
    {"cluster_label: the same as namespace_label", {{AT(cluster_label), "namespace"}}},
    {NULL, {{AT(labels.rollout.namespace_), "exported_namespace"}, {AT(labels.rollout.name), "n"}}},
    {"labels: daemonset: namespace: the same as cluster_label",
     {{AT(cluster_label), "cluster"}, {AT(labels.daemonset.namespace_), "cluster"}}},
    {"labels: rollout: name: the label of the namespace or the cluster",
     {{AT(labels.rollout.namespace_), "name"}, {AT(labels.rollout.name), "name"}}},
    {NULL, {{AT(cluster_label), ""}}},
    {"http_headers: a name in it is no header's",
     {{AT(http_headers[0].name), "X-Ok"}, {AT(http_headers[1].name), "X Y"}}},
    {"control character",
     {{AT(http_headers[0].name), "X-Y"}, {AT(http_headers[0].value), "a\r\nb"}}},
};

static void contradictions_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++) {
        struct prometheus_settings settings = sound();
        struct error error = {0};
        for (size_t k = 0; k < 3 && contradictions[i].changes[k].text != NULL; k++)
            strncpy((char *)&settings + contradictions[i].changes[k].offset,
                    contradictions[i].changes[k].text, 32);
        bool good = check(&settings, &error);
        if (good != (contradictions[i].words == NULL))
            fail_msg("%s: %s", contradictions[i].words, good ? "was taken" : error.text);
        if (!good && strstr(error.text, contradictions[i].words) == NULL)
            fail_msg("%s: %s", contradictions[i].words, error.text);
    }
}

static void what_is_no_text_is_checked_too(void **state)
{
    (void)state;
    struct error error;
    struct prometheus_settings settings = sound();
    settings.proxy.from_environment = true;
    SET(proxy.connect_headers[0].name, "X-A");
    assert_true(check(&settings, &error));
    SET(proxy.no_proxy, "a");
    assert_false(check(&settings, &error));
    assert_string_equal(error.text,
                        "no_proxy cannot stand beside proxy_from_environment; leave one out");
    SET(proxy.url, "http://a");
    assert_false(check(&settings, &error));
    assert_string_equal(error.text,
                        "proxy_from_environment cannot stand beside proxy_url; leave one out");
    settings = sound();
    settings.tls_config.max_version = TLS12;
    settings.tls_config.min_version = TLS13;
    assert_false(check(&settings, &error));
    assert_non_null(strstr(error.text, "min_version is above max_version"));
}

static void times_must_fit_into_each_other(void **state)
{
    (void)state;
    struct prometheus_settings settings = sound();
    struct error error;
    settings.timeout_ms = 9999;
    assert_true(check(&settings, &error));
    settings.timeout_ms = 10000;
    assert_false(check(&settings, &error));
    assert_non_null(strstr(error.text, "timeout: not below poll_interval"));
    settings.timeout_ms = 5000;
    settings.connect_timeout_ms = 5001;
    assert_false(check(&settings, &error));
    assert_non_null(strstr(error.text, "connect_timeout: longer"));
}

static void reserved_headers_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"authorization", "Host",       "Content-Length",
                                        "User-Agent",    "Connection", "Accept-Encoding",
                                        "Proxy-Any",     "Expect"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct prometheus_settings settings = sound();
        struct error error;
        SET(http_headers[0].name, names[i]);
        assert_false(check(&settings, &error));
        assert_non_null(strstr(error.text, names[i]));
    }
}

static void timeouts_follow_the_interval(void **state)
{
    (void)state;
    struct prometheus_settings settings = sound();
    assert_int_equal(prometheus_timeout_ms(&settings), 8000);
    assert_int_equal(prometheus_connect_timeout_ms(&settings), 4000);
    settings.timeout_ms = 3000;
    assert_int_equal(prometheus_connect_timeout_ms(&settings), 1500);
    settings.connect_timeout_ms = 100;
    assert_int_equal(prometheus_connect_timeout_ms(&settings), 100);
}

static size_t remarks_on(const struct prometheus_settings *settings, struct error *last)
{
    size_t count = 0;
    for (size_t i = 0; i < PROMETHEUS_REMARKS; i++)
        count += prometheus_remark(settings, i, last);
    return count;
}

static void dangers_are_remarked_on(void **state)
{
    (void)state;
    struct prometheus_settings settings = sound();
    struct error remark;
    SET(url, "http://10.0.0.1");
    assert_int_equal(remarks_on(&settings, &remark), 0); /* nothing to lose */
    settings = sound();
    SET(authorization.credentials, "token");
    assert_int_equal(remarks_on(&settings, &remark), 0);
    static const char *const loopback[] = {"http://127.0.0.1:9090", "http://localhost",
                                           "http://[::1]:9090/x"};
    for (size_t i = 0; i < 3; i++) {
        SET(url, loopback[i]);
        assert_int_equal(remarks_on(&settings, &remark), 0);
    }
    static const char *const open_air[] = {"http://10.0.0.1", "http://localhost.example.org"};
    for (size_t i = 0; i < 2; i++) {
        SET(url, open_air[i]);
        assert_int_equal(remarks_on(&settings, &remark), 1);
        assert_non_null(strstr(remark.text, "plain http"));
    }
    settings = sound();
    settings.tls_config.insecure_skip_verify = true;
    assert_int_equal(remarks_on(&settings, &remark), 1);
    assert_non_null(strstr(remark.text, "INSECURE: insecure_skip_verify"));
    settings = sound();
    settings.oauth2.tls_config.insecure_skip_verify = true;
    assert_int_equal(remarks_on(&settings, &remark), 1);
    assert_non_null(strstr(remark.text, "pose as the token server"));
    settings = sound();
    SET(oauth2.token_url, "http://tokens.example.org/");
    assert_int_equal(remarks_on(&settings, &remark), 1);
    assert_non_null(strstr(remark.text, "client_secret travels over plain http"));
    settings = sound();
    SET(bearer_token, "t");
    assert_int_equal(remarks_on(&settings, &remark), 1);
    assert_non_null(strstr(remark.text, "bearer_token is deprecated; write authorization"));
    settings = sound();
    settings.query_nonce = false;
    assert_int_equal(remarks_on(&settings, &remark), 1);
    assert_non_null(strstr(remark.text, "query_nonce is false: a cache that repeats"));
    settings = sound();
    settings.poll_interval_ms = 60000;
    assert_int_equal(remarks_on(&settings, &remark), 0);
    settings.poll_interval_ms = 60001;
    assert_int_equal(remarks_on(&settings, &remark), 1);
    settings.poll_interval_ms = 300000;
    settings.timeout_ms = 240000;
    assert_int_equal(remarks_on(&settings, &remark), 1);
    assert_non_null(strstr(remark.text, "can show what is over for 9 min more than max_age"));
    settings.timeout_ms = 240001;
    assert_int_equal(remarks_on(&settings, &remark), 1);
    assert_non_null(strstr(remark.text, "for 10 min more"));
}

/* The default fits into the unit; what does not is said with the line that makes room for it. */
static void settings_that_the_unit_has_no_memory_for_are_remarked_on(void **state)
{
    (void)state;
    static const struct {
        int64_t mib;
        const char *line;
    } sizes[] = {{5, "MemoryMax=36M"}, {8, "MemoryMax=49M"}, {256, "MemoryMax=1165M"}};
    struct prometheus_settings settings = sound();
    struct error remark;
    settings.max_response_bytes = INT64_C(4) << 20;
    assert_int_equal(remarks_on(&settings, &remark), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        settings.max_response_bytes = sizes[i].mib << 20;
        assert_int_equal(remarks_on(&settings, &remark), 1);
        assert_non_null(strstr(remark.text, "systemctl edit"));
        assert_non_null(strstr(remark.text, sizes[i].line));
        assert_true(text_is_utf8(remark.text, strlen(remark.text)));
    }
}

static void exposed_files_are_remarked_on(void **state)
{
    (void)state;
    struct prometheus_settings settings = sound();
    struct error remark;
    char file[] = "/tmp/amberbar-secret-XXXXXX";
    int fd = mkstemp(file);
    assert_true(fd >= 0);
    SET(basic_auth.username, "wall");
    SET(basic_auth.password_file, file);
    assert_int_equal(remarks_on(&settings, &remark), 0);
    assert_int_equal(fchmod(fd, 0640), 0); /* a service's own group */
    assert_int_equal(remarks_on(&settings, &remark), 0);
    if (fchown(fd, (uid_t)-1, 65534) == 0) { /* as root only: another group */
        assert_int_equal(fchmod(fd, 0640), 0);
        assert_int_equal(remarks_on(&settings, &remark), 1);
    }
    assert_int_equal(fchmod(fd, 0644), 0);
    assert_int_equal(remarks_on(&settings, &remark), 1);
    assert_non_null(strstr(remark.text, file));
    close(fd);
    settings = sound();
    settings.http_headers[0] = (struct http_pair){"X-A", "", PAIR_FILE};
    SET(http_headers[0].value, file);
    assert_int_equal(remarks_on(&settings, &remark), 1);
    settings = sound();
    SET(tls_config.cert_file, file);
    assert_int_equal(remarks_on(&settings, &remark), 0); /* no secret */
    SET(tls_config.key_file, file);
    assert_int_equal(remarks_on(&settings, &remark), 1);
    unlink(file);
    assert_int_equal(remarks_on(&settings, &remark), 0); /* the request will tell of it */
}

/* Each field lies within its struct, and its fallback was written by hand for its type. */
static void check_table(const struct field *fields, size_t size)
{
    for (const struct field *field = fields; field->key != NULL; field++) {
        assert_true(field->offset + field->size <= size);
        assert_non_null(field->help);
        assert_true(field->type != FIELD_MAP || field->fields != NULL);
        for (const struct field *inner = field->fields; inner != NULL && inner->key != NULL;
             inner++) {
            assert_true(field->offset + inner->offset + inner->size <= size);
            assert_non_null(inner->help);
        }
    }
}

static void the_tables_are_sound(void **state)
{
    (void)state;
    check_table(prometheus_fields, sizeof(struct prometheus_settings));
    check_table(oauth2_fields, sizeof(struct oauth2_settings));
    check_table(proxy_fields, sizeof(struct proxy_settings));
}

static void what_cannot_be_signed_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *url, *header, *param, *words;
    } rows[] = {
        {"https://aps.amazonaws.com/workspaces/ws-1_a~.b/", "X-Amz-Security-Token", "a b", NULL},
        {"https://a/b%20c", "", "", "url: a path with other characters"},
        {"https://a/b:c", "", "", "url: a path with other characters"},
        {"https://a/", "X-Scope-OrgID", "", "X-Scope-OrgID cannot stand beside sigv4"},
        {"https://a/", "", "a+b", "extra_params: a plus sign cannot be signed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct prometheus_settings settings = sound();
        struct error error;
        SET(url, rows[i].url);
        SET(sigv4.region, "eu-central-1");
        SET(sigv4.access_key, "a");
        SET(sigv4.secret_key, "b");
        SET(http_headers[0].name, rows[i].header);
        SET(extra_params[0].name, rows[i].param[0] == '\0' ? "" : "p");
        SET(extra_params[0].value, rows[i].param);
        bool good = check(&settings, &error);
        if (good != (rows[i].words == NULL) || (!good && strstr(error.text, rows[i].words) == NULL))
            fail_msg("%s: %s", rows[i].url, good ? "was taken" : error.text);
    }
}

static void test_who_says_who_asks(void **state)
{
    (void)state;
    struct prometheus_settings settings = sound();
    assert_false(prometheus_says_who(&settings));
    settings.tls_config.insecure_skip_verify = true;
    assert_false(prometheus_says_who(&settings));
    text_copy(settings.basic_auth.username, sizeof settings.basic_auth.username, "wall");
    assert_true(prometheus_says_who(&settings));
    settings = sound();
    text_copy(settings.authorization.credentials_file,
              sizeof settings.authorization.credentials_file, "/etc/token");
    assert_true(prometheus_says_who(&settings));
    settings = sound();
    settings.http_headers[0] = (struct http_pair){.name = "X-Api-Key", .value = "a"};
    assert_true(prometheus_says_who(&settings));
    settings = sound();
    text_copy(settings.sigv4.region, sizeof settings.sigv4.region, "eu-central-1");
    assert_true(prometheus_says_who(&settings));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_says_who_asks),
        cmocka_unit_test(urls_are_checked),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(what_cannot_be_signed_is_refused),
        cmocka_unit_test(what_is_no_text_is_checked_too),
        cmocka_unit_test(times_must_fit_into_each_other),
        cmocka_unit_test(reserved_headers_are_refused),
        cmocka_unit_test(timeouts_follow_the_interval),
        cmocka_unit_test(dangers_are_remarked_on),
        cmocka_unit_test(settings_that_the_unit_has_no_memory_for_are_remarked_on),
        cmocka_unit_test(exposed_files_are_remarked_on),
        cmocka_unit_test(the_tables_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
