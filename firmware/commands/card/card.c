/* `amberbar card` */
#include "commands/card/card.h"
#include "base/say.h"
#include "commands/card/tidy.h"
#include "commands/commands.h"
#include "config/config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_FROM, OPTION_ROOT, OPTION_RUN, OPTION_NEEDED };

static const struct option_spec options_table[] = {
    {"--from", NULL, "DIR", "where the partition is; default /boot/firmware, else /boot"},
    {"--root", NULL, "DIR", "the system to change; default this one"},
    {"--run", NULL, "DIR", "where to leave how it went; default " CARD_DIRECTORY_DEFAULT},
    {"--needed", NULL, NULL, "a card without an amberbar.yaml is wrong, too"},
    {0},
};

static const char *const names[] = {"amberbar.yaml", "wifi.txt", "hostname.txt", "timezone.txt",
                                    "ntp.txt"};

/* What lies there; a folder that is not there, or cannot be read, has nothing. */
static bool list(struct card *card)
{
    DIR *open = opendir(card->from);
    const struct dirent *entry;
    size_t count = 0;
    int reason = errno;
    text_clear(&card->names);
    if (open == NULL)
        return reason == ENOENT;
    errno = 0;
    while (count++ < CARD_NAMES_MAX && (entry = readdir(open)) != NULL)
        text_add_bytes(&card->names, entry->d_name, strlen(entry->d_name) + 1);
    reason = errno;
    closedir(open);
    errno = reason;
    return reason == 0;
}

static bool has_any(const struct card *card)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (card_lists(card, names[i]))
            return true;
    return false;
}

/* Debian 12 and later mount it at the first; what was upgraded may have it at the second. */
static const char *const usual[] = {"/boot/firmware", "/boot"};
enum { USUAL = sizeof usual / sizeof usual[0] };

/* One that has not come may say anything, and what is below its place is not it. */
static bool is_away(struct card *card)
{
    for (size_t i = 0; i < USUAL; i++)
        if (card_is_expected(card, usual[i]) && card_path(card, usual[i], card->from) &&
            !card_is_mounted(card->from))
            return true;
    return false;
}

static void look(struct card *card, const char *from)
{
    if (from == NULL && is_away(card)) {
        card_complain_unmounted(card);
        return;
    }
    for (size_t i = 0; from == NULL && i < USUAL; i++)
        if (card_path(card, usual[i], card->from) && list(card) && has_any(card))
            return;
    if (from == NULL)
        card_path(card, usual[0], card->from);
    else
        text_copy(card->from, sizeof card->from, from);
    if (!list(card))
        complain(&card->complaints, card->from, 0, 0, "it cannot be read: %s", strerror(errno));
}

/* Who is ended while it waits for the card has said so. Who may not write there is told at the end.
 */
static void say_that_it_begins(struct card *card)
{
    struct text word = {0};
    text_add(&word,
             "the boot partition was not read to its end; check the card in another computer\n");
    card_note(card, CARD_WRONG, 0644, &word);
    complaints_free(&card->complaints);
    text_free(&word);
}

/* `wrong` says what is wrong with the card, for as long as that is so. */
static void leave_word(struct card *card)
{
    struct text start = {0};
    char path[CARD_PATH_SIZE];
    struct text wrong = {0};
    snprintf(path, sizeof path, "%s/%s", card->run, CARD_WRONG);
    if (card->complaints.count > 0) {
        text_add(&wrong, card->complaints.text.data);
        card_note(card, CARD_WRONG, 0644, &wrong);
    } else {
        unlink(path);
    }
    if (card_lists(card, names[0])) /* who puts a config there wants the light */
        card_note(card, "found", 0644, &start);
    text_free(&wrong);
    text_free(&start);
}

static int run_card(const struct options *options)
{
    const char *root = options->values[OPTION_ROOT], *run = options->values[OPTION_RUN];
    struct card card = {.root = root != NULL && strcmp(root, "/") != 0 ? root : "",
                        .run = run != NULL ? run : CARD_DIRECTORY_DEFAULT};
    say_that_it_begins(&card);
    look(&card, options->values[OPTION_FROM]);
    if (card.complaints.count == 0) {
        card_take_host(&card);
        card_take_timezone(&card);
        card_take_ntp(&card);
        card_take_wifi(&card);
        card_take_config(&card, options->values[OPTION_NEEDED] != NULL);
    }
    leave_word(&card);
    bool good = card.complaints.count == 0;
    if (card.news.data != NULL)
        say_lines(stdout, card.news.data);
    if (!good)
        say_lines(stderr, card.complaints.text.data);
    text_free(&card.names);
    text_free(&card.news);
    complaints_free(&card.complaints);
    return good ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}

const struct command command_card = {
    .name = "amberbar card",
    .brief = "take over what lies on the boot partition",
    .summary =
        "Takes over what lies on the boot partition of the card, which any computer can write:\n"
        "amberbar.yaml with the secrets and certificates it names, wifi.txt (ssid, password,\n"
        "country), hostname.txt, timezone.txt, ntp.txt. What is wrong is reported, and shown\n"
        "on the light; what is right counts. amberbar-card.service does so at each boot.",
    .options = options_table,
    .run = run_card,
};
