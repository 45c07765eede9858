/*
 * `amberbar setup`: from nothing to a lit light by questions. Each question is a row of a table:
 * the option that answers it, what is looked at for its default, and what tries its answer at once.
 * Nothing is written before the last of them is answered.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_SETUP_H
#define AMBERBAR_COMMANDS_SETUP_SETUP_H

#include "commands/common/options.h"
#include "commands/common/question.h"
#include "commands/discover/discover.h"
#include "commands/setup/ask.h"
#include "commands/setup/candidates.h"
#include "commands/setup/former.h"
#include "commands/setup/glow.h"
#include "commands/setup/order.h"
#include "machine/machine.h"

enum setup_option {
    SETUP_CONFIG,
    SETUP_URL,
    SETUP_CA_FILE,
    SETUP_TOKEN_FILE,
    SETUP_USERNAME,
    SETUP_PASSWORD_FILE,
    SETUP_BOARD,
    SETUP_ORDER,
    SETUP_PIXELS,
    SETUP_CONTROLLER,
    SETUP_ROLLOUTS,
    SETUP_INDICATOR,
    SETUP_WARNING,
    SETUP_CRITICAL,
    SETUP_BRIGHTNESS,
    SETUP_NIGHT,
    SETUP_ENABLE,
    SETUP_YES,
    SETUP_COUNT
};
#define SETUP_NONE SETUP_COUNT /* a question that only a person can answer, or --yes */

/* What the server wants beyond the address, as far as it has said. */
struct setup_wants {
    bool ca;     /* its certificate is signed by nobody this machine trusts */
    bool secret; /* it wants to know who asks */
};

#define SECRETS_MAX 2
#define SUGGESTIONS_MAX 5

/* An indicator that Prometheus has the metrics for. */
struct suggestion {
    char name[64];    /* in the config */
    char query[1024]; /* PromQL */
    double warning, critical;
    double middle, high; /* what half, and 99 of 100, of the last day's values stayed below */
    bool share;          /* 0..1, shown in percent; else seconds */
    bool own;            /* somebody's query, of which nobody knows what is good or bad */
    char span[24];       /* how far back that goes: "day", "13 minutes" */
};

/* A rollout: a place that was found, or one of its workloads. */
struct meant {
    size_t place;
    size_t workload; /* MEANT_ALL: the whole place */
};
#define MEANT_ALL SIZE_MAX

struct setup {
    const struct options *options;
    const char *path; /* of the config */
    struct asker asker;
    bool asks;        /* somebody sits at a terminal, and did not say --yes */
    bool quiet;       /* an option answers: what would be listed for a choice is not */
    bool by_option;   /* the answer that is tried came by an option */
    size_t questions; /* that were asked, each counted once */
    struct former former;

    /* Prometheus */
    char url[CLIENT_URL_SIZE];
    char ca_file[CLIENT_PATH_SIZE]; /* whole paths; "": none */
    char username[128];             /* "": a token */
    char secret_file[CLIENT_PATH_SIZE];
    char secret[CLIENT_TOKEN_SIZE]; /* as typed; wiped at the end */
    struct setup_wants wants;
    bool withholds;              /* what is tried goes without the secret */
    char moved[CLIENT_URL_SIZE]; /* where the address leads, to be asked about; "": nowhere */
    bool no_nonce;               /* its answers cannot prove that they are new */
    bool by_get;                 /* the server refuses POST */
    struct config *trial;        /* that was tried last; NULL: none */
    struct inquiry inquiry;      /* to it */
    struct discovery found;      /* in it */

    /* The light */
    struct machine machine;
    struct card cards[BOARDS_MAX];
    size_t card_count;
    size_t listed[CANDIDATES_MAX];
    size_t listed_count;
    char board_name[CONFIG_PATH_SIZE]; /* as `board:` has it, but for changed values */
    struct board board;
    bool has_board;
    struct output_settings *strip; /* the board's output that the eye is asked about; NULL: none */
    struct glow glow;
    bool doubted; /* somebody sees something else than should be */
    struct order_search search;
    char order[8], count[16];       /* that the board's file gets; "": as it is */
    char controller[BUS_PATH_SIZE]; /* the same: its address */
    bool unlit;                     /* these lights cannot be lit here and now */

    /* What it is about */
    struct text rollouts; /* lines of YAML, or a whole section, and the names of those in them */
    struct meant meant[CONFIG_ROLLOUTS_MAX];
    size_t meant_count; /* of those; they are more than the config holds where it refuses them */
    struct text names;  /* "cms, shop" */
    struct text namespaces; /* a pattern of them, for what is looked for there */
    struct suggestion suggestions[SUGGESTIONS_MAX];
    size_t suggestion_count;
    struct suggestion chosen;                             /* with the thresholds that count */
    const struct suggestion *indicator;                   /* that; NULL: none */
    struct text indicators;                               /* a whole section instead; empty: none */
    bool names_limits;                                    /* its thresholds are still to be named */
    char brightness[8];                                   /* "50%" */
    char night_from[8], night_to[8], night_brightness[8]; /* "": no night */

    /* What comes of it */
    struct text file;
    char written[CONFIG_PATH_SIZE + 8]; /* where it goes: nothing is there yet */
    bool same;                          /* just that is there already */
    bool replaces; /* what is there is the example that came with the program, untouched */
    bool saved;    /* it is there now */
    char secret_name[64], ca_name[64], board_file_name[192]; /* beside it; "": none */
    bool enabled;                                            /* the service runs */
};

enum tried {
    TRIED_REFUSED, /* error says why: another answer, please */
    TRIED_ADDRESS, /* it is the address that does not do: error says why */
    TRIED_STOP,    /* it goes no further: error says why */
    TRIED_AGAIN,   /* the same question once more, about something else */
    TRIED_FINE,
};

struct question {
    enum setup_option option;
    const char *name; /* what is missing, in a complaint: "the address of Prometheus" */
    void (*word)(struct setup *setup, struct text *sentence);
    bool (*due)(struct setup *setup); /* false: not asked this time. NULL: always asked */
    /* Looks at what there is, lists it, and proposes an answer ("" for none). NULL: nothing to. */
    void (*look)(struct setup *setup, char proposed[static ANSWER_SIZE]);
    enum tried (*try)(struct setup *setup, const char *answer, struct error *error);
    bool secret;
};

/* given.c: false where options contradict each other or lack one another, whatever is found: error
   says which. */
bool given_accepted(const struct setup *setup, struct error *error);

/* A line for whoever sits there; nothing when an option has answered what it is about. */
void setup_say(const struct setup *setup, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* address.c: the address, and what the server wants beside it. */
extern const struct question question_url, question_ca, question_user, question_token,
    question_password;
void setup_leave(struct setup *setup); /* the Prometheus that was tried last */

/* lights.c: the board. */
extern const struct question question_board;

/* network.c: where lights in the network are, and how many: a board's file has an example. */
extern const struct question question_controller, question_lights;

/* eyes.c: what somebody sees on it. */
extern const struct question question_see, question_red, question_green, question_count;

/* workloads.c: what the bar is about. */
extern const struct question question_rollouts;
void workloads_rank(struct discovery *found); /* what somebody deploys to comes first */

/* indicator.c */
extern const struct question question_indicator;
bool indicator_parse(const char *answer, size_t suggestions, size_t *index, double limits[2]);

/* limits.c: its thresholds, both or neither: which of them is above says what is bad. */
extern const struct question question_warning, question_critical;
/* Whether the chosen indicator can be had with these. */
bool limits_accepted(struct setup *setup, struct error *error);

/* display.c: how bright. */
extern const struct question question_brightness, question_night;

/* finish.c: the file, and what follows. */
extern const struct question question_write, question_enable;
/* The service cannot read this file where it is: it is copied beside the config. */
bool setup_hides(const struct setup *setup, const char *path);
bool setup_finish(struct setup *setup); /* checks what was written, and says what the wall shows */

/* compose.c: the config. */
enum compose {
    COMPOSE_TRIAL, /* that only asks, with what was typed as a secret in it: wipe it */
    COMPOSE_CHECK, /* what is known so far, to see whether it is accepted; the board is another */
    COMPOSE_FILE,  /* what a person would write: secrets in files beside it */
};
void compose(const struct setup *setup, enum compose what, struct text *out);

/* Whether what is known so far is a config. */
bool compose_accepted(const struct setup *setup, struct error *error);

/* meant.c: whether setup->file, read as the service reads it, has the rollouts, the indicator and
   the address that were chosen, and nothing else. */
bool meant_is_written(const struct setup *setup, struct error *error);

#endif
