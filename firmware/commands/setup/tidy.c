#include "commands/setup/tidy.h"

#include "base/text.h"
#include "prometheus/http/url.h"

#include <string.h>

/* Pages of Prometheus's own, of VictoriaMetrics's, and the API. */
static const char *const pages[] = {"/graph",        "/query",         "/targets", "/alerts",
                                    "/status",       "/classic",       "/vmui",    "/config",
                                    "/api/v1/query", "/api/v1/labels", "/api/v1",  "/"};

bool tidy_scheme_is_known(const char *address, struct error *error)
{
    const char *end = strstr(address, "://");
    if (end == NULL || url_is_web(address) || strcspn(address, "/") < (size_t)(end - address))
        return true;
    const size_t length = text_fit(address, 20);
    const int shown = (int)((size_t)(end - address) < length ? (size_t)(end - address) : length);
    const bool secure = end > address && strchr("sS", end[-1]) != NULL;
    return error_set(error, "%.*s:// leads to no Prometheus; did you mean %s://%.*s?", shown,
                     address, secure ? "https" : "http", (int)text_fit(end + 3, 80), end + 3);
}

/* Where the path may begin: behind the host. */
static size_t host_end(const char *address)
{
    const char *host = strstr(address, "://");
    const size_t begin = host != NULL ? (size_t)(host - address) + strlen("://") : 0;
    return begin + strcspn(address + begin, "/");
}

/* True when something was taken off. */
static bool cut_page(char *address)
{
    const size_t length = strlen(address);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        const size_t page = strlen(pages[i]);
        if (length >= host_end(address) + page && strcmp(address + length - page, pages[i]) == 0) {
            address[length - page] = '\0';
            return true;
        }
    }
    return false;
}

bool tidy_address(const char *typed, char *out, size_t size)
{
    if (!text_copy(out, size, typed))
        return false;
    out[strcspn(out, "?# ")] = '\0';
    while (cut_page(out)) {
    }
    return true;
}
