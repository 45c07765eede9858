/*
 * Any bytes as a file with a secret: the first says what form it should have.
 */
#include "fuzz/fuzz.h"
#include "prometheus/http/secret.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct secret secret = {0};
    struct error error = {0};
    if (size == 0)
        return 0;
    enum secret_form form = data[0] == 'p' ? SECRET_PEM : SECRET_LINE;
    int file = memfd_create("secret", MFD_CLOEXEC);
    must(file >= 0 && write(file, data + 1, size - 1) == (ssize_t)size - 1);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    bool good = secret_read(&secret, path, "password_file", form, &error);
    const char *text = secret_text(&secret);
    must(good == (error.text[0] == '\0') && good == (secret.length > 0));
    must(strlen(text) == secret.length && secret.length < size + 1);
    must(form == SECRET_PEM || strpbrk(text, "\r\n") == NULL);
    if (good)
        must(strchr(" \t\n\r\v\f", text[0]) == NULL &&
             strchr(" \t\n\r\v\f", text[secret.length - 1]) == NULL);
    secret_wipe(&secret);
    close(file);
    return 0;
}
