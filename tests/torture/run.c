#include "torture/run.h"

#include "torture/devices.h"
#include "torture/wall.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 30000 /* of true time: thirty times what any run needs */
#define CONFIG_FILE "amberbar.yaml"

int amberbar_main(int argc, char **argv); /* firmware/main.c, by another name */

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

static void write_file(const char *folder, const char *name, const char *content)
{
    char path[RUN_FOLDER_SIZE + 32];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(content, file) < 0 || fclose(file) != 0)
        abort();
}

/* The same lights with another supply: a reload opens them anew. */
static void write_other_board(const char *folder)
{
    struct text other = {0};
    text_add(&other, devices_board);
    if (other.failed)
        abort();
    memcpy(strstr(other.data, "max_ma: 500"), "max_ma: 400", strlen("max_ma: 400"));
    write_file(folder, "other.yaml", other.data);
    text_free(&other);
}

void stage_set(struct stage *stage)
{
    /* Its number is blurred where a run prints it: mkdtemp()'s letters would differ. */
    snprintf(stage->folder, sizeof stage->folder, "/tmp/amberbar-torture-%d", (int)getpid());
    if (mkdir(stage->folder, 0700) != 0)
        abort();
    peers_start(&stage->peers);
    write_file(stage->folder, "board.yaml", devices_board);
    write_other_board(stage->folder);
    write_file(stage->folder, "secret", "a secret\n");
}

void stage_strike(struct stage *stage)
{
    peers_stop(&stage->peers);
    nftw(stage->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Each has another brightness, so that each picture differs from those before it. */
static void write_config(const struct stage *stage, enum peer_kind peer)
{
    char config[2048];
    int port = stage->peers.ports[peer];
    snprintf(config, sizeof config,
             "board: ./%s.yaml\n"
             "prometheus:\n"
             "  url: http://127.0.0.1:%d/prom\n"
             "  poll_interval: 5s\n"
             "  timeout: 4s\n"
             "  http_headers: {X-Scope-OrgID: wall}\n"
             "  oauth2: {client_id: wall, client_secret_file: secret,\n"
             "    token_url: 'http://127.0.0.1:%d/token', scopes: [read]}\n"
             "rollouts:\n"
             "  - {name: web, namespace: shop, deployment: web}\n"
             "  - {name: canary, query: a_canary}\n"
             "indicators:\n"
             "  - {name: ttfb, query: an_indicator, warning: 0.4, critical: 0.8,\n"
             "     explained_by: [web]}\n"
             "display:\n"
             "  brightness: %d%%\n"
             "  night: {from: '19:00', to: '07:30', brightness: 20%%}\n"
             "  segments:\n"
             "    - {pixels: 0-5, show: rollout web}\n"
             "    - {pixels: 6, show: indicator ttfb}\n"
             "    - {pixels: 7, show: summary}\n"
             "metrics_file: ./amberbar.prom\n",
             peer == PEER_ROLLING ? "board" : "other", port, port, 60 + 10 * (int)peer);
    write_file(stage->folder, CONFIG_FILE, config);
}

/* In the child. */
static _Noreturn void perform(const struct stage *stage, const struct scene *scene, int output,
                              int messages)
{
    char *words[RUN_WORDS_MAX + 1] = {strdup("amberbar")};
    int count = 1, nothing = open("/dev/null", O_RDONLY);
    if (chdir(stage->folder) != 0 || dup2(nothing, STDIN_FILENO) < 0 ||
        dup2(output, STDOUT_FILENO) < 0 || dup2(messages, STDERR_FILENO) < 0)
        abort();
    close(nothing);
    close(output);
    close(messages);
    setenv("RUNTIME_DIRECTORY", stage->folder, 1);
    setenv("NOTIFY_SOCKET", "/nowhere", 1);
    for (size_t i = 0; scene->words[i] != NULL; i++)
        words[count++] = strdup(scene->words[i]);
    faults_begin(stage->faults);
    int status = amberbar_main(count, words);
    faults_end();
    _exit(status);
}

static pid_t begin(struct stage *stage, const struct scene *scene, int output, int messages)
{
    devices_make(stage->folder);
    stage->faults->leaks = stage->faults->descriptors = 0;
    stage->faults->unreachable = false;
    pid_t process = fork();
    if (process < 0)
        abort();
    if (process == 0)
        perform(stage, scene, output, messages);
    return process;
}

static void read_all(int fd, struct text *out)
{
    char piece[4096];
    ssize_t got;
    lseek(fd, 0, SEEK_SET);
    while ((got = read(fd, piece, sizeof piece)) > 0)
        text_add_bytes(out, piece, (size_t)got);
    text_add(out, "");
}

/* Times, ports and numbers of processes differ from run to run. */
static void blur_numbers(struct text *text)
{
    char *to = text->data;
    for (const char *from = text->data; *from != '\0'; from++) {
        bool digit = *from >= '0' && *from <= '9';
        if (!digit || to == text->data || to[-1] != '0')
            *to++ = digit ? '0' : *from;
    }
    text_cut(text, (size_t)(to - text->data));
}

/* How it ended, when it does so by itself. */
static void end(const struct stage *stage, pid_t process, struct run *run)
{
    int status = 0;
    int64_t deadline_ms = wall_now_ms() + PATIENCE_MS;
    pid_t gone;
    while ((gone = waitpid(process, &status, WNOHANG)) == 0 && wall_now_ms() < deadline_ms)
        poll(NULL, 0, 2);
    run->status = gone == process && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (gone == 0) {
        kill(process, SIGKILL);
        waitpid(process, &status, 0);
        text_add(&run->fault, "it did not end; ");
    } else if (run->status < 0) {
        text_addf(&run->fault, "it died of SIG%s; ", sigabbrev_np(WTERMSIG(status)));
    }
    if (run->status == RUN_SANITIZER_STATUS)
        text_add(&run->fault, "a sanitizer stopped it; ");
    if (stage->faults->leaks > 0) {
        char name[256];
        faults_name(stage->faults->leak, name, sizeof name);
        text_addf(&run->fault, "%zu blocks were not freed, among them one of %s; ",
                  stage->faults->leaks, name);
    }
    if (stage->faults->unreachable)
        text_add(&run->fault, "LeakSanitizer found a leak; ");
    if (stage->faults->descriptors > 0)
        text_addf(&run->fault, "%zu descriptors stay open; ", stage->faults->descriptors);
}

void run_command(struct stage *stage, const struct scene *scene, struct run *run)
{
    int output = memfd_create("output", MFD_CLOEXEC);
    int messages = memfd_create("messages", MFD_CLOEXEC);
    *run = (struct run){0};
    write_config(stage, PEER_STABLE);
    end(stage, begin(stage, scene, output, messages), run);
    read_all(output, &run->output);
    read_all(messages, &run->messages);
    blur_numbers(&run->output);
    close(output);
    close(messages);
}

static void hang_up(const struct stage *stage, struct wall *wall, enum peer_kind peer)
{
    write_config(stage, peer);
    wall_reload(wall);
    if (wall->refused) /* once is the fault's doing; not twice */
        wall_reload(wall);
    if (wall->refused)
        text_add(wall->fault, "a good config is refused; ");
}

static void lead(const struct stage *stage, struct wall *wall)
{
    wall_wait(wall, WALL_PERCENT, "never showed the rollout");
    if (wall->was_green)
        text_add(wall->fault, "it was green while the server told of a rollout; ");
    if (wall->gone)
        return;
    hang_up(stage, wall, PEER_STABLE);
    wall_wait(wall, WALL_GREEN, "never became green");
    if (wall->gone)
        return;
    hang_up(stage, wall, PEER_BROKEN);
    wall_wait(wall, WALL_UNKNOWN, "never showed that the server is broken");
}

void run_daemon(struct stage *stage, const struct scene *scene, struct run *run)
{
    int output[2];
    int messages = memfd_create("messages", MFD_CLOEXEC);
    *run = (struct run){0};
    if (pipe2(output, O_CLOEXEC) != 0)
        abort();
    write_config(stage, PEER_ROLLING);
    pid_t process = begin(stage, scene, output[1], messages);
    close(output[1]);
    struct wall wall = {
        .process = process, .output = output[0], .messages = messages, .fault = &run->fault};
    lead(stage, &wall);
    bool left = wall.gone; /* before it was told to */
    wall_stop(&wall);
    end(stage, process, run);
    read_all(messages, &run->messages);
    text_add(&run->output, "");
    if (left && run->status == 0)
        text_add(&run->fault, "it ended by itself with status 0; ");
    const char *lit = wall.lit ? "frames" : devices_lit();
    if (lit != NULL && !wall_has_said(run->messages.data, lit))
        text_addf(&run->fault, "output %s stays lit, and nothing says so; ", lit);
    if (lit != NULL && run->status == 0)
        text_addf(&run->fault, "it ended with 0, and output %s stays lit; ", lit);
    close(output[0]);
    close(messages);
}

void run_free(struct run *run)
{
    text_free(&run->output);
    text_free(&run->messages);
    text_free(&run->fault);
}

void run_judge(const struct scene *scene, const struct run *good, struct run *run)
{
    bool same = run->status == good->status;
    bool documented =
        run->status >= 0 && run->status < 10 && strchr(scene->statuses, '0' + run->status) != NULL;
    if (run->status < 0 || run->status == RUN_SANITIZER_STATUS)
        return; /* reported already */
    if (!same && !documented)
        text_addf(&run->fault, "it ended with %d; ", run->status);
    bool silent = run->messages.length == 0 && strcmp(run->output.data, good->output.data) == 0;
    if (!same && (silent || run->output.length + run->messages.length == 0))
        text_addf(&run->fault, "it ended with %d, and does not say why; ", run->status);
    bool admitted = scene->admits != NULL && strstr(run->output.data, scene->admits) != NULL &&
                    strstr(good->output.data, scene->admits) == NULL;
    if (same && !scene->any_output && !admitted && strcmp(run->output.data, good->output.data) != 0)
        text_addf(&run->fault, "it printed something else, as if all were well: %s",
                  run->output.data);
}
