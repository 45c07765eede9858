/*
 * The config file and board files as structs. Files are YAML (so JSON too); every error of a file
 * is found in one reading, each as `FILE:LINE:COL: what; what to do`.
 */
#ifndef AMBERBAR_CONFIG_CONFIG_H
#define AMBERBAR_CONFIG_CONFIG_H

#include "bus/bus.h"
#include "chips/chip.h"
#include "config/yaml/complaint.h"
#include "picture/picture.h"
#include "prometheus/http/client.h"
#include "prometheus/promql/query.h"
#include "rollout/indicator.h"

#define CONFIG_ROLLOUTS_MAX INDICATOR_CAUSES_MAX /* each may explain an indicator */
#define CONFIG_INDICATORS_MAX 32
#define CONFIG_PATTERN_SIZE 1024
#define CONFIG_QUERY_SIZE 4096
#define CONFIG_PATH_SIZE 512
#define BOARD_OUTPUTS_MAX 8
#define CONFIG_FILE_DEFAULT "/etc/amberbar/amberbar.yaml"

struct bus_settings {
    enum bus_kind kind;
    struct gpio_clocked_settings gpio;       /* BUS_GPIO; BUS_FILE is standard output */
    struct gpio_lines_settings lines;        /* BUS_GPIO with WIRING_LINES, instead */
    struct gpio_hold_settings hold;          /* beside any bus */
    struct spi_settings spi;                 /* BUS_SPI */
    struct i2c_settings i2c;                 /* BUS_I2C */
    struct leds_settings leds;               /* BUS_LEDS */
    struct device_settings device;           /* BUS_DEVICE */
    struct framebuffer_settings framebuffer; /* BUS_FRAMEBUFFER */
    struct udp_settings udp;                 /* BUS_UDP */
    struct hidraw_settings hidraw;           /* BUS_HIDRAW */
};

#define OUTPUT_NO_PIXEL UINT16_MAX /* a LED that stays dark */

struct output_settings {
    char name[BUS_NAME_SIZE];
    const struct chip *chip;
    void *chip_settings; /* chip->settings_size bytes, owned by the board */
    struct bus_settings bus;
    int64_t from;  /* its first pixel shows this one of the frame: 0, or for strips end to end */
    bool reverse;  /* its first pixel is the last of those it shows: mounted the other way round */
    uint16_t *map; /* the pixel that each LED shows, counted from `from`, or OUTPUT_NO_PIXEL; owned
                      by the board; NULL: each its own */
    size_t map_count;        /* LEDs on the wire */
    size_t shown;            /* pixels of the picture that `map` shows */
    size_t width;            /* of a matrix: pixels in a row; 0: a strip */
    double white_balance[3]; /* shares of red, green and blue light that look white together */
};

/* The pixels of the picture that it shows: its LEDs, but for those that its map leaves out. */
size_t output_pixels(const struct output_settings *output);

/*
 * Sets a key of the output's chip as if its board file said so; the chip has it. False, with a
 * complaint that begins with `as`, when the value cannot be.
 */
bool output_override(struct output_settings *output, const char *key, const char *value,
                     const char *as, struct complaints *complaints);

/* A line of a GPIO chip that an output uses. */
#define LINE_USE_SIZE 16
#define OUTPUT_LINES_MAX (BUS_LINES_MAX + BUS_HOLD_MAX)
struct line_use {
    char use[LINE_USE_SIZE]; /* data, clock, latch, dio, lamp 1, held high, MOSI, SDA */
    const char *line;        /* as the board file has it; of SPI 0 and I2C 1, as on a Pi */
    bool on_header;          /* of a Raspberry Pi's 40 pins */
};
size_t output_lines(const struct output_settings *output,
                    struct line_use uses[static OUTPUT_LINES_MAX]);

#define BOARD_NOTES_MAX 12
#define BOARD_NOTE_SIZE 160
struct board_notes {
    char lines[BOARD_NOTES_MAX][BOARD_NOTE_SIZE];
    size_t count;
};

struct board {
    char name[BUS_NAME_SIZE]; /* the word that found it, or the file's base name */
    char path[CONFIG_PATH_SIZE];
    char title[128];
    struct board_notes enable;    /* lines for a Raspberry Pi's config.txt */
    struct board_notes conflicts; /* what cannot be used beside it, a sentence each */
    struct output_settings outputs[BOARD_OUTPUTS_MAX];
    size_t output_count;
    struct text source; /* the file as it was read; owned */
};

struct rollout_settings {
    char name[ROLLOUT_NAME_SIZE];
    unsigned kinds;                       /* KIND_BIT of each; 0 with a query */
    char namespace_[CONFIG_PATTERN_SIZE]; /* "" with a query */
    char cluster[CONFIG_PATTERN_SIZE];    /* "": any; with a query an exact one */
    char workload[CONFIG_PATTERN_SIZE];   /* "": every one of the namespace */
    char query[CONFIG_QUERY_SIZE];        /* "": by namespace and name */
    int weighting;                        /* enum rollout_weight */
    int strategy;                         /* as written; limits.on_delete is what it means */
    struct limits limits;
    int64_t max_workloads;
};

/* When it is night, in minutes of the local day. */
struct night_settings {
    bool kept; /* false: it is always day */
    int64_t from_minute, to_minute;
};

struct indicator_settings {
    char name[ROLLOUT_NAME_SIZE];
    char query[CONFIG_QUERY_SIZE];
    char cluster[WORKLOAD_CLUSTER_SIZE]; /* "": series of any */
    struct indicator_limits limits;
    int64_t poll_interval_ms;                 /* 0: in each round of polls */
    size_t explained_by[CONFIG_ROLLOUTS_MAX]; /* rollouts */
    size_t explained_by_count;
};

/*
 * What `amberbar card` leaves in a folder: CARD_WRONG says what is wrong with the boot partition,
 * and is not there when nothing is; CARD_CONFIG is its amberbar.yaml, right or wrong.
 */
#define CARD_DIRECTORY_DEFAULT "/run/amberbar-card"
#define CARD_WRONG "wrong"
#define CARD_CONFIG "amberbar.yaml"

struct config {
    char path[CONFIG_PATH_SIZE];
    char card[CONFIG_PATH_SIZE]; /* that folder; "": there is none */
    struct error card_fault; /* what is wrong there: nothing is asked, and that alone is shown */
    struct board board;
    struct prometheus_settings prometheus;
    struct rollout_settings *rollouts; /* owned */
    size_t rollout_count;
    struct indicator_settings *indicators; /* owned */
    size_t indicator_count;
    struct picture_settings picture;
    int palette_name;       /* enum palette_name */
    struct palette palette; /* that one, with the user's own colours: picture.palette */
    struct night_settings night;
    int64_t heartbeat_ms;                /* least time between two ripples; 0: none */
    char metrics_file[CONFIG_PATH_SIZE]; /* daemon/metrics.h; "": none */
};

/* The example that is installed beside the documentation. */
const char *config_example(void);

/*
 * Reads and checks the config file and the board it names (a name is looked for in
 * board_directory(), a path relative to the config file). NULL when there is any complaint.
 */
struct config *config_read(const char *path, struct complaints *complaints);

/* The same of a text, which complaints call `name`. */
struct config *config_read_text(const char *name, const struct text *text,
                                struct complaints *complaints);

/*
 * For who runs: the config at `path`, unless the folder `card` (NULL: there is none) says that the
 * boot partition is wrong. Then it is one with a card_fault: the board of the partition's own
 * config, or of that at `path`, or a Raspberry Pi's own lights, and nothing to ask. NULL, with
 * complaints, when there is no such board either.
 */
struct config *config_read_beside(const char *path, const char *card,
                                  struct complaints *complaints);
void config_free(struct config *config); /* wipes secrets; NULL is fine */

/*
 * What the rollouts that are no queries select, in their order, and how all of it is asked for.
 * Strings are the config's.
 */
size_t config_selections(const struct config *config,
                         struct selection selections[static CONFIG_ROLLOUTS_MAX]);

/* The same workloads, or the same query, whatever they are called. */
bool rollout_asks_the_same(const struct rollout_settings *a, const struct rollout_settings *b);

struct query_terms config_terms(const struct config *config);

/* The labels of those kinds that have their own; they live as long as `config`. */
struct labels config_labels(const struct config *config);

/*
 * Looks for the files that the config names, which the daemon reads before each poll, and complains
 * about those that are not there. A plain name may be a credential, which the service alone sees:
 * then it is a line in `remarks`, as is a file that whoever asks may not read. Of metrics_file it
 * complains when something else is there.
 */
void config_check_files(const struct config *config, struct complaints *complaints,
                        struct text *remarks);

/* Adds what is no error but worth saying, a line each: secrets that others can read. */
void config_remarks(const struct config *config, struct text *out);

/* A board alone, by name or path. False when there is any complaint; free it in either case. */
bool board_read(const char *name_or_path, const char *relative_to, struct board *board,
                struct complaints *complaints);
/* The same from here, of one that is to be lit: where its lights are must be said. */
bool board_read_to_light(const char *name_or_path, struct board *board,
                         struct complaints *complaints);
void board_free(struct board *board);

/* The same of a text, which complaints call `path`; of the `board:` of a config file, whatever else
 * is wrong with that. */
bool board_read_text(const char *path, const struct text *text, struct board *board,
                     struct complaints *complaints);
bool board_read_of_config(const char *path, struct board *board, struct complaints *complaints);

/* True when both describe the same lights on the same wires. */
bool board_same(const struct board *a, const struct board *b);

/* Where boards are installed; AMBERBAR_BOARDS in the environment names another place. */
const char *board_directory(void);

#define BOARDS_MAX 256 /* board files that are listed */

/* The names of the installed boards in alphabetical order; how many there are, at most `max`. */
size_t board_names(char names[][BUS_NAME_SIZE], size_t max);

const char *bus_word(enum bus_kind kind); /* as board files have it: "gpio", "stdout" */

bool board_writes_to_stdout(const struct board *board); /* one of its outputs does */
size_t board_pixels(const struct board *board); /* pixels of the picture: the largest output's */
size_t board_digits(const struct board *board); /* characters of the text: the largest output's */

/* The picture of a config that says nothing of its display, but so bright (0..1). */
struct picture_settings picture_usual(double brightness);

/* What a board alone decides of its picture: whether lights blink, for they are on or off or not
 * more than two, and a matrix's width. */
void board_fit_picture(const struct board *board, struct picture_settings *picture);

#endif
