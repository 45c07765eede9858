/*
 * How what has to be done is said: one way for config.txt that people edit, another for one that a
 * program writes.
 */
#include "machine/machine.h"

#include <string.h>

#define GENERATED_FROM "/etc/default/raspi-firmware-custom" /* Debian: z50-raspi-firmware */

/* '\n' as printf(1) has it. */
static void add_escaped(struct text *out, const char *line)
{
    for (; *line != '\0'; line++)
        text_addf(out, *line == '\n' ? "\\n" : "%c", *line);
}

static const char *boot_of(const struct machine *machine)
{
    return machine->boot != NULL ? machine->boot : "/boot/firmware/config.txt";
}

/* The file may end within a section of another model, or without a newline. */
void machine_line_command(const struct machine *machine, const char *line, struct text *out)
{
    text_add(out, "printf '\\n[all]\\n");
    add_escaped(out, line);
    if (boot_is_generated(machine))
        text_add(out, "\\n' | sudo tee -a " GENERATED_FROM
                      " && sudo update-initramfs -u && sudo reboot");
    else
        text_addf(out, "\\n' | sudo tee -a %s && sudo reboot", boot_of(machine));
}

void machine_kernel_command(const struct machine *machine, const char *word, struct text *out)
{
    const char *boot = boot_of(machine); /* cmdline.txt stands beside it */
    if (boot_is_generated(machine))
        text_addf(out,
                  "echo %s | sudo tee -a /etc/default/raspi-extra-cmdline && sudo update-initramfs "
                  "-u && sudo reboot",
                  word);
    else if (machine_is_pi(machine))
        text_addf(out, "sudo sed -i '1s/$/ %s/' %.*scmdline.txt && sudo reboot", word,
                  (int)(strrchr(boot, '/') + 1 - boot), boot);
    else
        text_addf(out, "add %s to the kernel's command line and reboot", word);
}

static void add_lines(struct text *out, const char *line)
{
    for (; *line != '\0'; line++)
        text_addf(out, *line == '\n' ? " and " : "%c", *line);
}

void advice_words(const struct machine *machine, const struct advice *advice, struct text *out)
{
    bool generated = boot_is_generated(machine);
    text_add(out, advice->why);
    if (advice->line[0] != '\0') {
        text_add(out, ": put ");
        add_lines(out, advice->line);
        text_addf(out, " into %s%s and reboot", generated ? GENERATED_FROM : boot_of(machine),
                  generated ? ", run `sudo update-initramfs -u`" : "");
    } else if (advice->fix[0] != '\0') {
        text_addf(out, ": run `%s`", advice->fix);
    }
}
