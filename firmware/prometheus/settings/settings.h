/*
 * The config's `prometheus:` section. Terms, combinations and meanings are Prometheus's own
 * (prometheus/common config/http_config.go); what it does not have is marked as ours.
 */
#ifndef AMBERBAR_PROMETHEUS_SETTINGS_SETTINGS_H
#define AMBERBAR_PROMETHEUS_SETTINGS_SETTINGS_H

#include "base/error.h"
#include "base/field.h"
#include "evidence/kind.h"

#define CLIENT_URL_SIZE 1024
#define CLIENT_NAME_SIZE 256
#define CLIENT_SECRET_SIZE 512
#define CLIENT_TOKEN_SIZE 4096 /* a service account's has 1,000 characters, others twice that */
#define CLIENT_PEM_SIZE 8192   /* five certificates; a file may be longer */
#define CLIENT_PATH_SIZE 512
#define CLIENT_LIST_SIZE 1024
#define CLIENT_HEADERS_MAX 16
#define CLIENT_CONNECT_HEADERS_MAX 4
#define CLIENT_PARAMS_MAX 8

/* All answers take at most so many halves of max_response_size: two at once as they come, and what
   is kept of each (answer/response.h). */
#define PROMETHEUS_MEMORY_HALVES 9
#define PROMETHEUS_UNIT_BYTES (INT64_C(32) << 20) /* MemoryMax= of the unit as it is installed */

/* Of an answer, about: 13 series with the labels of a usual scrape. */
#define PROMETHEUS_WORKLOAD_BYTES 5000

enum pair_source {
    PAIR_VALUE,
    PAIR_SECRET, /* the same, but not for everybody's eyes */
    PAIR_FILE,   /* `value` is the path of a file that holds it */
};

/* A header or a parameter. Lists of them end with the first empty name; a name may be there several
   times. */
struct http_pair {
    char name[64];
    char value[CLIENT_SECRET_SIZE];
    enum pair_source source;
};

struct basic_auth_settings {
    char username[128];
    char username_file[CLIENT_PATH_SIZE];
    char password[CLIENT_SECRET_SIZE];
    char password_file[CLIENT_PATH_SIZE];
};

struct authorization_settings {
    char type[32]; /* "Bearer" */
    char credentials[CLIENT_TOKEN_SIZE];
    char credentials_file[CLIENT_PATH_SIZE];
};

enum tls_version { TLS10, TLS11, TLS12, TLS13 };

struct tls_settings { /* what is PEM is so in the text and in the file */
    char ca[CLIENT_PEM_SIZE];
    char ca_file[CLIENT_PATH_SIZE];
    char cert[CLIENT_PEM_SIZE];
    char cert_file[CLIENT_PATH_SIZE];
    char key[CLIENT_PEM_SIZE];
    char key_file[CLIENT_PATH_SIZE];
    char server_name[CLIENT_NAME_SIZE];
    bool insecure_skip_verify;
    int min_version, max_version; /* enum tls_version */
};

struct proxy_settings {
    char url[CLIENT_URL_SIZE]; /* proxy_url; may hold a user and a password */
    char no_proxy[CLIENT_LIST_SIZE];
    bool from_environment;                                        /* proxy_from_environment */
    struct http_pair connect_headers[CLIENT_CONNECT_HEADERS_MAX]; /* proxy_connect_header */
};

/* The client credentials grant (RFC 6749 section 4.4). */
struct oauth2_settings {
    char client_id[CLIENT_NAME_SIZE]; /* "": no oauth2 */
    char client_secret[CLIENT_SECRET_SIZE];
    char client_secret_file[CLIENT_PATH_SIZE];
    char token_url[CLIENT_URL_SIZE];
    char scopes[CLIENT_LIST_SIZE]; /* with a space between them */
    struct http_pair endpoint_params[CLIENT_PARAMS_MAX];
    struct tls_settings tls_config;
    struct proxy_settings proxy;
};

/* AWS Signature Version 4, for Amazon Managed Service for Prometheus (prometheus/sigv4
   sigv4_config.go; the files are ours). Beside a key of its own there is no other way to be known:
   what a profile or a role leads to is Amazon's own software to find. */
struct sigv4_settings {
    char region[64];
    char access_key[128];
    char access_key_file[CLIENT_PATH_SIZE];
    char secret_key[128];
    char secret_key_file[CLIENT_PATH_SIZE];
    char profile[64]; /* refused in words, as is role_arn */
    char role_arn[256];
};

enum http_method {
    HTTP_METHOD_POST, /* and GET where that is refused and GET is not */
    HTTP_METHOD_GET,
};

enum query_style {
    QUERY_STYLE_COMPACT, /* regular expressions over metrics' names: the shortest */
    QUERY_STYLE_NAMED,   /* one metric after the other, for back ends that refuse that */
};

/* The labels of one kind's workloads; "": the usual ones. */
struct kind_labels {
    char namespace_[64];
    char name[64];
};

#define LABELS_OF_KIND(kind, word, ...) struct kind_labels word;
struct labels_settings {
    KINDS(LABELS_OF_KIND)
};

struct prometheus_settings {
    char url[CLIENT_URL_SIZE];                        /* http(s)://host[:port][/prefix] */
    int64_t poll_interval_ms;                         /* ours: 10 s */
    int64_t timeout_ms;                               /* ours: 0: four fifths of poll_interval */
    int64_t connect_timeout_ms;                       /* ours: 0: half of timeout */
    int64_t max_response_bytes;                       /* ours: after decompression; 4 MiB */
    int http_method;                                  /* enum http_method; Grafana's word */
    int query_style;                                  /* ours: enum query_style */
    bool query_nonce;                                 /* ours: each poll proves that it is new */
    bool recording_rules;                             /* ours: survey what rules have counted */
    char namespace_label[64];                         /* ours: "namespace" */
    char cluster_label[64];                           /* ours: "cluster" */
    struct labels_settings labels;                    /* ours: of kinds with their own */
    struct http_pair extra_params[CLIENT_PARAMS_MAX]; /* ours: sent with every query */
    struct basic_auth_settings basic_auth;
    struct authorization_settings authorization;
    char bearer_token[CLIENT_TOKEN_SIZE]; /* deprecated: authorization's credentials */
    char bearer_token_file[CLIENT_PATH_SIZE];
    struct oauth2_settings oauth2;
    struct sigv4_settings sigv4;
    struct tls_settings tls_config;
    struct proxy_settings proxy;
    struct http_pair http_headers[CLIENT_HEADERS_MAX];
    bool follow_redirects;
    bool enable_http2;
};

/*
 * The keys of `prometheus:` and of `oauth2:` and `labels:` in it, but the maps of names and the
 * lists (`oauth2` and `labels` themselves, http_headers, proxy_connect_header, extra_params,
 * scopes, endpoint_params), which config/ reads. proxy_fields are keys of both, into their `proxy`.
 */
extern const struct field prometheus_fields[];
extern const struct field oauth2_fields[];
extern const struct field labels_fields[];
extern const struct field proxy_fields[];

/* What no table can say, by number below PROMETHEUS_CHECKS: a URL that cannot work, two ways to
   authenticate, forbidden headers ... False, with the first fault of that sort, which names keys
   and never repeats a value that may be secret. */
#define PROMETHEUS_CHECKS 13
bool prometheus_check(const struct prometheus_settings *settings, size_t number,
                      struct error *error);

/* True for a name that a header can have (RFC 9110 section 5.6.2). */
bool prometheus_is_header(const char *name);

/* What timeout and connect_timeout come to. */
int64_t prometheus_timeout_ms(const struct prometheus_settings *settings);
int64_t prometheus_connect_timeout_ms(const struct prometheus_settings *settings);

/* What these settings deserve one warning for, by number below PROMETHEUS_REMARKS (credentials over
   plain http, a secret that others can read ...). False when they do not. */
#define PROMETHEUS_REMARKS 8
bool prometheus_remark(const struct prometheus_settings *settings, size_t number,
                       struct error *remark);

/* By number below PROMETHEUS_FILES, each file that they may name: false when it is not there, is
   no regular file, or longer than what is read. Whether it can be read, the daemon's user alone can
   say. */
#define PROMETHEUS_FILES (13 + CLIENT_HEADERS_MAX)
bool prometheus_file_check(const struct prometheus_settings *settings, size_t number,
                           struct error *error);

/* The path of that file as it was resolved; "": none is named. */
const char *prometheus_file(const struct prometheus_settings *settings, size_t number);

/* Whether a sentence may repeat that path, as secret_may_be_named() says. */
bool prometheus_path_may_be_named(const char *path);
#define PROMETHEUS_NAME_KEPT "its name is not shown: it may be the secret itself" /* where not */

/* The key that names it: "basic_auth: password_file". */
#define PROMETHEUS_FILE_KEY_SIZE 128
const char *prometheus_file_key(const struct prometheus_settings *settings, size_t number,
                                char out[static PROMETHEUS_FILE_KEY_SIZE]);

/* True when there is anything by which a server may know who asks. */
bool prometheus_says_who(const struct prometheus_settings *settings);

/* True when requests are to be signed. */
bool prometheus_signs(const struct prometheus_settings *settings);

/* True when they hold or name a secret; when they hold one in plain text. */
bool prometheus_has_secret(const struct prometheus_settings *settings);
bool prometheus_has_inline_secret(const struct prometheus_settings *settings);

/* Where there are secrets: no core dump of this process, and no look into its memory by other
   processes of its user (PR_SET_DUMPABLE). */
void prometheus_guard(const struct prometheus_settings *settings);

#endif
