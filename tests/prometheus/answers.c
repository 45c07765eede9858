#include "prometheus/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

void answers_begin(struct text *body, const char *members)
{
    text_clear(body);
    text_addf(body, "{\"status\":\"success\",%s\"data\":{\"resultType\":\"vector\",\"result\":[",
              members);
}

/* {a="b",c="d"} becomes {"a":"b","c":"d"}; no value in these tests has a quote, comma or `=`. */
static void add_labels(struct text *body, const char *labels)
{
    for (const char *c = labels; *c != '\0'; c++) {
        if (*c == '=')
            text_add(body, "\":");
        else
            text_add_bytes(body, c, 1);
        if ((*c == '{' && c[1] != '}') || *c == ',')
            text_add(body, "\"");
    }
}

void answers_add_at(struct text *body, const char *labels, const char *value, double time)
{
    text_add(body, body->data[body->length - 1] == '[' ? "{\"metric\":" : ",{\"metric\":");
    add_labels(body, labels);
    text_addf(body, ",\"value\":[%.3f,%s]}", time, value);
}

void answers_add(struct text *body, const char *labels, const char *value)
{
    answers_add_at(body, labels, value, (double)ANSWERS_TIME_MS / 1000);
}

void answers_add_deployment(struct text *body, const char *labels, int count)
{
    static const char *const metrics[] = {
        "created",
        "metadata_generation",
        "spec_paused",
        "spec_replicas",
        "status_observed_generation",
        "status_replicas",
        "status_replicas_available",
        "status_replicas_ready",
        "status_replicas_updated",
        "status_terminating_replicas",
    };
    struct text series = {0};
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        char value[16];
        text_clear(&series);
        text_addf(&series, "{__name__=\"kube_deployment_%s\",%s}", metrics[i], labels);
        snprintf(value, sizeof value, "\"%d\"", count + (int)i);
        answers_add(body, series.data, value);
    }
    text_clear(&series);
    text_addf(&series, "{%s,m=\"sample_ts\"}", labels);
    answers_add(body, series.data, "\"1699999990.25\"");
    text_free(&series);
}

struct http_answer answers_end(struct text *body)
{
    text_add(body, "]}}");
    return (struct http_answer){.status = 200,
                                .content_type = "application/json",
                                .retry_after_ms = -1,
                                .body = body->data,
                                .length = body->length};
}

int room_set_up(void **state)
{
    struct room *room = calloc(1, sizeof *room);
    *state = room;
    room->rows = rows_new();
    room->selections = 1;
    answers_begin(&room->body, "");
    return room->rows == NULL;
}

int room_tear_down(void **state)
{
    struct room *room = *state;
    rows_free(room->rows);
    text_free(&room->body);
    free(room);
    return 0;
}

bool room_try(struct room *room)
{
    const struct asked asked = {.namespace_ = "namespace",
                                .cluster = "cluster",
                                .selections = room->selections,
                                .recorded = room->recorded};
    struct http_answer http = answers_end(&room->body);
    return response_workloads(&http, &asked, room->rows, &room->answer, &room->refusal);
}

void room_read(struct room *room)
{
    if (!room_try(room))
        fail_msg("refused: %s\n%s", room->refusal.error.text, room->body.data);
}
