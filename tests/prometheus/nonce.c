#include "prometheus/nonce.h"

#include <stdio.h>
#include <string.h>

/* As a form spells them. */
#define FORM_ARM "label_replace%28vector%281%29%2C%22" QUERY_NONCE_LABEL "%22%2C%22"
#define FORM_END "%22%2C%22%22%2C%22%22%29"
#define FORM_QUERY "query="

struct nonce nonce_of(const char *request)
{
    struct nonce nonce = {.digits = ""};
    const char *arm = strstr(request, FORM_ARM);
    if (arm == NULL)
        return nonce;
    const char *digits = arm + strlen(FORM_ARM);
    size_t length = strspn(digits, "0123456789abcdef");
    if (length != QUERY_NONCE_SIZE - 1 || strncmp(digits + length, FORM_END, strlen(FORM_END)) != 0)
        return nonce;
    memcpy(nonce.digits, digits, length);
    size_t before = (size_t)(arm - request);
    nonce.alone = before >= strlen(FORM_QUERY) &&
                  memcmp(arm - strlen(FORM_QUERY), FORM_QUERY, strlen(FORM_QUERY)) == 0;
    return nonce;
}

void nonce_labels(const struct nonce *nonce, char out[static NONCE_LABELS_SIZE])
{
    snprintf(out, NONCE_LABELS_SIZE, "{" QUERY_NONCE_LABEL "=\"%s\"}", nonce->digits);
}
