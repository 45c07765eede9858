#include "prometheus/http/echo.h"

#include "base/text.h"
#include "prometheus/http/request.h"
#include "prometheus/http/url.h"

#include <string.h>

#define TELLING_BYTES 8 /* of a secret in a sentence give it away */
#define SHORT_BYTES 4   /* what is shorter, and may be none, stands in any sentence */
#define WORDS_MAX 2048  /* no sentence shows as much */
#define ESCAPED_MOST 3  /* times one inside the other */

/*
 * What differs between one way to write a text and another is taken out: capitals, backslashes,
 * spaces and what a form has for them, all that is not ASCII, and %xx. Returns the new length.
 */
static size_t fold(char *text, size_t length)
{
    for (int times = 0; times < ESCAPED_MOST; times++) {
        const char *at = text, *end = text + length;
        for (length = 0; at < end;) {
            char c = url_next(&at, (size_t)(end - at));
            if (c >= 'A' && c <= 'Z')
                c = (char)(c - 'A' + 'a');
            if (c > ' ' && c < 0x7f && c != '\\' && c != '+')
                text[length++] = c;
        }
    }
    return length;
}

static void add(struct echo *echo, const char *secret)
{
    const size_t length = strlen(secret), from = echo->folded.length;
    if (length == 0)
        return;
    text_add_bytes(&echo->plain, secret, length + 1);
    text_add_bytes(&echo->folded, secret, length + 1);
    if (echo->folded.failed)
        return;
    const size_t kept = fold(echo->folded.data + from, length);
    echo->folded.data[from + kept] = '\0';
    text_cut(&echo->folded, from + kept + (kept > 0));
}

/* Of pairs that may hold a secret, or not. */
static void add_pairs(struct echo *echo, const struct http_pair pairs[], size_t most)
{
    for (size_t i = 0; i < most && pairs[i].name[0] != '\0'; i++)
        if (strlen(pairs[i].value) >= SHORT_BYTES)
            add(echo, pairs[i].value);
}

/* "X-Api-Key", "apikey", "access_token": what stands there is no setting. */
static bool names_secret(const char *name)
{
    static const char *const words[] = {"key", "token", "secret", "pass", "auth", "cred", "sig"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasestr(name, words[i]) != NULL)
            return true;
    return false;
}

static void add_named(struct echo *echo, const struct http_pair pairs[], size_t most)
{
    for (size_t i = 0; i < most && pairs[i].name[0] != '\0'; i++)
        if (pairs[i].source == PAIR_VALUE && names_secret(pairs[i].name))
            add_pairs(echo, &pairs[i], 1);
}

static bool has_named(const struct http_pair pairs[], size_t most)
{
    for (size_t i = 0; i < most && pairs[i].name[0] != '\0'; i++)
        if (pairs[i].source == PAIR_VALUE && names_secret(pairs[i].name))
            return true;
    return false;
}

bool echo_is_possible(const struct prometheus_settings *settings)
{
    return prometheus_has_secret(settings) || settings->oauth2.client_id[0] != '\0' ||
           has_named(settings->http_headers, CLIENT_HEADERS_MAX) ||
           has_named(settings->extra_params, CLIENT_PARAMS_MAX);
}

static void add_headers(struct echo *echo, const struct prometheus_settings *settings,
                        const struct secrets *secrets)
{
    const struct http_pair *headers = settings->http_headers;
    add_named(echo, headers, CLIENT_HEADERS_MAX);
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && headers[i].name[0] != '\0'; i++) {
        if (headers[i].source == PAIR_SECRET)
            add(echo, headers[i].value);
        add(echo, secret_text(&secrets->items[SECRET_HEADERS + i]));
    }
}

typedef void (*writes_basic)(struct text *lines, const char *username, const char *password);

/* As it stands in the header. */
static void add_basic(struct echo *echo, writes_basic write, const char *username,
                      const char *password)
{
    struct text line = {0};
    if (username[0] == '\0')
        return;
    write(&line, username, password);
    text_cut(&line, line.length - (line.length > 0)); /* its line feed */
    const char *code = line.failed ? NULL : strrchr(line.data, ' ');
    if (code != NULL)
        add(echo, code + 1);
    echo->plain.failed |= line.failed;
    text_wipe(&line);
}

/* What an address holds of a user, as it is written and as it is sent. */
static void add_user(struct echo *echo, const char *url)
{
    struct text username = {0}, password = {0};
    if (url_user(url, &username, &password)) {
        const char *word = password.length > 0 ? password.data : "";
        add(echo, word);
        add_basic(echo, request_basic, username.length > 0 ? username.data : "", word);
    }
    echo->plain.failed |= username.failed || password.failed;
    text_wipe(&username);
    text_wipe(&password);
}

static void add_proxy(struct echo *echo, const struct proxy_settings *proxy)
{
    add_user(echo, proxy->url);
    add_pairs(echo, proxy->connect_headers, CLIENT_CONNECT_HEADERS_MAX);
}

void echo_add(struct echo *echo, const struct prometheus_settings *settings,
              const struct secrets *secrets, const char *token)
{
    const struct secret *items = secrets->items;
    const struct oauth2_settings *oauth2 = &settings->oauth2;
    for (size_t i = 0; i < SECRET_SOURCES; i++)
        if (!secret_sources[i].harmless)
            add(echo, secret_text(&items[secret_sources[i].id]));
    add(echo, token);
    add_headers(echo, settings, secrets);
    add_named(echo, settings->extra_params, CLIENT_PARAMS_MAX);
    add_basic(echo, request_basic, secret_text(&items[SECRET_USERNAME]),
              secret_text(&items[SECRET_PASSWORD]));
    add_basic(echo, request_basic_of_client, oauth2->client_id,
              secret_text(&items[SECRET_CLIENT_SECRET]));
    add_pairs(echo, oauth2->endpoint_params, CLIENT_PARAMS_MAX);
    add_proxy(echo, &settings->proxy);
    add_proxy(echo, &oauth2->proxy);
}

void echo_wipe(struct echo *echo)
{
    text_wipe(&echo->plain);
    text_wipe(&echo->folded);
}

/* The whole of a short secret, or so much of a longer one. */
static bool shares(const char *words, size_t length, const char *secret)
{
    const size_t secret_length = strlen(secret);
    const size_t run = secret_length < TELLING_BYTES ? secret_length : TELLING_BYTES;
    for (size_t at = 0; at + run <= length; at++)
        if (memmem(secret, secret_length, words + at, run) != NULL)
            return true;
    return false;
}

static bool shares_any(const char *words, size_t length, const struct text *secrets, size_t least)
{
    const char *end = secrets->data + secrets->length;
    for (const char *at = secrets->data; at < end; at += strlen(at) + 1)
        if (strlen(at) >= least && shares(words, length, at))
            return true;
    return false;
}

bool echo_holds(const void *sent, const char *words)
{
    const struct echo *echo = sent;
    char folded[WORDS_MAX];
    const size_t length = strnlen(words, WORDS_MAX);
    if (echo->plain.failed || echo->folded.failed)
        return true;
    if (echo->plain.length == 0)
        return false;
    memcpy(folded, words, length);
    const bool holds = shares_any(words, length, &echo->plain, 1) ||
                       shares_any(folded, fold(folded, length), &echo->folded, SHORT_BYTES);
    explicit_bzero(folded, sizeof folded);
    return holds;
}
