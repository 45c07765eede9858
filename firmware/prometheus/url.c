#include "prometheus/url.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *authority(const char *url)
{
    const char *slashes = strstr(url, "://");
    return slashes == NULL ? url : slashes + 3;
}

size_t url_origin_length(const char *url)
{
    const char *start = authority(url);
    return (size_t)(start - url) + strcspn(start, "/?#");
}

void url_place(const char *url, char *place, size_t size)
{
    const char *start = authority(url);
    snprintf(place, size, "%.*s", (int)strcspn(start, "/?#"), start);
}

bool url_same_origin(const char *url, const char *target)
{
    size_t length = url_origin_length(url);
    return strncasecmp(url, target, length) == 0 && strchr("/?#", target[length]) != NULL;
}

bool url_is_loopback(const char *url)
{
    const char *host = authority(url);
    size_t length = strcspn(host, ":/?#");
    bool number = strspn(host, "0123456789.") >= length;
    return (number && strncmp(host, "127.", 4) == 0) || strncmp(host, "[::1]", 5) == 0 ||
           (length == 9 && strncasecmp(host, "localhost", 9) == 0);
}
