#include "prometheus/settings/settings.h"

#define SETTING(member) offsetof(struct prometheus_settings, member)
#define SIZE(member) sizeof(((struct prometheus_settings *)NULL)->member)

/* A key of the same name as the member of `struct map` that it is for. */
#define TEXT(kind, map, member)                                             \
    .key = #member, .type = (kind), .offset = offsetof(struct map, member), \
    .size = sizeof(((struct map *)NULL)->member)

#define SECOND_MS 1000.0
#define HOUR_MS (3600 * SECOND_MS)
#define MEBIBYTE (1024.0 * 1024.0)

static const struct field basic_auth_fields[] = {
    {TEXT(FIELD_STRING, basic_auth_settings, username), .help = "The user's name."},
    {TEXT(FIELD_PATH, basic_auth_settings, username_file),
     .help = "A file that holds the user's name; read anew before each poll."},
    {TEXT(FIELD_STRING, basic_auth_settings, password), .guarded = true,
     .help = "The password; better in a file of its own, see password_file."},
    {TEXT(FIELD_PATH, basic_auth_settings, password_file),
     .help = "A file that holds the password; read anew before each poll."},
    {.key = NULL},
};

static const struct field authorization_fields[] = {
    {TEXT(FIELD_STRING, authorization_settings, type), .fallback = "Bearer",
     .help = "The scheme of the Authorization header; anything but Basic."},
    {TEXT(FIELD_STRING, authorization_settings, credentials), .guarded = true,
     .help = "What follows the scheme; better in a file of its own, see credentials_file."},
    {TEXT(FIELD_PATH, authorization_settings, credentials_file),
     .help = "A file that holds the credentials; read anew before each poll."},
    {.key = NULL},
};

static const char *const tls_versions[] = {
    [TLS10] = "TLS10", [TLS11] = "TLS11", [TLS12] = "TLS12", [TLS13] = "TLS13", NULL};

static const struct field tls_config_fields[] = {
    {TEXT(FIELD_STRING, tls_settings, ca),
     .help = "The certificates to trust, in PEM, instead of the system's."},
    {TEXT(FIELD_PATH, tls_settings, ca_file),
     .help = "A file that holds them; read anew before each poll. Leave both out to trust the "
             "system's: naming its whole bundle here makes each connection read it anew."},
    {TEXT(FIELD_STRING, tls_settings, cert),
     .help = "This client's own certificate, in PEM, with those that signed it."},
    {TEXT(FIELD_PATH, tls_settings, cert_file),
     .help = "A file that holds it; read anew before each poll."},
    {TEXT(FIELD_STRING, tls_settings, key), .guarded = true,
     .help = "The certificate's key, in PEM and without a passphrase; better in key_file."},
    {TEXT(FIELD_PATH, tls_settings, key_file),
     .help = "A file that holds it; read anew before each poll."},
    {TEXT(FIELD_STRING, tls_settings, server_name),
     .help = "The name that the server's certificate must be for, when url has another."},
    {.key = "insecure_skip_verify",
     .type = FIELD_BOOL,
     .offset = offsetof(struct tls_settings, insecure_skip_verify),
     .fallback = "false",
     .help = "Accept any certificate: whoever is in between can read the credentials."},
    {.key = "min_version",
     .type = FIELD_WORD,
     .offset = offsetof(struct tls_settings, min_version),
     .words = tls_versions,
     .fallback = "TLS12",
     .help = "The oldest TLS to speak; this system's TLS library may refuse the older ones."},
    {.key = "max_version",
     .type = FIELD_WORD,
     .offset = offsetof(struct tls_settings, max_version),
     .words = tls_versions,
     .fallback = "TLS13",
     .help = "The newest TLS to speak."},
    {.key = NULL},
};

const struct field proxy_fields[] = {
    {.key = "proxy_url",
     .type = FIELD_STRING,
     .offset = offsetof(struct proxy_settings, url),
     .size = sizeof(((struct proxy_settings *)NULL)->url),
     .help = "The proxy to go through: http://, https://, socks5:// or socks5h://host:port."},
    {TEXT(FIELD_STRING, proxy_settings, no_proxy),
     .help = "Names, addresses and networks to reach without the proxy, with commas between."},
    {.key = "proxy_from_environment",
     .type = FIELD_BOOL,
     .offset = offsetof(struct proxy_settings, from_environment),
     .fallback = "false",
     .help = "Take the proxy from http_proxy, https_proxy, all_proxy and no_proxy."},
    {.key = NULL},
};

const struct field oauth2_fields[] = {
    {TEXT(FIELD_STRING, oauth2_settings, client_id), .required = true,
     .help = "The name this client is known by at token_url."},
    {TEXT(FIELD_STRING, oauth2_settings, client_secret), .guarded = true,
     .help = "Its secret; better in a file of its own, see client_secret_file."},
    {TEXT(FIELD_PATH, oauth2_settings, client_secret_file),
     .help = "A file that holds the secret; read anew before each poll."},
    {TEXT(FIELD_STRING, oauth2_settings, token_url), .required = true,
     .form = "an address such as https://login.example.org/oauth2/token",
     .help = "Where tokens are to be had."},
    {.key = "tls_config",
     .type = FIELD_MAP,
     .offset = offsetof(struct oauth2_settings, tls_config),
     .fields = tls_config_fields,
     .help = "Whom to trust at token_url."},
    {.key = NULL},
};

static const char *const query_styles[] = {
    [QUERY_STYLE_COMPACT] = "compact", [QUERY_STYLE_NAMED] = "named", NULL};

const struct field prometheus_fields[] = {
    {.key = "url",
     .type = FIELD_STRING,
     .offset = SETTING(url),
     .size = SIZE(url),
     .required = true,
     .form = "an address such as http://localhost:9090",
     .help = "Where Prometheus is: http(s)://host[:port][/prefix], without /api/v1/query."},
    {.key = "poll_interval",
     .type = FIELD_DURATION,
     .offset = SETTING(poll_interval_ms),
     .min = 100,
     .max = HOUR_MS,
     .fallback = "10s",
     .help = "How often to ask while nothing moves; faster than the scrapes adds nothing."},
    {.key = "timeout",
     .type = FIELD_DURATION,
     .offset = SETTING(timeout_ms),
     .min = 50,
     .max = HOUR_MS,
     .help = "How long one request may take in all; four fifths of poll_interval when left out."},
    {.key = "connect_timeout",
     .type = FIELD_DURATION,
     .offset = SETTING(connect_timeout_ms),
     .min = 10,
     .max = HOUR_MS,
     .help = "How long resolving and connecting may take; half of timeout when left out."},
    {.key = "max_response_size",
     .type = FIELD_BYTES,
     .offset = SETTING(max_response_bytes),
     .min = 4096,
     .max = 256 * MEBIBYTE,
     .fallback = "4MiB",
     .help = "The longest answer to read, uncompressed; a workload takes about 5 kB."},
    {.key = "query_style",
     .type = FIELD_WORD,
     .offset = SETTING(query_style),
     .words = query_styles,
     .fallback = "compact",
     .help = "Write named for a back end that refuses regular expressions over metrics' names."},
    {.key = "query_nonce",
     .type = FIELD_BOOL,
     .offset = SETTING(query_nonce),
     .fallback = "true",
     .help = "Each question carries a number of its own that only its own answer repeats, so that "
             "nothing between here and Prometheus can pass off an old answer as a new one. Write "
             "false for a back end that refuses label_replace(vector(1), ...), or whose answers "
             "lack its row (amberbar doctor says so): a cache that repeats old answers is then "
             "found out only after max_age, by a time in them that stands."},
    {.key = "recording_rules",
     .type = FIELD_BOOL,
     .offset = SETTING(recording_rules),
     .fallback = "false",
     .help = "Prometheus has loaded amberbar.rules.yml, the whole file that came with this "
             "amberbar: ask its few series about whole namespaces. A rule that is missing or fails "
             "makes them unknown, and is named."},
    {.key = "namespace_label",
     .type = FIELD_STRING,
     .offset = SETTING(namespace_label),
     .size = SIZE(namespace_label),
     .fallback = "namespace",
     .help = "The label that holds a workload's namespace; exported_namespace where "
             "kube-state-metrics is scraped without honor_labels."},
    {.key = "cluster_label",
     .type = FIELD_STRING,
     .offset = SETTING(cluster_label),
     .size = SIZE(cluster_label),
     .fallback = "cluster",
     .help = "The label that tells the clusters of one Prometheus apart."},
    {.key = "basic_auth",
     .type = FIELD_MAP,
     .offset = SETTING(basic_auth),
     .fields = basic_auth_fields,
     .help = "A user's name and password."},
    {.key = "authorization",
     .type = FIELD_MAP,
     .offset = SETTING(authorization),
     .fields = authorization_fields,
     .help = "A token, such as a service account's."},
    {TEXT(FIELD_STRING, prometheus_settings, bearer_token), .guarded = true,
     .help = "Deprecated: write authorization with credentials."},
    {TEXT(FIELD_PATH, prometheus_settings, bearer_token_file),
     .help = "Deprecated: write authorization with credentials_file."},
    {.key = "tls_config",
     .type = FIELD_MAP,
     .offset = SETTING(tls_config),
     .fields = tls_config_fields,
     .help = "Whom to trust at an https address, and who we are."},
    {.key = "follow_redirects",
     .type = FIELD_BOOL,
     .offset = SETTING(follow_redirects),
     .fallback = "true",
     .help = "Go where the server points to, three times at most and never from https to http; "
             "credentials and http_headers stay with the scheme, host and port of url."},
    {.key = "enable_http2",
     .type = FIELD_BOOL,
     .offset = SETTING(enable_http2),
     .fallback = "false",
     .help = "Speak HTTP/2 where the server does. Not the default as in Prometheus: one small "
             "question at a time gains nothing by it and takes a fifth more work."},
    {.key = NULL},
};

int64_t prometheus_timeout_ms(const struct prometheus_settings *settings)
{
    return settings->timeout_ms > 0 ? settings->timeout_ms : settings->poll_interval_ms * 4 / 5;
}

int64_t prometheus_connect_timeout_ms(const struct prometheus_settings *settings)
{
    return settings->connect_timeout_ms > 0 ? settings->connect_timeout_ms
                                            : prometheus_timeout_ms(settings) / 2;
}
