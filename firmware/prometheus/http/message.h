/*
 * One HTTP request and what came of it: the words between who decides what is asked (exchange.h)
 * and who sends it (transfer.h). Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_MESSAGE_H
#define AMBERBAR_PROMETHEUS_HTTP_MESSAGE_H

#include "base/text.h"
#include "prometheus/answer/response.h"
#include "prometheus/http/fault.h"
#include "prometheus/http/secret.h"

/* To sign with (AWS Signature Version 4); must stay until transfers_forget(). */
struct signature {
    char scope[96]; /* as CURLOPT_AWS_SIGV4 has it: "aws:amz:REGION:SERVICE" */
    const struct secret *access_key, *secret_key;
};

struct message {
    const char *url;
    const char *connect_to;   /* NAME:PORT:HOST:PORT (url_connect_to()); NULL: url has the host */
    const struct text *form;  /* to POST; NULL: GET */
    const struct text *lines; /* headers, each with a line feed */
    const struct signature *signature;    /* NULL: it is not signed */
    const struct secret *ca, *cert, *key; /* PEM; must stay until transfers_forget() */
};

struct outcome {
    enum fault fault; /* FAULT_NONE: `answer` is there */
    const char *reason;
    struct http_answer answer; /* valid until the next transfer on the same slot */
    const char *redirect;      /* where it points to; NULL: nowhere; as long */
};

#endif
