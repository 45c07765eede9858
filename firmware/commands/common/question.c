#include "commands/common/question.h"

enum client_event question_wait(const struct inquiry *inquiry, struct http_answer *http,
                                struct error *error)
{
    struct pollfd waits[] = {{.fd = inquiry->interrupt, .events = POLLIN}};
    enum client_event event = CLIENT_NOTHING;
    enum client_channel channel;
    while (event == CLIENT_NOTHING) {
        event = client_wait(inquiry->client, waits, 1, 1000, &channel, http, error);
        if (event == CLIENT_NOTHING && waits[0].revents != 0) {
            client_cancel(inquiry->client, CLIENT_WORKLOADS);
            error_set(error, "interrupted");
            return CLIENT_FAILED;
        }
    }
    return event;
}

bool question_ask(const struct inquiry *inquiry, const char *query, struct answered *answered)
{
    struct http_answer http;
    struct error *error = &answered->refusal.error;
    char name[CLIENT_ASK_SIZE];
    *answered = (struct answered){0};
    client_name_question(inquiry->client, name);
    if (inquiry->rows == NULL || !client_ask(inquiry->client, CLIENT_WORKLOADS, query, name, error))
        return false;
    if (question_wait(inquiry, &http, error) == CLIENT_FAILED) {
        answered->distrusted = client_distrusts(inquiry->client, CLIENT_WORKLOADS);
        return false;
    }
    answered->status = http.status;
    text_copy(answered->moved, sizeof answered->moved, http.moved);
    return response_ratio(&http, inquiry->rows, NULL, &answered->answer, &answered->refusal);
}
