/*
 * poll_reference URL QUERY INTERVAL_MS: the plainest program that does the job with the same
 * libraries, for tools/bench to compare amberbar with. Asks Prometheus, takes the whole body, reads
 * it with cJSON, means the values, writes one APA102 frame of eight green lights, and waits; until
 * SIGTERM. It checks nothing, and knows one state.
 */
#include <cjson/cJSON.h>
#include <curl/curl.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LIGHTS 8

struct body {
    char *bytes;
    size_t length, capacity;
};

static uint8_t gamma_table[256];

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct body *body = user;
    size_t length = size * count;
    if (body->length + length > body->capacity) {
        size_t capacity = body->capacity == 0 ? 16384 : body->capacity;
        while (capacity < body->length + length)
            capacity *= 2;
        char *longer = realloc(body->bytes, capacity);
        if (longer == NULL)
            return 0;
        body->bytes = longer;
        body->capacity = capacity;
    }
    memcpy(body->bytes + body->length, bytes, length);
    body->length += length;
    return length;
}

static double mean_of(const struct body *body)
{
    double sum = 0;
    int count = 0;
    cJSON *root = cJSON_ParseWithLength(body->bytes, body->length);
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data");
    const cJSON *series;
    cJSON_ArrayForEach(series, cJSON_GetObjectItemCaseSensitive(data, "result"))
    {
        const cJSON *sample = cJSON_GetObjectItemCaseSensitive(series, "value");
        const cJSON *value = cJSON_GetArrayItem(sample, 1);
        double number = cJSON_IsString(value) ? strtod(value->valuestring, NULL) : (double)NAN;
        if (isfinite(number)) {
            sum += number;
            count++;
        }
    }
    cJSON_Delete(root);
    return count > 0 ? sum / count : 0;
}

static bool show(double p)
{
    uint8_t frame[4 + 4 * LIGHTS + 4] = {0};
    double lit = p < 0 ? 0 : p > 1 ? LIGHTS : p * LIGHTS;
    for (int i = 0; i < LIGHTS; i++) {
        double level = lit - i < 0 ? 0 : lit - i > 1 ? 1 : lit - i;
        frame[4 + 4 * i] = 0xE7;
        frame[4 + 4 * i + 2] = gamma_table[(uint8_t)(level * 255 + 0.5)];
    }
    return write(STDOUT_FILENO, frame, sizeof frame) == (ssize_t)sizeof frame;
}

/* One poll; false: it failed. */
static bool ask(CURLM *multi, CURL *easy, struct body *body)
{
    int running, left;
    CURLMsg *message;
    body->length = 0;
    curl_multi_add_handle(multi, easy);
    curl_multi_perform(multi, &running);
    while ((message = curl_multi_info_read(multi, &left)) == NULL) {
        curl_multi_poll(multi, NULL, 0, 1000, NULL);
        curl_multi_perform(multi, &running);
    }
    CURLcode code = message->data.result;
    curl_multi_remove_handle(multi, easy);
    return code == CURLE_OK;
}

static char *form_of(CURL *easy, const char *query)
{
    char *escaped = curl_easy_escape(easy, query, 0);
    char *form = NULL;
    if (escaped == NULL || asprintf(&form, "query=%s", escaped) < 0)
        form = NULL;
    curl_free(escaped);
    return form;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    char url[1024];
    struct body body = {0};
    const long interval_ms = strtol(argv[3], NULL, 10);
    struct timespec due;
    snprintf(url, sizeof url, "%s/api/v1/query", argv[1]);
    for (int i = 0; i < 256; i++)
        gamma_table[i] = (uint8_t)(pow(i / 255.0, 2.2) * 255 + 0.5);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    CURL *easy = curl_easy_init();
    char *form = form_of(easy, argv[2]);
    if (form == NULL)
        return 1;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, form);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (;;) {
        show(ask(multi, easy, &body) ? mean_of(&body) : 0);
        due.tv_nsec += interval_ms % 1000 * 1000000;
        due.tv_sec += interval_ms / 1000 + due.tv_nsec / 1000000000;
        due.tv_nsec %= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    }
}
