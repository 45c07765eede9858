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

static const struct field kind_labels_fields[] = {
    {.key = "namespace",
     .type = FIELD_STRING,
     .offset = offsetof(struct kind_labels, namespace_),
     .size = sizeof(((struct kind_labels *)NULL)->namespace_),
     .help = "The label that holds their namespace; namespace_label when it is left out. Argo's "
             "controller is often scraped without honor_labels: exported_namespace."},
    {TEXT(FIELD_STRING, kind_labels, name),
     .help = "The label that holds their name, such as exported_deployment."},
    {.key = NULL},
};

#define KIND_LABELS(kind, word, name, plural, ...)     \
    {.key = #word,                                     \
     .type = FIELD_MAP,                                \
     .offset = offsetof(struct labels_settings, word), \
     .fields = kind_labels_fields,                     \
     .help = "Of " plural "."},

const struct field labels_fields[] = {
    // clang-format off
    KINDS(KIND_LABELS)
    // clang-format on
    {.key = NULL},
};

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

static const struct field sigv4_fields[] = {
    {TEXT(FIELD_STRING, sigv4_settings, region),
     .help = "The region of the workspace, such as eu-central-1."},
    {TEXT(FIELD_STRING, sigv4_settings, access_key), .help = "The access key's ID: AKIA..."},
    {TEXT(FIELD_PATH, sigv4_settings, access_key_file),
     .help = "A file that holds it; read anew before each poll."},
    {TEXT(FIELD_STRING, sigv4_settings, secret_key), .guarded = true,
     .help = "The secret access key; better in a file of its own, see secret_key_file."},
    {TEXT(FIELD_PATH, sigv4_settings, secret_key_file),
     .help = "A file that holds it; read anew before each poll."},
    {TEXT(FIELD_STRING, sigv4_settings, profile),
     .help = "Not supported, though Prometheus has it: write access_key and secret_key."},
    {TEXT(FIELD_STRING, sigv4_settings, role_arn),
     .help = "Not supported either. Where a role must be taken, let a sigv4 proxy do it."},
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
    {KEY("insecure_skip_verify", FIELD_BOOL, offsetof(struct tls_settings, insecure_skip_verify)),
     .fallback = "false",
     .help = "Accept any certificate: whoever is in between can read the credentials."},
    {KEY("min_version", FIELD_WORD, offsetof(struct tls_settings, min_version)),
     .words = tls_versions, .fallback = "TLS12",
     .help = "The oldest TLS to speak; this system's TLS library may refuse the older ones."},
    {KEY("max_version", FIELD_WORD, offsetof(struct tls_settings, max_version)),
     .words = tls_versions, .fallback = "TLS13", .help = "The newest TLS to speak."},
    {.key = NULL},
};

const struct field proxy_fields[] = {
    {KEY("proxy_url", FIELD_STRING, offsetof(struct proxy_settings, url)),
     .size = sizeof(((struct proxy_settings *)NULL)->url),
     .help = "The proxy to go through: http://, https://, socks5:// or socks5h://host:port."},
    {TEXT(FIELD_STRING, proxy_settings, no_proxy),
     .help = "Names, addresses and networks to reach without the proxy, with commas between."},
    {KEY("proxy_from_environment", FIELD_BOOL, offsetof(struct proxy_settings, from_environment)),
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
    {KEY("tls_config", FIELD_MAP, offsetof(struct oauth2_settings, tls_config)),
     .fields = tls_config_fields, .help = "Whom to trust at token_url."},
    {.key = NULL},
};

static const char *const http_methods[] = {
    [HTTP_METHOD_POST] = "POST", [HTTP_METHOD_GET] = "GET", NULL};

static const char *const query_styles[] = {
    [QUERY_STYLE_COMPACT] = "compact", [QUERY_STYLE_NAMED] = "named", NULL};

const struct field prometheus_fields[] = {
    {KEY("url", FIELD_STRING, SETTING(url)), .size = SIZE(url), .required = true,
     .form = "an address such as http://localhost:9090",
     .help = "Where Prometheus is: http(s)://host[:port][/prefix], without /api/v1/query."},
    {KEY("poll_interval", FIELD_DURATION, SETTING(poll_interval_ms)), RANGE(100, HOUR_MS),
     .fallback = "10s",
     .help = "The longest between two polls. While something moves it asks as soon as each new "
             "sample can be seen, and learns when that is."},
    {KEY("timeout", FIELD_DURATION, SETTING(timeout_ms)), RANGE(50, HOUR_MS),
     .help = "How long one request may take in all; four fifths of poll_interval when left out."},
    {KEY("connect_timeout", FIELD_DURATION, SETTING(connect_timeout_ms)), RANGE(10, HOUR_MS),
     .help = "How long resolving and connecting may take; half of timeout when left out."},
    {KEY("max_response_size", FIELD_BYTES, SETTING(max_response_bytes)),
     RANGE(4096, 256 * MEBIBYTE), .fallback = "4MiB",
     .help =
         "The longest answer to read, uncompressed; a workload takes about 5 kB. More than 4MiB "
         "may need more memory than the service has: `amberbar check` says how much."},
    {KEY("http_method", FIELD_WORD, SETTING(http_method)), .words = http_methods,
     .fallback = "POST",
     .help = "How questions are sent, as in Grafana. Where POST is refused (HTTP 403, 405 or 501) "
             "and GET is answered, GET is used by itself until amberbar ends; writing GET saves "
             "that first refusal. A question is then part of the address, and a proxy may refuse "
             "long ones."},
    {KEY("query_style", FIELD_WORD, SETTING(query_style)), .words = query_styles,
     .fallback = "compact",
     .help = "Write named for a back end that refuses regular expressions over metrics' names."},
    {KEY("query_nonce", FIELD_BOOL, SETTING(query_nonce)), .fallback = "true",
     .help = "Each question carries a number of its own that only its own answer repeats, so that "
             "nothing between here and Prometheus can pass off an old answer as a new one. Write "
             "false for a back end that refuses label_replace(vector(1), ...), or whose answers "
             "lack its row (amberbar doctor says so): a cache that repeats old answers is then "
             "found out only after max_age, by a time in them that stands."},
    {KEY("recording_rules", FIELD_BOOL, SETTING(recording_rules)), .fallback = "false",
     .help = "Prometheus has loaded amberbar.rules.yml, the whole file that came with this "
             "amberbar: ask its few series about whole namespaces. A rule that is missing or fails "
             "makes them unknown, and is named; so does what comes from more than 256 exporters, "
             "each kind by itself. The exporter's own series must be there as well."},
    {KEY("namespace_label", FIELD_STRING, SETTING(namespace_label)), .size = SIZE(namespace_label),
     .fallback = "namespace",
     .help = "The label that holds a workload's namespace; exported_namespace where "
             "kube-state-metrics is scraped without honor_labels."},
    {KEY("cluster_label", FIELD_STRING, SETTING(cluster_label)), .size = SIZE(cluster_label),
     .fallback = "cluster",
     .help = "The label that tells the clusters of one Prometheus apart. "
             "Only an exporter of the same cluster takes the place of one "
             "that is gone."},
    {KEY("basic_auth", FIELD_MAP, SETTING(basic_auth)), .fields = basic_auth_fields,
     .help = "A user's name and password."},
    {KEY("authorization", FIELD_MAP, SETTING(authorization)), .fields = authorization_fields,
     .help = "A token, such as a service account's."},
    {TEXT(FIELD_STRING, prometheus_settings, bearer_token), .guarded = true,
     .help = "Deprecated: write authorization with credentials."},
    {TEXT(FIELD_PATH, prometheus_settings, bearer_token_file),
     .help = "Deprecated: write authorization with credentials_file."},
    {KEY("sigv4", FIELD_MAP, SETTING(sigv4)), .fields = sigv4_fields,
     .help = "Amazon Managed Service for Prometheus: each request is signed (SigV4, service aps)."},
    {KEY("tls_config", FIELD_MAP, SETTING(tls_config)), .fields = tls_config_fields,
     .help = "Whom to trust at an https address, and who we are."},
    {KEY("follow_redirects", FIELD_BOOL, SETTING(follow_redirects)), .fallback = "true",
     .help = "Go where the server points to, three times at most and never from https to http; "
             "credentials and http_headers stay with the scheme, host and port of url."},
    {KEY("enable_http2", FIELD_BOOL, SETTING(enable_http2)), .fallback = "false",
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
