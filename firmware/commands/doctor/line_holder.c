#include "commands/doctor/line_holder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct open_chip {
    int fd;
    unsigned lines;
};

static bool ask_line(int fd, unsigned offset, struct gpio_v2_line_info *info)
{
    *info = (struct gpio_v2_line_info){.offset = offset};
    return ioctl(fd, GPIO_V2_GET_LINEINFO_IOCTL, info) == 0;
}

static bool find_by_name(void *user, const char *name, unsigned *offset)
{
    const struct open_chip *chip = user;
    struct gpio_v2_line_info info;
    for (unsigned i = 0; i < chip->lines; i++) {
        if (ask_line(chip->fd, i, &info) && strncmp(info.name, name, sizeof info.name) == 0) {
            *offset = i;
            return true;
        }
    }
    return false;
}

bool line_holder_find(const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE], const char *line,
                      struct line_holder *holder, struct error *error)
{
    struct gpio_v2_line_info info = {0};
    *holder = (struct line_holder){0};
    if (!gpiochip_find(labels, &holder->chip, error))
        return false;
    struct open_chip open_chip = {.lines = holder->chip.lines};
    open_chip.fd = open(holder->chip.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (open_chip.fd < 0)
        return gpiochip_fault(&holder->chip, "opened", errno, error);
    const struct gpiochip_names names = {&line, 1, find_by_name, &open_chip};
    bool found = gpiochip_offsets(&holder->chip, &names, &holder->offset, error);
    if (found && !ask_line(open_chip.fd, holder->offset, &info))
        found = gpiochip_fault(&holder->chip, "asked about its lines", errno, error);
    close(open_chip.fd);
    holder->used = (info.flags & GPIO_V2_LINE_FLAG_USED) != 0;
    snprintf(holder->consumer, sizeof holder->consumer, "%.*s", (int)sizeof info.consumer - 1,
             info.consumer);
    return found;
}

static bool is_labelled(const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE], const char *text,
                        char *out, size_t size)
{
    const char *comma = strrchr(text, ',');
    const char *label = comma != NULL ? comma + 1 + strspn(comma + 1, " ") : "";
    snprintf(out, size, "%.*s", (int)strcspn(label, ":\n"), label);
    for (size_t i = 0; i < BUS_LABELS_MAX && labels[i][0] != '\0'; i++)
        if (strcmp(labels[i], out) == 0)
            return true;
    return false;
}

/* " gpio-535 (GPIO23              |amberbar            ) out lo" */
static bool read_line(char *text, int64_t base, struct line_holder *holder, char *name, size_t size)
{
    char *open = strchr(text, '('), *close = open != NULL ? strchr(open, ')') : NULL;
    char *number = strstr(text, "gpio-");
    int64_t global;
    if (close == NULL || number == NULL)
        return false;
    *close = *open = '\0';
    number += strlen("gpio-");
    number[strcspn(number, " ")] = '\0';
    if (!text_integer(number, base, INT32_MAX, &global))
        return false;
    holder->offset = (unsigned)(global - base);
    char *bar = strchr(open + 1, '|');
    snprintf(name, size, "%.*s", (int)strcspn(open + 1, " |"), open + 1);
    holder->used = bar != NULL;
    snprintf(holder->consumer, sizeof holder->consumer, "%s", bar != NULL ? bar + 1 : "");
    size_t length = strlen(holder->consumer);
    while (length > 0 && holder->consumer[length - 1] == ' ')
        holder->consumer[--length] = '\0';
    return true;
}

/* "gpiochip0: GPIOs 512-569, parent: platform/fe200000.gpio, pinctrl-bcm2711:" */
static bool read_chip(char *text, const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE],
                      struct line_holder *holder, int64_t *base)
{
    char *range = strstr(text, "GPIOs ");
    char label[GPIOCHIP_LABEL_SIZE];
    if (range == NULL || !is_labelled(labels, text, label, sizeof label))
        return false;
    snprintf(holder->chip.path, sizeof holder->chip.path, "/dev/%.*s", (int)strcspn(text, ":"),
             text);
    text_copy(holder->chip.label, sizeof holder->chip.label, label);
    range += strlen("GPIOs ");
    range[strcspn(range, "-")] = '\0';
    return text_integer(range, 0, INT32_MAX, base);
}

bool line_holder_recorded(const struct machine *machine,
                          const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE],
                          const char *wanted, struct line_holder *holder)
{
    struct text text = {0};
    char name[GPIOCHIP_LABEL_SIZE], digits[GPIOCHIP_LABEL_SIZE];
    int64_t base = 0;
    bool in_chip = false, found = false;
    *holder = (struct line_holder){0};
    look_read(machine, "/sys/kernel/debug/gpio", &text);
    char *rest = text.data, *line;
    while (!found && rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
        if (strncmp(line, "gpiochip", strlen("gpiochip")) == 0) {
            in_chip = read_chip(line, labels, holder, &base);
        } else if (in_chip && read_line(line, base, holder, name, sizeof name)) {
            snprintf(digits, sizeof digits, "GPIO%u", holder->offset);
            found = strcmp(name, wanted) == 0 || strcmp(digits, wanted) == 0 ||
                    strcmp(digits + 4, wanted) == 0;
        }
    }
    text_free(&text);
    return found;
}
