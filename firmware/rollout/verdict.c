#include "rollout/verdict.h"

#include "base/table.h"
#include "evidence/row.h"

/* What columns say together, so that no slip makes good news: all that is not settled is worse than
   what is; only what is settled is done. */
#define STATE_FITS(state, name, severity, is, run, outlook, ...)                                  \
    static_assert((((is)&STATE_SETTLED) != 0) == ((outlook) == OUTLOOK_DONE),                     \
                  name ": settled, and nobody waits for it, or neither");                         \
    static_assert((severity) >= 1 && (((is)&STATE_SETTLED) != 0) == ((severity) == 1),            \
                  name ": settled, and as severe as nothing, or neither");                        \
    static_assert(((is)&STATE_SETTLED) == 0 || (run) == RUN_ENDS,                                 \
                  name ": settled, so no run goes on");                                           \
    static_assert(((is)&STATE_MOVES) == 0 || (run) == RUN_IS_ON, name ": moves, so a run is on"); \
    static_assert(((is)&STATE_SERVES) == 0 || ((is)&STATE_SETTLED) != 0,                          \
                  name ": serves, so it is settled");
STATES(STATE_FITS)

const struct state_traits *state_traits(enum state state)
{
    TABLE_OF(struct state_traits);
    switch (state) {
        STATES(ROW_OF)
        ROW_COUNT(STATE_COUNT);
    }
    NO_OTHER_ROW;
}

/* The columns of whys.h. */
struct why_traits {
    const char *name;
    unsigned is; /* of WHYS_UNANSWERED ... */
    enum own_fault fault;
    const char *sentence;
};

static const struct why_traits *traits_of_why(enum why why)
{
    TABLE_OF(struct why_traits);
    switch (why) {
        WHYS(ROW_OF)
    }
    NO_OTHER_ROW;
}

struct verdict verdict_unknown(enum why why)
{
    return (struct verdict){.state = STATE_UNKNOWN,
                            .why = why,
                            .p = P_NONE,
                            .q = P_NONE,
                            .replicas = ROW_MISSING,
                            .updated = ROW_MISSING,
                            .available = ROW_MISSING,
                            .spec = ROW_MISSING,
                            .terminating = ROW_MISSING,
                            .new_available = ROW_MISSING,
                            .target = ROW_MISSING};
}

bool state_is(enum state state, unsigned traits)
{
    return (state_traits(state)->is & traits) != 0;
}

const char *state_name(enum state state)
{
    return state_traits(state)->name;
}

const char *why_name(enum why why)
{
    return traits_of_why(why)->name;
}

const char *why_sentence(enum why why)
{
    return traits_of_why(why)->sentence;
}

bool why_is(enum why why, unsigned traits)
{
    return (traits_of_why(why)->is & traits) != 0;
}

enum own_fault why_fault(enum why why)
{
    return traits_of_why(why)->fault;
}

int state_severity(enum state state)
{
    return state_traits(state)->severity;
}

struct health_traits {
    const char *name, *words;
    int plain, explained; /* severity */
};

static const struct health_traits *traits_of(enum health health)
{
    TABLE_OF(struct health_traits);
    switch (health) {
        ROW_OF(HEALTH_UNKNOWN, "unknown", "unknown", 5, 5);
        ROW_OF(HEALTH_OK, "ok", "good; warning", 1, 1);
        ROW_OF(HEALTH_WARNING, "warning", "warning", 4, 2);
        ROW_OF(HEALTH_CRITICAL, "critical", "critical", 8, 2);
        ROW_COUNT(HEALTH_COUNT);
    }
    NO_OTHER_ROW;
}

const char *health_name(enum health health)
{
    return traits_of(health)->name;
}

const char *health_words(enum health health)
{
    return traits_of(health)->words;
}

int health_severity(enum health health, bool explained)
{
    return explained ? traits_of(health)->explained : traits_of(health)->plain;
}
