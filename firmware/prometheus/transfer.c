#include "prometheus/transfer.h"

#include "prometheus/oauth2.h"
#include "prometheus/request.h"
#include "prometheus/url.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_MAX_BYTES ((size_t)64 * 1024) /* Prometheus sends 200 bytes of them */
#define RETRY_AFTER_MAX_S INT64_C(300)        /* no server may silence us for longer */
#define BODY_KEPT ((size_t)16 * 1024)         /* room kept, as well as four times the last answer */

struct transfer {
    CURL *easy;
    struct curl_slist *headers, *connect_headers, *lead;
    struct text body;
    size_t body_max, header_bytes;
    enum fault breach; /* why we broke the transfer off ourselves */
    bool proxied;
    char reason[CURL_ERROR_SIZE];
};

struct transfers {
    CURLM *multi;
    struct transfer lines[LINES];
    struct transfer *under_way; /* NULL: none */
};

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;
    size_t length = size * count;
    if (length > transfer->body_max - transfer->body.length)
        transfer->breach = FAULT_BODY_SIZE;
    else
        text_add_bytes(&transfer->body, bytes, length);
    if (transfer->body.failed)
        transfer->breach = FAULT_MEMORY;
    return transfer->breach == FAULT_NONE ? length : 0;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;
    (void)bytes;
    transfer->header_bytes += size * count;
    if (transfer->header_bytes > HEADERS_MAX_BYTES)
        transfer->breach = FAULT_HEADER_SIZE;
    return transfer->breach == FAULT_NONE ? size * count : 0;
}

static void drop_list(struct curl_slist **list)
{
    for (struct curl_slist *line = *list; line != NULL; line = line->next)
        explicit_bzero(line->data, strlen(line->data));
    curl_slist_free_all(*list);
    *list = NULL;
}

static bool add_line(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    *list = longer != NULL ? longer : *list;
    return longer != NULL;
}

/* One for each line; the text is used up. */
static bool add_lines(struct curl_slist **list, char *rest)
{
    bool good = true;
    for (const char *line; good && (line = strsep(&rest, "\n")) != NULL && *line != '\0';)
        good = add_line(list, line);
    return good;
}

static bool set_lines(struct transfer *transfer, const struct message *message)
{
    drop_list(&transfer->headers);
    drop_list(&transfer->lead);
    bool good = add_lines(&transfer->headers, message->lines->data) &&
                (message->lead == NULL || add_line(&transfer->lead, message->lead));
    unsigned fault = curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    fault |= curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, transfer->lead);
    /* They are for CONNECT. Plain http has none: there the proxy would pass them on. */
    fault |= curl_easy_setopt(transfer->easy, CURLOPT_PROXYHEADER,
                              url_is_https(message->url) ? transfer->connect_headers : NULL);
    return good && fault == CURLE_OK;
}

/* From memory: libcurl compares it with what a kept connection was made with, so that a changed
   file opens a new one. By path it would keep an old CA for a day (CURLOPT_CA_CACHE_TIMEOUT). */
static bool set_blobs(CURL *easy, const struct message *message)
{
    static const CURLoption options[] = {CURLOPT_CAINFO_BLOB, CURLOPT_PROXY_CAINFO_BLOB,
                                         CURLOPT_SSLCERT_BLOB, CURLOPT_SSLKEY_BLOB};
    const struct secret *secrets[] = {message->ca, message->ca, message->cert, message->key};
    unsigned fault = CURLE_OK;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        struct curl_blob blob = {secrets[i]->text, secrets[i]->length, CURL_BLOB_NOCOPY};
        fault |= curl_easy_setopt(easy, options[i], blob.data == NULL ? NULL : &blob);
    }
    return fault == CURLE_OK;
}

static_assert(CURL_SSLVERSION_TLSv1_0 + TLS13 == CURL_SSLVERSION_TLSv1_3 &&
                  CURL_SSLVERSION_TLSv1_0 << 16 == CURL_SSLVERSION_MAX_TLSv1_0,
              "libcurl numbers the versions as we do");

/* A `ca` of the settings' own replaces the system's. Those come from the system's directory where
   libcurl was built to know one: only what a server needs is read. With the bundle as well, as is
   the default, Debian's 144 are read anew for each connection (249 M instructions against 4.5 M);
   with the bundle alone, all of them at first (238 M). */
static unsigned set_authorities(CURL *easy, const struct tls_settings *tls)
{
    char *directory = NULL;
    bool own = tls->ca[0] != '\0' || tls->ca_file[0] != '\0';
    curl_easy_getinfo(easy, CURLINFO_CAPATH, &directory);
    bool bundle = own || directory == NULL;
    return curl_easy_setopt(easy, bundle ? CURLOPT_CAPATH : CURLOPT_CAINFO, NULL) |
           curl_easy_setopt(easy, bundle ? CURLOPT_PROXY_CAPATH : CURLOPT_PROXY_CAINFO, NULL);
}

static bool set_tls(CURL *easy, const struct tls_settings *tls)
{
    static const CURLoption checks[] = {CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST,
                                        CURLOPT_PROXY_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYHOST};
    long versions = (CURL_SSLVERSION_TLSv1_0 + tls->min_version) |
                    (CURL_SSLVERSION_TLSv1_0 + tls->max_version) << 16;
    unsigned fault = set_authorities(easy, tls);
    fault |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, versions);
    fault |= curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, versions);
    fault |= curl_easy_setopt(easy, CURLOPT_KEYPASSWD, ""); /* or OpenSSL asks at the terminal */
    for (size_t i = 0; tls->insecure_skip_verify && i < sizeof checks / sizeof checks[0]; i++)
        fault |= curl_easy_setopt(easy, checks[i], 0L);
    return fault == CURLE_OK;
}

static bool set_proxy(struct transfer *transfer, const struct proxy_settings *proxy)
{
    struct text lines = {0};
    request_connect_headers(&lines, proxy);
    bool good = !lines.failed && add_lines(&transfer->connect_headers, lines.data);
    request_wipe(&lines);
    transfer->proxied = proxy->url[0] != '\0' || proxy->from_environment;
    unsigned fault = curl_easy_setopt(transfer->easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    if (!proxy->from_environment) { /* "" is none, whatever there is */
        fault |= curl_easy_setopt(transfer->easy, CURLOPT_PROXY, proxy->url);
        fault |= curl_easy_setopt(transfer->easy, CURLOPT_NOPROXY, proxy->no_proxy);
    }
    return good && fault == CURLE_OK;
}

/* Without one of them a transfer might go another way, or be believed when it should not. */
static bool set_options(const struct prometheus_settings *settings, struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    long version = settings->enable_http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1;
    unsigned fault = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    fault |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
    fault |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    fault |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* waits for no resolver's thread */
    fault |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    fault |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "amberbar");
    fault |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    fault |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    fault |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    fault |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    fault |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->reason);
    fault |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                              (long)prometheus_connect_timeout_ms(settings));
    return fault == CURLE_OK;
}

static bool open_line(struct transfers *transfers, enum line line,
                      const struct prometheus_settings *settings)
{
    struct transfer *transfer = &transfers->lines[line];
    bool query = line == LINE_QUERY;
    transfer->body_max = query ? (size_t)settings->max_response_bytes : TOKEN_ANSWER_MAX_BYTES;
    transfer->easy = curl_easy_init();
    return transfer->easy != NULL && set_options(settings, transfer) &&
           set_tls(transfer->easy, query ? &settings->tls_config : &settings->oauth2.tls_config) &&
           set_proxy(transfer, query ? &settings->proxy : &settings->oauth2.proxy);
}

static bool open_lines(struct transfers *transfers, const struct prometheus_settings *settings)
{
    transfers->multi = curl_multi_init();
    if (transfers->multi == NULL || !open_line(transfers, LINE_QUERY, settings) ||
        curl_multi_setopt(transfers->multi, CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK)
        return false;
    /* Asked once an hour: its connection must not push out the one to Prometheus. */
    CURL **token = &transfers->lines[LINE_TOKEN].easy;
    return settings->oauth2.client_id[0] == '\0' ||
           (open_line(transfers, LINE_TOKEN, settings) &&
            curl_easy_setopt(*token, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK);
}

struct transfers *transfers_open(const struct prometheus_settings *settings)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    struct transfers *transfers = calloc(1, sizeof *transfers);
    if (transfers == NULL)
        curl_global_cleanup();
    else if (open_lines(transfers, settings))
        return transfers;
    transfers_close(transfers);
    return NULL;
}

void transfers_close(struct transfers *transfers)
{
    if (transfers == NULL)
        return;
    if (transfers->under_way != NULL)
        curl_multi_remove_handle(transfers->multi, transfers->under_way->easy);
    transfers_forget(transfers);
    for (enum line line = 0; line < LINES; line++) {
        struct transfer *transfer = &transfers->lines[line];
        curl_easy_cleanup(transfer->easy);
        drop_list(&transfer->connect_headers);
        text_free(&transfer->body);
    }
    curl_multi_cleanup(transfers->multi);
    free(transfers);
    curl_global_cleanup();
}

void transfers_forget(struct transfers *transfers)
{
    static const struct secret none;
    static const struct message nothing = {.ca = &none, .cert = &none, .key = &none};
    for (enum line line = 0; line < LINES; line++) {
        struct transfer *transfer = &transfers->lines[line];
        if (transfer->easy == NULL)
            continue;
        set_blobs(transfer->easy, &nothing);
        curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, NULL);
        curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, NULL);
        drop_list(&transfer->headers);
        drop_list(&transfer->lead);
    }
    request_wipe(&transfers->lines[LINE_TOKEN].body);
}

static bool set_message(CURL *easy, const struct message *message, int64_t timeout_ms)
{
    unsigned fault =
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(timeout_ms > 1 ? timeout_ms : 1));
    fault |= curl_easy_setopt(easy, CURLOPT_URL, message->url);
    if (message->form == NULL)
        return (fault | curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L)) == CURLE_OK;
    fault |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, message->form->data);
    fault |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)message->form->length);
    return fault == CURLE_OK;
}

bool transfers_send(struct transfers *transfers, enum line line, const struct message *message,
                    int64_t timeout_ms)
{
    struct transfer *transfer = &transfers->lines[line];
    int running;
    if (transfer->body.capacity / 4 > transfer->body.length + BODY_KEPT)
        text_free(&transfer->body);
    text_clear(&transfer->body);
    transfer->header_bytes = 0;
    transfer->breach = FAULT_NONE;
    transfer->reason[0] = '\0';
    if (!set_lines(transfer, message) || !set_blobs(transfer->easy, message) ||
        !set_message(transfer->easy, message, timeout_ms) ||
        curl_multi_add_handle(transfers->multi, transfer->easy) != CURLM_OK)
        return false;
    transfers->under_way = transfer;
    curl_multi_perform(transfers->multi, &running);
    return true;
}

static int64_t retry_after_ms(CURL *easy)
{
    struct curl_header *header;
    curl_off_t seconds = 0;
    if (curl_easy_header(easy, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
        curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK)
        return -1;
    seconds = seconds > 0 ? seconds : 0; /* below: a date that has passed */
    return (seconds < RETRY_AFTER_MAX_S ? (int64_t)seconds : RETRY_AFTER_MAX_S) * 1000;
}

static void read_answer(const struct transfer *transfer, struct http_answer *answer)
{
    struct curl_header *header;
    char *type = NULL;
    *answer = (struct http_answer){
        .retry_after_ms = retry_after_ms(transfer->easy),
        .stopping = curl_easy_header(transfer->easy, "X-Prometheus-Stopping", 0, CURLH_HEADER, -1,
                                     &header) == CURLHE_OK,
        .body = transfer->body.data == NULL ? "" : transfer->body.data,
        .length = transfer->body.length,
    };
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &answer->status);
    if (curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != NULL)
        text_copy(answer->content_type, sizeof answer->content_type, type);
}

static enum fault fault_of(const struct transfer *transfer, CURLcode code)
{
    static const struct {
        CURLcode code;
        enum fault fault;
    } faults[] = {
        {CURLE_COULDNT_RESOLVE_HOST, FAULT_NAME},
        {CURLE_COULDNT_RESOLVE_PROXY, FAULT_PROXY_NAME},
        {CURLE_PROXY, FAULT_PROXY},
        {CURLE_GOT_NOTHING, FAULT_CLOSED},
        {CURLE_PARTIAL_FILE, FAULT_INCOMPLETE},
        {CURLE_RECV_ERROR, FAULT_INCOMPLETE},
        {CURLE_SEND_ERROR, FAULT_INCOMPLETE},
        {CURLE_BAD_CONTENT_ENCODING, FAULT_ENCODING},
        {CURLE_WRITE_ERROR, FAULT_ENCODING},
        {CURLE_UNSUPPORTED_PROTOCOL, FAULT_NOT_HTTP},
        {CURLE_WEIRD_SERVER_REPLY, FAULT_NOT_HTTP},
        {CURLE_PEER_FAILED_VERIFICATION, FAULT_CERTIFICATE},
        {CURLE_SSL_CACERT_BADFILE, FAULT_CA},
        {CURLE_SSL_CERTPROBLEM, FAULT_CLIENT_CERTIFICATE},
        {CURLE_SSL_CONNECT_ERROR, FAULT_TLS},
        {CURLE_OUT_OF_MEMORY, FAULT_MEMORY},
    };
    long reason = 0, connect_status = 0;
    curl_off_t connected_us = 0;
    if (transfer->breach != FAULT_NONE)
        return transfer->breach;
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &reason);
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
    curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
    if (code == CURLE_COULDNT_CONNECT)
        return reason == ECONNREFUSED && !transfer->proxied ? FAULT_REFUSED : FAULT_UNREACHABLE;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return connected_us > 0 ? FAULT_TIMEOUT : FAULT_CONNECT_TIMEOUT;
    if (code == CURLE_RECV_ERROR && connect_status >= 300)
        return FAULT_PROXY;
    if (code == CURLE_RECV_ERROR && strstr(transfer->reason, " alert ") != NULL)
        return FAULT_TLS; /* TLS 1.3: the server judges our certificate after we are done */
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].code == code)
            return faults[i].fault;
    return FAULT_OTHER;
}

static void finish(struct transfers *transfers, CURLcode code, struct outcome *outcome)
{
    struct transfer *transfer = transfers->under_way;
    char *redirect = NULL;
    curl_off_t spent_us = 0;
    transfers->under_way = NULL;
    curl_multi_remove_handle(transfers->multi, transfer->easy);
    curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &spent_us);
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &redirect);
    *outcome = (struct outcome){
        .fault = code == CURLE_OK ? FAULT_NONE : fault_of(transfer, code),
        .reason = transfer->reason,
        .redirect = redirect,
        .spent_ms = (int64_t)spent_us / 1000,
    };
    if (code == CURLE_OK)
        read_answer(transfer, &outcome->answer);
}

static_assert(CURL_WAIT_POLLIN == POLLIN && CURL_WAIT_POLLOUT == POLLOUT, "the same bits");

/* libcurl's poll() tells of input and output only; a second look has errors and hang-ups too. */
static void sleep_on(struct transfers *transfers, struct pollfd fds[], size_t count, int timeout_ms)
{
    struct curl_waitfd waits[TRANSFERS_FDS_MAX];
    assert(count <= TRANSFERS_FDS_MAX);
    for (size_t i = 0; i < count; i++)
        waits[i] = (struct curl_waitfd){.fd = fds[i].fd, .events = fds[i].events};
    curl_multi_poll(transfers->multi, waits, (unsigned)count, timeout_ms, NULL);
    poll(fds, count, 0);
}

bool transfers_wait(struct transfers *transfers, struct pollfd fds[], size_t count, int timeout_ms,
                    struct outcome *outcome)
{
    int running, left;
    CURLMsg *message = curl_multi_info_read(transfers->multi, &left);
    if (message == NULL) {
        sleep_on(transfers, fds, count, timeout_ms);
        curl_multi_perform(transfers->multi, &running);
        message = curl_multi_info_read(transfers->multi, &left);
    }
    if (message != NULL)
        finish(transfers, message->data.result, outcome);
    return message != NULL;
}
