/*
 * What this machine offers: which devices and lines lights can be wired to, who has them if
 * somebody else does, and what would bring those that are not there. Doctor, `boards`, `check` and
 * the sentences of the running daemon all ask here, so that they say the same.
 *
 * Pure: it answers from a struct machine, which is what the machine's files said when bus/look.h
 * read them. What is there counts; what config.txt says explains only what is not. A device that is
 * there needs no line.
 *
 * Sources: Raspberry Pi documentation, "config.txt" (filters, include, overclocking) and "Device
 * trees, overlays, and parameters"; raspberrypi/firmware, boot/overlays/README; Debian's package
 * raspi-firmware.
 */
#ifndef AMBERBAR_MACHINE_MACHINE_H
#define AMBERBAR_MACHINE_MACHINE_H

#include "base/text.h"

#define MACHINE_NAME_SIZE 64
#define MACHINE_BOOT_FILES 8 /* config.txt and what it includes */
#define MACHINE_HEADER_LINES 28

struct boot_file {
    char path[2 * MACHINE_NAME_SIZE]; /* "/boot/firmware/config.txt" */
    struct text text;
};

struct machine {
    const char *root; /* "" for this one, else the folder where its files were recorded */
    char model[128];  /* "Raspberry Pi 4 Model B Rev 1.4"; "" when it does not say */
    char kernel[MACHINE_NAME_SIZE]; /* "6.12.25+rpt-rpi-v8"; "": unknown */
    char serial[MACHINE_NAME_SIZE]; /* hexadecimal; "": unknown */
    const char
        *sections;    /* of config.txt that it obeys, its family first: "pi4 pi400"; "": no Pi */
    bool has_tree;    /* its device tree could be read, beyond the model */
    bool overridable; /* that tree knows parameters: dtparam and overlays have an effect */
    const char *boot; /* where its settings belong; NULL: it is no Pi */
    struct boot_file boot_files[MACHINE_BOOT_FILES]; /* the first is `boot` */
    size_t boot_count;                               /* 0: it could not be read */
    struct text devices;      /* those in /dev that lights use, a name a line: "spidev0.0" */
    struct text lights;       /* the same of /sys/class/leds: "ACT" */
    struct text drivers;      /* who drives what SPI has on its selects: "spi0.0 ads7846" */
    struct text framebuffers; /* the kernel's: "fb0 vc4drmfb" a line each */
    bool act_known, act_low;  /* the device tree's flag of the light ACT: active low */
};

/* Sets `sections` by `model`. */
void machine_recognise(struct machine *machine);

/* True when it is a Raspberry Pi of this family: "pi4"; of any. */
bool machine_is(const struct machine *machine, const char *family);
bool machine_is_pi(const struct machine *machine);

/* By what /proc/net/route and /proc/net/ipv6_route say: whether any route leads out of this
   machine, other than those that each interface gives itself. */
bool machine_network(const char *ipv4_routes, const char *ipv6_routes);

/* What is in /dev: "spidev0.0"; what begins so. */
bool machine_has(const struct machine *machine, const char *device);
bool machine_has_some(const struct machine *machine, const char *beginning);

/*
 * What it calls one of its own lights: ACT, led0 on older kernels; NULL: it has none. And whether
 * that light is lit while its brightness is 0: a Pi 5's ACT is (raspberrypi/linux#6783), and a
 * Zero's whose device tree does not know better (raspberrypi/firmware#524).
 */
const char *machine_light(const struct machine *machine, const char *name);
bool machine_light_inverted(const struct machine *machine, const char *name);

/* ---- config.txt: lines that this machine obeys, those of included files in their place. */

struct boot_line {
    const char *text; /* not terminated; without spaces around it */
    size_t length;
    const char *file; /* where it stands */
};

/* Begin with zeros. False: there is no further one. */
struct boot_walk {
    struct {
        size_t file;
        const char *at;
    } stack[MACHINE_BOOT_FILES];
    size_t depth, steps;
    bool begun, unfit[4]; /* filters that do not let this machine through, by kind */
};
bool boot_next(const struct machine *machine, struct boot_walk *walk, struct boot_line *line);

/* The last value of a key, "" when none is set: "core_freq". */
void boot_value(const struct machine *machine, const char *key, char out[static MACHINE_NAME_SIZE]);

enum boot_switch { BOOT_UNSET, BOOT_OFF, BOOT_ON };

/* A parameter of the device tree, "spi", by any of dtparam's names and of its ways to say yes. */
enum boot_switch boot_parameter(const struct machine *machine, const char *name);

/* An overlay in effect: its line, and the parameters of the lines that follow it. */
struct boot_overlay {
    char name[MACHINE_NAME_SIZE];
    char parameters[256]; /* "gpio=21,num_leds=8" */
    char file[2 * MACHINE_NAME_SIZE];
};
/* The overlay number `index`, from 0; false when there are no more. */
bool boot_overlay_at(const struct machine *machine, size_t index, struct boot_overlay *overlay);
/* A parameter's value; false: it is not given. */
bool boot_overlay_value(const struct boot_overlay *overlay, const char *name,
                        char out[static MACHINE_NAME_SIZE]);

/* Whether that exact line, or one that means the same, is in effect. */
bool boot_has(const struct machine *machine, const char *setting);

/* Whether lines under this header, "[pi4]", count on this machine. */
bool boot_obeys(const struct machine *machine, const char *header);

/* The file says of itself that a program writes it, and would write over what one adds. */
bool boot_is_generated(const struct machine *machine);

/* dtparam and overlays do nothing here: the device tree is the kernel's own, not Raspberry Pi's. */
bool boot_is_deaf(const struct machine *machine);

/* ---- Advice. */

struct advice {
    char why[448];  /* a sentence without a full stop: what is not as it has to be */
    char line[128]; /* what config.txt needs, lines apart by '\n'; "" when another thing helps */
    char fix[448];  /* a command that helps instead; "" when `why` says what to do */
};

/* The command that adds `line` to config.txt, so that it is in effect after a restart, or puts it
   where a generated config.txt takes it from. */
void machine_line_command(const struct machine *machine, const char *line, struct text *out);

/* The same for a word of the kernel's command line. */
void machine_kernel_command(const struct machine *machine, const char *word, struct text *out);

/* Advice as the end of a sentence: "why: put dtparam=spi=on into ... and reboot". */
void advice_words(const struct machine *machine, const struct advice *advice, struct text *out);

/* The memory that a Pi 5 starts from, which is no device for lights. */
bool machine_is_flash(const struct machine *machine, const char *path);

/* What an output wants of a device file. */
struct wish {
    const char *path; /* "/dev/spidev0.0" */
    bool selects;     /* its chip takes what was sent when its chip select rises */
    bool timed;       /* lengths of pulses are the bits: the clock must be what was asked for */
    bool clocked;     /* a clock on a line of its own: two lines of GPIO would do as well */
};

/* True when the device is there and fits; else says why not, and what to do. */
bool machine_offers(const struct machine *machine, const struct wish *wish, struct advice *advice);

/* Whether SPI's clock stands still, which pulses on it need; false: it falls when the Pi is idle.
 */
bool machine_clock_is_steady(const struct machine *machine, struct advice *advice);

/*
 * The overlay ws2812-pio behind /dev/ledsN: whether it drives the `line`, "GPIO18" or "18", and has
 * so many `pixels`. True, too, when no overlay is set and the device is there all the same.
 */
struct pio_wish {
    const char *path, *line; /* line "": not said, any */
    size_t pixels;
};
bool machine_pio_fits(const struct machine *machine, const struct pio_wish *wish,
                      struct advice *advice);

/* The device of the framebuffer that has this name, "/dev/fb1"; false: there is none. And whether
   there is; else why not, and what brings it. */
bool machine_framebuffer(const struct machine *machine, const char *name,
                         char device[static MACHINE_NAME_SIZE]);
bool machine_framebuffer_fits(const struct machine *machine, const char *name,
                              struct advice *advice);

/* Whether a line of the header, 0 to 27, is free of what config.txt gives it to: a display's
   parallel lines, sound, a fan. */
bool machine_line_is_free(const struct machine *machine, int line, struct advice *advice);

/* Whether the line is a chip select of SPI 0 that an overlay has left to others: GPIO7, GPIO8. */
bool machine_select_is_left(const struct machine *machine, int line);

/* ---- overlays.c: what overlays of others take away. */

enum { SPI_SELECTS = 3 };

struct overlay_nature {
    const char *name;    /* its beginning when it ends in '*' */
    const char *purpose; /* "a display" */
    unsigned lines;      /* bits: GPIO lines of the header */
    const char *moves;   /* the parameter that names another line instead of `lines`; NULL: none */
    unsigned selects;    /* bits: of SPI 0, that it has for itself */
};
const struct overlay_nature *overlay_nature(const char *name); /* NULL: not known to take any */

/* "spi1-2cs": controller 1, two selects. False when it is no such overlay. */
bool overlay_selects(const char *name, unsigned *controller, unsigned *selects);

#endif
