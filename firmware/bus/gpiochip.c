#include "bus/gpiochip.h"

#include "base/text.h"
#include "bus/device.h"
#include "bus/gpio.h"
#include "bus/look.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(GPIOCHIP_LABEL_SIZE == GPIO_MAX_NAME_SIZE, "labels are the kernel's");

static int is_gpiochip(const struct dirent *entry)
{
    return strncmp(entry->d_name, "gpiochip", strlen("gpiochip")) == 0;
}

/* False when the path is no GPIO chip at all. */
static bool ask(struct gpiochip *chip)
{
    struct stat status;
    if (stat(chip->path, &status) != 0 || !S_ISCHR(status.st_mode))
        return false;
    chip->device = status.st_rdev;

    int fd = open(chip->path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        chip->fault = errno;
        return true;
    }
    struct gpiochip_info info = {0};
    int answer = ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info);
    int why = errno;
    (void)close(fd);
    if (answer != 0) {
        chip->fault = why;
        return why != ENOTTY && why != EINVAL; /* another device's answers to an unknown request */
    }
    (void)text_copy(chip->label, sizeof chip->label, info.label);
    chip->lines = info.lines;
    return true;
}

static bool is_listed(const struct gpiochip_list *list, dev_t device)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->chips[i].device == device)
            return true;
    return false;
}

void gpiochip_scan(const char *directory, struct gpiochip_list *list)
{
    *list = (struct gpiochip_list){0};
    struct dirent **names = NULL;
    int count = scandir(directory, &names, is_gpiochip, versionsort);
    for (int i = 0; i < count; i++) {
        struct gpiochip chip = {0};
        int length = snprintf(chip.path, sizeof chip.path, "%s/%s", directory, names[i]->d_name);
        free(names[i]);
        if (length < 0 || (size_t)length >= sizeof chip.path || list->count == GPIOCHIP_MAX)
            continue;
        if (ask(&chip) && !is_listed(list, chip.device))
            list->chips[list->count++] = chip;
    }
    free(names);
}

static const struct gpiochip *labelled(const struct gpiochip_list *list, const char *label)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct gpiochip *chip = &list->chips[i];
        /* The kernel cuts labels, so a longer one of a board file matches by what is left. */
        if (chip->fault == 0 && strncmp(chip->label, label, GPIOCHIP_LABEL_SIZE - 1) == 0)
            return chip;
    }
    return NULL;
}

static bool complain_missing(const struct gpiochip_list *list, const char *wanted,
                             struct error *error)
{
    if (list->count == 0)
        return error_set(error,
                         "no GPIO chip on this machine (there is no /dev/gpiochip*): run amberbar "
                         "on the board that carries the lights; in a container, pass the device "
                         "in and leave /sys readable");
    struct text there = {0};
    for (size_t i = 0; i < list->count; i++)
        text_addf(&there, "%s%s is \"%s\"", i == 0 ? "" : ", ", list->chips[i].path,
                  list->chips[i].label);
    (void)error_set(error,
                    "no GPIO chip is labelled %s: put the right one of these into the board "
                    "file's `gpiochip` list: %s",
                    wanted, there.data == NULL ? "(out of memory)" : there.data);
    text_free(&there);
    return false;
}

const struct gpiochip *gpiochip_choose(const struct gpiochip_list *list,
                                       const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE],
                                       struct error *error)
{
    struct text wanted = {0};
    for (size_t i = 0; i < BUS_LABELS_MAX && labels[i][0] != '\0'; i++) {
        const struct gpiochip *chip = labelled(list, labels[i]);
        if (chip != NULL) {
            text_free(&wanted);
            return chip;
        }
        text_addf(&wanted, "%s%s", i == 0 ? "" : " or ", labels[i]);
    }

    /* What could not be asked may well be the chip: its fault is the one to fix first. */
    const struct gpiochip *hidden = NULL;
    for (size_t i = 0; i < list->count && hidden == NULL; i++)
        hidden = list->chips[i].fault != 0 ? &list->chips[i] : NULL;
    if (hidden != NULL)
        (void)gpiochip_fault(hidden, "opened", hidden->fault, error);
    else
        (void)complain_missing(list, wanted.data == NULL ? "(nothing)" : wanted.data, error);
    text_free(&wanted);
    return NULL;
}

bool gpiochip_find(const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE], struct gpiochip *chip,
                   struct error *error)
{
    struct gpiochip_list list;
    gpiochip_scan("/dev", &list);
    const struct gpiochip *chosen = gpiochip_choose(&list, labels, error);
    if (chosen == NULL)
        return false;
    *chip = *chosen;
    return true;
}

/* "GPIO23" and "23" mean offset 23 on every Pi, where offsets are Broadcom's numbers. */
static bool by_number(const struct gpiochip *chip, const char *name, unsigned *offset)
{
    const char *digits = strncmp(name, "GPIO", 4) == 0 ? name + 4 : name;
    int64_t number = 0;
    if (chip->lines == 0 || !text_integer(digits, 0, (int64_t)chip->lines - 1, &number))
        return false;
    *offset = (unsigned)number;
    return true;
}

bool gpiochip_offsets(const struct gpiochip *chip, const struct gpiochip_names *lines,
                      unsigned *offsets, struct error *error)
{
    for (size_t i = 0; i < lines->count; i++) {
        const char *name = lines->names[i];
        if (!lines->by_name(lines->open_chip, name, &offsets[i]) &&
            !by_number(chip, name, &offsets[i]))
            return error_set(error,
                             "%s [%s] has no line named %s among its %u: correct the board file; "
                             "`gpioinfo` lists the names",
                             chip->path, chip->label, name, chip->lines);
        for (size_t other = 0; other < i; other++) {
            if (offsets[other] == offsets[i])
                return error_set(error,
                                 "%s and %s are the same line, %u of %s [%s]: give each its own "
                                 "in the board file",
                                 lines->names[other], name, offsets[i], chip->path, chip->label);
        }
    }
    return true;
}

static const struct {
    int number;
    const char *why;
} reasons[] = {
    /* Linux: Documentation/userspace-api/gpio/error-codes.rst; EBADE: libgpiod >= 2.2 */
    {ENODEV, "the chip is gone; plug it in again, or load its driver"},
    {ENXIO, "the chip's driver is gone or does not know the line; load the driver, or correct the "
            "line in the board file"},
    {ENOENT, "there is no such device any more; see whether its driver is loaded (`gpiodetect`)"},
    {EINVAL, "the kernel takes no such request for these lines; correct the lines in the board "
             "file, or use a kernel with GPIO_CDEV_V1"},
    {EIO, "the chip did not answer; check its connection and power"},
    {EREMOTEIO, "the chip did not answer on its bus; check its connection and power"},
    {ETIMEDOUT, "the chip did not answer in time; check its connection and power"},
    {EBADE, "the chip's driver answered nonsense; update the kernel"},
    {ENOMEM, "the machine is out of memory; end other programs"},
    {EMFILE, "too many open files; raise the limit of open files (LimitNOFILE=)"},
    {ENFILE, "the machine has too many open files; end other programs"},
    {ENOTTY, "the kernel is too old for this libgpiod, or built without it; update the kernel"},
};

bool gpiochip_fault(const struct gpiochip *chip, const char *doing, int number, struct error *error)
{
    if (number == EACCES || number == EPERM)
        return device_denied(chip->path, doing, "gpio", error);
    const char *why = NULL;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        why = reasons[i].number == number ? reasons[i].why : why;
    const char *label = chip->label[0] == '\0' ? "label unknown" : chip->label;
    if (why != NULL)
        return error_set(error, "%s [%s] could not be %s: %s", chip->path, label, doing, why);
    return error_set(error, "%s [%s] could not be %s: %s; the kernel's log (`dmesg`) may say more",
                     chip->path, label, doing, strerror(number));
}

/* A chip select of SPI. */
static bool complain_selecting(const struct gpiochip *chip, const char *line, unsigned offset,
                               const char *holder, struct error *error)
{
    struct advice advice = {.line = "dtoverlay=spi0-0cs"};
    struct machine machine;
    struct text words = {0};
    (void)snprintf(
        advice.why, sizeof advice.why,
        "%s (line %u of %s [%s]) is in use by \"%s\", which selects chips on SPI: choose "
        "another line in the board file, or, where nothing else is on SPI",
        line, offset, chip->path, chip->label, holder);
    look_at(&machine, "");
    advice_words(&machine, &advice, &words);
    look_away(&machine);
    (void)error_set(error, "%s", words.data != NULL ? words.data : advice.why);
    text_free(&words);
    return false;
}

bool gpiochip_busy(const struct gpiochip *chip, const char *line, unsigned offset,
                   const char *consumer, struct error *error)
{
    char holder[GPIO_MAX_NAME_SIZE * 2];
    text_printable(holder, sizeof holder, consumer == NULL ? "" : consumer);
    if (strcmp(holder, GPIO_CONSUMER) == 0)
        return error_set(error,
                         "%s (line %u of %s [%s]) is in use by another amberbar: stop it "
                         "(`systemctl stop amberbar`)",
                         line, offset, chip->path, chip->label);
    if (strncmp(holder, "spi0 CS", strlen("spi0 CS")) == 0) /* drivers/spi/spi.c */
        return complain_selecting(chip, line, offset, holder, error);
    return error_set(error,
                     "%s (line %u of %s [%s]) is in use by \"%s\": stop that program, or free the "
                     "line from its driver, or choose another line in the board file",
                     line, offset, chip->path, chip->label, holder[0] == '\0' ? "unnamed" : holder);
}
