#include "picture/mapping.h"

/* The `index`-th stretch of the segment; the first is its own, the others follow after gaps. */
static struct span span_of(const struct segment *segment, size_t index)
{
    return index == 0 ? (struct span){segment->first, segment->count} : segment->more[index - 1];
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The pixels of a frame of `pixels` that the segment covers. */
static size_t covered(const struct segment *segment, size_t pixels)
{
    size_t total = 0;
    for (size_t i = 0; i <= segment->more_count; i++) {
        struct span span = span_of(segment, i);
        total += span.first < pixels ? least(span.count, pixels - span.first) : 0;
    }
    return total;
}

bool mapping_is_plain(const struct segment *segment)
{
    return segment->more_count == 0 && !segment->reverse && segment->mirror == MIRROR_NONE &&
           segment->offset == 0;
}

size_t mapping_length(const struct segment *segment, size_t pixels)
{
    size_t total = covered(segment, pixels);
    return segment->mirror == MIRROR_NONE ? total : (total + 1) / 2;
}

/* Which pixel of the line is seen at place `at` of `total`. */
static size_t line_index(const struct segment *segment, size_t at, size_t total)
{
    size_t turned = segment->offset > 0 ? (size_t)segment->offset % total : 0;
    size_t along = (at + total - turned) % total;
    if (segment->reverse)
        along = total - 1 - along;
    if (segment->mirror == MIRROR_NONE)
        return along;
    size_t from_end = least(along, total - 1 - along);
    return segment->mirror == MIRROR_ENDS ? from_end : (total + 1) / 2 - 1 - from_end;
}

void mapping_line(const struct segment *segment, const struct pixel line[], struct frame *frame)
{
    size_t total = covered(segment, frame->count), at = 0;
    for (size_t i = 0; i <= segment->more_count; i++) {
        struct span span = span_of(segment, i);
        for (size_t k = span.first; k < span.first + span.count && k < frame->count; k++)
            frame->pixels[k] = line[line_index(segment, at++, total)];
    }
}

void mapping_rows(const struct pixel row[], size_t width, struct frame *frame)
{
    for (size_t i = 0; i < frame->count; i++)
        frame->pixels[i] = row[i % width];
}
