#include "prometheus/http/url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
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

bool url_has_user(const char *url)
{
    const char *start = authority(url);
    return memchr(start, '@', strcspn(start, "/?#")) != NULL;
}

char url_next(const char **at, size_t left)
{
    char hex[3] = "";
    const char *from = *at;
    const bool escaped = from[0] == '%' && left >= 3 && isxdigit((unsigned char)from[1]) &&
                         isxdigit((unsigned char)from[2]);
    *at += escaped ? 3 : 1;
    if (!escaped)
        return from[0];
    memcpy(hex, from + 1, 2);
    return (char)strtol(hex, NULL, 16);
}

static void add_decoded(struct text *out, const char *from, size_t length)
{
    for (const char *end = from + length; from < end;) {
        const char byte = url_next(&from, (size_t)(end - from));
        text_add_bytes(out, &byte, 1);
    }
}

bool url_user(const char *url, struct text *username, struct text *password)
{
    const char *start = authority(url);
    const size_t length = strcspn(start, "/?#");
    const char *end = memrchr(start, '@', length);
    if (end == NULL)
        return false;
    const size_t name = strcspn(start, ":@");
    add_decoded(username, start, name);
    if (start[name] == ':')
        add_decoded(password, start + name + 1, (size_t)(end - start) - name - 1);
    return true;
}

bool url_is_https(const char *url)
{
    return strncasecmp(url, "https://", 8) == 0;
}

bool url_is_web(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 || url_is_https(url);
}

/* The bytes of the host at `start`, an address in brackets or a name. */
static size_t host_length(const char *start)
{
    return start[0] == '[' ? strcspn(start, "]/?#") + 1 : strcspn(start, ":/?#");
}

void url_port(const char *url, char *port, size_t size)
{
    const char *start = authority(url);
    size_t length = strcspn(start, "/?#"), host = host_length(start);
    const char *from = host < length ? start + host + (start[host] == ':') : start + length;
    snprintf(port, size, "%.*s", (int)(start + length - from), from);
}

void url_host(const char *url, char *host, size_t size)
{
    const char *start = authority(url);
    size_t bracket = start[0] == '[';
    snprintf(host, size, "%.*s", (int)(host_length(start) - 2 * bracket), start + bracket);
}

/* The port with its colon. */
static void add_port(struct text *out, const char *url)
{
    const char *start = authority(url);
    size_t length = strcspn(start, "/?#"), host = host_length(start);
    if (host + 1 < length)
        text_add_bytes(out, start + host, length - host);
    else
        text_add(out, url_is_https(url) ? ":443" : ":80");
}

void url_rename(struct text *out, const char *url, const char *name)
{
    const char *start = authority(url);
    text_add_bytes(out, url, (size_t)(start - url));
    text_add(out, name);
    add_port(out, url);
    text_add(out, start + strcspn(start, "/?#"));
}

void url_connect_to(struct text *out, const char *url, const char *name)
{
    const char *start = authority(url);
    text_add(out, name);
    add_port(out, url);
    text_add(out, ":");
    text_add_bytes(out, start, host_length(start));
    add_port(out, url);
}

bool url_is_loopback(const char *url)
{
    const char *host = authority(url);
    size_t length = strcspn(host, ":/?#");
    bool number = strspn(host, "0123456789.") >= length;
    return (number && strncmp(host, "127.", 4) == 0) || strncmp(host, "[::1]", 5) == 0 ||
           (length == 9 && strncasecmp(host, "localhost", 9) == 0);
}
