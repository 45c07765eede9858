#include "torture/devices.h"

#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/spi/spidev.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES_MAX 256

const char devices_board[] =
    "title: all that a torture needs\n"
    "outputs:\n"
    "  - {name: frames, chip: frames, pixels: 8, digits: 4, bus: stdout}\n"
    "  - {name: strip, chip: apa102, pixels: 8, order: bgr, max_ma: 500,\n"
    "     bus: {spi: /dev/spidev0.0}}\n"
    "  - {name: digits, chip: ht16k33, segments: seven, bus: {i2c: /dev/i2c-1, address: 0x70}}\n"
    "  - {name: ring, chip: ws2812-pio, pixels: 8, order: grb, max_ma: 500,\n"
    "     bus: {file: /dev/leds0, line: GPIO18}}\n"
    "  - {name: lights, chip: sysfs-led, lamps: [{colour: green}, {colour: red}],\n"
    "     bus: {leds: [ACT, PWR]}}\n";

/* What is dark: `count` bytes from `start` on, or before the end when it is negative, are `dark`;
   of each four the first does not count when it is a brightness. */
static const struct {
    const char *path, *content, *output;
    long start;
    long count;
    char dark;
    bool brightness;
} files[] = {
    {"/dev/spidev0.0", "", "strip", 4, 32, 0, true},
    {"/dev/i2c-1", "", "digits", -18, 16, 0, false},
    {"/dev/leds0", "", "ring", 0, 32, 0, false},
    {"/sys/class/leds/ACT/brightness", "0", "lights", 0, 1, '0', false},
    {"/sys/class/leds/PWR/brightness", "0", "lights", 0, 1, '0', false},
    {.path = "/sys/class/leds/ACT/trigger", .content = "heartbeat"},
    {.path = "/sys/class/leds/PWR/trigger", .content = "default-on"},
    {.path = "/sys/class/leds/ACT/max_brightness", .content = "1\n"},
    {.path = "/sys/class/leds/PWR/max_brightness", .content = "1\n"},
};
#define FILES (sizeof files / sizeof files[0])

static const char *root;

const char *devices_path(const char *path, char place[static DEVICES_PATH_SIZE])
{
    for (size_t i = 0; root != NULL && i < FILES; i++) {
        if (strcmp(path, files[i].path) != 0)
            continue;
        snprintf(place, DEVICES_PATH_SIZE, "%s%s", root, path);
        return place;
    }
    return path;
}

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
}

void devices_make(const char *folder)
{
    root = folder;
    for (size_t i = 0; i < FILES; i++) {
        char place[DEVICES_PATH_SIZE];
        snprintf(place, sizeof place, "%s%s", root, files[i].path);
        make_folders(place);
        FILE *file = fopen(place, "w");
        if (file == NULL || fputs(files[i].content, file) < 0 || fclose(file) != 0)
            abort();
    }
}

bool devices_ioctl(int fd, unsigned long request, const void *argument, int *result)
{
    *result = 0;
    if (request == SPI_IOC_MESSAGE(1)) {
        const struct spi_ioc_transfer *transfer = argument;
        *result = (int)pwrite(fd, (const void *)(uintptr_t)transfer->tx_buf, transfer->len, 0);
    }
    if (request == I2C_SLAVE)
        *result = ftruncate(fd, 0); /* so that the end of the file is the last message */
    return request == SPI_IOC_MESSAGE(1) || request == SPI_IOC_WR_MODE ||
           request == SPI_IOC_WR_BITS_PER_WORD || request == SPI_IOC_WR_MAX_SPEED_HZ ||
           request == I2C_SLAVE;
}

static bool is_lit(size_t index)
{
    char place[DEVICES_PATH_SIZE], bytes[BYTES_MAX];
    snprintf(place, sizeof place, "%s%s", root, files[index].path);
    FILE *file = fopen(place, "r");
    bool lit = file == NULL;
    long start = files[index].start;
    if (file != NULL && fseek(file, start, start < 0 ? SEEK_END : SEEK_SET) != 0)
        rewind(file); /* too short: nothing was ever sent */
    long got = file == NULL ? 0 : (long)fread(bytes, 1, (size_t)files[index].count, file);
    for (long i = 0; i < got; i++)
        lit |= bytes[i] != files[index].dark && !(files[index].brightness && i % 4 == 0);
    if (file != NULL)
        fclose(file);
    return lit;
}

const char *devices_lit(void)
{
    for (size_t i = 0; i < FILES; i++)
        if (files[i].output != NULL && is_lit(i))
            return files[i].output;
    return NULL;
}
