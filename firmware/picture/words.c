#include "picture/words.h"

#include "picture/look.h"
#include "picture/show.h"

#include <string.h>

/* Text that grows at its end, in room for `size` bytes with the NUL; what does not fit is cut. */
struct line {
    char *bytes;
    size_t size, length;
};

static void add(struct line *line, const char *string)
{
    size_t length = strlen(string), room = line->size - 1 - line->length;
    length = length < room ? length : room;
    memcpy(line->bytes + line->length, string, length);
    line->length += length;
    line->bytes[line->length] = '\0';
}

static void add_number(struct line *line, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    add(line, digits + at);
}

/* Whole per cent that are certain: 100 only when done. A hair is forgiven: 0.29 * 100 is 28.99...
 */
static int64_t percent(const struct show *show, double p)
{
    int64_t whole = (int64_t)(p * 100 + 1e-9);
    return whole > 99 && !show_done(show) ? 99 : whole;
}

/* Replicas that serve, or -1 when nobody counts them. */
static int64_t replicas(const struct verdict *verdict)
{
    return verdict->available >= 0 ? verdict->available : verdict->spec;
}

static int64_t power_of_ten(size_t digits)
{
    int64_t power = 1;
    for (size_t i = 0; i < digits && i < 18; i++)
        power *= 10;
    return power;
}

static const char *word_of(const struct look *look, size_t digits)
{
    return digits > 0 ? look->words[digits < 4 ? digits - 1 : 3] : "";
}

void words_gauge(const struct gauge *gauge, size_t digits, char text[static FRAME_TEXT_SIZE])
{
    struct line line = {.bytes = text, .size = FRAME_TEXT_SIZE};
    add(&line, word_of(look_of_health(gauge->health, gauge->explained), digits));
}

void words_digits(const struct show *show, size_t digits, int64_t now_ms,
                  char text[static FRAME_TEXT_SIZE])
{
    const struct verdict *verdict = &show->verdict;
    struct line line = {.bytes = text, .size = FRAME_TEXT_SIZE};
    text[0] = '\0';
    if (digits == 0)
        return;
    if (verdict->state == STATE_PROGRESSING) {
        double p, q;
        show_levels(show, now_ms, &p, &q);
        add_number(&line, percent(show, p) / (digits == 1 ? 10 : 1));
    } else if (verdict->state == STATE_STABLE && replicas(verdict) >= 0 &&
               replicas(verdict) < power_of_ten(digits)) {
        add_number(&line, replicas(verdict));
    } else {
        add(&line, word_of(look_of(verdict->state), digits));
    }
}

bool words_move(const struct show *show, int64_t now_ms)
{
    return show->verdict.state == STATE_PROGRESSING && show_glides(show, now_ms);
}

void words_caption(const struct show *show, char caption[static FRAME_CAPTION_SIZE])
{
    const struct verdict *verdict = &show->verdict;
    struct line line = {.bytes = caption, .size = FRAME_CAPTION_SIZE};
    if (show->dimmed)
        add(&line, "no answer now; before: ");
    add(&line, look_of(verdict->state)->caption);
    if (verdict->p >= 0 && !show_done(show)) { /* not NAN */
        add(&line, " ");
        add_number(&line, percent(show, verdict->p));
        add(&line, " %");
    }
    if (verdict->state == STATE_STABLE && replicas(verdict) >= 0) {
        add(&line, replicas(verdict) == 1 ? ", 1 replica" : ", ");
        if (replicas(verdict) != 1) {
            add_number(&line, replicas(verdict));
            add(&line, " replicas");
        }
    }
    add(&line, ": ");
    add(&line, why_sentence(verdict->why));
}
