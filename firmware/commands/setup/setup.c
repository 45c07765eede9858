#include "commands/setup/setup.h"

#include "base/ending.h"
#include "base/log.h"
#include "base/say.h"
#include "base/table.h"
#include "bus/look.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

ROWS_BEGIN(options_table);
static const struct option_spec options_table[] = {
    ROW_AT(SETUP_CONFIG) = CONFIG_OPTION,
    ROW_AT(SETUP_URL) = {"--url", NULL, "URL", "where Prometheus is"},
    ROW_AT(SETUP_CA_FILE) = {"--ca-file", NULL, "FILE", "the certificate that signs Prometheus's"},
    ROW_AT(SETUP_TOKEN_FILE) = {"--token-file", NULL, "FILE",
                                "a file with the token for Prometheus"},
    ROW_AT(SETUP_USERNAME) = {"--username", NULL, "NAME", "a user's name instead of a token"},
    ROW_AT(SETUP_PASSWORD_FILE) = {"--password-file", NULL, "FILE",
                                   "a file with that user's password"},
    ROW_AT(SETUP_BOARD) = {"--board", "-b", "BOARD", "the lights: a board's name or file"},
    ROW_AT(SETUP_ORDER) = {"--order", NULL, "ORDER", "the order of the strip's colours, e.g. rgb"},
    ROW_AT(SETUP_PIXELS) = {"--count", NULL, "N", "how many lights the strip has"},
    ROW_AT(SETUP_CONTROLLER) = {"--controller", NULL, "ADDRESS",
                                "the address of the controller, of lights in the network"},
    ROW_AT(SETUP_ROLLOUTS) = {"--rollouts", NULL, "LIST",
                              "namespaces, or NAMESPACE/WORKLOAD, with commas between; or all"},
    ROW_AT(SETUP_INDICATOR) = {"--indicator", NULL, "PROMQL",
                               "a query to show beside the bar; or none"},
    ROW_AT(SETUP_WARNING) = {"--warning", NULL, "NUMBER", "from where on it is orange"},
    ROW_AT(SETUP_CRITICAL) = {"--critical", NULL, "NUMBER", "from where on it is red"},
    ROW_AT(SETUP_BRIGHTNESS) = {"--brightness", NULL, "PERCENT", "how bright by day, e.g. 50%"},
    ROW_AT(SETUP_NIGHT) = {"--night", NULL, "HOURS", "e.g. 19:00-07:30, and perhaps 3%; or none"},
    ROW_AT(SETUP_ENABLE) = {"--enable", NULL, "YES|NO",
                            "let the service start now and at every boot"},
    ROW_AT(SETUP_YES) = {"--yes", "-y", NULL,
                         "take what is proposed for all else, and ask nothing"},
    {0},
};
ROWS_END(options_table, SETUP_COUNT);

/* In the order in which they are asked; an address that does not do leads back to the first. */
static const struct question *const questions[] = {
    &question_url,        &question_ca,        &question_user,       &question_token,
    &question_password,   &question_board,     &question_controller, &question_lights,
    &question_see,        &question_red,       &question_green,      &question_count,
    &question_rollouts,   &question_indicator, &question_warning,    &question_critical,
    &question_brightness, &question_night,     &question_write,      &question_enable,
};
#define QUESTIONS (sizeof questions / sizeof questions[0])

enum put {
    PUT_END,    /* nobody answers, or the answer cannot be had */
    PUT_FIRST,  /* back to the first question */
    PUT_BEFORE, /* back to the one that was asked before */
    PUT_NEXT,
};
#define BACK "back" /* the answer that says so */

/* What a question was answered before somebody went back, other than was proposed: proposed then.
 */
struct kept {
    char *answer; /* NULL: nothing, or a secret, or what was seen of the lights */
    bool other;   /* it was another before */
};

/* The way through the questions, and back. */
struct walk {
    bool spent[SETUP_NONE + 1]; /* options that have answered once */
    struct {
        size_t question, number;
    } asked[QUESTIONS];
    size_t depth;  /* of those */
    bool backward; /* over those that are not asked any more: a secret that is known by now */
    struct kept kept[QUESTIONS];
};

void setup_say(const struct setup *setup, const char *format, ...)
{
    struct text line = {0};
    va_list arguments;
    if (setup->quiet)
        return;
    va_start(arguments, format);
    text_vaddf(&line, format, arguments);
    va_end(arguments);
    if (!line.failed)
        say_sentence(stdout, "%s", line.data);
    text_free(&line);
}

/* What somebody typed, or was proposed; false: nobody answers. */
static bool hear(struct setup *setup, const struct question *question, const char *proposed,
                 char answer[static ANSWER_SIZE])
{
    struct text prompt = {0};
    enum heard heard = HEARD_END;
    text_addf(&prompt, "%zu. ", setup->questions);
    question->word(setup, &prompt);
    if (proposed[0] != '\0')
        text_addf(&prompt, " [%s]", proposed);
    text_add(&prompt, " ");
    for (bool again = true; again && !prompt.failed;) {
        heard = ask(&setup->asker, prompt.data, question->secret, answer);
        again = heard == HEARD_TOO_LONG ||
                (heard == HEARD_ANSWER && answer[0] == '\0' && proposed[0] == '\0');
        if (heard == HEARD_TOO_LONG)
            say_sentence(stdout, "   That is too long for a line.");
        else if (again)
            say_sentence(stdout, "   There is nothing to propose here; Ctrl-C ends it all.");
    }
    if (heard == HEARD_ANSWER && answer[0] == '\0')
        text_copy(answer, ANSWER_SIZE, proposed);
    text_free(&prompt);
    return heard == HEARD_ANSWER;
}

/* Without a terminal: what is proposed is taken with --yes. */
static bool take_proposed(const struct setup *setup, const struct question *question,
                          const char *proposed, char answer[static ANSWER_SIZE])
{
    const bool has_option = question->option < SETUP_YES;
    const char *option = has_option ? options_table[question->option].name : "--yes";
    const bool yes = setup->options->values[SETUP_YES] != NULL;
    if (yes && proposed[0] != '\0') {
        text_copy(answer, ANSWER_SIZE, proposed);
        if (has_option)
            say_line(stdout, "   Taken is what is proposed for %s: %s (else: %s)", question->name,
                     proposed, option);
        return true;
    }
    if (yes)
        say_line(stderr, "amberbar setup: %s is not known and cannot be found; give %s",
                 question->name, option);
    else
        say_line(stderr,
                 "amberbar setup: there is no terminal to ask for %s; give %s%s, or --yes to take "
                 "what is proposed",
                 question->name, option,
                 has_option && options_table[question->option].argument != NULL ? " and a value"
                                                                                : "");
    return false;
}

static void complain_of(const struct setup *setup, const struct question *question,
                        const struct error *error, bool given)
{
    const size_t length = strlen(error->text);
    const bool asks_back = length > 0 && error->text[length - 1] == '?';
    if (setup->asks)
        say_sentence(stdout, "   %s%s", error->text, asks_back ? "" : ".");
    else if (given)
        say_line(stderr, "amberbar setup: %s: %s", options_table[question->option].name,
                 error->text);
    else
        say_line(stderr, "amberbar setup: %s: %s", question->name, error->text);
}

static void forget(struct kept *kept)
{
    if (kept->answer != NULL) /* perhaps a secret in the wrong place */
        explicit_bzero(kept->answer, strlen(kept->answer));
    free(kept->answer);
    kept->answer = NULL;
}

/* NULL: what was proposed was taken. */
static void keep(struct kept *kept, const char *answer)
{
    const bool same = kept->answer != NULL && answer != NULL && strcmp(kept->answer, answer) == 0;
    kept->other = !same && (kept->answer != NULL || answer != NULL);
    if (same)
        return;
    forget(kept);
    if (answer != NULL)
        kept->answer = strdup(answer); /* without memory for it, it is asked for once more */
}

/* A number is one of a list, or about a query: of another, once an answer before it is another. */
static void forget_numbers(struct kept kept[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (kept[i].answer != NULL &&
            kept[i].answer[strspn(kept[i].answer, "0123456789., ")] == '\0')
            forget(&kept[i]);
}

/* Looks for what to propose into `found`; proposes what somebody has answered before. */
static void propose(struct setup *setup, const struct question *question, const struct kept *kept,
                    char found[static ANSWER_SIZE], char proposed[static ANSWER_SIZE])
{
    found[0] = '\0';
    if (question->look != NULL)
        question->look(setup, found);
    text_copy(proposed, ANSWER_SIZE, kept->answer != NULL ? kept->answer : found);
}

/* Asks until an answer is good. `given` is what its option says, NULL for nothing. */
static enum put put(struct setup *setup, const struct question *question, const char *given,
                    struct kept *kept)
{
    char found[ANSWER_SIZE], proposed[ANSWER_SIZE], answer[ANSWER_SIZE];
    const bool may_keep = setup->asks && !question->secret && question->option != SETUP_NONE;
    setup->quiet = given != NULL;
    propose(setup, question, kept, found, proposed);
    setup->quiet = false;
    if (given == NULL && setup->asks)
        setup->questions++;
    for (enum tried tried = TRIED_AGAIN; tried != TRIED_FINE;) {
        struct error error = {0};
        bool answered;
        if (given != NULL)
            answered = text_copy(answer, sizeof answer, given);
        else
            answered = setup->asks ? hear(setup, question, proposed, answer)
                                   : take_proposed(setup, question, proposed, answer);
        if (given == NULL && setup->asks && answered && strcmp(answer, BACK) == 0)
            return PUT_BEFORE;
        setup->by_option = given != NULL;
        tried = answered ? question->try(setup, answer, &error) : TRIED_REFUSED;
        if (tried == TRIED_FINE && given == NULL && may_keep)
            keep(kept, strcmp(answer, found) != 0 ? answer : NULL);
        explicit_bzero(answer, sizeof answer);
        if (answered && error.text[0] != '\0')
            complain_of(setup, question, &error, given != NULL);
        if (!answered || tried == TRIED_STOP || ask_interrupted(&setup->asker))
            return PUT_END;
        if (!setup->asks && tried != TRIED_FINE)
            return PUT_END;
        if (given != NULL && tried != TRIED_FINE)
            setup->questions++;
        given = NULL;
        if (tried == TRIED_AGAIN && question->look != NULL) {
            keep(kept, NULL); /* it was about something else */
            propose(setup, question, kept, found, proposed);
        }
        if (tried == TRIED_ADDRESS && question != questions[0])
            return PUT_FIRST;
    }
    return PUT_NEXT;
}

/* To the question that was asked last; what options have answered since they answer again. */
static size_t step_back(struct setup *setup, struct walk *walk, size_t now)
{
    if (walk->depth == 0 || setup->saved) {
        say_sentence(stdout, "   There is no question before this one to go back to.");
        walk->backward = false;
        return now;
    }
    walk->depth--;
    const size_t then = walk->asked[walk->depth].question;
    for (size_t i = then + 1; i <= now; i++)
        walk->spent[questions[i]->option] = false;
    setup->questions = walk->asked[walk->depth].number;
    return then;
}

/* All questions; false: it was ended before the last. */
static bool walk_through(struct setup *setup, struct walk *walk)
{
    for (size_t i = 0; i < QUESTIONS;) {
        const struct question *question = questions[i];
        const enum setup_option option = question->option;
        const char *given =
            option < SETUP_YES && !walk->spent[option] ? setup->options->values[option] : NULL;
        if (question->due != NULL && !question->due(setup)) {
            i = walk->backward ? step_back(setup, walk, i) : i + 1;
            continue;
        }
        walk->backward = false;
        const size_t before = setup->questions;
        walk->spent[option] = true;
        switch (put(setup, question, given, &walk->kept[i])) {
        case PUT_END:
            return false;
        case PUT_FIRST:
            i = walk->depth = 0;
            break;
        case PUT_BEFORE:
            setup->questions = before;
            walk->backward = true;
            i = step_back(setup, walk, i);
            break;
        case PUT_NEXT:
            if (walk->kept[i].other)
                forget_numbers(walk->kept + i + 1, QUESTIONS - i - 1);
            walk->kept[i].other = false;
            if (setup->questions > before && walk->depth < QUESTIONS) {
                walk->asked[walk->depth].question = i;
                walk->asked[walk->depth++].number = before;
            }
            i++;
            break;
        }
    }
    return true;
}

static bool put_all(struct setup *setup)
{
    struct walk walk = {.depth = 0};
    const bool all = walk_through(setup, &walk);
    for (size_t i = 0; i < QUESTIONS; i++)
        forget(&walk.kept[i]);
    return all;
}

/* Whether the config, or a new one beside it, could be written; before anything is asked. */
static bool may_write(const char *path)
{
    char folder[PATH_MAX];
    if (!text_copy(folder, sizeof folder - 2, path))
        return false;
    for (int above = 0; above < 2; above++) {
        char *slash = strrchr(folder, '/');
        if (slash == NULL)
            text_copy(folder, sizeof folder, ".");
        else
            slash[slash == folder] = '\0';
        if (access(folder, F_OK) == 0)
            return access(folder, W_OK) == 0;
    }
    return false;
}

/* What no answer can put right. */
static bool may_begin(const struct setup *setup)
{
    char names[1][BUS_NAME_SIZE];
    struct error error = {0};
    struct stat status;
    if (stat(setup->path, &status) == 0 && S_ISDIR(status.st_mode))
        error_set(&error, "%s is a folder; name the file in it: -c %s%samberbar.yaml", setup->path,
                  setup->path, setup->path[strlen(setup->path) - 1] == '/' ? "" : "/");
    else if (board_names(names, 1) == 0)
        error_set(&error,
                  "there are no boards in %s; say `sudo cmake --install build`, or set "
                  "AMBERBAR_BOARDS to the boards of the source",
                  board_directory());
    else if (given_accepted(setup, &error))
        return true;
    say_line(stderr, "amberbar setup: %s", error.text);
    return false;
}

static void introduce(const struct setup *setup)
{
    if (!setup->asks)
        return;
    say_sentence(stdout,
                 "This asks what has to be known, tries each answer at once, and writes %s at the "
                 "end.",
                 setup->path);
    say_sentence(stdout,
                 "Enter takes what stands in [ ]. `" BACK "` goes back to the question before. "
                 "Ctrl-C ends it, and leaves nothing behind.");
    say_lines(stdout, "\n");
}

static void clear(struct setup *setup)
{
    glow_close(&setup->glow);
    setup_leave(setup);
    if (setup->has_board)
        board_free(&setup->board);
    look_away(&setup->machine);
    explicit_bzero(setup->secret, sizeof setup->secret);
    former_free(&setup->former);
    text_free(&setup->indicators);
    text_free(&setup->rollouts);
    text_free(&setup->names);
    text_free(&setup->namespaces);
    text_free(&setup->file);
}

static int go(struct setup *setup)
{
    int status = EXIT_STATUS_OK;
    look_at(&setup->machine, "");
    former_read(&setup->former, setup->path);
    introduce(setup);
    if (!put_all(setup)) {
        status =
            setup->asks || ask_interrupted(&setup->asker) ? EXIT_STATUS_FAULT : EXIT_STATUS_USAGE;
        if (!setup->saved)
            say_line(stderr, "amberbar setup: ended; nothing was written");
    }
    glow_close(&setup->glow);
    if (setup->saved && !setup_finish(setup))
        status = EXIT_STATUS_FAULT;
    clear(setup);
    return status;
}

/* Signals end the questions instead of the program, so that lights go dark. */
static int go_heeding_signals(struct setup *setup)
{
    struct ending ending;
    ending_begin(&ending);
    setup->asker.signals = ending.fd;
    setup->inquiry.interrupt = ending.fd;
    int status = go(setup);
    return ending_end(&ending, status);
}

static int run_setup(const struct options *options)
{
    static struct setup setup; /* large */
    const char *path = options->values[SETUP_CONFIG];
    setup = (struct setup){.options = options, .path = path != NULL ? path : CONFIG_FILE_DEFAULT};
    setup.asker =
        (struct asker){.in = STDIN_FILENO, .out = stdout, .tick = glow_tick, .what = &setup.glow};
    setup.asks = options->values[SETUP_YES] == NULL && isatty(STDIN_FILENO) == 1;
    if (!may_begin(&setup))
        return EXIT_STATUS_USAGE;
    if (!may_write(setup.path)) {
        say_line(stderr,
                 "amberbar setup: this user cannot write %s, or its folder is not there; say `sudo "
                 "amberbar setup`, or name another file: -c ./amberbar.yaml",
                 setup.path);
        return EXIT_STATUS_USAGE;
    }
    log_threshold(LOG_LEVEL_ERROR); /* what goes wrong is said as an answer */
    return go_heeding_signals(&setup);
}

const struct command command_setup = {
    .name = "amberbar setup",
    .brief = "ask what has to be known, and write the config",
    .summary =
        "Asks where Prometheus is, which lights there are, what they shall show and how bright;\n"
        "looks for each answer itself first, and tries each at once. Then it writes the config,\n"
        "beside an older one if there is one, checks it, and lets the service start. Options\n"
        "answer questions; with --yes it asks nothing.",
    .options = options_table,
    .run = run_setup,
};
