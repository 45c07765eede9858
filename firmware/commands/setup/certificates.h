/*
 * Certificates of a PEM file (RFC 7468), without what else people keep beside them: private keys.
 * Pure.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_CERTIFICATES_H
#define AMBERBAR_COMMANDS_SETUP_CERTIFICATES_H

#include "base/text.h"

/* Adds the blocks that are certificates whole, and nothing between them; how many. */
size_t certificates_copy(const char *pem, struct text *out);

#endif
