#include "prometheus/http/transfer.h"

#include "prometheus/http/handle.h"
#include "prometheus/http/oauth2.h"
#include "prometheus/http/request.h"

#include <assert.h>
#include <stdlib.h>

struct transfers {
    const struct prometheus_settings *settings;
    CURLM *multi;
    struct handle lines[LINES];
    bool under_way[LINES];
};

/* libcurl counts idle connections and busy ones together, also the token's, which is made anew and
   not kept: it must not push out one to Prometheus, nor leave room for another that nobody needs.
 */
static bool limit_connections(const struct transfers *transfers)
{
    long limit = 0;
    for (enum line line = 0; line < LINES; line++)
        if (line == LINE_TOKEN ? transfers->under_way[line] : transfers->lines[line].easy != NULL)
            limit++;
    return curl_multi_setopt(transfers->multi, CURLMOPT_MAXCONNECTS, limit) == CURLM_OK;
}

static bool open_line(struct transfers *transfers, enum line line)
{
    const struct prometheus_settings *settings = transfers->settings;
    const struct way to_prometheus = {&settings->tls_config, &settings->proxy,
                                      (size_t)settings->max_response_bytes};
    const struct way to_token = {&settings->oauth2.tls_config, &settings->oauth2.proxy,
                                 TOKEN_ANSWER_MAX_BYTES};
    struct handle *handle = &transfers->lines[line];
    bool token = line == LINE_TOKEN;
    if (handle_open(handle, settings, token ? &to_token : &to_prometheus) &&
        curl_easy_setopt(handle->easy, CURLOPT_FRESH_CONNECT, token ? 1L : 0L) == CURLE_OK &&
        curl_easy_setopt(handle->easy, CURLOPT_FORBID_REUSE, token ? 1L : 0L) == CURLE_OK &&
        limit_connections(transfers))
        return true;
    handle_close(handle);
    return false;
}

static bool open_lines(struct transfers *transfers)
{
    transfers->multi = curl_multi_init();
    return transfers->multi != NULL && open_line(transfers, LINE_WORKLOADS) &&
           (transfers->settings->oauth2.client_id[0] == '\0' || open_line(transfers, LINE_TOKEN));
}

struct transfers *transfers_open(const struct prometheus_settings *settings)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    struct transfers *transfers = calloc(1, sizeof *transfers);
    if (transfers == NULL) {
        curl_global_cleanup();
        return NULL;
    }
    transfers->settings = settings;
    if (open_lines(transfers))
        return transfers;
    transfers_close(transfers);
    return NULL;
}

void transfers_close(struct transfers *transfers)
{
    if (transfers == NULL)
        return;
    for (enum line line = 0; line < LINES; line++) {
        transfers_cancel(transfers, line);
        handle_close(&transfers->lines[line]);
    }
    curl_multi_cleanup(transfers->multi);
    free(transfers);
    curl_global_cleanup();
}

void transfers_forget(struct transfers *transfers, enum line line)
{
    handle_forget(&transfers->lines[line]);
    if (line == LINE_TOKEN)
        request_wipe(&transfers->lines[line].body);
}

/* The transfer on this line is over, one way or another. */
static void put_down(struct transfers *transfers, enum line line)
{
    curl_multi_remove_handle(transfers->multi, transfers->lines[line].easy);
    transfers->under_way[line] = false;
    if (line == LINE_TOKEN)
        limit_connections(transfers); /* no matter: at worst one more is kept */
}

void transfers_cancel(struct transfers *transfers, enum line line)
{
    if (transfers->under_way[line])
        put_down(transfers, line);
}

bool transfers_send(struct transfers *transfers, enum line line, const struct message *message,
                    int64_t timeout_ms)
{
    struct handle *handle = &transfers->lines[line];
    int running;
    assert(!transfers->under_way[line]);
    if ((handle->easy == NULL && !open_line(transfers, line)) ||
        !handle_load(handle, message, timeout_ms) ||
        curl_multi_add_handle(transfers->multi, handle->easy) != CURLM_OK)
        return false;
    transfers->under_way[line] = true;
    if (line == LINE_TOKEN)
        limit_connections(transfers);
    curl_multi_perform(transfers->multi, &running);
    return true;
}

static_assert(CURL_WAIT_POLLIN == POLLIN && CURL_WAIT_POLLOUT == POLLOUT, "the same bits");

static bool is_idle(const struct transfers *transfers)
{
    for (enum line line = 0; line < LINES; line++)
        if (transfers->under_way[line])
            return false;
    return true;
}

/* libcurl's poll() tells of input and output only; a second look has errors and hang-ups too. */
void transfers_sleep(struct transfers *transfers, struct pollfd fds[], size_t count, int timeout_ms)
{
    struct curl_waitfd waits[TRANSFERS_FDS_MAX];
    int running;
    assert(count <= TRANSFERS_FDS_MAX);
    if (is_idle(transfers)) {
        poll(fds, count, timeout_ms);
        return;
    }
    for (size_t i = 0; i < count; i++)
        waits[i] = (struct curl_waitfd){.fd = fds[i].fd, .events = fds[i].events};
    curl_multi_poll(transfers->multi, waits, (unsigned)count, timeout_ms, NULL);
    poll(fds, count, 0);
    curl_multi_perform(transfers->multi, &running);
}

static enum line line_of(const struct transfers *transfers, const CURL *easy)
{
    enum line line = 0;
    while (line < LINES - 1 && transfers->lines[line].easy != easy)
        line++;
    return line;
}

bool transfers_take(struct transfers *transfers, enum line *line, struct outcome *outcome)
{
    int left;
    CURLMsg *message = curl_multi_info_read(transfers->multi, &left);
    if (message == NULL)
        return false;
    CURLcode code = message->data.result; /* removing the handle ends the message */
    *line = line_of(transfers, message->easy_handle);
    put_down(transfers, *line);
    handle_read(&transfers->lines[*line], code, outcome);
    return true;
}
