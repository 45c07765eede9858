#include "picture/digits.h"

#include "picture/animation.h"
#include "picture/look.h"

#include <string.h>

/* Text that grows at its end, in room for `size` bytes with the NUL; what does not fit is cut. */
struct line {
    char *bytes;
    size_t size, length;
};

static void add(struct line *line, const char *string)
{
    size_t length = strlen(string), left = line->size - 1 - line->length;
    length = length < left ? length : left;
    memcpy(line->bytes + line->length, string, length);
    line->length += length;
    line->bytes[line->length] = '\0';
}

static void add_number(struct line *line, int64_t number)
{
    char digits[24] = "";
    size_t at = sizeof digits - 1;
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
    return whole > 99 && !animation_done(show) ? 99 : whole;
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

/* Characters that a text for so many digits may have. */
static size_t room(size_t digits)
{
    return digits < FRAME_TEXT_SIZE - 1 ? digits : FRAME_TEXT_SIZE - 1;
}

/* Seven segments cannot write k, m, v, w, x and z. */
static bool is_legible(const char *name)
{
    return name[0] != '\0' && name[strspn(name, "AaBbCcDdEeFfGgHhIiJjLlNnOoPpQqRrSsTtUuYy"
                                                "0123456789-_")] == '\0';
}

/* A rollout's name as far as it goes, or its number among them all: "r2". */
static void add_name(struct line *line, const struct show *show, size_t index, size_t digits)
{
    if (show->name == NULL || !is_legible(show->name)) {
        add(line, "r");
        add_number(line, (int64_t)index + 1);
        return;
    }
    struct line cut = {.bytes = line->bytes, .size = room(digits) + 1};
    add(&cut, show->name);
}

/* What is shown of something that moves, with its sign of life. */
static void add_living(struct line *line, const char *value, const struct digits_style *style,
                       int64_t now_ms)
{
    bool turn = !style->still && now_ms / DIGITS_SIGN_MS % 2 != 0;
    bool before = style->alone && style->digits > strlen(value) && style->digits > 2;
    if (before)
        add(line, turn ? "-" : "_");
    for (size_t i = strlen(value) + 1; before && i < room(style->digits); i++)
        add(line, " ");
    add(line, value);
    if (style->alone && !before && !turn)
        add(line, ".");
}

static void add_percent(struct line *line, const struct show *show,
                        const struct digits_style *style, int64_t now_ms)
{
    double p, q;
    char bytes[FRAME_TEXT_SIZE] = "";
    struct line value = {.bytes = bytes, .size = sizeof bytes};
    animation_levels(show, style->still ? INT64_MAX / 2 : now_ms, &p, &q);
    int64_t whole = percent(show, p);
    add_number(&value, style->digits == 1 ? whole / 10 : whole);
    add_living(line, bytes, style, now_ms);
}

/* "4m", "99m", "2h": minutes, or hours. */
static void write_left(const struct show *show, char bytes[static FRAME_TEXT_SIZE])
{
    struct line value = {.bytes = bytes, .size = FRAME_TEXT_SIZE};
    int64_t minutes = (show->left_ms + 30000) / 60000;
    add_number(&value, minutes < 100 ? minutes : (minutes + 30) / 60);
    add(&value, minutes < 100 ? "m" : "h");
}

static bool has_left(const struct show *show, const struct digits_style *style)
{
    char bytes[FRAME_TEXT_SIZE];
    if (show->left_ms <= 0 || show->dimmed || style->still)
        return false;
    write_left(show, bytes);
    return strlen(bytes) <= style->digits;
}

/* Milliseconds until a clock of `period_ms` strikes. */
static int64_t until(int64_t period_ms, int64_t now_ms)
{
    return period_ms - now_ms % period_ms;
}

static int64_t earlier(int64_t a_ms, int64_t b_ms)
{
    return a_ms == PICTURE_STILL || (b_ms != PICTURE_STILL && b_ms < a_ms) ? b_ms : a_ms;
}

static int64_t add_left(struct line *line, const struct show *show,
                        const struct digits_style *style, int64_t now_ms)
{
    char bytes[FRAME_TEXT_SIZE];
    write_left(show, bytes);
    add_living(line, bytes, style, now_ms);
    return style->alone ? until(DIGITS_SIGN_MS, now_ms) : PICTURE_STILL;
}

static int64_t add_share(struct line *line, const struct show *show,
                         const struct digits_style *style, int64_t now_ms)
{
    add_percent(line, show, style, now_ms);
    if (style->still)
        return PICTURE_STILL;
    if (animation_glides(show, now_ms))
        return PICTURE_FRAME_MS;
    return style->alone ? until(DIGITS_SIGN_MS, now_ms) : PICTURE_STILL;
}

/* One rollout's percentage and time in turn. */
static int64_t add_progress(struct line *line, const struct show *show,
                            const struct digits_style *style, int64_t now_ms)
{
    if (!has_left(show, style))
        return add_share(line, show, style, now_ms);
    const bool turn = now_ms / DIGITS_LEFT_MS % 2 != 0;
    return earlier(until(DIGITS_LEFT_MS, now_ms), turn ? add_left(line, show, style, now_ms)
                                                       : add_share(line, show, style, now_ms));
}

/* Its look has no word, for a number says more. */
static bool shows_progress(const struct verdict *verdict)
{
    return look_of_verdict(verdict)->words[0][0] == '\0';
}

static size_t count_moving(const struct subject *subject)
{
    size_t moving = 0;
    for (size_t i = 0; i < subject->show_count; i++)
        moving += shows_progress(&subject->shows[i].verdict);
    return moving;
}

/* The rollout whose turn it is, of `moving` that move. */
static size_t whose_turn(const struct subject *subject, size_t moving, int64_t now_ms)
{
    size_t turn = (size_t)(now_ms / DIGITS_TURN_MS) % moving, i = 0;
    while (!shows_progress(&subject->shows[i].verdict) || turn-- > 0)
        i++;
    return i;
}

static int64_t add_turns(struct line *line, const struct subject *subject,
                         const struct digits_style *style, int64_t now_ms)
{
    size_t index = whose_turn(subject, count_moving(subject), now_ms);
    int64_t into_ms = now_ms % DIGITS_TURN_MS;
    if (into_ms < DIGITS_NAME_MS) {
        add_name(line, &subject->shows[index], index, style->digits);
        return DIGITS_NAME_MS - into_ms;
    }
    const struct show *show = &subject->shows[index];
    const int64_t half_ms = (DIGITS_TURN_MS + DIGITS_NAME_MS) / 2; /* of what is left of its turn */
    if (!has_left(show, style))
        return earlier(DIGITS_TURN_MS - into_ms, add_share(line, show, style, now_ms));
    if (into_ms < half_ms)
        return earlier(half_ms - into_ms, add_share(line, show, style, now_ms));
    return earlier(DIGITS_TURN_MS - into_ms, add_left(line, show, style, now_ms));
}

static const char *word_of(const struct look *look, size_t digits)
{
    return digits > 0 ? look->words[digits < 4 ? digits - 1 : 3] : "";
}

void digits_of_gauge(const struct gauge *gauge, size_t digits, char text[static FRAME_TEXT_SIZE])
{
    struct line line = {.bytes = text, .size = FRAME_TEXT_SIZE};
    add(&line, word_of(look_of_health(gauge->health, gauge->explained), digits));
}

/* Pods that are lost, or -1 when nobody counts them. */
static int64_t lost(const struct verdict *verdict)
{
    bool counted = verdict->available >= 0 && verdict->spec > verdict->available;
    return counted ? verdict->spec - verdict->available : -1;
}

/* "-1" of what is lost, where there is room. */
static bool add_lost(struct line *line, const struct verdict *verdict, size_t digits)
{
    bool fits = digits > 1 && lost(verdict) > 0 && lost(verdict) < power_of_ten(digits - 1);
    if (fits) {
        add(line, "-");
        add_number(line, lost(verdict));
    }
    return fits;
}

/* What does not move: a count of replicas or of those that are lost, or a word. */
static void add_word(struct line *line, const struct verdict *verdict,
                     const struct digits_style *style)
{
    bool counts = state_is(verdict->state, STATE_SERVES) && replicas(verdict) >= 0 &&
                  replicas(verdict) < power_of_ten(style->digits);
    const struct look *look = look_of_verdict(verdict);
    bool calm = look->fill == FILL_REMAINS;
    if (counts)
        add_number(line, replicas(verdict));
    else if (!calm || !add_lost(line, verdict, style->digits))
        add(line, word_of(look, style->digits));
    if (style->alone && style->rippling)
        add(line, ".");
}

int64_t digits_of(const struct subject *subject, const struct digits_style *style, int64_t now_ms,
                  char text[static FRAME_TEXT_SIZE])
{
    struct line line = {.bytes = text, .size = FRAME_TEXT_SIZE};
    text[0] = '\0';
    if (style->digits == 0)
        return PICTURE_STILL;
    if (!shows_progress(&subject->common->verdict)) {
        add_word(&line, &subject->common->verdict, style);
        return style->alone && style->rippling ? PICTURE_FRAME_MS : PICTURE_STILL;
    }
    if (!style->still && style->digits > 1 && count_moving(subject) > 1)
        return add_turns(&line, subject, style, now_ms);
    return add_progress(&line, subject->common, style, now_ms);
}
