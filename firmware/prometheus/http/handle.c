#include "prometheus/http/handle.h"

#include "prometheus/http/request.h"
#include "prometheus/http/url.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_MAX_BYTES ((size_t)64 * 1024) /* Prometheus sends 200 bytes of them */
#define RETRY_AFTER_MAX_S INT64_C(300)        /* no server may silence us for longer */
#define AGE_MAX_S (INT64_C(1) << 31)  /* RFC 9111 section 1.2.2: stands for all that is more */
#define BODY_KEPT ((size_t)16 * 1024) /* the memory of longer answers is given back */

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct handle *handle = user;
    size_t length = size * count;
    if (length > handle->body_max - handle->body.length)
        handle->breach = FAULT_BODY_SIZE;
    else
        text_add_bytes(&handle->body, bytes, length);
    if (handle->body.failed)
        handle->breach = FAULT_MEMORY;
    return handle->breach == FAULT_NONE ? length : 0;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *user)
{
    struct handle *handle = user;
    (void)bytes;
    handle->header_bytes += size * count;
    if (handle->header_bytes > HEADERS_MAX_BYTES)
        handle->breach = FAULT_HEADER_SIZE;
    return handle->breach == FAULT_NONE ? size * count : 0;
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

static bool set_lines(struct handle *handle, const struct message *message)
{
    drop_list(&handle->headers);
    drop_list(&handle->connect_to);
    bool good = add_lines(&handle->headers, message->lines->data) &&
                (message->connect_to == NULL || add_line(&handle->connect_to, message->connect_to));
    unsigned fault = curl_easy_setopt(handle->easy, CURLOPT_HTTPHEADER, handle->headers);
    fault |= curl_easy_setopt(handle->easy, CURLOPT_CONNECT_TO, handle->connect_to);
    /* They are for CONNECT. Plain http has none: there the proxy would pass them on. */
    fault |= curl_easy_setopt(handle->easy, CURLOPT_PROXYHEADER,
                              url_is_https(message->url) ? handle->connect_headers : NULL);
    return good && fault == CURLE_OK;
}

/* libcurl has its own copies, and signs with them when it sends. NULL: nothing is signed. */
static bool set_signature(CURL *easy, const struct signature *signature)
{
    const char *scope = NULL, *user = NULL, *password = NULL;
    unsigned fault = CURLE_OK;
    if (signature != NULL) {
        scope = signature->scope;
        user = secret_text(signature->access_key);
        password = secret_text(signature->secret_key);
    } else {
        fault |= curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    }
    fault |= curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, scope);
    fault |= curl_easy_setopt(easy, CURLOPT_USERNAME, user);
    fault |= curl_easy_setopt(easy, CURLOPT_PASSWORD, password);
    return fault == CURLE_OK;
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

static bool set_proxy(struct handle *handle, const struct proxy_settings *proxy)
{
    struct text lines = {0};
    request_connect_headers(&lines, proxy);
    bool good = !lines.failed && add_lines(&handle->connect_headers, lines.data);
    text_wipe(&lines);
    handle->proxied = proxy->url[0] != '\0' || proxy->from_environment;
    unsigned fault = curl_easy_setopt(handle->easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    if (!proxy->from_environment) { /* "" is none, whatever there is */
        fault |= curl_easy_setopt(handle->easy, CURLOPT_PROXY, proxy->url);
        fault |= curl_easy_setopt(handle->easy, CURLOPT_NOPROXY, proxy->no_proxy);
    }
    return good && fault == CURLE_OK;
}

/* Without one of them a transfer might go another way, or be believed when it should not. */
static bool set_options(const struct prometheus_settings *settings, struct handle *handle)
{
    CURL *easy = handle->easy;
    long version = settings->enable_http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1;
    unsigned fault = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    fault |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
    fault |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    fault |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* waits for no resolver's thread */
    fault |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    fault |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "amberbar");
    fault |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    fault |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, handle);
    fault |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    fault |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, handle);
    fault |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handle->reason);
    fault |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                              (long)prometheus_connect_timeout_ms(settings));
    return fault == CURLE_OK;
}

bool handle_open(struct handle *handle, const struct prometheus_settings *settings,
                 const struct way *way)
{
    handle->body_max = way->body_max;
    handle->dated = !settings->query_nonce;
    handle->easy = curl_easy_init();
    return handle->easy != NULL && set_options(settings, handle) &&
           set_tls(handle->easy, way->tls) && set_proxy(handle, way->proxy);
}

void handle_close(struct handle *handle)
{
    handle_forget(handle);
    curl_easy_cleanup(handle->easy);
    drop_list(&handle->connect_headers);
    text_wipe(&handle->body);
    handle->easy = NULL;
}

void handle_forget(struct handle *handle)
{
    static const struct secret none;
    static const struct message nothing = {.ca = &none, .cert = &none, .key = &none};
    if (handle->easy == NULL)
        return;
    set_blobs(handle->easy, &nothing);
    set_signature(handle->easy, NULL);
    curl_easy_setopt(handle->easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(handle->easy, CURLOPT_CONNECT_TO, NULL);
    drop_list(&handle->headers);
    drop_list(&handle->connect_to);
}

static bool set_message(CURL *easy, const struct message *message, int64_t timeout_ms)
{
    unsigned fault =
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(timeout_ms > 1 ? timeout_ms : 1));
    fault |= curl_easy_setopt(easy, CURLOPT_URL, message->url);
    if (message->form == NULL) { /* a form that was there before would be signed, too */
        fault |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
        return (fault | curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L)) == CURLE_OK;
    }
    fault |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, message->form->data);
    fault |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)message->form->length);
    return fault == CURLE_OK;
}

void handle_rest(struct handle *handle)
{
    if (handle->body.capacity > BODY_KEPT)
        text_free(&handle->body);
    text_clear(&handle->body);
}

bool handle_load(struct handle *handle, const struct message *message, int64_t timeout_ms)
{
    handle_rest(handle);
    handle->header_bytes = 0;
    handle->breach = FAULT_NONE;
    handle->reason[0] = '\0';
    return set_lines(handle, message) && set_blobs(handle->easy, message) &&
           set_signature(handle->easy, message->signature) &&
           set_message(handle->easy, message, timeout_ms);
}

/* The header of that name of the last answer, which may have several; NULL: it has no more. */
static const char *header_of(CURL *easy, const char *name, size_t index)
{
    struct curl_header *header;
    return curl_easy_header(easy, name, index, CURLH_HEADER, -1, &header) == CURLHE_OK
               ? header->value
               : NULL;
}

static int64_t retry_after_ms(CURL *easy)
{
    curl_off_t seconds = 0;
    if (header_of(easy, "Retry-After", 0) == NULL ||
        curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK)
        return -1;
    seconds = seconds > 0 ? seconds : 0; /* below: a date that has passed */
    return (seconds < RETRY_AFTER_MAX_S ? (int64_t)seconds : RETRY_AFTER_MAX_S) * 1000;
}

/* RFC 9111 section 5.1. Of several the largest; what is no number of seconds may stand for any. */
static int64_t age_ms(CURL *easy)
{
    int64_t oldest = 0, seconds;
    const char *value;
    for (size_t i = 0; (value = header_of(easy, "Age", i)) != NULL; i++) {
        if (!text_integer(value, 0, AGE_MAX_S, &seconds))
            seconds = AGE_MAX_S;
        oldest = seconds > oldest ? seconds : oldest;
    }
    return oldest * 1000;
}

/* RFC 9110 section 6.6.1. Two of them say nothing. Where questions have a nonce, nobody asks for it
   [N3], and to read it takes as long as to read three series. */
static int64_t date_ms(const struct handle *handle)
{
    const char *value = handle->dated ? header_of(handle->easy, "Date", 0) : NULL;
    if (value == NULL || header_of(handle->easy, "Date", 1) != NULL)
        return -1;
    time_t seconds = curl_getdate(value, NULL);
    return seconds < 0 ? -1 : (int64_t)seconds * 1000;
}

static void read_answer(const struct handle *handle, struct http_answer *answer)
{
    char *type = NULL;
    *answer = (struct http_answer){
        .retry_after_ms = retry_after_ms(handle->easy),
        .age_ms = age_ms(handle->easy),
        .date_ms = date_ms(handle),
        .stopping = header_of(handle->easy, "X-Prometheus-Stopping", 0) != NULL,
        .body = handle->body.data == NULL ? "" : handle->body.data,
        .length = handle->body.length,
    };
    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &answer->status);
    if (curl_easy_getinfo(handle->easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != NULL)
        text_copy(answer->content_type, sizeof answer->content_type, type);
}

static enum fault fault_of(const struct handle *handle, CURLcode code)
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
    if (handle->breach != FAULT_NONE)
        return handle->breach;
    curl_easy_getinfo(handle->easy, CURLINFO_OS_ERRNO, &reason);
    curl_easy_getinfo(handle->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
    curl_easy_getinfo(handle->easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
    if (code == CURLE_COULDNT_CONNECT)
        return reason == ECONNREFUSED && !handle->proxied ? FAULT_REFUSED : FAULT_UNREACHABLE;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return connected_us > 0 ? FAULT_TIMEOUT : FAULT_CONNECT_TIMEOUT;
    if (code == CURLE_RECV_ERROR && connect_status >= 300)
        return FAULT_PROXY;
    if (code == CURLE_RECV_ERROR && strstr(handle->reason, " alert ") != NULL)
        return FAULT_TLS; /* TLS 1.3: the server judges our certificate after we are done */
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].code == code)
            return faults[i].fault;
    return FAULT_OTHER;
}

/* A refusal says enough, also where the connection broke off behind it: who wants TLS closes it
   with our question unread, which resets it. */
static bool is_refused(const struct handle *handle, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &status);
    return code == CURLE_RECV_ERROR && status >= 400 && handle->body.length > 0;
}

void handle_read(const struct handle *handle, CURLcode code, struct outcome *outcome)
{
    char *redirect = NULL;
    code = is_refused(handle, code) ? CURLE_OK : code;
    curl_easy_getinfo(handle->easy, CURLINFO_REDIRECT_URL, &redirect);
    *outcome = (struct outcome){
        .fault = code == CURLE_OK ? FAULT_NONE : fault_of(handle, code),
        .reason = handle->reason,
        .redirect = redirect,
    };
    if (code == CURLE_OK)
        read_answer(handle, &outcome->answer);
}
