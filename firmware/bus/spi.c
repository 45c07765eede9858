/*
 * SPI through spidev (Linux: Documentation/spi/spidev.rst, drivers/spi/spidev.c).
 */
#include "base/intake.h"
#include "base/text.h"
#include "bus/device.h"
#include "bus/driver.h"
#include "bus/look.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/spi/spidev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BUFSIZ_FILE "/sys/module/spidev/parameters/bufsiz"
#define BUFSIZ_DEFAULT 4096 /* spidev.c */
#define BUFSIZ_MAX (16 << 20)

struct spi {
    struct bus bus;
    struct spi_settings settings;
    int fd;
    size_t bufsiz; /* bytes of one kernel message */
};

static struct device device_of(const struct spi *spi)
{
    return (struct device){.path = spi->settings.path, .group = "spi"};
}

static bool complain(const struct spi *spi, const char *doing, int number, struct error *error)
{
    const struct device device = device_of(spi);
    return device_fault(&device, doing, number, error);
}

/* What the kernel takes at once; it can change with each boot, or when the module is loaded. */
static size_t read_bufsiz(void)
{
    char text[32] = "";
    int64_t value = 0;
    int fd = intake_open(BUFSIZ_FILE, INTAKE_FILE);
    if (fd < 0)
        return BUFSIZ_DEFAULT;
    ssize_t length = read(fd, text, sizeof text - 1);
    (void)close(fd);
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return text_integer(text, 1, BUFSIZ_MAX, &value) ? (size_t)value : BUFSIZ_DEFAULT;
}

/* The next power of two: kmalloc() gives no less. */
static bool complain_size(const struct spi *spi, size_t length, struct error *error)
{
    size_t needed = BUFSIZ_DEFAULT;
    while (needed < length)
        needed *= 2;
    char word[64];
    struct machine machine;
    struct text command = {0};
    (void)snprintf(word, sizeof word, "spidev.bufsiz=%zu", needed);
    look_at(&machine, "");
    machine_kernel_command(&machine, word, &command);
    look_away(&machine);
    (void)error_set(error,
                    "%s takes %zu bytes at once, but these lights need %zu without a pause: %s, or "
                    "have fewer pixels",
                    spi->settings.path, spi->bufsiz, length,
                    command.data != NULL ? command.data : word);
    text_free(&command);
    return false;
}

static bool send_piece(const struct spi *spi, const uint8_t *bytes, size_t length,
                       struct error *error)
{
    struct spi_ioc_transfer transfer = {
        .tx_buf = (uintptr_t)bytes,
        .len = (uint32_t)length,
        .speed_hz = (uint32_t)spi->settings.speed_hz,
        .bits_per_word = 8,
    };
    int sent = ioctl(spi->fd, SPI_IOC_MESSAGE(1), &transfer);
    if (sent < 0 && errno == EMSGSIZE)
        return complain_size(spi, length, error);
    if (sent < 0)
        return complain(spi, "written", errno, error);
    if ((size_t)sent != length)
        return error_set(error, "%s took %d of %zu bytes: look at the kernel's log (`dmesg`)",
                         spi->settings.path, sent, length);
    return true;
}

static bool spi_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    const struct spi *spi = (struct spi *)bus;
    if (length > spi->bufsiz && !spi->settings.in_pieces)
        return complain_size(spi, length, error);
    for (size_t at = 0; at < length; at += spi->bufsiz) {
        size_t rest = length - at;
        if (!send_piece(spi, bytes + at, rest < spi->bufsiz ? rest : spi->bufsiz, error))
            return false;
    }
    return true;
}

static void spi_close(struct bus *bus)
{
    struct spi *spi = (struct spi *)bus;
    if (spi->fd >= 0)
        (void)close(spi->fd);
    free(spi);
}

static const struct bus_driver driver = {spi_send, spi_close};

/* Mode 0: the clock rests low and bits are taken at its rise, as all LEDs and registers want. */
static bool set_up(const struct spi *spi, struct error *error)
{
    uint8_t mode = SPI_MODE_0;
    uint8_t bits = 8;
    uint32_t speed_hz = (uint32_t)spi->settings.speed_hz;
    if (ioctl(spi->fd, SPI_IOC_WR_MODE, &mode) == 0 &&
        ioctl(spi->fd, SPI_IOC_WR_BITS_PER_WORD, &bits) == 0 &&
        ioctl(spi->fd, SPI_IOC_WR_MAX_SPEED_HZ, &speed_hz) == 0)
        return true;
    if (errno == EINVAL)
        return error_set(error,
                         "%s refuses mode 0 with 8 bits at %u Hz: lower `speed` in the board file, "
                         "or take another SPI",
                         spi->settings.path, speed_hz);
    return complain(spi, "set up", errno, error);
}

#define FLASH_BEGINNING "/dev/spidev10." /* on a Pi 5; elsewhere it may be a device like others */

/* What must not be written to, though it could be: a Pi 5's own memory. */
static bool is_for_lights(const struct spi *spi, struct error *error)
{
    if (strncmp(spi->settings.path, FLASH_BEGINNING, strlen(FLASH_BEGINNING)) != 0)
        return true;
    struct machine machine;
    struct advice advice;
    const struct wish wish = {.path = spi->settings.path};
    look_at(&machine, "");
    bool flash = machine_is_flash(&machine, wish.path);
    if (flash && !machine_offers(&machine, &wish, &advice))
        (void)error_set(error, "%s", advice.why);
    look_away(&machine);
    return !flash;
}

static bool open_device(struct spi *spi, struct error *error)
{
    if (!is_for_lights(spi, error))
        return false;
    const struct device device = device_of(spi);
    spi->fd = device_open(&device, O_RDWR, error);
    spi->bufsiz = read_bufsiz();
    return spi->fd >= 0 && set_up(spi, error);
}

struct bus *bus_open_spi(const struct spi_settings *settings, struct error *error)
{
    struct spi *spi = calloc(1, sizeof *spi);
    if (spi == NULL) {
        (void)error_set(error, "out of memory while opening %s", settings->path);
        return NULL;
    }
    spi->bus.driver = &driver;
    spi->settings = *settings;
    spi->fd = -1;
    if (open_device(spi, error))
        return &spi->bus;
    spi_close(&spi->bus);
    return NULL;
}
