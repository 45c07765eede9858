#include "prometheus/http/echo.h"

#include "base/text.h"
#include "prometheus/http/request.h"
#include "prometheus/http/url.h"

#include <string.h>

#define TELLING_BYTES 8 /* of a secret in a sentence give it away */
#define SHORT_BYTES 4   /* what is shorter, and may be none, stands in any sentence */
#define WORDS_MAX 2048  /* no sentence shows as much */

/* The whole of a short secret, or so much of a longer one. */
static bool shares(const char *words, const char *secret)
{
    const size_t secret_length = strlen(secret), length = strnlen(words, WORDS_MAX);
    const size_t run = secret_length < TELLING_BYTES ? secret_length : TELLING_BYTES;
    for (size_t at = 0; run > 0 && at + run <= length; at++)
        if (memmem(secret, secret_length, words + at, run) != NULL)
            return true;
    return false;
}

/* Of pairs that may hold a secret, or not. */
static bool shares_pairs(const char *words, const struct http_pair pairs[], size_t most)
{
    for (size_t i = 0; i < most && pairs[i].name[0] != '\0'; i++)
        if (strlen(pairs[i].value) >= SHORT_BYTES && shares(words, pairs[i].value))
            return true;
    return false;
}

static bool shares_header(const char *words, const struct echo *echo)
{
    const struct http_pair *headers = echo->settings->http_headers;
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && headers[i].name[0] != '\0'; i++)
        if ((headers[i].source == PAIR_SECRET && shares(words, headers[i].value)) ||
            shares(words, secret_text(&echo->secrets->items[SECRET_HEADERS + i])))
            return true;
    return false;
}

typedef void (*writes_basic)(struct text *lines, const char *username, const char *password);

/* As it stands in the header. */
static bool shares_basic(const char *words, writes_basic write, const char *username,
                         const char *password)
{
    struct text line = {0};
    if (username[0] == '\0')
        return false;
    write(&line, username, password);
    text_cut(&line, line.length - (line.length > 0)); /* its line feed */
    const char *code = line.failed ? NULL : strrchr(line.data, ' ');
    const bool shared = code == NULL || shares(words, code + 1);
    text_wipe(&line);
    return shared;
}

/* What an address holds of a user, as it is written and as it is sent. */
static bool shares_user(const char *words, const char *url)
{
    struct text username = {0}, password = {0};
    const bool has_user = url_user(url, &username, &password);
    const bool shared =
        has_user && (username.failed || password.failed ||
                     (password.length > 0 && shares(words, password.data)) ||
                     shares_basic(words, request_basic, username.length > 0 ? username.data : "",
                                  password.length > 0 ? password.data : ""));
    text_wipe(&username);
    text_wipe(&password);
    return shared;
}

static bool shares_proxy(const char *words, const struct proxy_settings *proxy)
{
    return shares_user(words, proxy->url) ||
           shares_pairs(words, proxy->connect_headers, CLIENT_CONNECT_HEADERS_MAX);
}

bool echo_holds(const void *sent, const char *words)
{
    const struct echo *echo = sent;
    const struct secret *items = echo->secrets->items;
    const struct oauth2_settings *oauth2 = &echo->settings->oauth2;
    for (size_t i = 0; i < SECRET_SOURCES; i++)
        if (!secret_sources[i].harmless && shares(words, secret_text(&items[secret_sources[i].id])))
            return true;
    return shares(words, echo->token) || shares_header(words, echo) ||
           shares_basic(words, request_basic, secret_text(&items[SECRET_USERNAME]),
                        secret_text(&items[SECRET_PASSWORD])) ||
           shares_basic(words, request_basic_of_client, oauth2->client_id,
                        secret_text(&items[SECRET_CLIENT_SECRET])) ||
           shares_pairs(words, oauth2->endpoint_params, CLIENT_PARAMS_MAX) ||
           shares_proxy(words, &echo->settings->proxy) || shares_proxy(words, &oauth2->proxy);
}
