#include "chips/chip.h"

#include <string.h>

#define POINTER(name) &chip_##name,
const struct chip *const chips[] = {CHIPS(POINTER) NULL};
#undef POINTER

const struct chip *chip_find(const char *name)
{
    for (const struct chip *const *chip = chips; *chip != NULL; chip++)
        if (strcmp((*chip)->name, name) == 0)
            return *chip;
    return NULL;
}

const struct field *chip_field(const struct chip *chip, const char *key)
{
    for (const struct field *field = chip->fields; field->key != NULL; field++)
        if (strcmp(field->key, key) == 0)
            return field;
    return NULL;
}
