#include "commands/setup/candidates.h"

#include <string.h>
#include <strings.h>

/* What many have and nothing announces, the most usual first. */
static const char *const usual[] = {
    "pimoroni-blinkt", "ws2812-pio",         "ws2812-spi",        "apa102-spi",
    "tm1637",          "adafruit-7-segment", "raspberry-pi-leds",
};
#define NO_LIGHT "terminal"

/* Words of a product or vendor that no title has. */
static const char *const fillers[] = {"ltd", "ltd.",       "limited", "inc", "inc.",
                                      "co",  "foundation", "by",      "the", "board"};

static bool is_filler(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++)
        if (strlen(fillers[i]) == length && strncasecmp(word, fillers[i], length) == 0)
            return true;
    const size_t version = length > 0 && (*word == 'v' || *word == 'V') ? 1 : 0;
    return version == 1 && strspn(word + 1, "0123456789.") == length - 1;
}

static bool is_separator(char byte)
{
    return byte == '\0' || strchr(" -_!,()", byte) != NULL;
}

/* The title holds the word, by itself. */
static bool holds(const char *title, const char *word, size_t length)
{
    for (const char *at = title; *at != '\0'; at++)
        if ((at == title || is_separator(at[-1])) && strncasecmp(at, word, length) == 0 &&
            is_separator(at[length]))
            return true;
    return false;
}

/* Of all words of `phrase`, whether the title has them; `any`: whether there are any. */
static bool holds_all(const char *title, const char *phrase, bool *any)
{
    while (*phrase != '\0') {
        phrase += strspn(phrase, " -_!,()");
        const size_t length = strcspn(phrase, " -_!,()");
        if (length > 0 && !is_filler(phrase, length)) {
            *any = true;
            if (!holds(title, phrase, length))
                return false;
        }
        phrase += length;
    }
    return true;
}

bool candidates_is_hat(const char *title, const char *vendor, const char *product)
{
    bool any = false, ignored = false;
    return holds_all(title, product, &any) && any &&
           (holds_all(title, vendor, &ignored) || strcasecmp(vendor, "Raspberry Pi") == 0);
}

struct choice_list {
    const struct card *cards;
    size_t count; /* of cards */
    size_t *chosen;
    size_t taken;
};

static void take(struct choice_list *list, size_t index)
{
    for (size_t i = 0; i < list->taken; i++)
        if (list->chosen[i] == index)
            return;
    if (list->taken + 1 < CANDIDATES_MAX || strcmp(list->cards[index].name, NO_LIGHT) == 0)
        list->chosen[list->taken++] = index;
}

static void take_signed(struct choice_list *list, enum sign sign)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->cards[i].sign == sign)
            take(list, i);
}

static void take_named(struct choice_list *list, const char *name, enum sign least)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->cards[i].sign >= least && strcmp(list->cards[i].name, name) == 0)
            take(list, i);
}

size_t candidates_choose(const struct card cards[], size_t count, bool pi,
                         size_t chosen[static CANDIDATES_MAX])
{
    struct choice_list list = {.cards = cards, .count = count, .chosen = chosen};
    take_signed(&list, SIGN_HAT);
    take_signed(&list, SIGN_PLUGGED);
    for (size_t i = 0; pi && i < sizeof usual / sizeof usual[0]; i++)
        take_named(&list, usual[i], SIGN_READY);
    take_named(&list, NO_LIGHT, SIGN_NONE);
    return list.taken;
}
