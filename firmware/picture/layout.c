#include "picture/layout.h"

#define PIXELS_LEAST 3 /* to show a bar and an indicator beside it */
#define PIXELS_GAP 8   /* from here on a gap between them costs less than it tells */
#define SHARE_GAP 3    /* an indicator of so many pixels leaves its last one dark */

size_t layout_segments(size_t pixels, size_t indicators,
                       struct segment segments[static LAYOUT_SEGMENTS_MAX])
{
    if (indicators == 0 || pixels < PIXELS_LEAST) {
        enum segment_source source = indicators == 0 ? SEGMENT_ROLLOUTS : SEGMENT_SUMMARY;
        segments[0] = (struct segment){.count = pixels, .source = source};
        return 1;
    }
    size_t mark = 1 + pixels / 30; /* as strip_mark(): seen from five metres */
    size_t gap = pixels < PIXELS_GAP ? 0 : mark;
    size_t room = pixels / 3;
    size_t wanted = indicators * mark;
    size_t count = wanted < room ? wanted : room;
    segments[0] = (struct segment){.count = pixels - gap - count, .source = SEGMENT_ROLLOUTS};
    segments[1] =
        (struct segment){.first = pixels - count, .count = count, .source = SEGMENT_INDICATORS};
    return 2;
}

struct segment layout_share(const struct segment *segment, size_t index, size_t count)
{
    size_t first = index * segment->count / count;
    size_t end = (index + 1) * segment->count / count;
    bool apart = end - first >= SHARE_GAP && index + 1 < count;
    return (struct segment){.first = segment->first + first,
                            .count = end - first - (apart ? 1 : 0),
                            .source = SEGMENT_INDICATOR,
                            .index = index};
}
