/*
 * The whole daemon, in virtual time, where something is not as it should be around it: its metrics
 * are another's, it has no folder, nobody reads it, no file can be opened, lights do not obey.
 */
#include "scenario/stage.h"

#include "config/config.h"
#include "scenario/virtual.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void stop(void)
{
    kill(getpid(), SIGTERM);
}

/* Whole, and in the place of ours: as any other program writes it. */
static void put_theirs(void)
{
    char ours[128];
    snprintf(ours, sizeof ours, "%s", path_of("one.prom"));
    write_name("theirs", "theirs\n");
    if (rename(path_of("theirs"), ours) != 0)
        wrong("it cannot be put there", ours);
}

static void others_write_its_metrics_and_a_config_has_none(void)
{
    expect("metrics", read_name("one.prom"), "amberbar_polls_total 1\n");
    expect_log("\n", 3); /* of the settings, of the first round, and that it is stable */
    put_theirs();
    write_config("");
    read_again();
}

static void theirs_are_left_and_it_writes_them_again(void)
{
    expect("metrics", read_name("one.prom"), "theirs\n");
    write_config_with_metrics("one.prom");
    read_again();
}

static void they_are_others_again_at_its_end(void)
{
    expect("metrics", read_name("one.prom"), "amberbar_polls_total ");
    put_theirs();
    stop();
}

static const struct moment metrics_moments[] = {
    {5000, others_write_its_metrics_and_a_config_has_none},
    {15000, theirs_are_left_and_it_writes_them_again},
    {25000, they_are_others_again_at_its_end},
    {0},
};

/* Old numbers are removed where they are ours. */
static void metrics_of_others_stay(void **state)
{
    (void)state;
    stage_begin(metrics_moments);
    write_config_with_metrics("one.prom");
    if (!stage_run())
        wrong("it ended badly", stage.error.text);
    expect("metrics", read_name("one.prom"), "theirs\n");
    unlink(path_of("one.prom"));
    stage_end(&metrics_moments[3]);
}

static void it_is_lit_without_a_word(void)
{
    expect("systemd", stage.told, "STATUS=web: stable, 2 pods available\n");
    if (is_dark(stage.shown))
        wrong("it is dark", stage.shown);
    expect_log("status file", 1);
    expect_log("cannot", 0);
    stop();
}

static const struct moment homeless_moments[] = {{25000, it_is_lit_without_a_word}, {0}};

/* Then it has no status file, which is no fault, and is said once. */
static void without_a_folder_it_lights_all_the_same(void **state)
{
    (void)state;
    char folder[CONFIG_PATH_SIZE + 2] = "/";
    memset(folder + 1, 'f', sizeof folder - 2);
    folder[sizeof folder - 1] = '\0';
    stage_begin(homeless_moments);
    stage.is_stuck = true;
    setenv("RUNTIME_DIRECTORY", folder, 1);
    write_config("");
    if (!stage_run())
        wrong("it ended badly", stage.error.text);
    if (!is_dark(stage.shown))
        wrong("the lights are left lit", stage.shown);
    stage_end(&homeless_moments[1]);
}

static void nobody_reads_it_any_more(void)
{
    int ends[2];
    expect("record", read_name("lit.yaml"), "pixels: 8");
    if (pipe(ends) != 0)
        wrong("there is no pipe", "");
    close(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    virtual_time.unread = true;
    stage.is_stuck = true;         /* and goes soon */
    prometheus.way = WAY_DEGRADED; /* another picture */
}

static const struct moment reader_moments[] = {{5000, nobody_reads_it_any_more}, {0}};

/* What it wrote is dark to whoever comes after it: there is nothing to darken. */
static void without_a_reader_it_ends(void **state)
{
    (void)state;
    stage_begin(reader_moments);
    write_config("");
    if (!stage_run())
        wrong("it ended badly", stage.error.text);
    expect_log("output paper: ", 1);
    expect_log("stopping: nobody reads the output any more\n", 1);
    if (stage_ms() > 15000 || stage.lines < 2)
        wrong("it ended too late, or before it was lit", stage.shown);
    stage_end(&reader_moments[1]);
}

static void it_has_slept(void)
{
    if (stage.feeds != 0)
        wrong("a watchdog is fed that nobody has", "");
    expect("status", read_name("status.json"), "\"state\":\"stable\"");
    stop();
}

static const struct moment free_moments[] = {{25000, it_has_slept}, {0}};

static void without_a_watchdog_it_sleeps(void **state)
{
    (void)state;
    stage_begin(free_moments);
    unsetenv("WATCHDOG_USEC");
    write_config("");
    if (!stage_run())
        wrong("it ended badly", stage.error.text);
    stage_end(&free_moments[1]);
}

/* Then its signals have the number of standard input, which is one as any other. */
static void without_standard_input_it_begins_and_ends(void **state)
{
    (void)state;
    stage_begin(free_moments);
    stage.is_deaf = true;
    unsetenv("WATCHDOG_USEC");
    write_config("");
    if (!stage_run())
        wrong("it ended badly", stage.error.text);
    stage_end(&free_moments[1]);
}

static const struct moment no_moments[] = {{0}};

/* It cannot be stopped by a signal that it does not hear, so it does not begin. */
static void without_signals_it_does_not_begin(void **state)
{
    (void)state;
    stage_begin(no_moments);
    stage.is_poor = true;
    write_config("");
    if (stage_run())
        wrong("it ended well", "");
    expect("its end", stage.error.text, "cannot wait for signals: ");
    if (stage.lines == 0 || stage.darks != stage.lines || prometheus.requests != 0)
        wrong("it has begun", stage.shown);
    stage_end(&no_moments[0]);
}

static int strip; /* a file in memory, in the place of a driver's */

static void it_can_be_written_no_more(void)
{
    uint8_t first[4 * 4] = {0};
    bool lit = false;
    for (ssize_t i = pread(strip, first, sizeof first, 0); i > 0; i--)
        lit |= first[i - 1] != 0;
    if (!lit || fcntl(strip, F_ADD_SEALS, F_SEAL_WRITE) != 0)
        wrong("it is dark, or stays", "");
    stop();
}

static const struct moment strip_moments[] = {{25000, it_can_be_written_no_more}, {0}};

/* Nothing but a person can darken it: its record stays. */
static void lights_that_stay_lit_are_told(void **state)
{
    (void)state;
    char board[192];
    stage_begin(strip_moments);
    strip = memfd_create("strip", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    snprintf(board, sizeof board,
             "title: Strip\noutputs: [{name: strip, chip: ws2812-pio, pixels: 4, max_ma: 500,"
             " bus: {file: /proc/self/fd/%d, line: GPIO18}}]\n",
             strip);
    write_name("board.yaml", board);
    write_config("");
    if (stage_run())
        wrong("it ended well", "");
    expect("its end", stage.error.text,
           "output strip may still be lit: fix it, and run `amberbar blank`");
    expect("record", read_name("lit.yaml"), "ws2812-pio");
    unlink(path_of("lit.yaml"));
    close(strip);
    stage_end(&strip_moments[1]);
}

static struct controller {
    int fd; /* -1: nothing hears at its port */
    struct sockaddr_in address;
} controller;

static void listen_there(void)
{
    socklen_t size = sizeof controller.address;
    controller.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(
        bind(controller.fd, (struct sockaddr *)&controller.address, sizeof controller.address), 0);
    assert_int_equal(getsockname(controller.fd, (struct sockaddr *)&controller.address, &size), 0);
}

static void it_comes_and_the_daemon_ends(void)
{
    expect("status", read_name("status.json"), "\"output_fault\":\"");
    expect("log", read_log(), "output strip: ");
    listen_there();
    stop();
}

/* A still picture, each second. */
static void it_has_heard_a_picture_each_second(void)
{
    uint8_t message[64];
    size_t count = 0;
    while (recv(controller.fd, message, sizeof message, 0) > 0)
        count++;
    if (count < 10 || count > 40)
        wrong("a controller was sent too few pictures, or too many", "");
    close(controller.fd);
}

static char noted[64]; /* how the status file begins: when it was written */

static void its_fault_is_in_the_status_file_at_once(void)
{
    expect("status", read_name("status.json"), "\"output_fault\":\"");
    snprintf(noted, sizeof noted, "%s", read_name("status.json"));
}

static void it_is_not_written_again_and_again(void)
{
    expect("status", read_name("status.json"), noted);
}

static const struct moment controller_moments[] = {{15000, it_has_heard_a_picture_each_second},
                                                   {18500, its_fault_is_in_the_status_file_at_once},
                                                   {27000, it_is_not_written_again_and_again},
                                                   {45000, it_comes_and_the_daemon_ends},
                                                   {0}};

/* DDP's ten bytes, then four pixels. */
static bool has_heard_darkness(void)
{
    uint8_t message[64];
    ssize_t length = 0, got;
    while ((got = recv(controller.fd, message, sizeof message, 0)) > 0)
        length = got;
    for (ssize_t i = 10; i < length; i++)
        if (message[i] != 0)
            return false;
    return length == 10 + 4 * 3;
}

/* That a fault is over is believed only after a while; that all is dark is not lit for that. */
static void a_controller_that_comes_back_last_is_dark(void **state)
{
    (void)state;
    char board[160];
    stage_begin(controller_moments);
    controller.address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    listen_there();
    snprintf(board, sizeof board,
             "title: Net\noutputs: [{name: strip, chip: ddp, pixels: 4,"
             " bus: {udp: 127.0.0.1, port: %d}}]\n",
             ntohs(controller.address.sin_port));
    write_name("board.yaml", board);
    write_config("");
    if (!stage_run())
        wrong("it ended badly", stage.error.text);
    if (!has_heard_darkness())
        wrong("the controller is left lit", "");
    close(controller.fd);
    stage_end(&controller_moments[4]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_of_others_stay),
        cmocka_unit_test(without_a_folder_it_lights_all_the_same),
        cmocka_unit_test(without_a_reader_it_ends),
        cmocka_unit_test(without_a_watchdog_it_sleeps),
        cmocka_unit_test(without_standard_input_it_begins_and_ends),
        cmocka_unit_test(without_signals_it_does_not_begin),
        cmocka_unit_test(lights_that_stay_lit_are_told),
        cmocka_unit_test(a_controller_that_comes_back_last_is_dark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
