/*
 * Hangs a TM1637 on two lines of a gpio-sim chip: sees what they carry, pulls them up, and holds
 * DIO low for its ACK. Ends with SIGTERM.
 *
 *   display DIRECTORY CLK DIO   DIRECTORY has the chip's sim_gpioN
 *
 * Prints the digits' segments and the control byte, in hexadecimal, when they have changed.
 */
#include "bus/tm1637.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopping;

static void stop(int number)
{
    (void)number;
    stopping = 1;
}

static int open_line(const char *directory, const char *line, const char *file, int flags)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/sim_gpio%s/%s", directory, line, file);
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) {
        perror(path);
        exit(1);
    }
    return fd;
}

struct line {
    int pull, value;
};

static struct line open_both(const char *directory, const char *line)
{
    return (struct line){open_line(directory, line, "pull", O_WRONLY),
                         open_line(directory, line, "value", O_RDONLY)};
}

/* gpio-sim lets a line that is given up keep its level until it is pulled again. */
static bool pulled(const struct line *line, bool up)
{
    const char *word = up ? "pull-up" : "pull-down";
    char level = '0';
    if (pwrite(line->pull, word, strlen(word), 0) < 0 || pread(line->value, &level, 1, 0) != 1)
        perror("gpio-sim");
    return level == '1';
}

static void print_change(const struct tm1637 *chip)
{
    static struct tm1637 printed;
    if (memcmp(printed.ram, chip->ram, sizeof chip->ram) == 0 && printed.control == chip->control)
        return;
    for (size_t i = 0; i < TM1637_DIGITS; i++)
        (void)printf("%02x ", chip->ram[i]);
    (void)printf("%02x\n", chip->control);
    (void)fflush(stdout);
    printed = *chip;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fputs("usage: display DIRECTORY CLK DIO\n", stderr);
        return 2;
    }
    (void)signal(SIGTERM, stop);
    const struct line clock = open_both(argv[1], argv[2]), dio = open_both(argv[1], argv[3]);
    struct tm1637 chip = {.present = true, .levels = TM1637_CLK | TM1637_DIO};
    while (!stopping) {
        /* DIO moves just after the clock fell: asked for last, the clock cannot be behind it. */
        uint32_t driven = pulled(&dio, !chip.holds) ? TM1637_DIO : 0;
        driven |= pulled(&clock, true) ? TM1637_CLK : 0;
        tm1637_see(&chip, driven, 0);
        if (!chip.begun)
            print_change(&chip);
    }
    return 0;
}
