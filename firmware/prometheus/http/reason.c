#include "prometheus/http/reason.h"

#include "base/text.h"
#include "prometheus/http/request.h"

#include <string.h>
#include <strings.h>

#define TELLING_BYTES 8 /* of a secret in a sentence give it away */

/* The first that is there says most. */
static const char *const names[] = {"message", "Message", "error_description", "error"};
#define NAMES (sizeof names / sizeof names[0])

/* The first line of a body that is no page and no JSON. */
static void take_line(const struct http_answer *http, struct text *said)
{
    const char *body = http->body;
    size_t left = http->length;
    const bool plain =
        http->content_type[0] == '\0' || strncasecmp(http->content_type, "text/plain", 10) == 0;
    while (left > 0 && strchr(" \t\r\n", *body) != NULL) {
        body++;
        left--;
    }
    if (!plain || left == 0 || *body == '<' || *body == '{')
        return;
    size_t length = 0;
    while (length < left && length < HTTP_REASON_SIZE && strchr("\r\n", body[length]) == NULL)
        length++; /* NUL is found, too */
    text_add_bytes(said, body, length);
}

static void read_words(const struct http_answer *http, struct text *said)
{
    struct text values[NAMES] = {{0}};
    response_members(http, names, values, NAMES);
    for (size_t i = 0; i < NAMES; i++) {
        if (said->length == 0 && values[i].length > 0)
            text_add(said, values[i].data);
        text_wipe(&values[i]);
    }
    if (said->length == 0)
        take_line(http, said);
    text_cut(said, HTTP_REASON_SIZE);
}

/* The whole of a short secret, or so much of a longer one. */
static bool shares(const struct text *said, const char *secret)
{
    const size_t length = strlen(secret);
    const size_t run = length < TELLING_BYTES ? length : TELLING_BYTES;
    for (size_t at = 0; run > 0 && at + run <= said->length; at++)
        if (memmem(secret, length, said->data + at, run) != NULL)
            return true;
    return false;
}

static bool shares_header(const struct text *said, const struct prometheus_settings *settings,
                          const struct secrets *secrets)
{
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && settings->http_headers[i].name[0] != '\0'; i++) {
        const struct http_pair *header = &settings->http_headers[i];
        if ((header->source == PAIR_SECRET && shares(said, header->value)) ||
            shares(said, secret_text(&secrets->items[SECRET_HEADERS + i])))
            return true;
    }
    return false;
}

/* As it stands in the header. */
static bool shares_basic(const struct text *said, const struct secrets *secrets)
{
    const char *username = secret_text(&secrets->items[SECRET_USERNAME]);
    struct text line = {0};
    request_basic(&line, username, secret_text(&secrets->items[SECRET_PASSWORD]));
    text_cut(&line, line.length - (line.length > 0)); /* its line feed */
    const char *code = line.failed ? NULL : strrchr(line.data, ' ');
    const bool shared = username[0] != '\0' && (code == NULL || shares(said, code + 1));
    text_wipe(&line);
    return shared;
}

static bool tells_secret(const struct text *said, const struct prometheus_settings *settings,
                         const struct secrets *secrets, const char *token)
{
    for (size_t i = 0; i < SECRET_SOURCES; i++)
        if (!secret_sources[i].harmless &&
            shares(said, secret_text(&secrets->items[secret_sources[i].id])))
            return true;
    return shares(said, token) || shares_header(said, settings, secrets) ||
           shares_basic(said, secrets);
}

void reason_read(const struct http_answer *http, const struct prometheus_settings *settings,
                 const struct secrets *secrets, const char *token,
                 char reason[static HTTP_REASON_SIZE])
{
    struct text said = {0};
    reason[0] = '\0';
    read_words(http, &said);
    if (said.length > 0 && !said.failed && !tells_secret(&said, settings, secrets, token))
        text_printable(reason, HTTP_REASON_SIZE, said.data);
    text_wipe(&said);
}
