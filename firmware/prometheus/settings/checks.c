#include "prometheus/http/secrets.h"
#include "prometheus/http/url.h"
#include "prometheus/settings/settings.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool check_address(const char *term, const char *url, struct error *error)
{
    const char *scheme_end = strstr(url, "://");
    bool http = strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
    if (!http || scheme_end == NULL)
        return error_set(
            error, "%s does not begin with http:// or https://; write http://HOST:PORT", term);
    const char *rest = scheme_end + 3;
    size_t host = strcspn(rest, "/?#");
    for (const char *c = rest; *c != '\0'; c++)
        if (((unsigned char)*c <= ' ' || *c == 0x7F) && c < rest + host)
            return error_set(error, "%s: a space or control character in the host; remove it",
                             term);
        else if ((unsigned char)*c <= ' ' || *c == 0x7F)
            return error_set(error, "%s: a space or control character; write it as %%%02X", term,
                             (unsigned)(unsigned char)*c);
    if (rest[0] == ':' || host == 0)
        return error_set(error, "%s: no host; write http://HOST:PORT", term);
    if (rest[0] == '[' && memchr(rest, ']', host) == NULL)
        return error_set(error, "%s: a '[' without its ']'; write http://[ADDRESS]:PORT", term);
    return true;
}

/* Only of an address without a user, whose password would stand where the port is looked for. */
static bool check_port(const char *term, const char *url, struct error *error)
{
    char port[16];
    int64_t number;
    url_port(url, port, sizeof port);
    if (port[0] == '\0' || text_integer(port, 1, UINT16_MAX, &number))
        return true;
    return error_set(error, "%s: its port is none; write 1 to 65535", term);
}

static bool check_url(const struct prometheus_settings *settings, struct error *error)
{
    const char *url = settings->url;
    if (!check_address("url", url, error))
        return false;
    if (url_has_user(url))
        return error_set(error, "url holds a user's name or password; move it to basic_auth");
    if (!check_port("url", url, error))
        return false;
    if (strpbrk(url, "?#") != NULL)
        return error_set(error, "url: a query or fragment; leave out what follows the ? or #");
    if (strstr(url, "/api/v1") != NULL)
        return error_set(error, "url: leave out /api/v1 and what follows, it is added by itself");
    return true;
}

static bool check_sources(const struct prometheus_settings *settings, struct error *error)
{
    for (size_t i = 0; i < SECRET_SOURCES; i++) {
        const struct secret_source *source = &secret_sources[i];
        const char *text = secret_source_text(source, settings);
        if (text[0] != '\0' && secret_source_file(source, settings)[0] != '\0')
            return error_set(error, "%s%s_file cannot stand beside %s; leave one out", source->map,
                             source->key, source->key);
        if (source->form == SECRET_LINE && strpbrk(text, "\r\n") != NULL)
            return error_set(error, "%s%s: a line break; write one line", source->map, source->key);
    }
    return true;
}

/* At most one way to say who we are. */
static bool check_authentication(const struct prometheus_settings *settings, struct error *error)
{
    const struct basic_auth_settings *basic = &settings->basic_auth;
    const struct authorization_settings *authorization = &settings->authorization;
    bool username = secret_is_given(SECRET_USERNAME, settings);
    bool typed = authorization->type[0] != '\0' && strcasecmp(authorization->type, "Bearer") != 0;
    const struct {
        const char *key;
        bool given;
    } ways[] = {
        {"basic_auth", username || secret_is_given(SECRET_PASSWORD, settings)},
        {"authorization", typed || authorization->credentials[0] != '\0' ||
                              authorization->credentials_file[0] != '\0'},
        {"bearer_token", settings->bearer_token[0] != '\0'},
        {"bearer_token_file", settings->bearer_token_file[0] != '\0'},
        {"oauth2", settings->oauth2.client_id[0] != '\0'},
    };
    if (strcasecmp(authorization->type, "basic") == 0)
        return error_set(error, "authorization: type Basic; use basic_auth instead");
    const char *found = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].given && found != NULL)
            return error_set(error, "%s cannot stand beside %s; leave one out", ways[i].key, found);
        found = ways[i].given ? ways[i].key : found;
    }
    if (ways[0].given && !username)
        return error_set(error, "basic_auth: a password without a username; add it");
    if (strchr(basic->username, ':') != NULL)
        return error_set(error, "basic_auth: username: a colon would end it (RFC 7617)");
    if (authorization->type[0] == '\0' && ways[1].given)
        return error_set(error, "authorization: type: empty; leave it out to use Bearer");
    if (strpbrk(authorization->type, " \t\r\n,:;\"") != NULL)
        return error_set(error, "authorization: type is one word, such as Bearer");
    return true;
}

static bool check_tls(const struct prometheus_settings *settings, const struct tls_settings *tls,
                      const char *map, struct error *error)
{
    bool token = tls == &settings->oauth2.tls_config;
    bool cert = secret_is_given(token ? SECRET_TOKEN_CERT : SECRET_CERT, settings);
    bool key = secret_is_given(token ? SECRET_TOKEN_KEY : SECRET_KEY, settings);
    if (cert && !key)
        return error_set(error, "%stls_config: a cert without its key; add key_file", map);
    if (key && !cert)
        return error_set(error, "%stls_config: a key without its cert; add cert_file", map);
    if (tls->min_version > tls->max_version)
        return error_set(error, "%stls_config: min_version is above max_version; correct one", map);
    if (strspn(tls->server_name, "-._0123456789abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen(tls->server_name))
        return error_set(error, "%stls_config: server_name: write a host's name", map);
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

bool prometheus_is_header(const char *name)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789"
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return name[0] != '\0' && strspn(name, token) == strlen(name);
}

static bool check_header(const char *map, const struct http_pair *header, struct error *error)
{
    if (!prometheus_is_header(header->name))
        return error_set(error, "%s: a name in it is no header's; correct it", map);
    for (const char *c = header->value; *c != '\0'; c++)
        if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7F)
            return error_set(error, "%s: %s: a control character in its value", map, header->name);
    return true;
}

static bool check_headers(const struct prometheus_settings *settings, struct error *error)
{
    const struct http_pair *header = settings->http_headers;
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && header[i].name[0] != '\0'; i++) {
        if (!check_header("http_headers", &header[i], error))
            return false;
        if (is_reserved(header[i].name))
            return error_set(error,
                             "http_headers: %s is set by the connection itself; use basic_auth, "
                             "authorization or url",
                             header[i].name);
    }
    return true;
}

static bool check_proxy_url(const char *map, const char *url, struct error *error)
{
    static const char *const schemes[] = {"http://", "https://", "socks5://", "socks5h://"};
    size_t length = 0;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            length = strlen(schemes[i]);
    bool host = length > 0 && strcspn(url + length, "/?#") > 0 && url[length] != ':';
    if (url[0] == '\0' || (host && strpbrk(url, " \t\r\n") == NULL))
        return true; /* the URL itself is not repeated: a password may be in it */
    return error_set(error, "%sproxy_url: write http://HOST:PORT, or https, socks5 or socks5h",
                     map);
}

static bool check_proxy_port(const char *map, const char *url, struct error *error)
{
    char term[32];
    snprintf(term, sizeof term, "%sproxy_url", map);
    return url_has_user(url) || check_port(term, url, error);
}

static bool check_proxy(const char *map, const struct proxy_settings *proxy, struct error *error)
{
    bool url = proxy->url[0] != '\0';
    if (!check_proxy_url(map, proxy->url, error) || !check_proxy_port(map, proxy->url, error))
        return false;
    if (proxy->from_environment && url)
        return error_set(
            error, "%sproxy_from_environment cannot stand beside proxy_url; leave one out", map);
    if (proxy->from_environment && proxy->no_proxy[0] != '\0')
        return error_set(
            error, "%sno_proxy cannot stand beside proxy_from_environment; leave one out", map);
    if (!url && proxy->no_proxy[0] != '\0')
        return error_set(error, "%sno_proxy without proxy_url; add it, or leave both out", map);
    if (!url && !proxy->from_environment && proxy->connect_headers[0].name[0] != '\0')
        return error_set(error, "%sproxy_connect_header without proxy_url; add it", map);
    for (size_t i = 0; i < CLIENT_CONNECT_HEADERS_MAX && proxy->connect_headers[i].name[0] != '\0';
         i++)
        if (!check_header("proxy_connect_header", &proxy->connect_headers[i], error))
            return false;
    return true;
}

/* That both names are there, the table says. */
static bool check_oauth2(const struct prometheus_settings *settings, struct error *error)
{
    const struct oauth2_settings *oauth2 = &settings->oauth2;
    if (oauth2->token_url[0] == '\0')
        return true;
    if (!check_address("oauth2: token_url", oauth2->token_url, error))
        return false;
    if (url_has_user(oauth2->token_url))
        return error_set(error, "oauth2: token_url: a user's name or password; use client_id and "
                                "client_secret");
    return check_port("oauth2: token_url", oauth2->token_url, error);
}

static bool check_params(const struct prometheus_settings *settings, struct error *error)
{
    static const char *const ours[] = {"query", "time", "timeout"};
    const struct http_pair *param = settings->extra_params;
    for (size_t i = 0; i < CLIENT_PARAMS_MAX && param[i].name[0] != '\0'; i++)
        for (size_t k = 0; k < sizeof ours / sizeof ours[0]; k++)
            if (strcmp(param[i].name, ours[k]) == 0)
                return error_set(error, "extra_params: %s is set by each request; leave it out",
                                 ours[k]);
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

static bool check_labels(const struct prometheus_settings *settings, struct error *error)
{
    if (settings->namespace_label[0] == '\0')
        return error_set(error, "namespace_label: empty; leave it out to use \"namespace\"");
    return strcmp(settings->cluster_label, settings->namespace_label) != 0 ||
           error_set(error, "cluster_label: the same as namespace_label; correct one of them");
}

static bool check_own_tls(const struct prometheus_settings *settings, struct error *error)
{
    return check_tls(settings, &settings->tls_config, "", error);
}

static bool check_token_tls(const struct prometheus_settings *settings, struct error *error)
{
    return check_tls(settings, &settings->oauth2.tls_config, "oauth2: ", error);
}

static bool check_own_proxy(const struct prometheus_settings *settings, struct error *error)
{
    return check_proxy("", &settings->proxy, error);
}

static bool check_token_proxy(const struct prometheus_settings *settings, struct error *error)
{
    return check_proxy("oauth2: ", &settings->oauth2.proxy, error);
}

bool prometheus_check(const struct prometheus_settings *settings, size_t number,
                      struct error *error)
{
    static bool (*const checks[PROMETHEUS_CHECKS])(const struct prometheus_settings *,
                                                   struct error *) = {
        check_url,         check_labels,  check_sources,   check_authentication,
        check_oauth2,      check_own_tls, check_token_tls, check_own_proxy,
        check_token_proxy, check_headers, check_params,    check_times,
    };
    return number >= PROMETHEUS_CHECKS || checks[number](settings, error);
}
