#include "prometheus/http/transfer.h"

#include "prometheus/http/handle.h"
#include "prometheus/http/oauth2.h"
#include "prometheus/http/request.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct transfers {
    const struct prometheus_settings *settings;
    CURLM *multi;
    struct handle slots[SLOTS];
    bool under_way[SLOTS];
    int tasks; /* the folder of this process's tasks; -1: there is no /proc */
};

/* libcurl counts idle connections and busy ones together, also the token's, which is made anew and
   not kept: it must not push out one to Prometheus, nor leave room for another that nobody needs.
 */
static bool limit_connections(const struct transfers *transfers)
{
    long limit = 0;
    for (enum slot slot = 0; slot < SLOTS; slot++)
        if (slot == SLOT_TOKEN ? transfers->under_way[slot] : transfers->slots[slot].easy != NULL)
            limit++;
    return curl_multi_setopt(transfers->multi, CURLMOPT_MAXCONNECTS, limit) == CURLM_OK;
}

static bool open_slot(struct transfers *transfers, enum slot slot)
{
    const struct prometheus_settings *settings = transfers->settings;
    const struct way to_prometheus = {&settings->tls_config, &settings->proxy,
                                      (size_t)settings->max_response_bytes};
    const struct way to_token = {&settings->oauth2.tls_config, &settings->oauth2.proxy,
                                 TOKEN_ANSWER_MAX_BYTES};
    struct handle *handle = &transfers->slots[slot];
    bool token = slot == SLOT_TOKEN;
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
    return transfers->multi != NULL && open_slot(transfers, SLOT_WORKLOADS) &&
           (transfers->settings->oauth2.client_id[0] == '\0' || open_slot(transfers, SLOT_TOKEN));
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
    transfers->tasks = open("/proc/self/task", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (open_lines(transfers))
        return transfers;
    transfers_close(transfers);
    return NULL;
}

void transfers_close(struct transfers *transfers)
{
    if (transfers == NULL)
        return;
    for (enum slot slot = 0; slot < SLOTS; slot++) {
        transfers_cancel(transfers, slot);
        handle_close(&transfers->slots[slot]);
    }
    curl_multi_cleanup(transfers->multi);
    if (transfers->tasks >= 0)
        close(transfers->tasks);
    free(transfers);
    curl_global_cleanup();
}

void transfers_rest(struct transfers *transfers, enum slot slot)
{
    handle_rest(&transfers->slots[slot]);
}

void transfers_forget(struct transfers *transfers, enum slot slot)
{
    handle_forget(&transfers->slots[slot]);
    if (slot == SLOT_TOKEN)
        text_wipe(&transfers->slots[slot].body);
}

/* The transfer on this slot is over, one way or another. */
static void put_down(struct transfers *transfers, enum slot slot)
{
    curl_multi_remove_handle(transfers->multi, transfers->slots[slot].easy);
    transfers->under_way[slot] = false;
    if (slot == SLOT_TOKEN)
        limit_connections(transfers); /* no matter: at worst one more is kept */
}

void transfers_cancel(struct transfers *transfers, enum slot slot)
{
    if (transfers->under_way[slot])
        put_down(transfers, slot);
}

/* All tasks of this process: each is a directory, and so a link (proc(5)). */
static bool is_crowded(const struct transfers *transfers)
{
    struct stat status;
    return fstat(transfers->tasks, &status) == 0 && status.st_nlink >= 2 + TRANSFERS_TASKS_MAX;
}

enum fault transfers_send(struct transfers *transfers, enum slot slot,
                          const struct message *message, int64_t timeout_ms)
{
    struct handle *handle = &transfers->slots[slot];
    int running;
    assert(!transfers->under_way[slot]);
    if (is_crowded(transfers))
        return FAULT_NAME;
    if ((handle->easy == NULL && !open_slot(transfers, slot)) ||
        !handle_load(handle, message, timeout_ms) ||
        curl_multi_add_handle(transfers->multi, handle->easy) != CURLM_OK)
        return FAULT_MEMORY;
    transfers->under_way[slot] = true;
    if (slot == SLOT_TOKEN)
        limit_connections(transfers);
    curl_multi_perform(transfers->multi, &running);
    return FAULT_NONE;
}

static_assert(CURL_WAIT_POLLIN == POLLIN && CURL_WAIT_POLLOUT == POLLOUT, "the same bits");

static bool is_idle(const struct transfers *transfers)
{
    for (enum slot slot = 0; slot < SLOTS; slot++)
        if (transfers->under_way[slot])
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

static enum slot slot_of(const struct transfers *transfers, const CURL *easy)
{
    enum slot slot = 0;
    while (slot < SLOTS - 1 && transfers->slots[slot].easy != easy)
        slot++;
    return slot;
}

bool transfers_take(struct transfers *transfers, enum slot *slot, struct outcome *outcome)
{
    int left;
    CURLMsg *message = curl_multi_info_read(transfers->multi, &left);
    if (message == NULL)
        return false;
    CURLcode code = message->data.result; /* removing the handle ends the message */
    *slot = slot_of(transfers, message->easy_handle);
    put_down(transfers, *slot);
    handle_read(&transfers->slots[*slot], code, outcome);
    return true;
}
