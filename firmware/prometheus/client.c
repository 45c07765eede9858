#include "prometheus/client.h"

#include "base/text.h"
#include "prometheus/fault.h"
#include "prometheus/request.h"
#include "prometheus/secret.h"
#include "prometheus/url.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define API_PATH "/api/v1/query"
#define REDIRECTS_MAX 3
#define HEADERS_MAX_BYTES ((size_t)64 * 1024)   /* Prometheus sends 200 bytes of them */
#define RETRY_AFTER_MAX_S INT64_C(300)          /* no server may silence us for longer */
#define COMPRESS_FROM_BYTES ((size_t)64 * 1024) /* below, unpacking costs more than it saves */
#define GET_MAX_BYTES 2000                      /* a URL that every proxy takes */

struct client {
    const struct prometheus_settings *settings;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    struct text endpoint; /* <url>/api/v1/query */
    struct text target;   /* where this transfer goes */
    struct text form;
    struct text body;
    size_t header_bytes;
    enum fault breach; /* why we broke the transfer off ourselves */

    bool busy;
    bool get;                    /* the server refuses POST */
    bool compress;               /* the last answer was large */
    bool retried;                /* this request was sent again with fresh secrets */
    int redirects;               /* of this request */
    int64_t spent_ms;            /* by the earlier transfers of this request */
    struct secret secret, fresh; /* as sent; as read again after a refusal */
    char reason[CURL_ERROR_SIZE];
};

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct client *client = user;
    size_t length = size * count;
    if (length > (size_t)client->settings->max_response_bytes - client->body.length)
        client->breach = FAULT_BODY_SIZE;
    else
        text_add_bytes(&client->body, bytes, length);
    if (client->body.failed)
        client->breach = FAULT_MEMORY;
    return client->breach == FAULT_NONE ? length : 0;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *user)
{
    struct client *client = user;
    (void)bytes;
    client->header_bytes += size * count;
    if (client->header_bytes > HEADERS_MAX_BYTES)
        client->breach = FAULT_HEADER_SIZE;
    return client->breach == FAULT_NONE ? size * count : 0;
}

static void drop_headers(struct client *client)
{
    curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, NULL);
    for (struct curl_slist *header = client->headers; header != NULL; header = header->next)
        explicit_bzero(header->data, strlen(header->data));
    curl_slist_free_all(client->headers);
    client->headers = NULL;
}

static void forget_secrets(struct client *client)
{
    drop_headers(client);
    secret_wipe(&client->secret);
    secret_wipe(&client->fresh);
}

/* Our own headers, Authorization among them: no transfer ever leaves the origin of `url`. */
static bool set_headers(struct client *client, struct error *error)
{
    struct text lines = {0};
    drop_headers(client);
    request_headers(&lines, client->settings, client->secret.text, client->compress);
    bool good = !lines.failed;
    char *rest = lines.data, *line;
    while (good && (line = strsep(&rest, "\n")) != NULL && *line != '\0') {
        struct curl_slist *list = curl_slist_append(client->headers, line);
        good = list != NULL;
        client->headers = good ? list : client->headers;
    }
    request_wipe(&lines);
    curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, client->headers);
    return good || error_set(error, "not enough memory to ask Prometheus");
}

static void set_tls(const struct client *client)
{
    /* Debian's default CA path makes libcurl read 144 certificates anew for each connection; with
       the bundle alone it keeps them (249 M instructions a handshake against 4.5 M). */
    curl_easy_setopt(client->easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(client->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (client->settings->tls_config.ca_file[0] != '\0') {
        curl_easy_setopt(client->easy, CURLOPT_CAINFO, client->settings->tls_config.ca_file);
        curl_easy_setopt(client->easy, CURLOPT_CA_CACHE_TIMEOUT, 0L); /* it may be replaced */
    }
    if (client->settings->tls_config.insecure_skip_verify) {
        curl_easy_setopt(client->easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(client->easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
}

static void set_options(struct client *client)
{
    CURL *easy = client->easy;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* the environment's is not asked for */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* never wait for a resolver's thread */
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "amberbar");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, client);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, client);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->reason);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)prometheus_connect_timeout_ms(client->settings));
    curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, 1L);
    set_tls(client);
}

static bool prepare(struct client *client, const struct prometheus_settings *settings)
{
    size_t length = strlen(settings->url);
    while (length > 0 && settings->url[length - 1] == '/')
        length--;
    text_add_bytes(&client->endpoint, settings->url, length);
    text_add(&client->endpoint, API_PATH);
    client->settings = settings;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return false;
    client->easy = curl_easy_init();
    client->multi = curl_multi_init();
    if (client->easy == NULL || client->multi == NULL || client->endpoint.failed)
        return false;
    set_options(client);
    return true;
}

struct client *client_open(const struct prometheus_settings *settings, struct error *error)
{
    struct client *client = calloc(1, sizeof *client);
    if (client != NULL && prepare(client, settings))
        return client;
    client_close(client);
    error_set(error, "cannot start libcurl: not enough memory");
    return NULL;
}

void client_close(struct client *client)
{
    if (client == NULL)
        return;
    if (client->busy)
        curl_multi_remove_handle(client->multi, client->easy);
    forget_secrets(client);
    curl_easy_cleanup(client->easy);
    curl_multi_cleanup(client->multi);
    struct text *texts[] = {&client->endpoint, &client->target, &client->form, &client->body};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        text_free(texts[i]);
    free(client);
    curl_global_cleanup();
}

static bool start_transfer(struct client *client, struct error *error)
{
    int64_t left_ms = prometheus_timeout_ms(client->settings) - client->spent_ms;
    text_clear(&client->body);
    client->header_bytes = 0;
    client->breach = FAULT_NONE;
    client->reason[0] = '\0';
    curl_easy_setopt(client->easy, CURLOPT_TIMEOUT_MS, (long)(left_ms > 1 ? left_ms : 1));
    curl_easy_setopt(client->easy, CURLOPT_URL, client->target.data);
    if (client->get) {
        curl_easy_setopt(client->easy, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(client->easy, CURLOPT_POSTFIELDS, client->form.data);
        curl_easy_setopt(client->easy, CURLOPT_POSTFIELDSIZE, (long)client->form.length);
    }
    if (client->target.failed || curl_multi_add_handle(client->multi, client->easy) != CURLM_OK)
        return error_set(error, "not enough memory to ask Prometheus");
    int running;
    client->busy = true;
    curl_multi_perform(client->multi, &running);
    return true;
}

static void aim_at_endpoint(struct client *client)
{
    text_clear(&client->target);
    text_add(&client->target, client->endpoint.data);
    if (client->get)
        text_addf(&client->target, "?%s", client->form.data);
}

bool client_ask(struct client *client, const char *query, struct error *error)
{
    const char *term;
    const char *file = request_secret_file(client->settings, &term);
    assert(!client->busy);
    client->retried = false;
    client->redirects = 0;
    client->spent_ms = 0;
    request_form(&client->form, query, prometheus_timeout_ms(client->settings));
    if (client->get && client->form.length > GET_MAX_BYTES)
        client->get = false;
    aim_at_endpoint(client);
    if (client->form.failed)
        return error_set(error, "not enough memory to ask Prometheus");
    if (file[0] != '\0' && !secret_read(&client->secret, file, term, error))
        return false;
    return set_headers(client, error) && start_transfer(client, error);
}

bool client_busy(const struct client *client)
{
    return client->busy;
}

/* After a redirect, which libcurl does not follow by itself: sends the same again where the server
   points to, within the origin. POST stays POST: a GET would lose the query. */
static bool follow(struct client *client, long status, struct error *error)
{
    char *target = NULL;
    if (status < 300 || status > 399 ||
        curl_easy_getinfo(client->easy, CURLINFO_REDIRECT_URL, &target) != CURLE_OK ||
        target == NULL)
        return false;
    if (!url_same_origin(client->settings->url, target))
        return fault_redirect(client->settings->url, target, error);
    if (++client->redirects > REDIRECTS_MAX)
        return fault_redirect(client->settings->url, NULL, error);
    text_clear(&client->target);
    text_add(&client->target, target);
    return start_transfer(client, error);
}

/* After 401 or 403: sends the same again when the secret's file has changed meanwhile. */
static bool retry_with_fresh_secret(struct client *client, long status, struct error *error)
{
    const char *term;
    const char *file = request_secret_file(client->settings, &term);
    struct error ignored;
    if ((status != 401 && status != 403) || client->retried || file[0] == '\0' ||
        !secret_read(&client->fresh, file, term, &ignored) ||
        secret_equals(&client->secret, &client->fresh))
        return false;
    client->secret = client->fresh;
    client->retried = true;
    aim_at_endpoint(client);
    return set_headers(client, error) && start_transfer(client, error);
}

/* After 405: sends the same again as GET, from now on, when its URL is short enough. */
static bool retry_with_get(struct client *client, long status, struct error *error)
{
    if (status != 405 || client->get || client->form.length > GET_MAX_BYTES)
        return false;
    client->get = true;
    aim_at_endpoint(client);
    return start_transfer(client, error);
}

static int64_t retry_after_ms(CURL *easy)
{
    struct curl_header *header;
    curl_off_t seconds = 0;
    if (curl_easy_header(easy, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
        curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK)
        return -1;
    if (seconds > RETRY_AFTER_MAX_S)
        return RETRY_AFTER_MAX_S * 1000;
    return seconds > 0 ? (int64_t)seconds * 1000 : 0; /* below: a date that has passed */
}

static void read_answer(struct client *client, long status, struct http_answer *answer)
{
    struct curl_header *header;
    char *type = NULL;
    *answer = (struct http_answer){
        .status = status,
        .retry_after_ms = retry_after_ms(client->easy),
        .stopping = curl_easy_header(client->easy, "X-Prometheus-Stopping", 0, CURLH_HEADER, -1,
                                     &header) == CURLHE_OK,
        .body = client->body.data == NULL ? "" : client->body.data,
        .length = client->body.length,
    };
    if (curl_easy_getinfo(client->easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != NULL)
        text_copy(answer->content_type, sizeof answer->content_type, type);
    client->compress = client->body.length >= COMPRESS_FROM_BYTES;
}

static enum fault fault_of(const struct client *client, CURLcode code)
{
    static const struct {
        CURLcode code;
        enum fault fault;
    } faults[] = {
        {CURLE_COULDNT_RESOLVE_HOST, FAULT_NAME},
        {CURLE_GOT_NOTHING, FAULT_CLOSED},
        {CURLE_PARTIAL_FILE, FAULT_INCOMPLETE},
        {CURLE_RECV_ERROR, FAULT_INCOMPLETE},
        {CURLE_SEND_ERROR, FAULT_INCOMPLETE},
        {CURLE_BAD_CONTENT_ENCODING, FAULT_ENCODING},
        {CURLE_WRITE_ERROR, FAULT_ENCODING},
        {CURLE_UNSUPPORTED_PROTOCOL, FAULT_NOT_HTTP},
        {CURLE_WEIRD_SERVER_REPLY, FAULT_NOT_HTTP},
        {CURLE_PEER_FAILED_VERIFICATION, FAULT_CERTIFICATE},
        {CURLE_SSL_CACERT_BADFILE, FAULT_CA_FILE},
        {CURLE_SSL_CONNECT_ERROR, FAULT_TLS},
        {CURLE_OUT_OF_MEMORY, FAULT_MEMORY},
    };
    long reason = 0;
    curl_off_t connected_us = 0;
    if (client->breach != FAULT_NONE)
        return client->breach;
    curl_easy_getinfo(client->easy, CURLINFO_OS_ERRNO, &reason);
    curl_easy_getinfo(client->easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
    if (code == CURLE_COULDNT_CONNECT)
        return reason == ECONNREFUSED ? FAULT_REFUSED : FAULT_UNREACHABLE;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return connected_us > 0 ? FAULT_TIMEOUT : FAULT_CONNECT_TIMEOUT;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].code == code)
            return faults[i].fault;
    return FAULT_OTHER;
}

static enum client_event finish(struct client *client, CURLcode code, struct http_answer *answer,
                                struct error *error)
{
    long status = 0;
    curl_off_t spent_us = 0;
    client->busy = false;
    curl_multi_remove_handle(client->multi, client->easy);
    curl_easy_getinfo(client->easy, CURLINFO_TOTAL_TIME_T, &spent_us);
    curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &status);
    client->spent_ms += (int64_t)spent_us / 1000;
    error->text[0] = '\0';
    if (code == CURLE_OK &&
        (follow(client, status, error) || retry_with_fresh_secret(client, status, error) ||
         retry_with_get(client, status, error)))
        return CLIENT_NOTHING;
    forget_secrets(client);
    if (code != CURLE_OK)
        fault_set(fault_of(client, code), client->settings, client->reason, error);
    if (error->text[0] != '\0')
        return CLIENT_FAILED;
    read_answer(client, status, answer);
    return CLIENT_ANSWER;
}

static_assert(CURL_WAIT_POLLIN == POLLIN && CURL_WAIT_POLLOUT == POLLOUT, "the same bits");

/* libcurl's poll() tells of input and output only; a second look has errors and hang-ups too. */
static void sleep_busy(struct client *client, struct pollfd fds[], size_t count, int timeout_ms)
{
    struct curl_waitfd waits[CLIENT_FDS_MAX];
    assert(count <= CLIENT_FDS_MAX);
    for (size_t i = 0; i < count; i++)
        waits[i] = (struct curl_waitfd){.fd = fds[i].fd, .events = fds[i].events};
    curl_multi_poll(client->multi, waits, (unsigned)count, timeout_ms, NULL);
    poll(fds, count, 0);
}

enum client_event client_wait(struct client *client, struct pollfd fds[], size_t count,
                              int timeout_ms, struct http_answer *answer, struct error *error)
{
    if (!client->busy) {
        poll(fds, count, timeout_ms);
        return CLIENT_NOTHING;
    }
    int running, left;
    CURLMsg *message = curl_multi_info_read(client->multi, &left);
    if (message == NULL) {
        sleep_busy(client, fds, count, timeout_ms);
        curl_multi_perform(client->multi, &running);
        message = curl_multi_info_read(client->multi, &left);
    }
    return message == NULL ? CLIENT_NOTHING : finish(client, message->data.result, answer, error);
}
