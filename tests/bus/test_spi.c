/*
 * spidev: what it is asked for, how a message is cut, and what is said of each of its answers.
 */
#include "bus/machine.h"

#include "bus/bus.h"

#include <linux/spi/spidev.h>

#define MESSAGE_MAX 20000

static struct {
    uint8_t mode, bits;
    uint32_t speed_hz;
    struct spi_ioc_transfer transfers[4];
    size_t messages;
    uint8_t bytes[MESSAGE_MAX];
    size_t length;
    int missing; /* bytes that each message is short */
} chip;

static uint8_t message[MESSAGE_MAX];

static int answer(unsigned long request, void *argument)
{
    if (request == SPI_IOC_WR_MODE)
        memcpy(&chip.mode, argument, sizeof chip.mode);
    if (request == SPI_IOC_WR_BITS_PER_WORD)
        memcpy(&chip.bits, argument, sizeof chip.bits);
    if (request == SPI_IOC_WR_MAX_SPEED_HZ)
        memcpy(&chip.speed_hz, argument, sizeof chip.speed_hz);
    if (request != SPI_IOC_MESSAGE(1))
        return 0;
    assert_true(chip.messages < 4);
    struct spi_ioc_transfer *transfer = &chip.transfers[chip.messages++];
    memcpy(transfer, argument, sizeof *transfer);
    assert_true(chip.length + transfer->len <= MESSAGE_MAX);
    memcpy(chip.bytes + chip.length, (const void *)(uintptr_t)transfer->tx_buf, transfer->len);
    chip.length += transfer->len;
    return (int)transfer->len - chip.missing;
}

static const struct spi_settings ring = {.path = "/dev/spidev0.1", .speed_hz = 8000000};
static const struct spi_settings strip = {
    .path = "/dev/spidev0.1", .speed_hz = 1000000, .in_pieces = true};

static int set_up(void **state)
{
    machine_set_up(state);
    machine.answer = answer;
    memset(&chip, 0, sizeof chip);
    machine_file("/dev/spidev0.1", "");
    return 0;
}

static struct bus *open_bus(const struct spi_settings *settings)
{
    struct error error = {0};
    struct bus *bus = bus_open_spi(settings, &error);
    if (bus == NULL)
        fail_msg("%s", error.text);
    return bus;
}

static void test_mode_bits_and_speed_are_asked_for(void **state)
{
    (void)state;
    chip.mode = 0xFF;
    struct bus *bus = open_bus(&ring);
    assert_int_equal(machine.ioctls, 3);
    assert_int_equal(chip.mode, SPI_MODE_0);
    assert_int_equal(chip.bits, 8);
    assert_int_equal(chip.speed_hz, 8000000);
    bus_close(bus);
}

static void test_message_is_one_transfer(void **state)
{
    (void)state;
    struct error error = {0};
    struct bus *bus = open_bus(&ring);
    assert_true(bus_send(bus, message, 41, &error));
    assert_true(bus_send(bus, message + 41, 4096, &error));
    assert_true(bus_send(bus, message, 0, &error));
    assert_int_equal(chip.messages, 2);
    const struct spi_ioc_transfer *transfer = &chip.transfers[0];
    assert_int_equal(transfer->len, 41);
    assert_int_equal(transfer->speed_hz, 8000000);
    assert_int_equal(transfer->bits_per_word, 8);
    assert_int_equal(transfer->rx_buf, 0);
    assert_int_equal(transfer->cs_change, 0);
    assert_int_equal(transfer->delay_usecs, 0);
    assert_memory_equal(chip.bytes, message, 41 + 4096);
    bus_close(bus);
}

static const struct {
    const char *sentence;
    const char *bufsiz; /* NULL: the kernel does not tell */
    bool in_pieces;
    size_t length;
    size_t messages; /* 0: refused */
    const char *words;
} sizes[] = {
    {"what fits exactly goes at once", NULL, false, 4096, 1, NULL},
    {"one byte more is refused with the argument", NULL, false, 4097, 0,
     "/dev/spidev0.1 takes 4096 bytes at once, but these lights need 4097 without a pause: add "
     "spidev.bufsiz=8192 to the kernel's command line and reboot, or have fewer pixels"},
    {"the argument is large enough", "4096\n", false, 12226, 0, "spidev.bufsiz=16384 "},
    {"the kernel's own limit counts", "16384\n", false, 12226, 1, NULL},
    {"a smaller limit too", "512\n", false, 513, 0, "takes 512 bytes at once, but these lights"},
    {"a strip that may pause goes in pieces", NULL, true, 10000, 3, NULL},
    {"of the kernel's size", "8192\n", true, 10000, 2, NULL},
    {"nonsense is not a limit", "many\n", true, 4096, 1, NULL},
    {"nor is nothing", "0\n", true, 4096, 1, NULL},
};

static void test_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        memset(&chip, 0, sizeof chip);
        machine.ioctls = 0;
        if (sizes[i].bufsiz != NULL)
            machine_file("/sys/module/spidev/parameters/bufsiz", sizes[i].bufsiz);
        struct error error = {0};
        struct bus *bus = open_bus(sizes[i].in_pieces ? &strip : &ring);
        bool sent = bus_send(bus, message, sizes[i].length, &error);
        bool right = sent == (sizes[i].messages > 0) && chip.messages == sizes[i].messages &&
                     (sizes[i].words == NULL || strstr(error.text, sizes[i].words) != NULL) &&
                     (!sent || (chip.length == sizes[i].length &&
                                memcmp(chip.bytes, message, chip.length) == 0));
        if (!right)
            fail_msg("%s: %zu bytes in %zu messages: %s", sizes[i].sentence, chip.length,
                     chip.messages, error.text);
        bus_close(bus);
        if (sizes[i].bufsiz != NULL)
            machine_remove("/sys/module/spidev/parameters/bufsiz");
    }
}

static const struct {
    const char *sentence;
    unsigned long request;
    int number;
    const char *words;
} faults[] = {
    {"no such mode", SPI_IOC_WR_MODE, EINVAL,
     "/dev/spidev0.1 refuses mode 0 with 8 bits at 8000000 Hz: lower `speed`"},
    {"no such speed", SPI_IOC_WR_MAX_SPEED_HZ, EINVAL, "lower `speed` in the board file"},
    {"another device", SPI_IOC_WR_BITS_PER_WORD, ENOTTY,
     "/dev/spidev0.1 could not be set up: it is no device of this kind; correct the path"},
    {"the driver was unbound", SPI_IOC_MESSAGE(1), ESHUTDOWN,
     "/dev/spidev0.1 could not be written: its driver was unbound; bind it"},
    {"a limit that was not told", SPI_IOC_MESSAGE(1), EMSGSIZE, "add spidev.bufsiz="},
    {"a transfer that never ends", SPI_IOC_MESSAGE(1), ETIMEDOUT,
     "its controller did not finish in time; switch the machine off and on"},
    {"no memory", SPI_IOC_MESSAGE(1), ENOMEM, "the machine is out of memory"},
    {"the kernel says something new", SPI_IOC_MESSAGE(1), EILSEQ,
     "could not be written: Invalid or incomplete multibyte or wide character; the kernel's log"},
};

static void test_faults_are_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        machine.failing = faults[i].request;
        machine.ioctl_errno = faults[i].number;
        machine.ioctls = 0;
        struct error error = {0};
        struct bus *bus = bus_open_spi(&ring, &error);
        bool sent = bus != NULL && bus_send(bus, message, 41, &error);
        if (sent || strstr(error.text, faults[i].words) == NULL)
            fail_msg("%s: \"%s\"", faults[i].sentence, error.text);
        bus_close(bus);
    }
}

static void test_short_message_is_an_error(void **state)
{
    (void)state;
    chip.missing = 1;
    struct error error = {0};
    struct bus *bus = open_bus(&ring);
    assert_false(bus_send(bus, message, 41, &error));
    assert_string_equal(error.text,
                        "/dev/spidev0.1 took 40 of 41 bytes: look at the kernel's log (`dmesg`)");
    bus_close(bus);
}

static const struct {
    const char *model, *path, *words;
} absent[] = {
    {"", "/dev/spidev0.0",
     "there is no /dev/spidev0.0 here; there is spidev0.1, spidev10.0: name one in the board file"},
    {"Raspberry Pi 4 Model B Rev 1.4", "/dev/spidev0.0",
     "there is no /dev/spidev0.0: SPI 0 is not enabled: put dtparam=spi=on into "
     "/boot/firmware/config.txt and reboot"},
    {"Raspberry Pi 4 Model B Rev 1.4", "/dev/spidev1.0",
     "put dtoverlay=spi1-1cs into /boot/firmware/config.txt"},
    {"Raspberry Pi 4 Model B Rev 1.4", "/dev/spidev1.2",
     "put dtoverlay=spi1-3cs into /boot/firmware/config.txt"},
    {"Raspberry Pi 5 Model B Rev 1.0", "/dev/spidev4.0",
     "there is no /dev/spidev4.0 here; there is spidev0.1: name one in the board file"},
    {"Raspberry Pi 5 Model B Rev 1.0", "/dev/spidev10.0",
     "/dev/spidev10.0 of a Pi 5 is the memory that it starts from, and never for lights"},
    {"OrangePi Zero3", "/dev/spidev1.1",
     "there is no /dev/spidev1.1 here; there is spidev0.1, spidev10.0: name one"},
};

static void test_absent_device_is_told_with_the_fix(void **state)
{
    (void)state;
    machine_file("/dev/spidev10.0", "");
    machine_file("/dev/other", "");
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        struct spi_settings settings = ring;
        (void)snprintf(settings.path, sizeof settings.path, "%s", absent[i].path);
        machine_file("/proc/device-tree/model", absent[i].model);
        struct error error = {0};
        assert_null(bus_open_spi(&settings, &error));
        if (strstr(error.text, absent[i].words) == NULL)
            fail_msg("%s: \"%s\"", absent[i].path, error.text);
    }
}

static void test_nothing_at_all_is_listed_as_nothing(void **state)
{
    (void)state;
    machine_remove("/dev/spidev0.1");
    struct error error = {0};
    assert_null(bus_open_spi(&ring, &error));
    assert_string_equal(error.text, "there is no /dev/spidev0.1: enable SPI 0 (on a "
                                    "Raspberry Pi: dtparam=spi=on in /boot/firmware/config.txt, "
                                    "and a restart), or name a device of this machine in the board "
                                    "file");
}

static void test_missing_permission_names_the_group(void **state)
{
    (void)state;
    struct spi_settings settings = ring;
    (void)snprintf(settings.path, sizeof settings.path, "%s/dev/spidev0.1", machine.root);
    struct error error = {0};
    machine_forbid("/dev/spidev0.1");
    struct bus *bus = bus_open_spi(&settings, &error);
    machine_as_root();
    assert_null(bus);
    static const char *const words[] = {
        "spidev0.1 could not be opened by user ", "belongs to owner ", "(mode 0000)",
        "install amberbar's udev rules, then run", "`sudo usermod -aG spi "};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(error.text, words[i]) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", words[i], error.text);
}

static void test_sandbox_is_told_from_a_missing_group(void **state)
{
    (void)state;
    struct spi_settings settings = ring;
    (void)snprintf(settings.path, sizeof settings.path, "%s/dev/spidev0.1", machine.root);
    machine.open_errno = EPERM;
    struct error error = {0};
    assert_null(bus_open_spi(&settings, &error));
    if (strstr(error.text, "a sandbox forbids it") == NULL ||
        strstr(error.text, "DeviceAllow=") == NULL)
        fail_msg("\"%s\"", error.text);
}

/* As the daemon does it: what was unbound is closed, and found again by its path. */
static void test_unbound_and_bound_again(void **state)
{
    (void)state;
    struct error error = {0};
    struct bus *bus = open_bus(&ring);
    machine.failing = SPI_IOC_MESSAGE(1);
    machine.ioctl_errno = ESHUTDOWN;
    assert_false(bus_send(bus, message, 41, &error));
    bus_close(bus);
    machine_remove("/dev/spidev0.1");
    assert_null(bus_open_spi(&ring, &error));
    machine_file("/dev/spidev0.1", "");
    machine.failing = 0;
    bus = open_bus(&ring);
    assert_true(bus_send(bus, message, 41, &error));
    assert_memory_equal(chip.bytes, message, 41);
    bus_close(bus);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, machine_tear_down)

int main(void)
{
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)(i * 31 + i / 251);
    const struct CMUnitTest tests[] = {
        TEST(test_mode_bits_and_speed_are_asked_for),
        TEST(test_message_is_one_transfer),
        TEST(test_sizes),
        TEST(test_faults_are_sentences),
        TEST(test_short_message_is_an_error),
        TEST(test_absent_device_is_told_with_the_fix),
        TEST(test_nothing_at_all_is_listed_as_nothing),
        TEST(test_missing_permission_names_the_group),
        TEST(test_sandbox_is_told_from_a_missing_group),
        TEST(test_unbound_and_bound_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
