/*
 * A server that misbehaves on purpose: it answers each request with the next scripted reply, byte
 * for byte, on a port of 127.0.0.1 that the kernel gives. A process of its own (what it is given at
 * its start it has a copy of), with a thread for each connection.
 */
#ifndef AMBERBAR_TESTS_PROMETHEUS_SERVER_H
#define AMBERBAR_TESTS_PROMETHEUS_SERVER_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum server_end {
    SERVER_KEEPS,  /* the connection stays open for the next request */
    SERVER_CLOSES, /* FIN */
    SERVER_RESETS, /* RST */
    SERVER_STALLS, /* nothing more is sent, until the client goes away */
};

struct reply {
    const char
        *bytes; /* NULL: `compose` writes them for each request, in the process that serves */
    size_t length;
    const char *again; /* sent `times` times after `bytes`, each after pause_ms */
    size_t again_length;
    size_t times;
    int pause_ms;
    enum server_end end;
    bool held;          /* it waits for server_release() */
    const char *wanted; /* not in turn, but to each request with these words; such come first */
    void (*compose)(const struct reply *reply, const char *request, struct text *out);
    const void *subject; /* for it */
};

/* The first two fields, of a literal. */
#define BYTES(literal) .bytes = (literal), .length = sizeof literal - 1

struct server;

/* The last of `replies` is given again and again; at most SERVER_REPLIES_MAX. NULL on failure. */
#define SERVER_REPLIES_MAX 16
struct server *server_start(const struct reply replies[], size_t count);
void server_stop(struct server *server);

int server_port(const struct server *server);

/* Lets a held reply go once, also when it is still to come. */
void server_release(struct server *server, size_t reply);

/* How many requests were given this reply, or will be when it is released. */
size_t server_given(const struct server *server, size_t reply);

/* What it saw; to be asked when no request is under way. */
size_t server_connections(const struct server *server);
size_t server_requests(const struct server *server);
const char *server_last_request(const struct server *server); /* its head and body */

#endif
