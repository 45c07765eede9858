/* amberbar.yaml, and the files that it names. */
#include "base/intake.h"
#include "commands/card/card.h"
#include "commands/card/tidy.h"
#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOME "/etc/amberbar/"
#define OWN_MARK "# From the boot partition, by amberbar-card.service: change it there.\n"

/* One reading, and how it was. */
struct reading_of_card {
    struct text text;
    struct complaints complaints;
    struct config *config; /* NULL: there are complaints */
};

static void read_config(const char *path, const char *text, bool quotes,
                        struct reading_of_card *reading)
{
    bool changed = quotes && tidy_quotes(text, &reading->text);
    if (quotes && !changed)
        return;
    if (!quotes)
        text_add(&reading->text, text);
    reading->config = config_read_text(path, &reading->text, &reading->complaints);
}

static void end(struct reading_of_card *reading)
{
    config_free(reading->config);
    complaints_free(&reading->complaints);
    text_wipe(&reading->text);
}

/* With plain quotes first: what typographic ones enclose is taken for a part of the word. */
static const struct reading_of_card *choose(struct card *card, const char *path,
                                            const struct reading_of_card *plain,
                                            const struct reading_of_card *written)
{
    if (plain->config != NULL)
        text_addf(&card->news, "%s: typographic quotes are read as plain ones\n", path);
    if (plain->config != NULL || (written->config == NULL && plain->complaints.count > 0))
        return plain;
    return written;
}

/* What stands relative to the card, as the config names it; NULL: it is elsewhere. */
static const char *on_card(const struct card *card, const char *path)
{
    const size_t length = strlen(card->from);
    bool there = strncmp(path, card->from, length) == 0 && path[length] == '/';
    return there ? path + length + 1 : NULL;
}

/* A name with a way out of its folder is nobody's file here. */
static bool is_within(const char *name)
{
    return *name != '\0' && *name != '/' && strstr(name, "..") == NULL;
}

/* The file as it is named, or with the ending that an editor has added. */
static bool find_file(const char *path, char found[static CARD_PATH_SIZE])
{
    struct stat status;
    for (int i = 0; i < 2; i++) {
        int length = snprintf(found, CARD_PATH_SIZE, "%s%s", path, i == 0 ? "" : ".txt");
        if (length > 0 && length < CARD_PATH_SIZE && stat(found, &status) == 0)
            return true;
    }
    return false;
}

/* What is no text (a certificate in DER, say) stays as it is. */
static bool read_file(struct card *card, const char *path, struct text *out)
{
    struct text bytes = {0};
    bool good = intake_file(path, INTAKE_FILE, CARD_LARGE_MAX, &bytes);
    if (!good)
        complain(&card->complaints, path, 0, 0, "it cannot be read: %s", intake_words(errno));
    if (good && !tidy_text(&bytes, out)) {
        text_clear(out);
        text_add_bytes(out, bytes.data, bytes.length);
    }
    text_wipe(&bytes);
    return good;
}

/* A file that the config names. */
struct named_file {
    const char *key;  /* that names it */
    const char *path; /* as it was resolved; "": none is named */
    mode_t mode;
    bool is_secret; /* what stands in it, and so perhaps in its name's place */
};

/* False. A name of nothing may be a secret in the wrong place, and everybody may read `wrong`. */
static bool refuse_file(struct card *card, const char *config_path, const struct named_file *file,
                        const char *name, const char *where)
{
    if (!file->is_secret || prometheus_path_may_be_named(file->path))
        complain(&card->complaints, config_path, 0, 0,
                 "%s names the file %s, which %s; put it beside amberbar.yaml", file->key, name,
                 where);
    else
        complain(&card->complaints, config_path, 0, 0,
                 "%s names a file that %s (" PROMETHEUS_NAME_KEPT "); put it beside amberbar.yaml",
                 file->key, where);
    return false;
}

/* Copies a file that the config names to where it will look for it. False, with a complaint. */
static bool take_file(struct card *card, const char *config_path, const struct named_file *file)
{
    const char *name = on_card(card, file->path);
    char found[CARD_PATH_SIZE], place[CARD_PATH_SIZE];
    struct text text = {0};
    bool good = true;
    if (name == NULL)
        return true;
    snprintf(place, sizeof place, HOME "%s", name);
    if (!is_within(name))
        return refuse_file(card, config_path, file, name, "lies elsewhere");
    if (find_file(file->path, found))
        good = read_file(card, found, &text) &&
               card_place(card, &(struct placing){place, file->mode, "amberbar"}, &text);
    else if (!card_has(card, place))
        good = refuse_file(card, config_path, file, name, "is not on the card");
    text_wipe(&text);
    return good;
}

static bool take_files(struct card *card, const char *config_path, const struct config *config)
{
    const struct prometheus_settings *prometheus = &config->prometheus;
    const struct named_file board = {"board", config->board.path, 0644, false};
    char key[PROMETHEUS_FILE_KEY_SIZE];
    bool good = take_file(card, config_path, &board);
    for (size_t i = 0; i < PROMETHEUS_FILES; i++) {
        const struct named_file file = {prometheus_file_key(prometheus, i, key),
                                        prometheus_file(prometheus, i), 0640, true};
        good &= take_file(card, config_path, &file);
    }
    return good;
}

/* Somebody's own config, which no card has brought, is kept beside. */
static bool keep_old(struct card *card)
{
    struct text old = {0};
    bool own = !card_read_own(card, HOME "amberbar.yaml", &old) || old.length == 0 ||
               strstr(old.data, OWN_MARK) != NULL;
    bool good =
        own ||
        card_place(card, &(struct placing){HOME "amberbar.yaml.before-card", 0640, "amberbar"},
                   &old);
    text_wipe(&old);
    return good;
}

static bool place_config(struct card *card, const struct reading_of_card *reading)
{
    struct text text = {0};
    bool secret = prometheus_has_inline_secret(&reading->config->prometheus);
    text_add(&text, reading->text.data);
    if (text.length > 0 && text.data[text.length - 1] != '\n')
        text_add(&text, "\n");
    text_add(&text, OWN_MARK);
    bool good =
        keep_old(card) &&
        card_place(card, &(struct placing){HOME "amberbar.yaml", secret ? 0640 : 0644, "amberbar"},
                   &text);
    text_wipe(&text);
    return good;
}

/* For whoever shows that it is wrong: on which board. */
static void note_config(struct card *card, const struct reading_of_card *reading)
{
    card_note(card, CARD_CONFIG, 0640, &reading->text);
}

static void take(struct card *card, const char *path, const struct text *text)
{
    struct reading_of_card plain = {.config = NULL}, written = {.config = NULL};
    read_config(path, text->data, true, &plain);
    if (plain.config == NULL)
        read_config(path, text->data, false, &written);
    const struct reading_of_card *reading = choose(card, path, &plain, &written);
    note_config(card, reading);
    if (reading->config == NULL) /* once more, for everybody's complaints */
        config_free(config_read_text(path, &reading->text, &card->complaints));
    else if (take_files(card, path, reading->config) && place_config(card, reading))
        text_addf(&card->news, "%s: it is in use, on %s\n", path, reading->config->board.title);
    end(&plain);
    end(&written);
}

static void complain_missing(struct card *card)
{
    if (card_is_mounted(card->from))
        complain(&card->complaints, card->from, 0, 0,
                 "there is no amberbar.yaml; put one there, with your board and your Prometheus");
    else
        card_complain_unmounted(card);
}

void card_take_config(struct card *card, bool needed)
{
    struct text text = {0};
    char path[CARD_PATH_SIZE];
    const size_t before = card->complaints.count;
    if (card_find(card, "amberbar.yaml", path)) {
        if (card_read(card, path, CARD_LARGE_MAX, &text))
            take(card, path, &text);
    } else if (needed && card->complaints.count == before) {
        complain_missing(card);
    }
    text_wipe(&text);
}
