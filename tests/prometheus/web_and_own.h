/*
 * Replies of a server that is asked about the workloads ("web") and by an own query ("own").
 */
#ifndef AMBERBAR_TESTS_PROMETHEUS_WEB_AND_OWN_H
#define AMBERBAR_TESTS_PROMETHEUS_WEB_AND_OWN_H

#include "prometheus/server.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
#define EMPTY(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"

/* Replies by what is asked. */
#define WEB                                     \
    {                                           \
        BYTES(OK "web"), .wanted = "query=web&" \
    }
#define OWN                                     \
    {                                           \
        BYTES(OK "own"), .wanted = "query=own&" \
    }

#endif
