/*
 * All that the settings keep secret, or have in files, as it is at one moment. Inside prometheus/
 * only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_SECRETS_H
#define AMBERBAR_PROMETHEUS_HTTP_SECRETS_H

#include "prometheus/http/secret.h"
#include "prometheus/settings/settings.h"

enum secret_id {
    SECRET_USERNAME,
    SECRET_PASSWORD,
    SECRET_CREDENTIALS, /* of authorization, or bearer_token */
    SECRET_CLIENT_SECRET,
    SECRET_ACCESS_KEY, /* of sigv4; its ID */
    SECRET_SECRET_KEY,
    SECRET_CA, /* these three in tls_config ... */
    SECRET_CERT,
    SECRET_KEY,
    SECRET_TOKEN_CA, /* ... and these in the tls_config of oauth2 */
    SECRET_TOKEN_CERT,
    SECRET_TOKEN_KEY,
    SECRET_HEADERS, /* the first of http_headers, by its number; only those from files */
    SECRET_COUNT = SECRET_HEADERS + CLIENT_HEADERS_MAX,
};

/* Where one comes from: a key with the text, or that key with "_file" after it. */
struct secret_source {
    enum secret_id id;
    const char *map; /* the keys around it, as sentences begin: "basic_auth: "; "" for none */
    const char *key;
    size_t text, file; /* offsets in the settings */
    enum secret_form form;
    bool harmless; /* a name or a certificate, which all may see */
};

#define SECRET_SOURCES 13
extern const struct secret_source secret_sources[SECRET_SOURCES];

/* The settings of a source; "" when they are left out. */
const char *secret_source_text(const struct secret_source *source,
                               const struct prometheus_settings *settings);
const char *secret_source_file(const struct secret_source *source,
                               const struct prometheus_settings *settings);

/* True when the settings have it, by text or by file. */
bool secret_is_given(enum secret_id id, const struct prometheus_settings *settings);

struct secrets {
    struct secret items[SECRET_COUNT];
};

/* Reads every file anew. False: one cannot be read; then none is held. */
bool secrets_read(struct secrets *secrets, const struct prometheus_settings *settings,
                  struct error *error);

bool secrets_equal(const struct secrets *a, const struct secrets *b);
void secrets_wipe(struct secrets *secrets);

#endif
