#include "prometheus/http/secrets.h"

#include "prometheus/http/url.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define AT(member) offsetof(struct prometheus_settings, member)
#define PAIR(name) AT(name), AT(name##_file)

const struct secret_source secret_sources[SECRET_SOURCES] = {
    {SECRET_USERNAME, "basic_auth: ", "username", PAIR(basic_auth.username), SECRET_LINE, true},
    {SECRET_PASSWORD, "basic_auth: ", "password", PAIR(basic_auth.password), SECRET_LINE, false},
    {SECRET_CREDENTIALS, "authorization: ", "credentials", PAIR(authorization.credentials),
     SECRET_LINE, false},
    {SECRET_CREDENTIALS, "", "bearer_token", PAIR(bearer_token), SECRET_LINE, false},
    {SECRET_CLIENT_SECRET, "oauth2: ", "client_secret", PAIR(oauth2.client_secret), SECRET_LINE,
     false},
    {SECRET_ACCESS_KEY, "sigv4: ", "access_key", PAIR(sigv4.access_key), SECRET_LINE, true},
    {SECRET_SECRET_KEY, "sigv4: ", "secret_key", PAIR(sigv4.secret_key), SECRET_LINE, false},
    {SECRET_CA, "tls_config: ", "ca", PAIR(tls_config.ca), SECRET_PEM, true},
    {SECRET_CERT, "tls_config: ", "cert", PAIR(tls_config.cert), SECRET_PEM, true},
    {SECRET_KEY, "tls_config: ", "key", PAIR(tls_config.key), SECRET_PEM, false},
    {SECRET_TOKEN_CA, "oauth2: tls_config: ", "ca", PAIR(oauth2.tls_config.ca), SECRET_PEM, true},
    {SECRET_TOKEN_CERT, "oauth2: tls_config: ", "cert", PAIR(oauth2.tls_config.cert), SECRET_PEM,
     true},
    {SECRET_TOKEN_KEY, "oauth2: tls_config: ", "key", PAIR(oauth2.tls_config.key), SECRET_PEM,
     false},
};

const char *secret_source_text(const struct secret_source *source,
                               const struct prometheus_settings *settings)
{
    return (const char *)settings + source->text;
}

const char *secret_source_file(const struct secret_source *source,
                               const struct prometheus_settings *settings)
{
    return (const char *)settings + source->file;
}

bool secret_is_given(enum secret_id id, const struct prometheus_settings *settings)
{
    for (size_t i = 0; i < SECRET_SOURCES; i++)
        if (secret_sources[i].id == id &&
            (secret_source_text(&secret_sources[i], settings)[0] != '\0' ||
             secret_source_file(&secret_sources[i], settings)[0] != '\0'))
            return true;
    return false;
}

static bool read_source(size_t number, struct secrets *secrets,
                        const struct prometheus_settings *settings, struct error *error)
{
    char term[PROMETHEUS_FILE_KEY_SIZE];
    const struct secret_source *source = &secret_sources[number];
    struct secret *secret = &secrets->items[source->id];
    const char *text = secret_source_text(source, settings);
    const char *file = secret_source_file(source, settings);
    if (text[0] != '\0')
        return secret_set(secret, text, strlen(text)) ||
               error_set(error, "not enough memory to ask Prometheus");
    if (file[0] == '\0')
        return true;
    return secret_read(secret, file, prometheus_file_key(settings, number, term), source->form,
                       error);
}

static bool read_headers(struct secrets *secrets, const struct prometheus_settings *settings,
                         struct error *error)
{
    char term[128];
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && settings->http_headers[i].name[0] != '\0'; i++) {
        const struct http_pair *header = &settings->http_headers[i];
        snprintf(term, sizeof term, "http_headers: %s: files:", header->name);
        if (header->source == PAIR_FILE && !secret_read(&secrets->items[SECRET_HEADERS + i],
                                                        header->value, term, SECRET_LINE, error))
            return false;
    }
    return true;
}

bool secrets_read(struct secrets *secrets, const struct prometheus_settings *settings,
                  struct error *error)
{
    bool good = true;
    secrets_wipe(secrets);
    for (size_t i = 0; good && i < SECRET_SOURCES; i++)
        good = read_source(i, secrets, settings, error);
    if (good && read_headers(secrets, settings, error))
        return true;
    secrets_wipe(secrets);
    return false;
}

bool secrets_equal(const struct secrets *a, const struct secrets *b)
{
    for (size_t i = 0; i < SECRET_COUNT; i++)
        if (!secret_equals(&a->items[i], &b->items[i]))
            return false;
    return true;
}

void secrets_wipe(struct secrets *secrets)
{
    for (size_t i = 0; i < SECRET_COUNT; i++)
        if (secrets->items[i].text != NULL) /* few are: each poll reads and wipes them */
            secret_wipe(&secrets->items[i]);
}

static bool has_secret(const struct prometheus_settings *settings, bool inline_only)
{
    for (size_t i = 0; i < SECRET_SOURCES; i++) {
        const struct secret_source *source = &secret_sources[i];
        if (!source->harmless &&
            (secret_source_text(source, settings)[0] != '\0' ||
             (!inline_only && secret_source_file(source, settings)[0] != '\0')))
            return true;
    }
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && settings->http_headers[i].name[0] != '\0'; i++)
        if (settings->http_headers[i].source == PAIR_SECRET ||
            (!inline_only && settings->http_headers[i].source == PAIR_FILE))
            return true;
    return url_has_user(settings->proxy.url) || url_has_user(settings->oauth2.proxy.url) ||
           settings->proxy.connect_headers[0].name[0] != '\0' ||
           settings->oauth2.proxy.connect_headers[0].name[0] != '\0';
}

bool prometheus_has_secret(const struct prometheus_settings *settings)
{
    return has_secret(settings, false);
}

bool prometheus_has_inline_secret(const struct prometheus_settings *settings)
{
    return has_secret(settings, true);
}

void prometheus_guard(const struct prometheus_settings *settings)
{
    if (prometheus_has_secret(settings))
        prctl(PR_SET_DUMPABLE, 0);
}
