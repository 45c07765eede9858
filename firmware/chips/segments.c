#include "chips/segments.h"

#include <string.h>

#define A SEGMENT_A
#define B SEGMENT_B
#define C SEGMENT_C
#define D SEGMENT_D
#define E SEGMENT_E
#define F SEGMENT_F
#define G SEGMENT_G
#define GG (SEGMENT14_G_LEFT | SEGMENT14_G_RIGHT)
#define H SEGMENT14_H
#define J SEGMENT14_J
#define K SEGMENT14_K
#define L SEGMENT14_L
#define M SEGMENT14_M
#define N SEGMENT14_N

/* One shape a letter where only one of its cases is legible, and both where both are. */
static const uint8_t shapes[128] = {
    ['0'] = A | B | C | D | E | F,
    ['1'] = B | C,
    ['2'] = A | B | D | E | G,
    ['3'] = A | B | C | D | G,
    ['4'] = B | C | F | G,
    ['5'] = A | C | D | F | G,
    ['6'] = A | C | D | E | F | G,
    ['7'] = A | B | C,
    ['8'] = A | B | C | D | E | F | G,
    ['9'] = A | B | C | D | F | G,
    ['A'] = A | B | C | E | F | G,
    ['a'] = A | B | C | D | E | G,
    ['B'] = C | D | E | F | G,
    ['b'] = C | D | E | F | G,
    ['C'] = A | D | E | F,
    ['c'] = D | E | G,
    ['D'] = B | C | D | E | G,
    ['d'] = B | C | D | E | G,
    ['E'] = A | D | E | F | G,
    ['e'] = A | D | E | F | G,
    ['F'] = A | E | F | G,
    ['f'] = A | E | F | G,
    ['G'] = A | C | D | E | F,
    ['g'] = A | B | C | D | F | G,
    ['H'] = B | C | E | F | G,
    ['h'] = C | E | F | G,
    ['I'] = B | C,
    ['i'] = C,
    ['J'] = B | C | D | E,
    ['j'] = B | C | D,
    ['L'] = D | E | F,
    ['l'] = D | E | F,
    ['m'] = A | C | E, /* of minutes: no pretty one, but like nothing else */
    ['N'] = C | E | G,
    ['n'] = C | E | G,
    ['O'] = A | B | C | D | E | F,
    ['o'] = C | D | E | G,
    ['P'] = A | B | E | F | G,
    ['p'] = A | B | E | F | G,
    ['Q'] = A | B | C | F | G,
    ['q'] = A | B | C | F | G,
    ['R'] = E | G,
    ['r'] = E | G,
    ['S'] = A | C | D | F | G,
    ['s'] = A | C | D | F | G,
    ['T'] = D | E | F | G,
    ['t'] = D | E | F | G,
    ['U'] = B | C | D | E | F,
    ['u'] = C | D | E,
    ['Y'] = B | C | D | F | G,
    ['y'] = B | C | D | F | G,
    ['-'] = G,
    ['_'] = D,
    ['='] = D | G,
    ['.'] = SEGMENT_DOT,
    [1] = A,
    [2] = B,
    [3] = C,
    [4] = D,
    [5] = E,
    [6] = F,
    [7] = G,
};

/* Fourteen segments: only what they do better than seven. */
static const uint16_t shapes14[128] = {
    ['B'] = A | B | C | D | SEGMENT14_G_RIGHT | J | M,
    ['D'] = A | B | C | D | J | M,
    ['G'] = A | C | D | E | F | SEGMENT14_G_RIGHT,
    ['I'] = A | D | J | M,
    ['K'] = E | F | SEGMENT14_G_LEFT | K | N,
    ['k'] = J | K | M | N,
    ['M'] = B | C | E | F | H | K,
    ['m'] = C | E | GG | M,
    ['N'] = B | C | E | F | H | N,
    ['Q'] = A | B | C | D | E | F | N,
    ['R'] = A | B | E | F | GG | N,
    ['T'] = A | J | M,
    ['V'] = E | F | K | L,
    ['v'] = E | L,
    ['W'] = B | C | E | F | L | N,
    ['w'] = C | E | L | N,
    ['X'] = H | K | L | N,
    ['x'] = H | K | L | N,
    ['Y'] = H | K | M,
    ['Z'] = A | D | K | L,
    ['z'] = D | L | SEGMENT14_G_LEFT,
    ['+'] = GG | J | M,
    ['*'] = GG | H | J | K | L | M | N,
    ['/'] = K | L,
    ['%'] = C | F | K | L,
    ['<'] = K | N,
    ['>'] = H | L,
    [7] = SEGMENT14_G_LEFT,
    [8] = SEGMENT14_G_RIGHT,
    [9] = H,
    [10] = J,
    [11] = K,
    [12] = L,
    [13] = M,
    [14] = N,
};

uint8_t segments_of(char character)
{
    unsigned char index = (unsigned char)character;
    return index < sizeof shapes ? shapes[index] : 0;
}

uint16_t segments14_of(char character)
{
    unsigned char index = (unsigned char)character;
    if (index < sizeof shapes && shapes14[index] != 0)
        return shapes14[index];
    uint8_t seven = segments_of(character);
    return (uint16_t)((seven & ~(G | SEGMENT_DOT)) | ((seven & G) != 0 ? GG : 0) |
                      ((seven & SEGMENT_DOT) != 0 ? SEGMENT14_DOT : 0));
}

/* The next digit of a text, which is moved behind it; to its end at a point that cannot be shown.
 */
static struct segments_cell next(const char **text, bool points)
{
    bool bare = **text == '.' || **text == ':';
    struct segments_cell cell = {.character = **text};
    if (bare)
        cell.character = ' ';
    *text += !bare;
    cell.dot = **text == '.' && points;
    cell.colon = **text == ':';
    if (cell.dot || cell.colon)
        (*text)++;
    else if (**text == '.')
        *text += strlen(*text);
    return cell;
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

void segments_lay_out(const char *text, bool points, struct segments_cell cells[], size_t count)
{
    size_t length = 0;
    bool number = false;
    for (const char *rest = text; *rest != '\0'; length++)
        number |= is_digit(next(&rest, points).character);
    bool refused = length > count && number;
    for (size_t i = 0; i < count; i++)
        cells[i] = (struct segments_cell){.character = refused ? '-' : ' '};
    size_t at = length < count ? count - length : 0;
    for (; !refused && at < count && *text != '\0'; at++)
        cells[at] = next(&text, points);
}

void segments_text(const char *text, uint8_t digits[], size_t count)
{
    struct segments_cell cells[SEGMENTS_DIGITS_MAX];
    size_t used = count < SEGMENTS_DIGITS_MAX ? count : SEGMENTS_DIGITS_MAX;
    segments_lay_out(text, true, cells, used);
    memset(digits, 0, count - used);
    /* cppcheck-suppress knownConditionTrueFalse ; there are digits to show */
    for (size_t i = 0; i < used; i++)
        digits[count - used + i] = segments_of_cell(&cells[i]);
}

uint8_t segments_of_cell(const struct segments_cell *cell)
{
    return (uint8_t)(segments_of(cell->character) | (cell->dot || cell->colon ? SEGMENT_DOT : 0));
}

int64_t segments_brightness(const uint8_t duties[], int64_t most, uint16_t dimmed)
{
    uint32_t light = duties[most] * (65535u - dimmed);
    while (most > 0 && duties[most] * 65535u > light)
        most--;
    return most;
}

static int segment_index(char name)
{
    return name == '.' ? 7 : name - 'a';
}

bool segments_is_wiring(const char *wiring)
{
    unsigned seen = 0;
    for (size_t i = 0; i < SEGMENTS_WIRING_SIZE - 1; i++) {
        if (wiring[i] != '.' && (wiring[i] < 'a' || wiring[i] > 'g'))
            return false;
        seen |= 1u << segment_index(wiring[i]);
    }
    return seen == 0xFF && wiring[SEGMENTS_WIRING_SIZE - 1] == '\0';
}

uint8_t segments_wired(uint8_t shape, const char wiring[static SEGMENTS_WIRING_SIZE])
{
    unsigned segments = shape, bits = 0;
    for (unsigned i = 0; i < SEGMENTS_WIRING_SIZE - 1; i++)
        bits |= (segments >> segment_index(wiring[i]) & 1u) << i;
    return (uint8_t)bits;
}

bool segments_is_map(const char *map, size_t count)
{
    unsigned seen = 0;
    for (const char *line = map; *line != '\0'; line++) {
        unsigned bit = *line >= '0' && *line <= '7' ? 1u << (*line - '0') : 0;
        if (bit == 0 || (seen & bit) != 0)
            return false;
        seen |= bit;
    }
    return strlen(map) == count;
}
