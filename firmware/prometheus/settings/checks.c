/*
 * What no table of keys can say of `prometheus:`: addresses, what excludes what, headers that are
 * ours. By the rules of prometheus/common, config/http_config.go.
 */
#include "prometheus/http/secrets.h"
#include "prometheus/http/url.h"
#include "prometheus/settings/settings.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define URL_SHOWN 200 /* bytes of an address in a sentence */

static bool check_address(const char *term, const char *url, struct error *error)
{
    const char *scheme_end = strstr(url, "://");
    if (!url_is_web(url) || scheme_end == NULL)
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

/* Pages of web interfaces, as they stand in a browser: of Prometheus 2, and of Prometheus 3. */
static const char *const pages[] = {"/graph", "/query"};

/* What is asked is added by itself; in the middle of a path the same words are of a proxy: that of
   the Kubernetes API server has /api/v1/namespaces/NAME/services/NAME:PORT/proxy. */
static const char *const added[] = {"/api/v1", "/api/v1/", "/api/v1/query", "/api/v1/query/"};

/* Which of these the path of `url`, so many bytes, ends with; NULL: none. */
static const char *ending(const char *url, size_t length, const char *const ends[], size_t count)
{
    const size_t origin = url_origin_length(url);
    for (size_t i = 0; i < count; i++) {
        const size_t size = strlen(ends[i]);
        if (length >= origin + size && strncmp(url + length - size, ends[i], size) == 0)
            return ends[i];
    }
    return NULL;
}

/* A prefix that has the name of a page is written with the slash that browsers do not show. */
static bool check_path(const char *url, struct error *error)
{
    const size_t length = strcspn(url, "?#");
    const bool more = url[length] != '\0';
    const char *page = ending(url, length, pages, sizeof pages / sizeof pages[0]);
    const char *api = ending(url, length, added, sizeof added / sizeof added[0]);
    const char *end = api != NULL ? api : page;
    const int shown = (int)(length < URL_SHOWN ? length : URL_SHOWN);
    const int kept = (int)(length - (end == NULL ? 0 : strlen(end)));
    const int wanted = kept < URL_SHOWN ? kept : URL_SHOWN;
    if (page != NULL && api == NULL)
        return error_set(error, "url: %.*s is a page of the web interface; write %.*s%s", shown,
                         url, wanted, url,
                         more ? "" : ", or a slash at its end where that is a prefix");
    if (api != NULL)
        return error_set(error, "url: leave out %s, it is added by itself; write %.*s", api, wanted,
                         url);
    return !more ||
           error_set(error, "url: a query or fragment; leave out what follows the ? or #%s",
                     url[length] == '?' ? ", or write it as extra_params" : "");
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
    return check_path(url, error);
}

bool prometheus_signs(const struct prometheus_settings *settings)
{
    const struct sigv4_settings *sigv4 = &settings->sigv4;
    return secret_is_given(SECRET_ACCESS_KEY, settings) ||
           secret_is_given(SECRET_SECRET_KEY, settings) || sigv4->region[0] != '\0' ||
           sigv4->profile[0] != '\0' || sigv4->role_arn[0] != '\0';
}

bool prometheus_says_who(const struct prometheus_settings *settings)
{
    return secret_is_given(SECRET_USERNAME, settings) || prometheus_has_secret(settings) ||
           prometheus_signs(settings) || settings->http_headers[0].name[0] != '\0';
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
        {"sigv4", prometheus_signs(settings)},
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

static bool check_sigv4_keys(const struct prometheus_settings *settings, struct error *error)
{
    const struct sigv4_settings *sigv4 = &settings->sigv4;
    const bool access = secret_is_given(SECRET_ACCESS_KEY, settings);
    const bool secret = secret_is_given(SECRET_SECRET_KEY, settings);
    if (sigv4->profile[0] != '\0' || sigv4->role_arn[0] != '\0')
        return error_set(error,
                         "sigv4: %s is not supported; write access_key and secret_key_file, or let "
                         "a sigv4 proxy sign",
                         sigv4->profile[0] != '\0' ? "profile" : "role_arn");
    if (!access || !secret)
        return error_set(error, "sigv4: %s is missing; write %s",
                         access ? "secret_key" : "access_key", access ? "secret_key_file" : "it");
    if (sigv4->region[0] == '\0')
        return error_set(error, "sigv4: region is missing; write that of the workspace");
    return strspn(sigv4->region, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
               strlen(sigv4->region) ||
           error_set(error, "sigv4: region: write one such as eu-central-1");
}

/*
 * What libcurl signs otherwise than Amazon reads it. Up to 8.2 (Debian 12's 7.88.1) it takes path
 * and headers as they are, orders headers by their whole lines, and joins none; from 8.3 to 8.17
 * (Debian 13's 8.14.1) it takes a plus sign of a parameter for a space.
 */
static bool check_signable(const struct prometheus_settings *settings, struct error *error)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-._~/";
    const char *path = settings->url + url_origin_length(settings->url);
    const struct http_pair *header = settings->http_headers, *param = settings->extra_params;
    if (strspn(path, unreserved) != strlen(path))
        return error_set(error, "url: a path with other characters than letters, digits and -._~ "
                                "cannot be signed (sigv4)");
    for (size_t i = 0; i < CLIENT_PARAMS_MAX && param[i].name[0] != '\0'; i++)
        if (strchr(param[i].name, '+') != NULL || strchr(param[i].value, '+') != NULL)
            return error_set(error, "extra_params: a plus sign cannot be signed (sigv4)");
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && header[i].name[0] != '\0'; i++)
        if (strncasecmp(header[i].name, "X-Amz-", 6) != 0)
            return error_set(error,
                             "http_headers: %s cannot stand beside sigv4, which signs all headers; "
                             "leave it out",
                             header[i].name);
    return true;
}

static bool check_sigv4(const struct prometheus_settings *settings, struct error *error)
{
    return !prometheus_signs(settings) ||
           (check_sigv4_keys(settings, error) && check_signable(settings, error));
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
    if (secret_has_control(header->value))
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
    static const char *const ours[] = {"query", "time", "timeout", "amberbar_ask"};
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

static bool check_kind_labels(const struct prometheus_settings *settings, const char *kind,
                              const struct kind_labels *labels, struct error *error)
{
    const bool own = labels->namespace_[0] != '\0';
    const char *namespace_ = own ? labels->namespace_ : settings->namespace_label;
    if (own && strcmp(namespace_, settings->cluster_label) == 0)
        return error_set(error, "labels: %s: namespace: the same as cluster_label; correct one",
                         kind);
    return labels->name[0] == '\0' ||
           (strcmp(labels->name, namespace_) != 0 &&
            strcmp(labels->name, settings->cluster_label) != 0) ||
           error_set(error,
                     "labels: %s: name: the label of the namespace or the cluster; correct it",
                     kind);
}

#define CHECKED_KIND(kind, word, ...) check_kind_labels(settings, #word, &labels->word, error) &&

static bool check_labels(const struct prometheus_settings *settings, struct error *error)
{
    if (settings->namespace_label[0] == '\0')
        return error_set(error, "namespace_label: empty; leave it out to use \"namespace\"");
    if (strcmp(settings->cluster_label, settings->namespace_label) == 0)
        return error_set(error, "cluster_label: the same as namespace_label; correct one of them");
    const struct labels_settings *labels = &settings->labels;
    return KINDS(CHECKED_KIND) true;
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
        check_url,     check_labels,    check_sources,   check_authentication, check_oauth2,
        check_own_tls, check_token_tls, check_own_proxy, check_token_proxy,    check_headers,
        check_params,  check_times,     check_sigv4,
    };
    return number >= PROMETHEUS_CHECKS || checks[number](settings, error);
}
