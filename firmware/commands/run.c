/* `amberbar run` */
#include "base/say.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "daemon/daemon.h"
#include "daemon/darken.h"

#include <signal.h>
#include <stdio.h>

static const struct option_spec options_table[] = {
    CONFIG_OPTION,
    {"--card", NULL, "DIR", "what `amberbar card` left: shows it when the card is wrong"},
    {0},
};

/* Before a word is said: what a killed predecessor left lit would stay so. */
static int refuse(const char *path, struct complaints *complaints)
{
    struct text words = {0};
    signal(SIGPIPE, SIG_IGN);
    darken_after_death(path, false, &words);
    say_lines(stderr, words.data != NULL ? words.data : "");
    say_lines(stderr, complaints->text.data);
    text_free(&words);
    complaints_free(complaints);
    return EXIT_STATUS_USAGE;
}

/* One that comes while the config is read is taken when the daemon waits for it, and ends nothing.
 */
static void defer_reload(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static int run_run(const struct options *options)
{
    const char *path = options->values[0] != NULL ? options->values[0] : CONFIG_FILE_DEFAULT;
    struct complaints complaints = {0};
    defer_reload();
    struct config *config = config_read_beside(path, options->values[1], &complaints);
    if (config == NULL)
        return refuse(path, &complaints);
    complaints_free(&complaints);
    struct error error;
    bool good = daemon_run(config, &error);
    if (!good)
        say_line(stderr, "amberbar run: %s", error.text);
    return good ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

const struct command command_run = {
    .name = "amberbar run",
    .brief = "show what Kubernetes is rolling out, until told to stop",
    .summary =
        "Shows what Kubernetes is rolling out on the board of the config, in the foreground,\n"
        "until SIGTERM or SIGINT; then darkens every output. SIGHUP reads the config again. Where\n"
        "it may not begin, because the config is wrong, it darkens what was left lit.",
    .options = options_table,
    .run = run_run,
};
