/* `bus:` of an output: which bus it is, and its keys. */
#include "config/board/bus_gpio.h"

#include <string.h>

#define I2C_ADDRESS_MIN 0x08 /* below and above are reserved (I2C specification, 3.1.12) */
#define I2C_ADDRESS_MAX 0x77

#define PATH_FIELD(word, holder, text)                                                \
    {                                                                                 \
        .key = (word), .type = FIELD_STRING, .offset = offsetof(struct holder, path), \
        .size = BUS_PATH_SIZE, .required = true, .help = (text)                       \
    }

enum { SPI_PATH, SPI_SPEED, SPI_FIELDS = 3 };

const struct field spi_fields[SPI_FIELDS] = {
    [SPI_PATH] = PATH_FIELD("spi", spi_settings, "The device, e.g. /dev/spidev0.0."),
    [SPI_SPEED] = {.key = "speed",
                   .type = FIELD_FREQUENCY,
                   .offset = offsetof(struct spi_settings, speed_hz),
                   .help = "The clock's frequency; lower it when the far end of a long strip "
                           "shows garbage. Left out: what suits the chip."},
};

const struct field i2c_fields[] = {
    PATH_FIELD("i2c", i2c_settings, "The device, e.g. /dev/i2c-1."),
    {.key = NULL},
};

const struct field device_fields[] = {
    PATH_FIELD("file", device_settings, "The device, e.g. /dev/leds0."),
    {.key = NULL},
};

/* What all device files have in common. */
static void check_path(const struct reading *reading, const struct node *map, const char *key,
                       const char *path)
{
    const struct node *node = node_get(map, key);
    if (path[0] != '\0' && path[0] != '/' && node != NULL) {
        complain_at(reading, node, "%s cannot be '%.*s'; write the whole path, /dev/...", key,
                    reading_shown(path), path);
    }
}

static void read_spi(const struct reading *reading, const struct node *map,
                     struct output_settings *output)
{
    const struct spi_needs *needs = &output->chip->spi;
    struct spi_settings *spi = &output->bus.spi;
    struct field fields[SPI_FIELDS];
    memcpy(fields, spi_fields, sizeof fields);
    fields[SPI_SPEED].min = (double)needs->min_hz;
    fields[SPI_SPEED].max = (double)needs->max_hz;
    spi->speed_hz = needs->hz;
    spi->in_pieces = !needs->whole;
    const struct keys keys = {fields, spi, bus_gpio_beside, output};
    fields_read(reading, map, &keys, 1);
    check_path(reading, map, "spi", spi->path);
}

/* In hexadecimal, as data sheets, i2cdetect and everybody write it: 70 could be either. */
static void read_address(const struct reading *reading, const struct node *node, void *settings)
{
    static const char digits[] = "0123456789abcdef";
    int64_t *address = &((struct output_settings *)settings)->bus.i2c.address;
    if (!node_is(reading, node, NODE_SCALAR, "an address such as 0x70"))
        return;
    const char *text = node->text;
    bool good = strlen(text) == 4 && text[0] == '0' && text[1] == 'x';
    const char *high = good ? strchr(digits, text[2] | 0x20) : NULL;
    const char *low = good ? strchr(digits, text[3] | 0x20) : NULL;
    *address = high != NULL && low != NULL ? (high - digits) << 4 | (low - digits) : 0;
    if (*address < I2C_ADDRESS_MIN || *address > I2C_ADDRESS_MAX) {
        complain_at(reading, node, "address cannot be '%.*s'; write 0x%02x to 0x%02x",
                    reading_shown(text), text, I2C_ADDRESS_MIN, I2C_ADDRESS_MAX);
    }
}

const struct section i2c_sections[] = {
    {.key = "address",
     .read = read_address,
     .form = "0x08 to 0x77",
     .help = "The device's address, as i2cdetect prints it. Left out: what is usual for the chip."},
    {.key = NULL},
};

static void read_i2c(const struct reading *reading, const struct node *map,
                     struct output_settings *output)
{
    struct i2c_settings *i2c = &output->bus.i2c;
    const struct keys groups[] = {{i2c_fields, i2c, i2c_sections, output},
                                  {NULL, NULL, bus_gpio_beside, output}};
    i2c->address = output->chip->i2c_address;
    fields_read(reading, map, groups, 2);
    check_path(reading, map, "i2c", i2c->path);
}

static const char *const sense_words[] = {"model", "false", "true", NULL};

const struct field light_fields[] = {
    {.key = "light",
     .type = FIELD_STRING,
     .offset = offsetof(struct leds_light, name),
     .size = BUS_NAME_SIZE,
     .required = true,
     .help = "The light, as in /sys/class/leds."},
    {.key = "inverted",
     .type = FIELD_WORD,
     .offset = offsetof(struct leds_light, inverted),
     .words = sense_words,
     .fallback = "model",
     .help = "True when the light is lit while its brightness is 0; model: as the machine's model "
             "and device tree have it, which is so for a Pi 5's ACT."},
    {.key = NULL},
};

/* ACT, or {light: ACT, inverted: true}. */
static void read_light(const struct reading *reading, const struct node *node,
                       struct leds_light *light)
{
    const struct keys keys = {light_fields, light, NULL, NULL};
    const struct node *name = node->type == NODE_MAP ? node_get(node, "light") : node;
    if (node->type == NODE_MAP)
        fields_read(reading, node, &keys, 1);
    else if (!node_is(reading, node, NODE_SCALAR, "the name of a light in /sys/class/leds"))
        return;
    else if (!text_copy(light->name, BUS_NAME_SIZE, node->text))
        light->name[0] = '.'; /* too long: reported below */
    if (name != NULL && (strchr(light->name, '/') != NULL || light->name[0] == '.'))
        complain_at(reading, name, "a light is named as in /sys/class/leds, e.g. ACT");
}

static void read_lights(const struct reading *reading, const struct node *node, void *settings)
{
    struct leds_settings *leds = &((struct output_settings *)settings)->bus.leds;
    if (!node_is(reading, node, NODE_LIST, "a list such as [ACT, PWR]"))
        return;
    if (node->count == 0 || node->count > BUS_LEDS_MAX) {
        complain_at(reading, node, "leds names 1 to %d lights, not %zu; correct the list",
                    BUS_LEDS_MAX, node->count);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        read_light(reading, &node->children[i], &leds->lights[i]);
        leds->count++;
    }
}

const struct section leds_sections[] = {
    {.key = "leds",
     .read = read_lights,
     .required = true,
     .form = "a list of 1 to 8 lights",
     .help = "A light each, by name as in /sys/class/leds or as a map, below; ACT and PWR are also "
             "found by their old names."},
    {.key = NULL},
};

static void read_leds(const struct reading *reading, const struct node *map,
                      struct output_settings *output)
{
    const struct keys keys = {NULL, NULL, leds_sections, output};
    fields_read(reading, map, &keys, 1);
}

const struct field device_line_fields[] = {
    {.key = "line",
     .type = FIELD_STRING,
     .offset = offsetof(struct device_settings, line),
     .size = BUS_NAME_SIZE,
     .fallback = "",
     .help = "The line of a Raspberry Pi's header that the kernel drives for the device, e.g. "
             "GPIO18; only shown and compared."},
    {.key = NULL},
};

static void read_device(const struct reading *reading, const struct node *map,
                        struct output_settings *output)
{
    struct device_settings *device = &output->bus.device;
    const struct keys groups[] = {{device_fields, device, bus_gpio_beside, output},
                                  {device_line_fields, device, NULL, NULL}};
    fields_read(reading, map, groups, 2);
    check_path(reading, map, "file", output->bus.device.path);
}

const struct field framebuffer_fields[] = {
    {.key = "framebuffer",
     .type = FIELD_STRING,
     .offset = offsetof(struct framebuffer_settings, name),
     .size = BUS_NAME_SIZE,
     .required = true,
     .help = "The name of a framebuffer, as /sys/class/graphics/fb0/name has it: RPi-Sense FB."},
    {.key = NULL},
};

static void read_framebuffer(const struct reading *reading, const struct node *map,
                             struct output_settings *output)
{
    const struct keys keys = {framebuffer_fields, &output->bus.framebuffer, bus_gpio_beside,
                              output};
    fields_read(reading, map, &keys, 1);
}

const struct field udp_fields[] = {
    {.key = "udp",
     .type = FIELD_STRING,
     .offset = offsetof(struct udp_settings, address),
     .size = BUS_PATH_SIZE,
     .required = true,
     .help = "The controller's address, e.g. 192.168.1.60, which the router should always give it; "
             "a name is not looked up, since the picture would have to wait."},
    {.key = "port",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct udp_settings, port),
     .min = 1,
     .max = UINT16_MAX,
     .help = "Its port. Left out: what is usual for the chip."},
    {.key = NULL},
};

static void read_udp(const struct reading *reading, const struct node *map,
                     struct output_settings *output)
{
    const struct udp_needs *needs = &output->chip->udp;
    struct udp_settings *udp = &output->bus.udp;
    const struct keys keys = {udp_fields, udp, NULL, NULL};
    *udp = (struct udp_settings){.port = needs->port,
                                 .counter_at = needs->counter_at,
                                 .counter_from = needs->counter_from,
                                 .counter_to = needs->counter_to,
                                 .counter_of = needs->counter_of};
    fields_read(reading, map, &keys, 1);
    if (udp->address[0] != '\0' && !udp_is_address(udp->address)) {
        complain_at(reading, node_get(map, "udp"),
                    "udp cannot be '%.*s'; write the address of one controller, e.g. 192.168.1.60",
                    reading_shown(udp->address), udp->address);
    }
}

const struct field hidraw_fields[] = {
    {.key = "hidraw",
     .type = FIELD_STRING,
     .offset = offsetof(struct hidraw_settings, serial),
     .size = BUS_NAME_SIZE,
     .required = true,
     .help = "The light's serial number, where there are several; any: the first one."},
    {.key = NULL},
};

static void read_hidraw(const struct reading *reading, const struct node *map,
                        struct output_settings *output)
{
    const struct hid_needs *needs = &output->chip->hid;
    const struct keys keys = {hidraw_fields, &output->bus.hidraw, NULL, NULL};
    output->bus.hidraw = (struct hidraw_settings){.product = needs->product,
                                                  .vendor = needs->vendor,
                                                  .id = needs->id,
                                                  .features = needs->features};
    fields_read(reading, map, &keys, 1);
    if (output->bus.hidraw.serial[0] == '/') {
        complain_at(reading, node_get(map, "hidraw"),
                    "a device's number changes when it is plugged in; write its serial number, or "
                    "%s",
                    HIDRAW_ANY);
    }
}

static const struct section gpio_sections[] = {
    {.key = "gpio", .read = bus_gpio_read}, /* which is there: it is the bus */
    {.key = NULL},
};

static void read_gpio(const struct reading *reading, const struct node *map,
                      struct output_settings *output)
{
    const struct keys keys = {NULL, NULL, gpio_sections, output};
    fields_read(reading, map, &keys, 1);
}

/* The ways to write `bus:`. A bus more is a row more. */
static const struct bus_form {
    const char *word;
    enum bus_kind kind;
    void (*read)(const struct reading *, const struct node *, struct output_settings *);
    const char *form; /* read is NULL: the word alone is the bus. NULL: by the chip's wiring */
} forms[] = {
    {"gpio", BUS_GPIO, read_gpio, NULL},
    {"spi", BUS_SPI, read_spi, "bus: {spi: /dev/spidev0.0}"},
    {"i2c", BUS_I2C, read_i2c, "bus: {i2c: /dev/i2c-1}"},
    {"leds", BUS_LEDS, read_leds, "bus: {leds: [ACT, PWR]}"},
    {"file", BUS_DEVICE, read_device, "bus: {file: /dev/leds0}"},
    {"framebuffer", BUS_FRAMEBUFFER, read_framebuffer, "bus: {framebuffer: RPi-Sense FB}"},
    {"udp", BUS_UDP, read_udp, "bus: {udp: 192.168.1.60}"},
    {"hidraw", BUS_HIDRAW, read_hidraw, "bus: {hidraw: any}"},
    {"stdout", BUS_FILE, NULL, "bus: stdout"},
};
#define FORMS (sizeof forms / sizeof forms[0])

static const struct bus_form *find_form(const char *word)
{
    for (size_t i = 0; i < FORMS; i++)
        if (strcmp(forms[i].word, word) == 0)
            return &forms[i];
    return NULL;
}

static const char *written(const struct bus_form *form, const struct chip *chip)
{
    return form->form != NULL ? form->form : bus_gpio_form(chip->wiring);
}

/* What the chip can be wired to, as it would be written. */
static const char *form_for(const struct chip *chip)
{
    for (size_t i = 0; i < FORMS; i++)
        if ((chip->buses & BUS_BIT(forms[i].kind)) != 0)
            return written(&forms[i], chip);
    return "another chip";
}

/* The bus that `node` names: the word itself, or the key of a map that is a bus. */
struct naming {
    const struct node *entry; /* NULL: a word */
    const char *word;
    struct node place; /* where the word stands */
    size_t count;      /* of buses that are named */
};

static struct naming naming_of(const struct node *node)
{
    struct naming naming = {.word = node->text, .place = *node, .count = 1};
    if (node->type != NODE_MAP)
        return naming;
    naming.count = 0;
    for (size_t i = 0; i < node->count; i++) {
        const struct node *child = &node->children[i];
        bool known = find_form(child->key) != NULL;
        naming.entry = naming.entry == NULL || (known && naming.count == 0) ? child : naming.entry;
        naming.count += known ? 1 : 0;
    }
    if (naming.entry != NULL) {
        naming.word = naming.entry->key;
        naming.place.line = naming.entry->key_line;
        naming.place.column = naming.entry->key_column;
    }
    return naming;
}

static bool check_form(const struct reading *reading, const struct naming *naming,
                       const struct bus_form *form, const struct chip *chip)
{
    if (form == NULL) {
        complain_at(reading, &naming->place, "unknown bus '%.*s'; the chip %s takes %s",
                    reading_shown(naming->word), naming->word, chip->name, form_for(chip));
    } else if ((chip->buses & BUS_BIT(form->kind)) == 0) {
        complain_at(reading, &naming->place, "the chip %s cannot be wired to %s; write %s",
                    chip->name, form->word, form_for(chip));
    } else if ((naming->entry != NULL) != (form->read != NULL)) {
        complain_at(reading, &naming->place, "the bus %s is written otherwise; write %s",
                    form->word, written(form, chip));
    } else {
        return true;
    }
    return false;
}

void bus_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    struct output_settings *output = settings;
    enum node_type type = node->type == NODE_SCALAR ? NODE_SCALAR : NODE_MAP;
    if (!node_is(reading, node, type, form_for(output->chip)))
        return;
    struct naming naming = naming_of(node);
    if (naming.count > 1 || (type == NODE_MAP && naming.entry == NULL)) {
        complain_at(reading, node, "bus names one bus, not %zu; write %s", naming.count,
                    form_for(output->chip));
        return;
    }
    const struct bus_form *form = find_form(naming.word);
    if (!check_form(reading, &naming, form, output->chip))
        return;
    output->bus.kind = form->kind;
    if (form->read != NULL) {
        form->read(reading, node, output);
        bus_gpio_settle(&output->bus);
        conflicts_check_lines(reading, naming.entry, output);
    }
}

const char *bus_word(enum bus_kind kind)
{
    for (size_t i = 0; i < FORMS; i++)
        if (forms[i].kind == kind)
            return forms[i].word;
    return "?";
}
