#include "chips/chip.h"

#include <string.h>

extern const struct chip chip_apa102, chip_terminal, chip_frames;

const struct chip *const chips[] = {&chip_apa102, &chip_terminal, &chip_frames, NULL};

const struct chip *chip_find(const char *name)
{
    for (const struct chip *const *chip = chips; *chip != NULL; chip++)
        if (strcmp((*chip)->name, name) == 0)
            return *chip;
    return NULL;
}
