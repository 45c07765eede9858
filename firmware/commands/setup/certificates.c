#include "commands/setup/certificates.h"

#include <string.h>

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"
#define BASE64                                                          \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=" \
    " \t\r\n"

/* What has no end of its own would take in the next block, which may be a key. */
size_t certificates_copy(const char *pem, struct text *out)
{
    size_t count = 0;
    for (const char *at = pem; (at = strstr(at, BEGIN)) != NULL;) {
        const char *begin = at;
        at += strlen(BEGIN);
        const char *end = at + strspn(at, BASE64);
        if (strncmp(end, END, strlen(END)) != 0)
            continue;
        at = end + strlen(END);
        text_add_bytes(out, begin, (size_t)(at - begin));
        text_add(out, "\n");
        count++;
    }
    return count;
}
