/*
 * Each call of a program that can fail does so once, one at a time: it must not crash, nor leak,
 * nor leave a descriptor open, nor say that all is well when it is not.
 *
 *     torture [--all] [--jobs N] [SCENE...]
 *
 * Of each place (faults.h) in our own code the first and the last call are tried, and of one in
 * LIBRARY_SHARE in the libraries; with --all, every call.
 */
#include "torture/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MAX 16
#define LIBRARY_SHARE 16 /* others each time: places are sorted by their addresses */

#define CONFIG "-c", "amberbar.yaml"
#define MACHINE "--root", TESTS_DIR "/commands/doctor/pi4"

static const struct scene scenes[] = {
    {{"run", CONFIG}, .statuses = "12", .any_output = true},
    {{"once", CONFIG}, .statuses = "125", .admits = "last poll: "},
    {{"check", CONFIG}, .statuses = "12"},
    {{"discover", CONFIG}, .statuses = "12"},
    {{"doctor", CONFIG, MACHINE}, 1, "2", .any_output = true},
    {{"blank", CONFIG}, .statuses = "12"},
    {{"boards"}, .statuses = "12"},
    {{"encode", "--board", "./board.yaml", "--text", "12"}, .statuses = "12"},
    {{"preview", "--state", "failed", "--svg", "picture.svg"}, .statuses = "12"},
};
#define SCENES (sizeof scenes / sizeof scenes[0])

struct tally {
    size_t passed, failed, missed; /* missed: the call did not come again */
};

struct job {
    size_t number, count;
    bool all;
    const struct scene *scene;
    const struct faults *good; /* what was recorded */
    const struct run *good_run;
};

const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "exitcode=99:detect_leaks=1:allocator_may_return_null=1";
}

/* What OpenSSL loses when it has no memory to start with is not ours to fix. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libcrypto\nleak:libssl\n";
}

static void perform(struct stage *stage, const struct scene *scene, struct run *run)
{
    if (strcmp(scene->words[0], "run") == 0)
        run_daemon(stage, scene, run);
    else
        run_command(stage, scene, run);
}

static void report(const struct job *job, const struct place *place, unsigned nth,
                   const struct run *run)
{
    char path[2048];
    faults_describe(place, path, sizeof path);
    printf("%s: call %u of %u: %s\n    %s\n", job->scene->words[0], nth, place->count, path,
           run->fault.data);
    if (run->messages.length > 0)
        printf("    it said: %s\n", run->messages.data);
    fflush(stdout);
}

static void try_call(struct stage *stage, const struct job *job, size_t target, unsigned nth,
                     struct tally *tally)
{
    struct run run;
    stage->faults->target = target;
    stage->faults->nth = nth;
    perform(stage, job->scene, &run);
    run_judge(job->scene, job->good_run, &run);
    tally->missed += !stage->faults->struck;
    tally->failed += run.fault.length > 0;
    tally->passed += run.fault.length == 0;
    if (run.fault.length > 0)
        report(job, &job->good->places[target], nth, &run);
    run_free(&run);
}

static bool is_tried(const struct job *job, size_t index, unsigned nth)
{
    const struct place *place = &job->good->places[index];
    bool chosen = faults_is_own(place) || index % LIBRARY_SHARE == 0;
    return job->all || (chosen && (nth == 1 || nth == place->count));
}

/* This job's share of all calls. */
static void work(const struct job *job, struct tally *tally)
{
    struct stage stage = {.faults = faults_share()};
    size_t turn = 0;
    memcpy(stage.faults->places, job->good->places, sizeof job->good->places);
    stage_set(&stage);
    for (size_t i = 0; i < FAULTS_PLACES; i++) {
        unsigned count = job->good->places[i].call != NULL ? job->good->places[i].count : 0;
        for (unsigned nth = 1; nth <= count; nth++)
            if (is_tried(job, i, nth) && turn++ % job->count == job->number)
                try_call(&stage, job, i, nth, tally);
    }
    stage_strike(&stage);
}

/* All jobs at once, each in a process of its own, in which every address is the same. */
static struct tally share_work(const struct job *job)
{
    struct tally sum = {0};
    pid_t workers[JOBS_MAX];
    struct tally *tallies = mmap(NULL, JOBS_MAX * sizeof *tallies, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < job->count; i++) {
        struct job mine = *job;
        mine.number = i;
        workers[i] = fork();
        if (workers[i] != 0)
            continue;
        work(&mine, &tallies[i]);
        _exit(0);
    }
    for (size_t i = 0; i < job->count; i++) {
        int status = 0;
        bool fine = waitpid(workers[i], &status, 0) == workers[i] && status == 0;
        sum.passed += tallies[i].passed;
        sum.failed += tallies[i].failed + !fine;
        sum.missed += tallies[i].missed;
    }
    munmap(tallies, JOBS_MAX * sizeof *tallies);
    return sum;
}

/* The run in which nothing fails; it records. */
static bool record(struct faults *faults, const struct scene *scene, struct run *run)
{
    struct stage stage = {.faults = faults};
    memset(faults, 0, sizeof *faults);
    faults->target = FAULTS_PLACES;
    stage_set(&stage);
    perform(&stage, scene, run);
    stage_strike(&stage);
    if (faults->full)
        text_add(&run->fault, "it has too many places; ");
    if (run->status != scene->good_status)
        text_addf(&run->fault, "it ended with %d; ", run->status);
    if (run->fault.length > 0)
        printf("%s: with no fault at all %s\n    it said: %s\n", scene->words[0], run->fault.data,
               run->messages.data);
    return run->fault.length == 0;
}

static bool torture(struct faults *faults, const struct scene *scene, struct job *job)
{
    struct run good;
    size_t places = 0, calls = 0, own = 0;
    if (!record(faults, scene, &good)) {
        run_free(&good);
        return false;
    }
    for (size_t i = 0; i < FAULTS_PLACES; i++) {
        places += faults->places[i].call != NULL;
        calls += faults->places[i].count;
        own += faults->places[i].call != NULL && faults_is_own(&faults->places[i]);
    }
    job->scene = scene;
    job->good = faults;
    job->good_run = &good;
    struct tally tally = share_work(job);
    printf("%s: %zu passed, %zu failed (%zu calls at %zu places, %zu of them our own; %zu did not "
           "come again)\n",
           scene->words[0], tally.passed, tally.failed, calls, places, own, tally.missed);
    fflush(stdout);
    run_free(&good);
    return tally.failed == 0 && tally.passed > 0;
}

static bool is_chosen(const char *name, char *const chosen[])
{
    bool is = chosen[0] == NULL;
    for (size_t i = 0; chosen[i] != NULL; i++)
        is |= strcmp(chosen[i], name) == 0;
    return is;
}

int main(int argc, char **argv)
{
    struct job job = {.count = 2};
    int at = 1;
    bool fine = true;
    for (; at < argc && argv[at][0] == '-'; at++)
        if (strcmp(argv[at], "--all") == 0)
            job.all = true;
        else if (strcmp(argv[at], "--jobs") == 0 && at + 1 < argc)
            job.count = strtoul(argv[++at], NULL, 10);
        else
            return 2;
    if (job.count < 1 || job.count > JOBS_MAX)
        return 2;
    struct faults *faults = faults_share();
    for (size_t i = 0; i < SCENES; i++)
        if (is_chosen(scenes[i].words[0], argv + at))
            fine &= torture(faults, &scenes[i], &job);
    return fine ? 0 : 1;
}
