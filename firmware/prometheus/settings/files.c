/* Are the files there that `prometheus:` names? */
#include "prometheus/http/secrets.h"
#include "prometheus/settings/settings.h"

#include <errno.h>
#include <sys/stat.h>

/* NOLINTNEXTLINE(misc-redundant-expression): that both are the same is what it says */
_Static_assert(PROMETHEUS_FILES == SECRET_SOURCES + CLIENT_HEADERS_MAX, "a number for each file");

/* A path at which nothing stands is not repeated: see secret_may_be_named().
   What may not be looked at from here says nothing: the daemon may be another user. */
static bool check_file(const char *path, struct error *error)
{
    struct stat file;
    bool there = path[0] == '\0' || stat(path, &file) == 0;
    if (!there && (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG))
        return error_set(error, "there is no such file; create it, or correct the path");
    if (there && path[0] != '\0' && S_ISDIR(file.st_mode))
        return error_set(error, "%s is a directory; name a file in it", path);
    if (there && path[0] != '\0' && !S_ISREG(file.st_mode))
        return error_set(error, "%s is no regular file; name one", path);
    return true;
}

static bool check_header(const struct http_pair *header, struct error *error)
{
    return header->source != PAIR_FILE || check_file(header->value, error) ||
           error_prefix(error, "http_headers: %s: files", header->name);
}

const char *prometheus_file(const struct prometheus_settings *settings, size_t number)
{
    if (number < SECRET_SOURCES)
        return secret_source_file(&secret_sources[number], settings);
    const struct http_pair *header = &settings->http_headers[number - SECRET_SOURCES];
    return header->source == PAIR_FILE ? header->value : "";
}

bool prometheus_file_check(const struct prometheus_settings *settings, size_t number,
                           struct error *error)
{
    if (number >= SECRET_SOURCES)
        return check_header(&settings->http_headers[number - SECRET_SOURCES], error);
    const struct secret_source *source = &secret_sources[number];
    return check_file(secret_source_file(source, settings), error) ||
           error_prefix(error, "%s%s_file", source->map, source->key);
}
