#include "base/hash.h"

#include <sys/random.h>

static uint64_t take(uint64_t hash, char byte)
{
    return (hash ^ (unsigned char)byte) * UINT64_C(0x100000001b3);
}

uint64_t hash_text(uint64_t hash, const char *text)
{
    do
        hash = take(hash, *text);
    while (*text++ != '\0');
    return hash;
}

uint64_t hash_of(const char *text)
{
    uint64_t hash = HASH_START;
    for (; *text != '\0'; text++)
        hash = take(hash, *text);
    return hash != 0 ? hash : 1;
}

uint64_t hash_secret(void)
{
    static uint64_t secret;
    if (secret == 0 && getrandom(&secret, sizeof secret, GRND_NONBLOCK) != (ssize_t)sizeof secret)
        secret = 0; /* too early after the machine's start; the next time */
    return secret;
}

/* The last step of MurmurHash3 (Appleby), which every bit of the hash takes part in. */
uint64_t hash_mix(uint64_t hash)
{
    hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ hash >> 33;
}
