#include "prometheus/client.h"

#include "prometheus/secret.h"
#include "prometheus/url.h"

#include <string.h>
#include <strings.h>

#define SETTING(member) offsetof(struct prometheus_settings, member)
#define SIZE(member) sizeof(((struct prometheus_settings *)NULL)->member)
#define INNER(map, member) SETTING(map.member) - SETTING(map)

#define SECOND_MS 1000.0
#define HOUR_MS (3600 * SECOND_MS)
#define MEBIBYTE (1024.0 * 1024.0)

static const struct field basic_auth_fields[] = {
    {.key = "username",
     .type = FIELD_STRING,
     .offset = INNER(basic_auth, username),
     .size = SIZE(basic_auth.username),
     .help = "The user's name."},
    {.key = "password",
     .type = FIELD_STRING,
     .offset = INNER(basic_auth, password),
     .size = SIZE(basic_auth.password),
     .help = "The password; better in a file of its own, see password_file."},
    {.key = "password_file",
     .type = FIELD_PATH,
     .offset = INNER(basic_auth, password_file),
     .size = SIZE(basic_auth.password_file),
     .help = "A file that holds the password; read anew before each request."},
    {.key = NULL},
};

static const struct field authorization_fields[] = {
    {.key = "type",
     .type = FIELD_STRING,
     .offset = INNER(authorization, type),
     .size = SIZE(authorization.type),
     .fallback = "Bearer",
     .help = "The scheme of the Authorization header; anything but Basic."},
    {.key = "credentials",
     .type = FIELD_STRING,
     .offset = INNER(authorization, credentials),
     .size = SIZE(authorization.credentials),
     .help = "What follows the scheme; better in a file of its own, see credentials_file."},
    {.key = "credentials_file",
     .type = FIELD_PATH,
     .offset = INNER(authorization, credentials_file),
     .size = SIZE(authorization.credentials_file),
     .help = "A file that holds the credentials; read anew before each request."},
    {.key = NULL},
};

static const struct field tls_config_fields[] = {
    {.key = "ca_file",
     .type = FIELD_PATH,
     .offset = INNER(tls_config, ca_file),
     .size = SIZE(tls_config.ca_file),
     .help = "The certificates to trust, in PEM, instead of the system's."},
    {.key = "insecure_skip_verify",
     .type = FIELD_BOOL,
     .offset = INNER(tls_config, insecure_skip_verify),
     .fallback = "false",
     .help = "Accept any certificate: whoever is in between can read the credentials."},
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
    {.key = "recording_rules",
     .type = FIELD_BOOL,
     .offset = SETTING(recording_rules),
     .fallback = "false",
     .help =
         "Prometheus has loaded amberbar.rules.yml: ask its few series about whole namespaces."},
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
    {.key = "tls_config",
     .type = FIELD_MAP,
     .offset = SETTING(tls_config),
     .fields = tls_config_fields,
     .help = "Whom to trust at an https address."},
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

static bool check_url(const char *url, struct error *error)
{
    const char *rest = NULL;
    if (strncasecmp(url, "http://", 7) == 0)
        rest = url + 7;
    else if (strncasecmp(url, "https://", 8) == 0)
        rest = url + 8;
    if (rest == NULL)
        return error_set(error, "url: \"%.100s\" does not begin with http:// or https://", url);
    for (const char *c = rest; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7F)
            return error_set(error, "url: a space or control character; write it as %%%02X",
                             (unsigned)(unsigned char)*c);
    size_t authority = strcspn(rest, "/?#");
    if (memchr(rest, '@', authority) != NULL)
        return error_set(error, "url: a user's name or password; put it under basic_auth");
    if (authority == 0 || rest[0] == ':')
        return error_set(error, "url: no host; write http://HOST:9090");
    if (strpbrk(rest, "?#") != NULL)
        return error_set(error, "url: a query or fragment; leave out what follows the ? or #");
    if (strstr(rest, "/api/v1") != NULL)
        return error_set(error, "url: leave out /api/v1 and what follows, it is added by itself");
    return true;
}

static bool check_authentication(const struct prometheus_settings *settings, struct error *error)
{
    bool password = settings->basic_auth.password[0] != '\0';
    bool password_file = settings->basic_auth.password_file[0] != '\0';
    bool basic = settings->basic_auth.username[0] != '\0' || password || password_file;
    bool credentials = settings->authorization.credentials[0] != '\0';
    bool credentials_file = settings->authorization.credentials_file[0] != '\0';
    const char *type = settings->authorization.type;
    if (password && password_file)
        return error_set(error, "basic_auth: both password and password_file; leave one out");
    if (credentials && credentials_file)
        return error_set(error,
                         "authorization: both credentials and credentials_file; leave one out");
    if (basic && (credentials || credentials_file))
        return error_set(error, "both basic_auth and authorization; leave one out");
    if (basic && settings->basic_auth.username[0] == '\0')
        return error_set(error, "basic_auth: a password without a username; add it");
    if (strchr(settings->basic_auth.username, ':') != NULL)
        return error_set(error, "basic_auth: username: a colon would end it (RFC 7617)");
    if (strcasecmp(type, "basic") == 0)
        return error_set(error, "authorization: type Basic; use basic_auth instead");
    if (strpbrk(settings->authorization.credentials, "\r\n") != NULL)
        return error_set(error, "authorization: credentials: a line break; write one line");
    if (strpbrk(type, " \t\r\n,:;\"") != NULL)
        return error_set(error, "authorization: type is one word, such as Bearer");
    return true;
}

/* Headers that the transfer sets, as Prometheus reserves them (prometheus/common
 * config/headers.go). */
static bool is_reserved(const char *name)
{
    static const char *const reserved[] = {
        "Accept-Encoding",
        "Authorization",
        "Connection",
        "Expect",
        "Host",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
        "User-Agent",
        "Transfer-Encoding",
    };
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (strcasecmp(name, reserved[i]) == 0)
            return true;
    return strncasecmp(name, "Content-", 8) == 0 || strncasecmp(name, "Proxy-", 6) == 0;
}

static bool check_header(const struct http_header *header, struct error *error)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789" /* RFC 9110 section 5.6.2 */
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (strspn(header->name, token) != strlen(header->name))
        return error_set(error, "http_headers: \"%s\" is no header's name", header->name);
    if (is_reserved(header->name))
        return error_set(error,
                         "http_headers: %s is set by the connection itself; use basic_auth, "
                         "authorization or url",
                         header->name);
    for (const char *c = header->value; *c != '\0'; c++)
        if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7F)
            return error_set(error, "http_headers: %s: a control character in its value",
                             header->name);
    return true;
}

static bool check_times(const struct prometheus_settings *settings, struct error *error)
{
    if (prometheus_timeout_ms(settings) >= settings->poll_interval_ms)
        return error_set(error,
                         "timeout: not below poll_interval; a stalled answer would delay the "
                         "next: shorten it or leave it out");
    if (prometheus_connect_timeout_ms(settings) > prometheus_timeout_ms(settings))
        return error_set(error, "connect_timeout: longer than timeout; shorten it or leave it out");
    return true;
}

bool prometheus_check(const struct prometheus_settings *settings, struct error *error)
{
    if (!check_url(settings->url, error) || !check_authentication(settings, error) ||
        !check_times(settings, error))
        return false;
    if (settings->namespace_label[0] == '\0')
        return error_set(error, "namespace_label: empty; leave it out to use \"namespace\"");
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && settings->http_headers[i].name[0] != '\0'; i++)
        if (!check_header(&settings->http_headers[i], error))
            return false;
    return true;
}

static bool remark_plain_http(const struct prometheus_settings *settings, struct error *remark)
{
    bool secret = settings->basic_auth.username[0] != '\0' ||
                  settings->authorization.credentials[0] != '\0' ||
                  settings->authorization.credentials_file[0] != '\0';
    if (!secret || strncasecmp(settings->url, "http://", 7) != 0 || url_is_loopback(settings->url))
        return false;
    error_set(remark, "credentials travel over plain http, where others can read them; use https");
    return true;
}

static bool remark_exposed_file(const struct prometheus_settings *settings, struct error *remark)
{
    const char *file = settings->basic_auth.password_file[0] != '\0'
                           ? settings->basic_auth.password_file
                           : settings->authorization.credentials_file;
    if (file[0] == '\0' || !secret_is_exposed(file))
        return false;
    error_set(remark, "others can read %s; chgrp it to the group that needs it and chmod o-rwx it",
              file);
    return true;
}

static bool remark_no_verification(const struct prometheus_settings *settings, struct error *remark)
{
    if (!settings->tls_config.insecure_skip_verify ||
        strncasecmp(settings->url, "https://", 8) != 0)
        return false;
    error_set(remark,
              "insecure_skip_verify: anybody in between can pose as Prometheus and read the "
              "credentials; set ca_file instead");
    return true;
}

bool prometheus_remark(const struct prometheus_settings *settings, size_t number,
                       struct error *remark)
{
    static bool (*const remarks[PROMETHEUS_REMARKS])(const struct prometheus_settings *,
                                                     struct error *) = {
        remark_plain_http, remark_exposed_file, remark_no_verification};
    return number < PROMETHEUS_REMARKS && remarks[number](settings, remark);
}
