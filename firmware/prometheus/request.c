#include "prometheus/request.h"

#include <string.h>

/* RFC 3986 section 2.3: what no form needs to escape. */
static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void add_escaped(struct text *out, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (;;) {
        size_t length = 0;
        while (is_unreserved(value[length]))
            length++;
        text_add_bytes(out, value, length);
        value += length;
        if (*value == '\0')
            return;
        unsigned char byte = (unsigned char)*value++;
        const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        text_add_bytes(out, escape, sizeof escape);
    }
}

void request_form(struct text *form, const char *query, int64_t timeout_ms)
{
    int64_t server_ms = timeout_ms > 2000 ? timeout_ms - 1000 : 1000;
    text_clear(form);
    text_add(form, "query=");
    add_escaped(form, query);
    text_addf(form, "&timeout=%lldms", (long long)server_ms);
}

const char *request_secret_file(const struct prometheus_settings *settings, const char **term)
{
    bool basic = settings->basic_auth.password_file[0] != '\0';
    *term = basic ? "password_file" : "credentials_file";
    return basic ? settings->basic_auth.password_file : settings->authorization.credentials_file;
}

/* RFC 4648 section 4. */
static void add_base64(struct text *out, const char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < length; at += 3) {
        size_t left = length - at;
        uint32_t group = (uint32_t)(unsigned char)bytes[at] << 16;
        if (left > 1)
            group |= (uint32_t)(unsigned char)bytes[at + 1] << 8;
        if (left > 2)
            group |= (unsigned char)bytes[at + 2];
        char four[4] = {digits[group >> 18], digits[group >> 12 & 63], '=', '='};
        if (left > 1)
            four[2] = digits[group >> 6 & 63];
        if (left > 2)
            four[3] = digits[group & 63];
        text_add_bytes(out, four, sizeof four);
    }
}

/* RFC 7617: a user's name has no colon, a password may. */
static void add_basic(struct text *lines, const char *username, const char *password)
{
    struct text pair = {0};
    text_addf(&pair, "%s:%s", username, password);
    text_add(lines, "Authorization: Basic ");
    if (!pair.failed)
        add_base64(lines, pair.data, pair.length);
    text_add(lines, "\n");
    lines->failed |= pair.failed;
    request_wipe(&pair);
}

static void add_credentials(struct text *lines, const struct prometheus_settings *settings,
                            const char *secret)
{
    const char *password = settings->basic_auth.password;
    const char *credentials = settings->authorization.credentials;
    if (settings->basic_auth.password_file[0] != '\0')
        password = secret;
    if (settings->authorization.credentials_file[0] != '\0')
        credentials = secret;
    if (settings->basic_auth.username[0] != '\0')
        add_basic(lines, settings->basic_auth.username, password);
    else if (credentials[0] != '\0')
        text_addf(lines, "Authorization: %s %s\n", settings->authorization.type, credentials);
}

void request_headers(struct text *lines, const struct prometheus_settings *settings,
                     const char *secret, bool compress)
{
    text_add(lines, "Accept: application/json\nExpect:\n"); /* no pause for "100 Continue" */
    if (!compress)
        text_add(lines, "Accept-Encoding: identity\n");
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && settings->http_headers[i].name[0] != '\0'; i++) {
        const struct http_header *header = &settings->http_headers[i];
        bool empty = header->value[0] == '\0'; /* "Name;" is libcurl's way to send an empty one */
        text_addf(lines, "%s%s%s\n", header->name, empty ? ";" : ": ", header->value);
    }
    add_credentials(lines, settings, secret);
}

void request_wipe(struct text *text)
{
    if (text->data != NULL)
        explicit_bzero(text->data, text->capacity);
    text_free(text);
}
