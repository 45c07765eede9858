/*
 * HTTP to one Prometheus: one request at a time on one kept-alive connection, never blocking.
 * The only file that knows libcurl. client_wait() is the one place where the daemon sleeps.
 */
#ifndef AMBERBAR_PROMETHEUS_CLIENT_H
#define AMBERBAR_PROMETHEUS_CLIENT_H

#include "base/error.h"
#include "base/field.h"
#include "prometheus/response.h"

#include <poll.h>

#define CLIENT_URL_SIZE 1024
#define CLIENT_SECRET_SIZE 512
#define CLIENT_PATH_SIZE 512
#define CLIENT_HEADERS_MAX 16

enum query_style {
    QUERY_STYLE_COMPACT, /* regular expressions over metrics' names: the shortest */
    QUERY_STYLE_NAMED,   /* one metric after the other, for back ends that refuse that */
};

struct http_header {
    char name[64];
    char value[CLIENT_SECRET_SIZE];
};

/* The config's `prometheus:` section; terms and meanings are Prometheus's own (http_config). */
struct prometheus_settings {
    char url[CLIENT_URL_SIZE];  /* http(s)://host[:port][/prefix] */
    int64_t poll_interval_ms;   /* 10 s */
    int64_t timeout_ms;         /* of one request; 0: four fifths of poll_interval */
    int64_t connect_timeout_ms; /* 0: half of timeout */
    int64_t max_response_bytes; /* after decompression; 4 MiB */
    int query_style;            /* enum query_style */
    bool recording_rules;       /* surveys look at the series of tools/prometheus's rules */
    char namespace_label[64];   /* "namespace" */
    char cluster_label[64];     /* "cluster" */
    struct {
        char username[128];
        char password[CLIENT_SECRET_SIZE];
        char password_file[CLIENT_PATH_SIZE];
    } basic_auth;
    struct {
        char type[32]; /* "Bearer" */
        char credentials[CLIENT_SECRET_SIZE];
        char credentials_file[CLIENT_PATH_SIZE];
    } authorization;
    struct {
        char ca_file[CLIENT_PATH_SIZE];
        bool insecure_skip_verify;
    } tls_config;
    struct http_header http_headers[CLIENT_HEADERS_MAX]; /* the first empty name ends them */
};

/* The keys of `prometheus:` but http_headers, which is a map of names and which config/ reads. */
extern const struct field prometheus_fields[];

/* What no table can say: a URL that cannot work, two ways to authenticate, forbidden headers. */
bool prometheus_check(const struct prometheus_settings *settings, struct error *error);

/* What timeout and connect_timeout come to. */
int64_t prometheus_timeout_ms(const struct prometheus_settings *settings);
int64_t prometheus_connect_timeout_ms(const struct prometheus_settings *settings);

/* What these settings deserve one warning for, by number below PROMETHEUS_REMARKS (credentials over
   plain http, a secret that others can read ...). False when they do not. */
#define PROMETHEUS_REMARKS 3
bool prometheus_remark(const struct prometheus_settings *settings, size_t number,
                       struct error *remark);

struct client; /* opaque */

/* `settings` must outlive the client. NULL on error. */
struct client *client_open(const struct prometheus_settings *settings, struct error *error);

/* Aborts what is under way, without waiting. NULL is fine. */
void client_close(struct client *client);

/* Starts POST <url>/api/v1/query with `query`. One at a time. False: not started (its secrets
   cannot be read). */
bool client_ask(struct client *client, const char *query, struct error *error);

bool client_busy(const struct client *client);

enum client_event {
    CLIENT_NOTHING, /* nothing finished yet */
    CLIENT_ANSWER,  /* `answer` is complete; valid until the next client_ask() */
    CLIENT_FAILED,  /* no answer: `error` says why in words */
};

/* Sleeps until the transfer moves, one of `fds` is ready (revents is set), or timeout_ms passed;
   then moves the transfer. At most CLIENT_FDS_MAX of `fds`. */
#define CLIENT_FDS_MAX 8
enum client_event client_wait(struct client *client, struct pollfd fds[], size_t count,
                              int timeout_ms, struct http_answer *answer, struct error *error);

#endif
