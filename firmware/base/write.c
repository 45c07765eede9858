#include "base/write.h"

#include <errno.h>
#include <unistd.h>

bool write_text(int fd, const struct text *text)
{
    for (size_t at = 0; at < text->length;) {
        ssize_t written = write(fd, text->data + at, text->length - at);
        if (written < 0 && errno != EINTR)
            return false;
        at += written > 0 ? (size_t)written : 0;
    }
    return true;
}
