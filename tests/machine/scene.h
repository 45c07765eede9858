/*
 * A machine made of words: its model and its config.txt, and what stands in /dev.
 */
#ifndef AMBERBAR_TESTS_MACHINE_SCENE_H
#define AMBERBAR_TESTS_MACHINE_SCENE_H

#include "machine/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PI3 "Raspberry Pi 3 Model B Plus Rev 1.3"
#define PI4 "Raspberry Pi 4 Model B Rev 1.4"
#define PI5 "Raspberry Pi 5 Model B Rev 1.0"

/* `config` NULL: it cannot be read. `devices`: a name a line. Strings stay the caller's. */
static inline struct machine scene(const char *model, const char *config, const char *devices)
{
    static char copies[2][4096];
    struct machine machine = {.root = ""};
    (void)text_copy(machine.model, sizeof machine.model, model);
    machine_recognise(&machine);
    (void)text_copy(copies[0], sizeof copies[0], config != NULL ? config : "");
    (void)text_copy(copies[1], sizeof copies[1], devices);
    machine.devices = (struct text){.data = copies[1], .length = strlen(copies[1])};
    machine.boot = machine_is_pi(&machine) ? "/boot/firmware/config.txt" : NULL;
    if (config != NULL && machine.boot != NULL) {
        struct boot_file *file = &machine.boot_files[machine.boot_count++];
        (void)text_copy(file->path, sizeof file->path, machine.boot);
        file->text = (struct text){.data = copies[0], .length = strlen(copies[0])};
    }
    return machine;
}

#endif
