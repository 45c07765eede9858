#include "prometheus/http/request.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* RFC 3986 section 2.3: what no form needs to escape. A look each, for a query is long and asked
   each poll. */
static const bool unreserved[UCHAR_MAX + 1] = {
    ['-'] = true, ['.'] = true, ['_'] = true, ['~'] = true, ['0'] = true, ['1'] = true,
    ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true,
    ['8'] = true, ['9'] = true, ['A'] = true, ['B'] = true, ['C'] = true, ['D'] = true,
    ['E'] = true, ['F'] = true, ['G'] = true, ['H'] = true, ['I'] = true, ['J'] = true,
    ['K'] = true, ['L'] = true, ['M'] = true, ['N'] = true, ['O'] = true, ['P'] = true,
    ['Q'] = true, ['R'] = true, ['S'] = true, ['T'] = true, ['U'] = true, ['V'] = true,
    ['W'] = true, ['X'] = true, ['Y'] = true, ['Z'] = true, ['a'] = true, ['b'] = true,
    ['c'] = true, ['d'] = true, ['e'] = true, ['f'] = true, ['g'] = true, ['h'] = true,
    ['i'] = true, ['j'] = true, ['k'] = true, ['l'] = true, ['m'] = true, ['n'] = true,
    ['o'] = true, ['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true, ['t'] = true,
    ['u'] = true, ['v'] = true, ['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true,
};

static void escape(struct text *out, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    char piece[256]; /* a query has an escape every few characters: they go out together */
    size_t length = 0;
    for (; *value != '\0'; value++) {
        const unsigned char byte = (unsigned char)*value;
        if (length > sizeof piece - 3) {
            text_add_bytes(out, piece, length);
            length = 0;
        }
        if (unreserved[byte]) {
            piece[length++] = *value;
            continue;
        }
        piece[length++] = '%';
        piece[length++] = digits[byte >> 4];
        piece[length++] = digits[byte & 15];
    }
    text_add_bytes(out, piece, length);
}

void request_add(struct text *form, const char *name, const char *value)
{
    if (form->length > 0)
        text_add(form, "&");
    escape(form, name);
    text_add(form, "=");
    escape(form, value);
}

void request_form(struct text *form, const char *query, const char *ask,
                  const struct prometheus_settings *settings)
{
    int64_t timeout_ms = prometheus_timeout_ms(settings);
    int64_t server_ms = timeout_ms > 2000 ? timeout_ms - 1000 : 1000;
    text_clear(form);
    request_add(form, "query", query);
    text_addf(form, "&timeout=%lldms&amberbar_ask=%s", (long long)server_ms, ask);
}

void request_params(struct text *params, const struct prometheus_settings *settings)
{
    text_clear(params);
    for (size_t i = 0; i < CLIENT_PARAMS_MAX && settings->extra_params[i].name[0] != '\0'; i++)
        request_add(params, settings->extra_params[i].name, settings->extra_params[i].value);
}

#define PARAMS_MAX (CLIENT_PARAMS_MAX + 3) /* and query, timeout, amberbar_ask */

/* One "name=value" of a form. */
struct param {
    const char *text;
    size_t name, length;
};

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length)
{
    const int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* A shorter name comes before one that it begins, whatever follows: "a=2" before "a-b=1". */
static int compare_params(const void *left, const void *right)
{
    const struct param *a = left, *b = right;
    const int order = compare_bytes(a->text, a->name, b->text, b->name);
    return order != 0 ? order : compare_bytes(a->text, a->length, b->text, b->length);
}

static size_t split(const struct text *form, struct param params[static PARAMS_MAX], size_t count)
{
    const char *at = form == NULL || form->length == 0 ? "" : form->data;
    while (*at != '\0' && count < PARAMS_MAX) {
        const size_t length = strcspn(at, "&");
        params[count++] = (struct param){at, strcspn(at, "=&"), length};
        at += length + (at[length] == '&');
    }
    return count;
}

void request_address(struct text *address, const struct text *params, const struct text *form)
{
    struct param list[PARAMS_MAX];
    const size_t count = split(form, list, split(params, list, 0));
    qsort(list, count, sizeof list[0], compare_params);
    for (size_t i = 0; i < count; i++) {
        text_add(address, i == 0 ? "?" : "&");
        text_add_bytes(address, list[i].text, list[i].length);
    }
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
    text_wipe(&pair);
}

void request_basic_of_client(struct text *lines, const char *id, const char *secret)
{
    struct text escaped[2] = {{0}, {0}};
    escape(&escaped[0], id);
    escape(&escaped[1], secret);
    lines->failed |= escaped[0].failed || escaped[1].failed;
    if (!lines->failed)
        request_basic(lines, escaped[0].length > 0 ? escaped[0].data : "",
                      escaped[1].length > 0 ? escaped[1].data : "");
    text_wipe(&escaped[0]);
    text_wipe(&escaped[1]);
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
