#include "prometheus/http/request.h"

#include <string.h>

/* RFC 3986 section 2.3: what no form needs to escape. */
static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void request_escape(struct text *out, const char *value)
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

void request_add(struct text *form, const char *name, const char *value)
{
    if (form->length > 0)
        text_add(form, "&");
    request_escape(form, name);
    text_add(form, "=");
    request_escape(form, value);
}

void request_form(struct text *form, const char *query, const char *ask,
                  const struct prometheus_settings *settings)
{
    int64_t timeout_ms = prometheus_timeout_ms(settings);
    int64_t server_ms = timeout_ms > 2000 ? timeout_ms - 1000 : 1000;
    text_clear(form);
    request_add(form, "query", query);
    text_addf(form, "&timeout=%lldms&amberbar_ask=%s", (long long)server_ms, ask);
    for (size_t i = 0; i < CLIENT_PARAMS_MAX && settings->extra_params[i].name[0] != '\0'; i++)
        request_add(form, settings->extra_params[i].name, settings->extra_params[i].value);
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
void request_basic(struct text *lines, const char *username, const char *password)
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

void request_headers(struct text *lines, bool compress)
{
    text_add(lines, "Accept: application/json\nExpect:\n"); /* no pause for "100 Continue" */
    if (!compress)
        text_add(lines, "Accept-Encoding: identity\n");
}

void request_credentials(struct text *lines, const struct prometheus_settings *settings,
                         const struct secrets *secrets, const char *token)
{
    const char *username = secret_text(&secrets->items[SECRET_USERNAME]);
    const char *credentials = secret_text(&secrets->items[SECRET_CREDENTIALS]);
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && settings->http_headers[i].name[0] != '\0'; i++) {
        const struct http_pair *header = &settings->http_headers[i];
        bool file = header->source == PAIR_FILE;
        const char *value = file ? secret_text(&secrets->items[SECRET_HEADERS + i]) : header->value;
        bool empty = value[0] == '\0'; /* "Name;" is libcurl's way to send an empty one */
        text_addf(lines, "%s%s%s\n", header->name, empty ? ";" : ": ", value);
    }
    if (username[0] != '\0')
        request_basic(lines, username, secret_text(&secrets->items[SECRET_PASSWORD]));
    else if (credentials[0] != '\0')
        text_addf(lines, "Authorization: %s %s\n", settings->authorization.type, credentials);
    else if (token[0] != '\0')
        text_addf(lines, "Authorization: Bearer %s\n", token);
}

void request_connect_headers(struct text *lines, const struct proxy_settings *proxy)
{
    const struct http_pair *header = proxy->connect_headers;
    for (size_t i = 0; i < CLIENT_CONNECT_HEADERS_MAX && header[i].name[0] != '\0'; i++)
        text_addf(lines, "%s: %s\n", header[i].name, header[i].value);
}

void request_wipe(struct text *text)
{
    if (text->data != NULL)
        explicit_bzero(text->data, text->capacity);
    text_free(text);
}
