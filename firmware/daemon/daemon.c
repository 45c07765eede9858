#include "daemon/daemon.h"

#include "base/clock.h"
#include "base/ending.h"
#include "base/log.h"
#include "daemon/atomic_file.h"
#include "daemon/caption.h"
#include "daemon/darken.h"
#include "daemon/daylight.h"
#include "daemon/lit.h"
#include "daemon/memory.h"
#include "daemon/metrics.h"
#include "daemon/model.h"
#include "daemon/notify.h"
#include "daemon/outputs.h"
#include "daemon/source.h"
#include "daemon/status.h"
#include "daemon/terminal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATUS_REST_MS 20000 /* the status file may be so old while nothing changes */

struct daemon {
    struct config *config;
    struct model model;
    struct daylight day;
    struct source *source;
    struct outputs *outputs;
    int signals; /* descriptor */
    bool stopping;
    struct text reload_fault; /* why the last reload was refused; empty: it was not */
    int64_t watchdog_ms;      /* how often to feed the watchdog; 0: there is none */
    int64_t watchdog_due_ms;  /* monotonic */

    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame;
    int64_t frame_due_ms; /* INT64_MAX: the picture stands still */
    int64_t settled_ms;   /* when what changed last has glided to its place; INT64_MAX: it has */

    char status_directory[CONFIG_PATH_SIZE]; /* "": there is none */
    int status_claim;                        /* on that folder; -1: it is not ours */
    int64_t status_due_ms;                   /* when to write it though nothing has changed */
    struct text status;
    struct error status_error; /* reported already */
    bool faulty;               /* an output is, as the status file has it */

    struct poll_report card_report; /* where nothing is asked */
    struct metrics metrics;
    struct error metrics_error; /* reported already */
    struct stat metrics_file;   /* as it was written last; st_ino 0: it was not */
};

static int open_signals(struct error *error)
{
    sigset_t set;
    ending_signals(&set);
    signal(SIGPIPE, SIG_IGN); /* a reader that leaves is an output's error, not our death */
    int fd = -1;
    if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
        fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        error_set(error, "cannot wait for signals: %s", strerror(errno));
    return fd;
}

static bool asks(const struct config *config)
{
    return config->card_fault.text[0] == '\0';
}

static const struct poll_report *report(const struct daemon *daemon)
{
    static const struct poll_report nothing_yet = {.good_ms = INT64_MIN};
    if (!asks(daemon->config))
        return &daemon->card_report;
    return daemon->source != NULL ? source_report(daemon->source) : &nothing_yet;
}

/* Words change when something is heard, not from frame to frame. */
static void write_caption(struct daemon *daemon)
{
    struct frame *frame = &daemon->frame;
    model_caption(&daemon->model, report(daemon), frame->caption, sizeof frame->caption);
}

static void draw(struct daemon *daemon, int64_t now_ms)
{
    const struct config *config = daemon->config;
    daemon->frame.count = board_pixels(&config->board);
    struct subject subject = model_subject(&daemon->model);
    subject.ambience = &daemon->day.ambience;
    int64_t next = picture_draw(&config->picture, &subject, board_digits(&config->board), now_ms,
                                &daemon->frame);
    daemon->frame_due_ms = next == PICTURE_STILL ? INT64_MAX : now_ms + next;
    outputs_show(daemon->outputs, &daemon->frame, now_ms);
}

/* A fault that stays is reported when it begins. */
static void report_once(struct error *reported, const struct error *error)
{
    if (error->text[0] != '\0' && strcmp(error->text, reported->text) != 0)
        log_line(LOG_LEVEL_WARNING, "%s", error->text);
    *reported = *error;
}

static void write_status(struct daemon *daemon, int64_t now_ms)
{
    if (daemon->status_directory[0] == '\0')
        return;
    struct status_view view = {
        .model = &daemon->model,
        .report = report(daemon),
        .frame = &daemon->frame,
        .output_fault = outputs_fault(daemon->outputs),
        .limited = outputs_limited(daemon->outputs),
        .night = daemon->day.ambience.night,
        .reload_fault = daemon->reload_fault.length > 0 ? daemon->reload_fault.data : NULL,
        .now_ms = now_ms,
        .realtime_ms = clock_realtime_ms(),
        .valid_ms = STATUS_REST_MS + (daemon->source == NULL
                                          ? STATUS_REST_MS
                                          : source_deadline_ms(daemon->source) - now_ms)};
    daemon->status_due_ms = now_ms + STATUS_REST_MS;
    daemon->faulty = view.output_fault != NULL;
    struct error error = {0};
    text_clear(&daemon->status);
    if (status_claim(daemon->status_directory, &daemon->status_claim, &error)) {
        lit_keep(daemon->status_directory, &daemon->config->board, &error);
        status_render(&view, &daemon->status);
        status_write(daemon->status_directory, &daemon->status, &error);
    }
    report_once(&daemon->status_error, &error);
}

/* After each round, the wake-up is there anyway; and with whatever else changes on the wall [T3].
 */
static void write_metrics(struct daemon *daemon, int64_t now_ms)
{
    if (daemon->config->metrics_file[0] == '\0')
        return;
    struct metrics_view view = {.metrics = &daemon->metrics,
                                .model = &daemon->model,
                                .report = report(daemon),
                                .outputs = daemon->outputs,
                                .reload_failed = daemon->reload_fault.length > 0,
                                .now_ms = now_ms,
                                .realtime_ms = clock_realtime_ms()};
    struct error error = {0};
    text_clear(&daemon->status);
    metrics_render(&view, &daemon->status);
    if (atomic_file_may_replace(daemon->config->metrics_file, &error) &&
        atomic_file_write(daemon->config->metrics_file, &daemon->status, &error) &&
        lstat(daemon->config->metrics_file, &daemon->metrics_file) != 0)
        daemon->metrics_file.st_ino = 0;
    report_once(&daemon->metrics_error, &error);
}

/* Nobody writes it any more, and old numbers are no numbers. What another has put there stays. */
static void remove_metrics(struct daemon *daemon)
{
    struct stat now;
    if (lstat(daemon->config->metrics_file, &now) == 0 && S_ISREG(now.st_mode) &&
        now.st_dev == daemon->metrics_file.st_dev && now.st_ino == daemon->metrics_file.st_ino)
        unlink(daemon->config->metrics_file);
    daemon->metrics_file.st_ino = 0; /* as no file has */
}

static void note_card(struct daemon *daemon)
{
    daemon->card_report = (struct poll_report){.asked = true,
                                               .cause = WHY_CARD_WRONG,
                                               .failure = POLL_FAILURE_LOCAL,
                                               .error = daemon->config->card_fault,
                                               .good_ms = INT64_MIN};
}

/* Puts a config's own watch, source and outputs (NULL: the lights stay the same) in the place of
   those that run. */
static void take_over(struct daemon *daemon, struct config *config, struct model *model,
                      struct source *source, struct outputs *outputs)
{
    int64_t now = clock_monotonic_ms();
    model_adopt(model, &daemon->model, now);
    source_close(daemon->source);
    model_stop(&daemon->model);
    daemon->source = source;
    daemon->model = *model;
    if (outputs == NULL) {
        outputs_rebind(daemon->outputs, &config->board);
    } else {
        outputs_darken(daemon->outputs, now);
        outputs_close(daemon->outputs);
        daemon->outputs = outputs;
    }
    if (strcmp(config->metrics_file, daemon->config->metrics_file) != 0)
        remove_metrics(daemon);
    config_free(daemon->config);
    daemon->config = config;
    note_card(daemon);
    if (outputs != NULL && daemon->status_claim >= 0) /* while it is dark still */
        lit_keep(daemon->status_directory, &config->board, &(struct error){0});
    daemon->day.daytime = (struct daytime){0}; /* to be looked at anew */
}

/* Everything that can fail is done before anything of the old config is let go of. */
static bool prepare(struct daemon *daemon, struct config *config, struct error *error)
{
    static struct model model; /* large */
    struct outputs *outputs = NULL;
    terminal_prepare(&config->board);
    if (!board_same(&config->board, &daemon->config->board)) {
        outputs = outputs_open(&config->board, error);
        if (outputs == NULL)
            return false;
    }
    struct source *source = NULL;
    bool good = model_start(&model, config, clock_monotonic_ms(), error);
    if (good && asks(config)) {
        const struct source_subjects subjects = model_subjects(&model);
        source = source_open(config, &subjects, error);
        good = source != NULL;
    }
    if (good) {
        take_over(daemon, config, &model, source, outputs);
        return true;
    }
    model_stop(&model);
    outputs_close(outputs);
    return false;
}

/* A line for each complaint: a line of the log has no line feeds. */
static void report_refusal(struct text *fault, const char *path)
{
    while (fault->length > 0 && fault->data[fault->length - 1] == '\n')
        fault->data[--fault->length] = '\0';
    log_line(LOG_LEVEL_ERROR, "%s is refused, the config before stays", path);
    for (const char *line = fault->data; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        log_line(LOG_LEVEL_ERROR, "%.*s", (int)strcspn(line, "\n"), line);
    }
}

static void reload(struct daemon *daemon)
{
    struct complaints complaints = {0};
    struct error error = {0};
    char path[CONFIG_PATH_SIZE], card[CONFIG_PATH_SIZE];
    text_copy(path, sizeof path, daemon->config->path);
    text_copy(card, sizeof card, daemon->config->card);
    notify_reloading(clock_monotonic_ms());
    text_clear(&daemon->reload_fault);
    struct config *config = config_read_beside(path, card[0] != '\0' ? card : NULL, &complaints);
    if (config == NULL) {
        text_add(&daemon->reload_fault, complaints.text.data != NULL ? complaints.text.data : path);
    } else if (!prepare(daemon, config, &error)) {
        text_add(&daemon->reload_fault, error.text);
        config_free(config);
    }
    complaints_free(&complaints);
    if (daemon->reload_fault.length > 0)
        report_refusal(&daemon->reload_fault, path);
    else
        log_line(LOG_LEVEL_NOTICE, "%s is read again", path);
    notify_ready();
}

static void take_signal(struct daemon *daemon)
{
    struct signalfd_siginfo info;
    if (read(daemon->signals, &info, sizeof info) != (ssize_t)sizeof info)
        return;
    if (info.ssi_signo == SIGHUP) {
        reload(daemon);
        return;
    }
    log_line(LOG_LEVEL_NOTICE, "stopping, as %s asks", ending_name((int)info.ssi_signo));
    daemon->stopping = true;
}

/* Only a turn that has done its work says that all is well. */
static void feed_watchdog(struct daemon *daemon, int64_t now_ms)
{
    if (daemon->watchdog_ms == 0 || now_ms < daemon->watchdog_due_ms)
        return;
    notify_alive();
    daemon->watchdog_due_ms = now_ms + daemon->watchdog_ms;
}

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Without anything to ask, only signals wake it, and what is due. */
static enum source_event wait_until(struct daemon *daemon, struct pollfd fds[], size_t count,
                                    int64_t until_ms)
{
    if (daemon->source != NULL)
        return source_wait(daemon->source, fds, count, until_ms);
    int64_t until = earliest(until_ms, daemon->status_due_ms);
    int64_t wait = until - clock_monotonic_ms();
    wait = wait > 0 ? wait : 0;
    poll(fds, (nfds_t)count, wait < STATUS_REST_MS ? (int)wait : STATUS_REST_MS);
    return SOURCE_NOTHING;
}

/* One turn: sleep, then do what the wake-up was for. */
static void turn(struct daemon *daemon)
{
    struct pollfd fds[] = {{.fd = daemon->signals, .events = POLLIN}};
    int64_t until = earliest(daemon->frame_due_ms, outputs_due_ms(daemon->outputs));
    until = earliest(until, model_expiry_ms(&daemon->model));
    until = earliest(until, daemon->watchdog_due_ms);
    until =
        earliest(until, daylight_due_ms(&daemon->day, clock_monotonic_ms(), clock_realtime_ms()));
    enum source_event event = wait_until(daemon, fds, 1, until);
    bool heard = event != SOURCE_NOTHING, rests = daemon->source == NULL;
    int64_t now = clock_monotonic_ms();
    bool signalled = fds[0].revents != 0;
    if (signalled)
        take_signal(daemon);
    if (daemon->stopping)
        return;
    bool changed = signalled; /* perhaps a new config */
    changed |= heard && model_take(&daemon->model, report(daemon), now);
    changed |= model_expire(&daemon->model, now);
    bool answered = heard && report(daemon)->ok;
    bool other_mood =
        daylight_update(&daemon->day, daemon->config, answered, now, clock_realtime_ms());
    bool moved = daemon->frame_due_ms != INT64_MAX;
    if (changed || heard)
        write_caption(daemon);
    if (changed || other_mood || now >= daemon->frame_due_ms)
        draw(daemon, now);
    bool settled = (moved && daemon->frame_due_ms == INT64_MAX) || now >= daemon->settled_ms;
    if (changed || settled)
        daemon->settled_ms = changed ? now + PICTURE_EASE_MS : INT64_MAX;
    outputs_update(daemon->outputs, now);
    if (outputs_fault(daemon->outputs) != NULL && outputs_abandoned(daemon->outputs)) {
        log_line(LOG_LEVEL_NOTICE, "stopping: nobody reads the output any more");
        daemon->stopping = true;
    }
    if (event == SOURCE_ROUND)
        metrics_count(&daemon->metrics, report(daemon));
    if (changed || event == SOURCE_ROUND)
        write_metrics(daemon, now);
    settled |= (outputs_fault(daemon->outputs) != NULL) != daemon->faulty;
    if (changed || settled || ((heard || rests) && now >= daemon->status_due_ms))
        write_status(daemon, now);
    if (changed)
        notify_status(daemon->frame.caption);
    feed_watchdog(daemon, now);
}

static void report_remarks(const struct prometheus_settings *settings)
{
    struct error remark;
    for (size_t i = 0; i < PROMETHEUS_REMARKS; i++)
        if (prometheus_remark(settings, i, &remark))
            log_line(LOG_LEVEL_WARNING, "%s", remark.text);
}

/* Dark first, then a picture that says "not asked yet"; all before the slower libraries are woken.
 */
static void show_first_picture(struct daemon *daemon)
{
    int64_t now = clock_monotonic_ms();
    daemon->frame = (struct frame){
        .pixels = daemon->pixels, .count = board_pixels(&daemon->config->board), .time_ms = now};
    picture_blank(&daemon->frame);
    outputs_show(daemon->outputs, &daemon->frame, now);
    write_caption(daemon);
    draw(daemon, now);
}

/* The outputs first: whatever fails later, stop() darkens them. */
static bool start(struct daemon *daemon, struct error *error)
{
    daemon->outputs = outputs_open(&daemon->config->board, error);
    if (daemon->outputs == NULL)
        return false;
    daemon->signals = open_signals(error);
    if (daemon->signals < 0)
        return false;
    darken_begin(daemon->status_directory, &daemon->status_claim, &daemon->config->board,
                 &daemon->status_error);
    if (!model_start(&daemon->model, daemon->config, clock_monotonic_ms(), error))
        return false;
    daylight_start(&daemon->day, daemon->config, clock_monotonic_ms(), clock_realtime_ms());
    note_card(daemon);
    show_first_picture(daemon);
    notify_ready(); /* what follows wakes large libraries, which takes long on a slow machine */
    if (!asks(daemon->config))
        return true;
    const struct source_subjects subjects = model_subjects(&daemon->model);
    daemon->source = source_open(daemon->config, &subjects, error);
    return daemon->source != NULL;
}

/* False: lights that were lit could not be darkened. */
static bool stop(struct daemon *daemon, struct error *error)
{
    const char *lit = NULL;
    notify_stopping();
    bool dark = daemon->outputs != NULL && outputs_darken(daemon->outputs, clock_monotonic_ms());
    if (daemon->outputs != NULL && !dark)
        lit = outputs_left_lit(daemon->outputs);
    if (lit != NULL)
        error_set(error, "output %s may still be lit: fix it, and run `amberbar blank`", lit);
    if (daemon->status_claim >= 0) {
        status_remove(daemon->status_directory);
        if (dark || (daemon->outputs != NULL && outputs_abandoned(daemon->outputs)))
            lit_remove(daemon->status_directory);
        close(daemon->status_claim);
    }
    remove_metrics(daemon);
    outputs_close(daemon->outputs);
    source_close(daemon->source);
    model_stop(&daemon->model);
    text_free(&daemon->status);
    text_free(&daemon->reload_fault);
    config_free(daemon->config);
    if (daemon->signals >= 0)
        close(daemon->signals);
    return lit == NULL;
}

bool daemon_run(struct config *config, struct error *error)
{
    static struct daemon daemon; /* large; there is one */
    daemon = (struct daemon){.config = config, .signals = -1, .status_claim = -1};
    memory_keep_small();
    terminal_prepare(&config->board);
    if (!status_directory(daemon.status_directory, sizeof daemon.status_directory)) {
        daemon.status_directory[0] = '\0';
        log_line(LOG_LEVEL_NOTICE, "no folder for the status file, so `amberbar status` finds "
                                   "nothing; set RUNTIME_DIRECTORY to one of this user's");
    }
    bool started = start(&daemon, error);
    if (started) {
        daemon.watchdog_ms = notify_watchdog_ms();
        daemon.watchdog_due_ms = daemon.watchdog_ms > 0 ? clock_monotonic_ms() : INT64_MAX;
        if (asks(config))
            report_remarks(&config->prometheus);
        write_status(&daemon, clock_monotonic_ms());
        write_metrics(&daemon, clock_monotonic_ms());
        notify_status(daemon.frame.caption);
        while (!daemon.stopping)
            turn(&daemon);
    }
    return stop(&daemon, error) && started;
}
