#include "chips/segments.h"

#include <string.h>

#define A SEGMENT_A
#define B SEGMENT_B
#define C SEGMENT_C
#define D SEGMENT_D
#define E SEGMENT_E
#define F SEGMENT_F
#define G SEGMENT_G

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
};

uint8_t segments_of(char character)
{
    unsigned char index = (unsigned char)character;
    return index < sizeof shapes ? shapes[index] : 0;
}

/* The next digit of a text, which is moved behind it. */
static uint8_t next(const char **text)
{
    uint8_t shape = segments_of(*(*text)++);
    if (shape != SEGMENT_DOT && **text == '.') {
        shape |= SEGMENT_DOT;
        (*text)++;
    }
    return shape;
}

void segments_text(const char *text, uint8_t digits[], size_t count)
{
    size_t length = 0;
    for (const char *rest = text; *rest != '\0'; length++)
        next(&rest);
    memset(digits, 0, count);
    for (size_t at = length < count ? count - length : 0; at < count && *text != '\0'; at++)
        digits[at] = next(&text);
}
