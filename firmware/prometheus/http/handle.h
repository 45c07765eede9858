/*
 * One libcurl handle: how it is set up, what one message makes of it, and how what came is read.
 * With transfer.c the only files that know libcurl. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_HANDLE_H
#define AMBERBAR_PROMETHEUS_HTTP_HANDLE_H

#include "prometheus/http/message.h"

#include <curl/curl.h>

struct handle {
    CURL *easy; /* NULL: not open */
    struct curl_slist *headers, *connect_headers, *connect_to;
    struct text body;
    size_t body_max, header_bytes;
    enum fault breach; /* why we broke the transfer off ourselves */
    bool proxied;
    bool dated; /* what the header Date says is wanted */
    char reason[CURL_ERROR_SIZE];
};

/* Where one leads to. */
struct way {
    const struct tls_settings *tls;
    const struct proxy_settings *proxy;
    size_t body_max; /* bytes of an answer, after decompression */
};

/* Zero-initialise the handle. False: no memory; handle_close() all the same. */
bool handle_open(struct handle *handle, const struct prometheus_settings *settings,
                 const struct way *way);
void handle_close(struct handle *handle);

/* Makes it ready to send. False: no memory. */
bool handle_load(struct handle *handle, const struct message *message, int64_t timeout_ms);

/* Reads what came, once the transfer is over. */
void handle_read(const struct handle *handle, CURLcode code, struct outcome *outcome);

/* Wipes and lets go of the last message's secrets; the answer stays. */
void handle_forget(struct handle *handle);

/* Lets go of the answer, and gives its memory back where it was large. */
void handle_rest(struct handle *handle);

#endif
