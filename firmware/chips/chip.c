#include "chips/chip.h"

#include <string.h>

extern const struct chip chip_apa102, chip_sk9822, chip_ws2812, chip_sk6812, chip_ws2812_pio,
    chip_ws2801, chip_lpd8806, chip_p9813, chip_tm1637, chip_max7219, chip_ht16k33, chip_hc595,
    chip_lamps, chip_sysfs_led, chip_terminal, chip_frames;

const struct chip *const chips[] = {
    &chip_apa102,  &chip_sk9822,  &chip_ws2812, &chip_sk6812,    &chip_ws2812_pio,
    &chip_ws2801,  &chip_lpd8806, &chip_p9813,  &chip_tm1637,    &chip_max7219,
    &chip_ht16k33, &chip_hc595,   &chip_lamps,  &chip_sysfs_led, &chip_terminal,
    &chip_frames,  NULL,
};

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
