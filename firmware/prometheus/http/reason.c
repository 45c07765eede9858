#include "prometheus/http/reason.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

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

void reason_read(const struct http_answer *http, char reason[static HTTP_REASON_SIZE])
{
    struct text said = {0};
    reason[0] = '\0';
    read_words(http, &said);
    if (said.length > 0 && !said.failed && !http->repeats(http->sent, said.data))
        text_shorten(reason, HTTP_REASON_SIZE, said.data);
    text_wipe(&said);
}
