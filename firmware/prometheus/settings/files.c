/* Are the files there that `prometheus:` names? */
#include "base/intake.h"
#include "prometheus/http/secrets.h"
#include "prometheus/settings/settings.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* NOLINTNEXTLINE(misc-redundant-expression): that both are the same is what it says */
_Static_assert(PROMETHEUS_FILES == SECRET_SOURCES + CLIENT_HEADERS_MAX, "a number for each file");

#define HERE "the current folder"

static bool refuse_missing(const char *path, struct error *error)
{
    char folder[CLIENT_PATH_SIZE];
    struct stat status;
    const char *slash = strrchr(path, '/');
    const size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    snprintf(folder, sizeof folder, "%.*s", (int)length, path);
    if (length > 0 && (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)))
        return error_set(error, "there is no such file, nor its folder; create them, or correct "
                                "the path");
    return error_set(error, "there is no such file in %s; create it there, or correct the path",
                     length > 0 ? folder : HERE);
}

/* A path at which nothing stands may be a secret in the wrong place, and is not repeated: see
   secret_may_be_named(). The folder in which it was looked for is none: it is there.
   What may not be looked at from here says nothing: the daemon may be another user. */
static bool check_file(const char *path, off_t most, struct error *error)
{
    struct stat file;
    bool there = path[0] == '\0' || stat(path, &file) == 0;
    if (!there && (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG || errno == ELOOP))
        return refuse_missing(path, error);
    if (there && path[0] != '\0' && S_ISDIR(file.st_mode))
        return error_set(error, "%s is a directory; name a file in it", path);
    if (there && path[0] != '\0' && !S_ISREG(file.st_mode))
        return error_set(error, "%s is no regular file; name one", path);
    if (there && path[0] != '\0' && file.st_size > most)
        return error_set(error, "cannot read %s: %s; at most %jd bytes are read", path,
                         intake_words(EFBIG), (intmax_t)most);
    return true;
}

const char *prometheus_file(const struct prometheus_settings *settings, size_t number)
{
    if (number < SECRET_SOURCES)
        return secret_source_file(&secret_sources[number], settings);
    const struct http_pair *header = &settings->http_headers[number - SECRET_SOURCES];
    return header->source == PAIR_FILE ? header->value : "";
}

bool prometheus_path_may_be_named(const char *path)
{
    return secret_may_be_named(path);
}

const char *prometheus_file_key(const struct prometheus_settings *settings, size_t number,
                                char out[static PROMETHEUS_FILE_KEY_SIZE])
{
    if (number < SECRET_SOURCES)
        snprintf(out, PROMETHEUS_FILE_KEY_SIZE, "%s%s_file", secret_sources[number].map,
                 secret_sources[number].key);
    else
        snprintf(out, PROMETHEUS_FILE_KEY_SIZE, "http_headers: %s: files",
                 settings->http_headers[number - SECRET_SOURCES].name);
    return out;
}

bool prometheus_file_check(const struct prometheus_settings *settings, size_t number,
                           struct error *error)
{
    char key[PROMETHEUS_FILE_KEY_SIZE];
    bool pem = number < SECRET_SOURCES && secret_sources[number].form == SECRET_PEM;
    return check_file(prometheus_file(settings, number),
                      secret_most(pem ? SECRET_PEM : SECRET_LINE), error) ||
           error_prefix(error, "%s", prometheus_file_key(settings, number, key));
}
