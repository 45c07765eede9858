/* The file, what stands beside it, the service, and what the wall shows now. */
#include "base/intake.h"
#include "base/say.h"
#include "commands/commands.h"
#include "commands/setup/certificates.h"
#include "commands/setup/newfile.h"
#include "commands/setup/setup.h"

#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVICE "amberbar"
#define SYSTEMD "/run/systemd/system" /* sd_booted(3) */
#define WRITTEN_MAX 3                 /* a board's file, a secret, a certificate */
#define COPIED_MAX 65536

static const char *const other_configs[] = {".new", ".new-2", ".new-3", ".new-4", ".new-5", NULL};
static const char *const other_files[] = {"-2", "-3", "-4", "-5", "-6", NULL};

/* What was written beside the config, to be taken away again when that cannot be. */
struct written {
    char paths[WRITTEN_MAX][PATH_MAX];
    size_t count;
    struct newfolder folder;
};

static void folder_of(const struct setup *setup, char out[static PATH_MAX])
{
    char path[PATH_MAX];
    text_copy(path, sizeof path, setup->path);
    text_copy(out, PATH_MAX, dirname(path));
}

/* Commands are others' programs: they get the signals that we have put off. */
static bool run(const char *const words[], struct error *error)
{
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child;
    int status = 0;
    char *copies[8] = {0}, space[256];
    size_t used = 0;
    for (size_t i = 0; words[i] != NULL && i + 1 < sizeof copies / sizeof copies[0]; i++) {
        copies[i] = space + used;
        used += (size_t)snprintf(space + used, sizeof space - used, "%s", words[i]) + 1;
    }
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    fflush(stdout);
    const int fault = posix_spawnp(&child, words[0], NULL, &attributes, copies, environ);
    posix_spawnattr_destroy(&attributes);
    if (fault != 0)
        return error_set(error, "cannot run %s: %s", words[0], strerror(fault));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           error_set(error, "`%s %s` failed; it says why above", words[0],
                     words[1] != NULL ? words[1] : "");
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool is_standard(const struct setup *setup)
{
    return strcmp(setup->path, CONFIG_FILE_DEFAULT) == 0;
}

/* What the unit has taken from the service's view (ProtectHome=, PrivateTmp=). */
bool setup_hides(const struct setup *setup, const char *path)
{
    static const char *const hidden[] = {"/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (strncmp(path, hidden[i], strlen(hidden[i])) == 0)
            return is_standard(setup);
    return false;
}

static bool has_service(void)
{
    return is_there(SYSTEMD) && (is_there("/lib/systemd/system/" SERVICE ".service") ||
                                 is_there("/etc/systemd/system/" SERVICE ".service"));
}

/* Who may read a secret beside the config: the service. Where its group is not there yet, an
   installation from source has left that to systemd-sysusers. */
static gid_t group_of_service(const struct setup *setup)
{
    static const char *const sysusers[] = {"systemd-sysusers", NULL};
    struct error ignored;
    const struct group *group = getgrnam(SERVICE);
    if (group == NULL && geteuid() == 0 && is_standard(setup) && has_service() &&
        run(sysusers, &ignored))
        group = getgrnam(SERVICE);
    return group != NULL && geteuid() == 0 ? group->gr_gid : NEWFILE_OWNER;
}

/* The file that it comes of may have been for fewer. */
static const char *who_reads(gid_t group)
{
    if (group == NEWFILE_ALL)
        return "; anybody may read it";
    return group == NEWFILE_OWNER ? "" : "; the group of the service may read it, too";
}

static bool write_beside(const struct setup *setup, const char *name, gid_t group,
                         const struct text *text, struct written *written, struct error *error)
{
    char folder[PATH_MAX], *path = written->paths[written->count];
    folder_of(setup, folder);
    if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        return error_set(error, "the path %s is too long", folder);
    if (!newfile_write(written->folder.fd, path, group, text, error))
        return false;
    written->count++;
    setup_say(setup, "   %s: written%s", path, who_reads(group));
    return true;
}

/* A name in the config's folder that nothing has yet: "prometheus.token". */
static bool free_name(const struct setup *setup, const char *name, char *out, size_t size)
{
    char folder[PATH_MAX], wanted[PATH_MAX + 64], found[PATH_MAX + 80];
    folder_of(setup, folder);
    snprintf(wanted, sizeof wanted, "%s/%s", folder, name);
    if (!newfile_free(wanted, other_files, found, sizeof found))
        return false;
    return text_copy(out, size, strrchr(found, '/') + 1);
}

/* Where all of it goes: decided before it is shown, since the config names what is beside it. */
static bool choose_names(struct setup *setup, struct error *error)
{
    char board[128];
    bool good = true;
    setup->replaces = newfile_same(setup->path, config_example());
    if (setup->replaces)
        text_copy(setup->written, sizeof setup->written, setup->path);
    else
        good = newfile_free(setup->path, other_configs, setup->written, sizeof setup->written);
    if (setup->secret[0] != '\0')
        good = good &&
               free_name(setup,
                         setup->username[0] != '\0' ? "prometheus.password" : "prometheus.token",
                         setup->secret_name, sizeof setup->secret_name);
    if (setup_hides(setup, setup->ca_file))
        good = good && free_name(setup, "prometheus-ca.pem", setup->ca_name, sizeof setup->ca_name);
    if (setup->order[0] != '\0' || setup->count[0] != '\0' || setup->controller[0] != '\0' ||
        setup_hides(setup, setup->board_name)) {
        snprintf(board, sizeof board, "my-%.*s.yaml", BUS_NAME_SIZE, setup->board.name);
        good =
            good && free_name(setup, board, setup->board_file_name, sizeof setup->board_file_name);
    }
    return good || error_set(error, "there are too many of these files already; remove some");
}

static bool says_the_same(const struct setup *setup, const char *path)
{
    struct text there = {0};
    const bool same = intake_file(path, INTAKE_FILE, COPIED_MAX, &there) &&
                      there.length == setup->file.length &&
                      memcmp(there.data, setup->file.data, there.length) == 0;
    text_free(&there);
    return same;
}

/* Who answers the same once more gets no other file. What is written beside it has a name of
   its own. */
static void find_same(struct setup *setup)
{
    char path[sizeof setup->written];
    setup->same = false;
    if (setup->file.failed || setup->secret_name[0] != '\0' || setup->ca_name[0] != '\0' ||
        setup->board_file_name[0] != '\0')
        return;
    setup->same = says_the_same(setup, setup->path);
    if (setup->same)
        text_copy(setup->written, sizeof setup->written, setup->path);
    for (size_t i = 0; !setup->same && other_configs[i] != NULL; i++) {
        snprintf(path, sizeof path, "%s%s", setup->path, other_configs[i]);
        setup->same = says_the_same(setup, path);
        if (setup->same)
            text_copy(setup->written, sizeof setup->written, path);
    }
}

static void show_file(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    struct error error = {0};
    text_copy(proposed, ANSWER_SIZE, "y");
    if (!choose_names(setup, &error)) {
        setup_say(setup, "   %s.", error.text);
        setup->written[0] = '\0';
        return;
    }
    compose(setup, COMPOSE_FILE, &setup->file);
    find_same(setup);
    if (!setup->asks)
        return;
    say_lines(stdout, "\n");
    say_lines(stdout, setup->file.data);
    say_lines(stdout, "\n");
}

static void word_write(struct setup *setup, struct text *out)
{
    if (setup->same)
        text_addf(out, "%s says just this already. Go on with it?", setup->written);
    else if (strcmp(setup->written, setup->path) == 0)
        text_addf(out, "Write this to %s?", setup->path);
    else
        text_addf(out, "%s is there already and stays as it is. Write this to %s?", setup->path,
                  setup->written);
}

static bool write_board(const struct setup *setup, struct written *written, struct error *error)
{
    const size_t index = (size_t)(setup->strip - setup->board.outputs);
    struct text ordered = {0}, counted = {0}, addressed = {0}, bus = {0};
    const char *source = setup->board.source.data;
    bool good = source != NULL;
    if (good && setup->order[0] != '\0') {
        good = order_write(source, index, "order", setup->order, &ordered);
        source = ordered.data;
    }
    if (good && setup->count[0] != '\0') {
        good = order_write(source, index, "pixels", setup->count, &counted);
        source = counted.data;
    }
    if (good && setup->controller[0] != '\0') {
        text_add(&bus, "{udp: ");
        text_add_json(&bus, setup->controller);
        text_addf(&bus, ", port: %d}", (int)setup->strip->bus.udp.port);
        good = !bus.failed && order_write(source, index, "bus", bus.data, &addressed);
        source = addressed.data;
    }
    if (!good)
        error_set(error,
                  "the file of board %s cannot be changed by a program; copy it, and set "
                  "order and pixels by hand",
                  setup->board.name);
    struct text text = {0};
    text_add(&text, good ? source : "");
    good = good && !text.failed &&
           write_beside(setup, setup->board_file_name, NEWFILE_ALL, &text, written, error);
    text_free(&text);
    text_free(&bus);
    text_free(&addressed);
    text_free(&ordered);
    text_free(&counted);
    return good;
}

static bool write_secret(struct setup *setup, struct written *written, struct error *error)
{
    struct text text = {0};
    const gid_t group = group_of_service(setup);
    text_addf(&text, "%s\n", setup->secret);
    const bool good =
        !text.failed && write_beside(setup, setup->secret_name, group, &text, written, error);
    text_wipe(&text);
    const char *path = good ? written->paths[written->count - 1] : "";
    if (good && group == NEWFILE_OWNER && is_standard(setup))
        setup_say(setup,
                  "   You alone may read it. For the service: chgrp " SERVICE " %s && chmod 640 %s",
                  path, path);
    return good;
}

/* Certificates are for anybody; a private key that stands beside them is not. */
static bool write_ca(const struct setup *setup, struct written *written, struct error *error)
{
    struct text text = {0}, copied = {0};
    bool good = intake_file(setup->ca_file, INTAKE_FILE, COPIED_MAX, &text) ||
                error_set(error, "cannot read %s: %s", setup->ca_file, intake_words(errno));
    const char *pem = good && text.data != NULL ? text.data : "";
    good = good && (certificates_copy(pem, &copied) > 0 ||
                    error_set(error,
                              "%s holds no certificate that could be copied: PEM, from "
                              "-----BEGIN CERTIFICATE----- on",
                              setup->ca_file));
    if (good && copied.length < text.length)
        setup_say(setup, "   Of %s its certificates alone are copied.", setup->ca_file);
    good = good && write_beside(setup, setup->ca_name, NEWFILE_ALL, &copied, written, error);
    text_wipe(&text);
    text_free(&copied);
    return good;
}

static void take_back(const struct written *written)
{
    for (size_t i = 0; i < written->count; i++)
        newfile_remove(written->folder.fd, written->paths[i]);
    newfolder_remove(&written->folder);
}

/* The example of the package, as it came, is nobody's work. */
static bool write_config(const struct setup *setup, int folder, struct error *error)
{
    const bool good =
        setup->replaces ? newfile_replace(folder, setup->written, NEWFILE_ALL, &setup->file, error)
                        : newfile_write(folder, setup->written, NEWFILE_ALL, &setup->file, error);
    if (good)
        setup_say(setup, "   %s: written", setup->written);
    return good;
}

/* All of it or nothing. */
static bool write_all(struct setup *setup, struct error *error)
{
    static struct written written; /* paths are long */
    char folder[PATH_MAX];
    written = (struct written){.count = 0};
    folder_of(setup, folder);
    if (setup->file.failed)
        return error_set(error, "not enough memory for the config");
    if (!meant_is_written(setup, error))
        return false;
    if (!newfolder_open(folder, &written.folder, error))
        return false;
    const bool good = (setup->board_file_name[0] == '\0' || write_board(setup, &written, error)) &&
                      (setup->secret_name[0] == '\0' || write_secret(setup, &written, error)) &&
                      (setup->ca_name[0] == '\0' || write_ca(setup, &written, error)) &&
                      write_config(setup, written.folder.fd, error);
    if (!good)
        take_back(&written);
    newfolder_close(&written.folder);
    return good;
}

/* Whatever comes of it, it is not asked again. */
static enum tried try_write(struct setup *setup, const char *answer, struct error *error)
{
    const enum consent consent = consent_of(answer);
    if (consent == CONSENT_UNCLEAR) {
        error_set(error, "answer y or n");
        return TRIED_REFUSED;
    }
    glow_close(&setup->glow);
    if (setup->same && consent == CONSENT_YES)
        setup_say(setup, "   %s: says just this already", setup->written);
    setup->saved = consent == CONSENT_YES && setup->written[0] != '\0' &&
                   (setup->same || write_all(setup, error));
    if (consent == CONSENT_NO)
        setup_say(setup, "   Nothing was written.");
    return setup->saved || consent == CONSENT_NO ? TRIED_FINE : TRIED_STOP;
}

/* What keeps it from being started from here; NULL: nothing. */
static const char *why_no_service(const struct setup *setup)
{
    if (!is_standard(setup))
        return "it reads " CONFIG_FILE_DEFAULT " alone";
    if (strcmp(setup->written, setup->path) != 0)
        return "what it reads stays as it is";
    if (setup->board.outputs[0].bus.kind == BUS_FILE)
        return "it has no terminal to draw in";
    if (!is_there(SYSTEMD))
        return "systemd does not run here";
    if (!has_service())
        return "this machine has no unit " SERVICE ".service";
    return geteuid() == 0 ? NULL : "only root may start it";
}

static bool due_enable(struct setup *setup)
{
    const char *given = setup->options->values[SETUP_ENABLE];
    return setup->saved && why_no_service(setup) == NULL &&
           (given == NULL || consent_of(given) != CONSENT_NO);
}

static void propose_enable(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    (void)setup;
    text_copy(proposed, ANSWER_SIZE, "y");
}

static void word_enable(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "Let the service start now, and at every boot?");
}

/* What an installation from source has left to do, and then the service. */
static enum tried try_enable(struct setup *setup, const char *answer, struct error *error)
{
    static const char *const steps[][4] = {{"systemd-sysusers", NULL},
                                           {"systemctl", "daemon-reload", NULL},
                                           {"udevadm", "control", "--reload", NULL},
                                           {"udevadm", "trigger", NULL}};
    static const char *const enable[] = {"systemctl", "enable", "--now", SERVICE, NULL};
    struct error ignored;
    const enum consent consent = consent_of(answer);
    if (consent == CONSENT_UNCLEAR) {
        error_set(error, "answer y or n");
        return TRIED_REFUSED;
    }
    if (consent == CONSENT_NO)
        return TRIED_FINE;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        (void)run(steps[i], &ignored); /* where one of them is not needed, it may fail */
    setup->enabled = run(enable, error);
    return setup->enabled ? TRIED_FINE : TRIED_STOP;
}

static void say_what_next(const struct setup *setup)
{
    const char *given = setup->options->values[SETUP_ENABLE];
    const char *why = setup->enabled ? NULL : why_no_service(setup);
    const bool wanted = given != NULL && consent_of(given) == CONSENT_YES;
    if (strcmp(setup->written, setup->path) != 0)
        say_line(stdout, "%s stays as it is%s. Compare: diff %s %s. Take the new one: mv %s %s",
                 setup->path,
                 setup->former.config != NULL ? "; what nobody was asked about is in it alone" : "",
                 setup->path, setup->written, setup->written, setup->path);
    if (why != NULL && (wanted || (is_standard(setup) && !is_there(SYSTEMD))))
        say_line(stdout, "The service was not started: %s.", why);
    if (setup->enabled)
        say_line(stdout, "The service runs: `amberbar status` says what it shows, and why.");
    else if (!is_standard(setup) || (why != NULL && geteuid() == 0))
        say_line(stdout, "Let it run here, until Ctrl-C: amberbar run -c %s", setup->written);
    else
        say_line(stdout, "Let it run now and at every boot: sudo systemctl enable --now " SERVICE);
}

bool setup_finish(struct setup *setup)
{
    const struct options options = {.values = {[0] = setup->written}};
    say_lines(stdout, "\n");
    const bool fine = command_check.run(&options) == EXIT_STATUS_OK;
    say_lines(stdout, "\n");
    if (fine) {
        say_line(stdout, setup->enabled ? "What the wall shows now:"
                         : setup->unlit
                             ? "What the wall would show now, if its lights could be lit:"
                             : "What the wall will show, as things are now:");
        (void)command_once.run(&options);
        say_lines(stdout, "\n");
    }
    say_what_next(setup);
    return fine;
}

const struct question question_write = {
    SETUP_NONE, "whether the file is written", word_write, NULL, show_file, try_write, false};
const struct question question_enable = {
    SETUP_ENABLE, "whether the service starts", word_enable, due_enable, propose_enable, try_enable,
    false};
