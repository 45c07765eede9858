/*
 * Who lights which lights: two claims in one process are two programs' to the kernel. Names are
 * made of this process's number, so that tests beside this one have others.
 */
#include "chips/ddp.h"
#include "chips/e131.h"
#include "daemon/claim.h"

#include "daemon/open_files.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int socket_errno; /* what a sandbox answers; 0: nothing */

/* In libc's place. */
int socket(int domain, int type, int protocol)
{
    if (socket_errno != 0) {
        errno = socket_errno;
        return -1;
    }
    return (int)syscall(SYS_socket, domain, type, protocol);
}

static struct ddp_settings ddp;
static struct e131_settings seventh = {.universe = 7}, eighth = {.universe = 8};
static char folder[] = "/tmp/amberbar-claim-XXXXXX", file[64], other_file[64], link_to_file[64];

/* "": at an address as good as nobody else's. */
static struct output_settings controller(const char *address)
{
    struct output_settings output = {.name = "strip", .chip = &chip_ddp, .chip_settings = &ddp};
    output.bus.kind = BUS_UDP;
    output.bus.udp.port = 4048;
    if (address[0] != '\0')
        snprintf(output.bus.udp.address, sizeof output.bus.udp.address, "%s", address);
    else
        snprintf(output.bus.udp.address, sizeof output.bus.udp.address, "127.%d.%d.%d",
                 100 + ((int)getpid() >> 16) % 100, ((int)getpid() >> 8) & 255,
                 (int)getpid() & 255);
    return output;
}

static struct output_settings universe(struct e131_settings *settings)
{
    struct output_settings output = controller("");
    output.chip = &chip_e131;
    output.chip_settings = settings;
    return output;
}

static struct output_settings at(enum bus_kind kind, const char *path)
{
    struct output_settings output = {.name = "strip", .chip = &chip_ddp, .chip_settings = &ddp};
    output.bus.kind = kind;
    char *into = kind == BUS_SPI      ? output.bus.spi.path
                 : kind == BUS_I2C    ? output.bus.i2c.path
                 : kind == BUS_DEVICE ? output.bus.device.path
                                      : output.bus.framebuffer.name;
    snprintf(into, BUS_PATH_SIZE, "%s", path);
    output.bus.i2c.address = 0x70;
    return output;
}

static struct output_settings lights(const char *first, const char *second)
{
    struct output_settings output = {.name = "own", .chip = &chip_ddp, .chip_settings = &ddp};
    output.bus.kind = BUS_LEDS;
    output.bus.leds.count = second != NULL ? 2 : 1;
    snprintf(output.bus.leds.lights[0].name, BUS_NAME_SIZE, "%s-%d", first, (int)getpid());
    if (second != NULL)
        snprintf(output.bus.leds.lights[1].name, BUS_NAME_SIZE, "%s-%d", second, (int)getpid());
    return output;
}

static struct output_settings at_address(int64_t address)
{
    struct output_settings output = at(BUS_I2C, file);
    output.bus.i2c.address = address;
    return output;
}

static void test_which_lights_are_the_same(void **state)
{
    (void)state;
    const struct {
        const char *sentence;
        struct output_settings first, second;
        bool both;
    } rows[] = {
        {"one controller", controller(""), controller(""), false},
        {"two controllers", controller(""), controller("127.99.0.1"), true},
        {"an address in two spellings", controller("fd00::abcd:17"), controller("fd00:0::abcd:17"),
         false},
        {"one universe", universe(&seventh), universe(&seventh), false},
        {"two universes of a controller", universe(&seventh), universe(&eighth), true},
        {"one device", at(BUS_SPI, file), at(BUS_SPI, file), false},
        {"two devices", at(BUS_SPI, file), at(BUS_SPI, other_file), true},
        {"a device by another name", at(BUS_DEVICE, file), at(BUS_DEVICE, link_to_file), false},
        {"a chip on a bus", at_address(0x70), at_address(0x70), false},
        {"two chips on a bus", at_address(0x70), at_address(0x71), true},
        {"one screen", at(BUS_FRAMEBUFFER, file), at(BUS_FRAMEBUFFER, file), false},
        {"two screens", at(BUS_FRAMEBUFFER, file), at(BUS_FRAMEBUFFER, other_file), true},
        {"one light of several", lights("ACT", "PWR"), lights("PWR", NULL), false},
        {"two lights", lights("ACT", NULL), lights("PWR", NULL), true},
        {"a device that is not there", at(BUS_SPI, "/dev/none0.0"), at(BUS_SPI, "/dev/none0.0"),
         true},
        {"GPIO lines, the kernel's", at(BUS_GPIO, ""), at(BUS_GPIO, ""), true},
        {"paper", at(BUS_FILE, ""), at(BUS_FILE, ""), true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t files = open_files();
        struct claims mine = {0}, theirs = {0};
        struct error error = {0};
        if (!claims_take(&mine, &rows[i].first, &error))
            fail_msg("%s: %s", rows[i].sentence, error.text);
        if (claims_take(&theirs, &rows[i].second, &error) != rows[i].both)
            fail_msg("%s: %s", rows[i].sentence, rows[i].both ? error.text : "both have it");
        claims_drop(&mine);
        if (!claims_take(&theirs, &rows[i].second, &error))
            fail_msg("%s: it stays claimed: %s", rows[i].sentence, error.text);
        if (claims_take(&mine, &rows[i].first, &error) != rows[i].both)
            fail_msg("%s: what was let go of is not claimed anew", rows[i].sentence);
        claims_drop(&mine);
        claims_drop(&theirs);
        if (open_files() != files)
            fail_msg("%s: a socket stays open", rows[i].sentence);
    }
}

static void test_all_or_none(void **state)
{
    (void)state;
    const struct output_settings second = lights("PWR", NULL), first = lights("ACT", NULL),
                                 both = lights("ACT", "PWR");
    struct claims other = {0}, mine = {0}, third = {0};
    struct error error = {0};
    assert_true(claims_take(&other, &second, &error));
    assert_false(claims_take(&mine, &both, &error));
    assert_true(claims_take(&third, &first, &error)); /* nobody has it */
    claims_drop(&other);
    claims_drop(&third);
}

static void test_taken_again_it_stays_and_another_one_frees_the_first(void **state)
{
    (void)state;
    const struct output_settings one = at(BUS_SPI, file), two = at(BUS_SPI, other_file);
    struct claims mine = {0}, other = {0};
    struct error error = {0};
    assert_true(claims_take(&mine, &one, &error));
    assert_true(claims_take(&mine, &one, &error));
    assert_false(claims_take(&other, &one, &error));
    assert_true(claims_take(&mine, &two, &error));
    assert_true(claims_take(&other, &one, &error));
    claims_drop(&mine);
    claims_drop(&other);
}

/* Of several lights each counts: one is the same as before, the other is let go of. */
static void test_other_lights_beside_the_same_one_are_taken(void **state)
{
    (void)state;
    const struct output_settings before = lights("ACT", "PWR"), then = lights("ACT", "USR"),
                                 freed = lights("PWR", NULL), taken = lights("USR", NULL);
    struct claims mine = {0}, other = {0};
    struct error error = {0};
    assert_true(claims_take(&mine, &before, &error));
    assert_true(claims_take(&mine, &then, &error));
    assert_false(claims_take(&other, &taken, &error));
    assert_true(claims_take(&other, &freed, &error));
    claims_drop(&mine);
    claims_drop(&other);
}

static void test_who_and_what_to_do(void **state)
{
    (void)state;
    const struct output_settings output = controller("");
    struct claims mine = {0}, other = {0};
    struct error error = {0};
    char before[16] = "", wanted[128];
    prctl(PR_GET_NAME, before);
    assert_true(claims_take(&mine, &output, &error));
    assert_false(claims_take(&other, &output, &error));
    snprintf(wanted, sizeof wanted, "another amberbar lights %s now", output.bus.udp.address);
    assert_non_null(strstr(error.text, wanted)); /* a test is no amberbar */
    prctl(PR_SET_NAME, "amberbar");
    assert_false(claims_take(&other, &output, &error));
    prctl(PR_SET_NAME, before);
    snprintf(wanted, sizeof wanted, "another amberbar (process %d) lights ", (int)getpid());
    assert_non_null(strstr(error.text, wanted));
    assert_non_null(strstr(error.text, "sudo systemctl stop amberbar"));
    claims_drop(&mine);
    const struct output_settings chip = at_address(0x70);
    assert_true(claims_take(&mine, &chip, &error));
    assert_false(claims_take(&other, &chip, &error));
    snprintf(wanted, sizeof wanted, "another amberbar lights 0x70 on %s now", file);
    assert_non_null(strstr(error.text, wanted));
    claims_drop(&mine);
}

/* Whose name says nothing that is a process's number, or whose number is nobody's here. */
static void test_a_number_that_is_none_is_not_told(void **state)
{
    (void)state;
    static const char *const numbers[] = {"",  "0",        "-1",         "x",
                                          "1", "1234567x", "2147483648", "99999999999999"};
    const struct output_settings output = controller("");
    char before[16] = "", wanted[128];
    snprintf(wanted, sizeof wanted, "another amberbar lights %s now", output.bus.udp.address);
    prctl(PR_GET_NAME, before);
    prctl(PR_SET_NAME, "amberbar");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct claims mine = {0}, other = {0};
        struct error error = {0};
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        assert_true(claims_take(&mine, &output, &error));
        close(mine.claims[0].note);
        mine.claims[0].note = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s#%s",
                                    mine.claims[0].name, numbers[i]);
        const socklen_t size =
            (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
        assert_int_equal(bind(mine.claims[0].note, (struct sockaddr *)&address, size), 0);
        assert_false(claims_take(&other, &output, &error));
        if (strncmp(error.text, wanted, strlen(wanted)) != 0)
            fail_msg("#%s: %s", numbers[i], error.text);
        claims_drop(&mine);
    }
    prctl(PR_SET_NAME, before);
}

/* The longest name leaves room for its owner's number. */
static void test_the_owner_of_a_long_name_is_told(void **state)
{
    (void)state;
    struct output_settings output = lights("", NULL);
    struct claims mine = {0}, other = {0};
    struct error error = {0};
    char before[16] = "", wanted[64], *name = output.bus.leds.lights[0].name;
    for (size_t length = strlen(name); length + 1 < BUS_NAME_SIZE; length++)
        name[length] = 'l';
    prctl(PR_GET_NAME, before);
    prctl(PR_SET_NAME, "amberbar");
    assert_true(claims_take(&mine, &output, &error));
    assert_false(claims_take(&other, &output, &error));
    prctl(PR_SET_NAME, before);
    snprintf(wanted, sizeof wanted, "another amberbar (process %d) lights -", (int)getpid());
    assert_ptr_equal(strstr(error.text, wanted), error.text);
    claims_drop(&mine);
}

/* A daemon may be begun without standard input: then a claim of its own has that number. */
static void test_a_claim_may_be_the_first_of_all_files(void **state)
{
    (void)state;
    const struct output_settings output = controller("");
    struct claims mine = {0}, other = {0};
    struct error error = {0};
    struct stat first = {0}, then = {0};
    const int input = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    const bool taken = claims_take(&mine, &output, &error);
    fstat(STDIN_FILENO, &first);
    const bool again = claims_take(&mine, &output, &error);
    fstat(STDIN_FILENO, &then);
    const bool others = claims_take(&other, &output, &error);
    claims_drop(&mine);
    const bool dropped = fcntl(STDIN_FILENO, F_GETFD) < 0;
    dup2(input, STDIN_FILENO);
    close(input);
    assert_true(taken && again && !others && dropped);
    assert_true(S_ISSOCK(first.st_mode) && first.st_ino == then.st_ino); /* it is kept */
}

static void test_a_dead_owner_frees_them(void **state)
{
    (void)state;
    const struct output_settings output = controller("");
    struct claims mine = {0};
    struct error error = {0};
    int ready[2], status = 0;
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
        const bool taken = claims_take(&mine, &output, &error);
        (void)!write(ready[1], taken ? "y" : "n", 1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_false(claims_take(&mine, &output, &error));
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(claims_take(&mine, &output, &error));
    claims_drop(&mine);
    close(ready[0]);
    close(ready[1]);
}

static void test_where_nothing_can_be_claimed_lights_are_free(void **state)
{
    (void)state;
    const struct output_settings output = controller("");
    struct claims mine = {0}, other = {0};
    struct error error = {0};
    socket_errno = EAFNOSUPPORT;
    assert_true(claims_take(&mine, &output, &error));
    socket_errno = 0;
    assert_true(claims_take(&other, &output, &error));
    assert_false(claims_take(&mine, &output, &error)); /* tried again */
    claims_drop(&other);
    claims_drop(&mine);
}

static int begin(void **state)
{
    (void)state;
    char *const paths[] = {file, other_file};
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(file, sizeof file, "%s/a", folder);
    snprintf(other_file, sizeof other_file, "%s/b", folder);
    snprintf(link_to_file, sizeof link_to_file, "%s/c", folder);
    for (size_t i = 0; i < 2; i++) {
        FILE *made = fopen(paths[i], "w");
        if (made == NULL)
            return -1;
        fclose(made);
    }
    return symlink(file, link_to_file);
}

static int end(void **state)
{
    (void)state;
    unlink(file);
    unlink(other_file);
    unlink(link_to_file);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_lights_are_the_same),
        cmocka_unit_test(test_all_or_none),
        cmocka_unit_test(test_taken_again_it_stays_and_another_one_frees_the_first),
        cmocka_unit_test(test_other_lights_beside_the_same_one_are_taken),
        cmocka_unit_test(test_who_and_what_to_do),
        cmocka_unit_test(test_a_number_that_is_none_is_not_told),
        cmocka_unit_test(test_the_owner_of_a_long_name_is_told),
        cmocka_unit_test(test_a_claim_may_be_the_first_of_all_files),
        cmocka_unit_test(test_a_dead_owner_frees_them),
        cmocka_unit_test(test_where_nothing_can_be_claimed_lights_are_free),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
