/*
 * Which lights are darkened after a daemon's death, by a command and by the next daemon: those of
 * the record that it left, and those of the config. Controllers in the network, which are sockets
 * of this test, say what they were sent; a strip that is not there cannot be darkened.
 */
#include "daemon/darken.h"

#include "base/log.h"
#include "daemon/lit.h"
#include "daemon/open_files.h"
#include "daemon/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is lit, or is to be. */
enum lights { NOTHING, ONE, ANOTHER, GONE, BOTH, PAPER, DAMAGED, CUT, WRONG }; /* ONE and GONE */

#define TREES 2 /* controllers: of ONE and of ANOTHER */

static struct {
    char folder[64], config[80], board[80], record[80];
    int trees[TREES], ports[TREES];
} place;

static int set_up(void **state)
{
    (void)state;
    text_copy(place.folder, sizeof place.folder, "/tmp/amberbar-test-XXXXXX");
    assert_non_null(mkdtemp(place.folder));
    snprintf(place.config, sizeof place.config, "%s/amberbar.yaml", place.folder);
    snprintf(place.board, sizeof place.board, "%s/board.yaml", place.folder);
    snprintf(place.record, sizeof place.record, "%s/" LIT_FILE, place.folder);
    setenv("RUNTIME_DIRECTORY", place.folder, 1);
    for (size_t i = 0; i < TREES; i++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t size = sizeof address;
        place.trees[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        assert_int_equal(bind(place.trees[i], (struct sockaddr *)&address, size), 0);
        assert_int_equal(getsockname(place.trees[i], (struct sockaddr *)&address, &size), 0);
        place.ports[i] = ntohs(address.sin_port);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < TREES; i++)
        close(place.trees[i]);
    unlink(place.config);
    unlink(place.board);
    unlink(place.record);
    return rmdir(place.folder);
}

/* A board file's text. */
static void add_board(struct text *out, enum lights lights)
{
    static const char gone[] =
        "  - {name: gone, chip: apa102, pixels: 2, bus: {spi: /dev/spidev98.7}}\n";
    if (lights == GONE)
        text_addf(out, "title: Gone\noutputs:\n%s", gone);
    else if (lights == PAPER)
        text_add(out, "title: Paper\noutputs:\n"
                      "  - {name: paper, chip: frames, pixels: 2, bus: stdout}\n");
    else
        text_addf(out,
                  "title: Tree\noutputs:\n"
                  "  - {name: tree, chip: ddp, pixels: 2, bus: {udp: 127.0.0.1, port: %d}}\n%s",
                  place.ports[lights == ANOTHER], lights == BOTH ? gone : "");
}

static void read_board(enum lights lights, struct board *board)
{
    struct complaints complaints = {0};
    struct text text = {0};
    add_board(&text, lights);
    if (!board_read_text("board", &text, board, &complaints))
        fail_msg("%s", complaints.text.data);
    text_free(&text);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* The record of ONE, of which the end is missing, or with a wrong word in its board. */
static void damage_record(enum lights lights)
{
    static char text[4096];
    FILE *file = fopen(place.record, "r");
    assert_non_null(file);
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[lights == CUT ? length - 3 : length] = '\0';
    if (lights == WRONG)
        memcpy(strstr(text, "title:"), "titel:", strlen("titel:"));
    write_file(place.record, text);
}

static void leave_lit(enum lights lights)
{
    static struct board board;
    struct error error;
    unlink(place.record);
    if (lights == DAMAGED)
        write_file(place.record, "title: Half of a rec");
    if (lights == NOTHING || lights == DAMAGED)
        return;
    const bool is_damaged = lights == CUT || lights == WRONG;
    read_board(is_damaged ? ONE : lights, &board);
    assert_true(lit_keep(place.folder, &board, &error));
    board_free(&board);
    if (is_damaged)
        damage_record(lights);
}

/* All of it but the board is wrong. */
static void write_config(enum lights lights)
{
    struct text board = {0}, text = {0};
    unlink(place.config);
    if (lights == NOTHING)
        return;
    if (lights == DAMAGED)
        text_add(&board, "titel: Half of a board\n");
    else
        add_board(&board, lights);
    text_addf(&text, "rollouts: 7\nboard: %s\n", place.board);
    write_file(place.board, board.data);
    write_file(place.config, text.data);
    text_free(&board);
    text_free(&text);
}

/* Was it sent a dark picture? What it is sent is taken. */
static bool is_darkened(enum lights lights)
{
    unsigned char datagram[64];
    static const unsigned char dark[6];
    bool darkened = false;
    ssize_t got;
    while ((got = recv(place.trees[lights == ANOTHER], datagram, sizeof datagram, MSG_DONTWAIT)) >
           0)
        darkened = got >= 6 && memcmp(datagram + got - 6, dark, 6) == 0;
    return darkened;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static const struct {
    const char *sentence;
    enum lights left, config;
    bool alive, asked; /* a daemon is; somebody wants it to be dark */
    enum darkened result;
    bool one, another; /* are darkened */
    bool record;       /* stays */
    const char *words; /* among those that are said; NULL: nothing is said */
} rows[] = {
    {"nobody knows of any lights", NOTHING, NOTHING, false, false, DARKENED_UNKNOWN, false, false,
     false, NULL},
    {"what was left lit is darkened", ONE, NOTHING, false, false, DARKENED_ALL, true, false, false,
     NULL},
    {"and so are the config's lights, which may be others", ONE, ANOTHER, false, false,
     DARKENED_ALL, true, true, false, NULL},
    {"the config's alone, where there is no record", NOTHING, ANOTHER, false, false, DARKENED_ALL,
     false, true, false, NULL},
    {"the same lights once", ONE, ONE, false, true, DARKENED_ALL, true, false, false, NULL},
    {"a living daemon's record is its own", ONE, ANOTHER, true, false, DARKENED_UNKNOWN, false,
     false, true, NULL},
    {"who asks has the config's lights darkened beside it", ONE, ANOTHER, true, true, DARKENED_ALL,
     false, true, true, NULL},
    {"what cannot be darkened is said, and its record stays", GONE, ANOTHER, false, false,
     DARKENED_NOT, false, true, true, "output gone may still be lit: "},
    {"it is named though it is not the first", BOTH, ANOTHER, false, false, DARKENED_NOT, true,
     true, true, "output gone may still be lit: "},
    {"the same of the config's", ONE, GONE, false, false, DARKENED_NOT, true, false, false,
     "output gone may still be lit: "},
    {"on paper nobody has drawn", ONE, PAPER, false, false, DARKENED_ALL, true, false, false, NULL},
    {"paper alone is no light", NOTHING, PAPER, false, false, DARKENED_UNKNOWN, false, false, false,
     NULL},
    {"a record that is not whole says so by its name, and stays", DAMAGED, ANOTHER, false, false,
     DARKENED_ALL, false, true, true,
     LIT_FILE ": it is of another version, or no record; remove it"},
    {"so does one whose end is missing", CUT, ANOTHER, false, false, DARKENED_ALL, false, true,
     true, LIT_FILE ": it is not whole; remove it"},
    {"and one that is damaged", WRONG, ANOTHER, false, false, DARKENED_ALL, false, true, true,
     LIT_FILE ": it is damaged; remove it"},
    {"a board that is wrong is told who asks", ONE, DAMAGED, false, true, DARKENED_ALL, true, false,
     false, "titel"},
    {"and nobody else, who knows", ONE, DAMAGED, false, false, DARKENED_ALL, true, false, false,
     NULL},
};

static void lights_are_darkened_after_death(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text words = {0};
        struct error error;
        int claim = -1;
        const size_t files = open_files();
        leave_lit(rows[i].left);
        write_config(rows[i].config);
        assert_true(!rows[i].alive || status_claim(place.folder, &claim, &error));
        const enum darkened result = darken_after_death(place.config, rows[i].asked, &words);
        if (claim >= 0)
            close(claim);
        const char *said = words.data != NULL ? words.data : "";
        const bool as_told =
            rows[i].words == NULL ? said[0] == '\0' : strstr(said, rows[i].words) != NULL;
        if (!as_told || (said[0] != '\0' && said[words.length - 1] != '\n'))
            fail_msg("%s: it says '%s'", rows[i].sentence, said);
        if (result != rows[i].result)
            fail_msg("%s: it ends with %d, not %d", rows[i].sentence, (int)result,
                     (int)rows[i].result);
        const bool one = is_darkened(ONE), another = is_darkened(ANOTHER);
        if (one != rows[i].one || another != rows[i].another)
            fail_msg("%s: darkened are%s%s", rows[i].sentence, one ? " the one" : "",
                     another ? " the other" : "");
        if (is_there(place.record) != rows[i].record)
            fail_msg("%s: the record %s", rows[i].sentence,
                     rows[i].record ? "is gone" : "is still there");
        if (open_files() != files)
            fail_msg("%s: a file stays open", rows[i].sentence);
        text_free(&words);
    }
}

static const struct {
    const char *sentence;
    enum lights left, board;
    bool one;           /* is darkened */
    const char *report; /* how it ends; NULL: nothing is reported */
} beginnings[] = {
    {"other lights that a killed one left are darkened", ONE, ANOTHER, true, NULL},
    {"its own are about to be lit", ONE, ONE, false, NULL},
    {"there were none", NOTHING, ONE, false, NULL},
    {"what cannot be darkened is reported", GONE, ONE, false, "output gone may still be lit: "},
    {"so is what is no record", DAMAGED, ONE, false, "remove it"},
    {"and one whose end is missing", CUT, ANOTHER, false, "it is not whole; remove it"},
};

static void the_next_daemon_darkens_what_it_does_not_light(void **state)
{
    (void)state;
    static struct board board, kept;
    log_threshold(LOG_LEVEL_INFO);
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        struct error reported = {0};
        struct error error;
        int claim = -1;
        char log[1024];
        int memory = memfd_create("log", MFD_CLOEXEC), before = dup(STDERR_FILENO);
        leave_lit(beginnings[i].left);
        read_board(beginnings[i].board, &board);
        dup2(memory, STDERR_FILENO);
        darken_begin(place.folder, &claim, &board, &reported);
        dup2(before, STDERR_FILENO);
        const ssize_t got = pread(memory, log, sizeof log - 1, 0);
        log[got > 0 ? got : 0] = '\0';
        close(before);
        close(memory);
        if (strstr(log, reported.text) == NULL || (log[0] != '\0') != (reported.text[0] != '\0'))
            fail_msg("%s: the log says '%s'", beginnings[i].sentence, log);
        if (claim < 0 || is_darkened(ONE) != beginnings[i].one || is_darkened(ANOTHER))
            fail_msg("%s: it is not so", beginnings[i].sentence);
        const char *end = beginnings[i].report != NULL ? beginnings[i].report : "";
        if (strstr(reported.text, end) == NULL || (reported.text[0] != '\0') != (end[0] != '\0'))
            fail_msg("%s: '%s' is reported", beginnings[i].sentence, reported.text);
        assert_int_equal(lit_read(place.folder, &kept, &error), LIT_READ);
        if (!board_same(&kept, &board))
            fail_msg("%s: the record is not of its own lights", beginnings[i].sentence);
        board_free(&kept);
        board_free(&board);
        close(claim);
    }
}

/* Neither without a folder, nor in one that is another's. */
static void it_leaves_no_record_where_it_has_no_folder(void **state)
{
    (void)state;
    static struct board board;
    struct error reported = {0}, error;
    int claim = -1, theirs = -1;
    leave_lit(NOTHING);
    read_board(ONE, &board);
    darken_begin("", &claim, &board, &reported);
    assert_int_equal(claim, -1);
    assert_string_equal(reported.text, "");
    assert_true(status_claim(place.folder, &theirs, &error));
    darken_begin(place.folder, &claim, &board, &reported);
    assert_int_equal(claim, -1);
    assert_non_null(strstr(reported.text, "another amberbar writes"));
    assert_false(is_there(place.record));
    board_free(&board);
    close(theirs);
}

/* What says so already is not written again: the folder may be on a card. */
static void a_record_is_written_when_it_changes(void **state)
{
    (void)state;
    static struct board one, another;
    struct stat first, then;
    struct error error;
    read_board(ONE, &one);
    read_board(ANOTHER, &another); /* of the same length, but for its port */
    assert_true(lit_keep(place.folder, &one, &error));
    assert_int_equal(stat(place.record, &first), 0);
    assert_true(lit_keep(place.folder, &one, &error));
    assert_int_equal(stat(place.record, &then), 0);
    assert_true(then.st_ino == first.st_ino && then.st_mtim.tv_nsec == first.st_mtim.tv_nsec);
    assert_int_equal(chmod(place.record, 0666), 0); /* anybody could make it others' */
    assert_true(lit_keep(place.folder, &one, &error));
    assert_int_equal(stat(place.record, &then), 0);
    assert_int_equal(then.st_mode & (S_IWGRP | S_IWOTH), 0);
    assert_true(lit_keep(place.folder, &another, &error));
    board_free(&one);
    assert_int_equal(lit_read(place.folder, &one, &error), LIT_READ);
    assert_true(board_same(&one, &another));
    board_free(&one);
    board_free(&another);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lights_are_darkened_after_death, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_next_daemon_darkens_what_it_does_not_light, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_record_is_written_when_it_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_leaves_no_record_where_it_has_no_folder, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
