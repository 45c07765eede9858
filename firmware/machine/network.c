/* Is there a network? By the kernel's tables of routes (proc(5), linux/route.h,
 * linux/ipv6_route.h).
 */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

#define LINE_SIZE 256
#define FIELDS_MAX 12
#define FLAG_UP 0x0001u
#define FLAG_REJECT 0x0200u
#define LINK_LOCAL "FEA9" /* 169.254, as the kernel prints it on a little-endian machine ... */
#define LINK_LOCAL_BIG "A9FE"

/* The next line's fields, cut out of `line`; NULL: it was the last. */
static const char *next_line(const char *at, char line[static LINE_SIZE], char *fields[FIELDS_MAX],
                             size_t *count)
{
    size_t length = strcspn(at, "\n");
    char *rest = line;
    *count = 0;
    if (*at == '\0')
        return NULL;
    snprintf(line, LINE_SIZE, "%.*s", (int)(length < LINE_SIZE ? length : LINE_SIZE - 1), at);
    while (*count < FIELDS_MAX && *(rest += strspn(rest, " \t")) != '\0') {
        fields[(*count)++] = rest;
        rest += strcspn(rest, " \t");
        if (*rest != '\0')
            *rest++ = '\0';
    }
    return at + length + (at[length] == '\n');
}

static unsigned flags_of(const char *hexadecimal)
{
    unsigned flags = 0;
    for (; *hexadecimal != '\0'; hexadecimal++) {
        const char *digit = strchr("0123456789abcdef", *hexadecimal | 0x20);
        flags = digit == NULL ? flags : flags << 4 | (unsigned)(digit - "0123456789abcdef");
    }
    return flags;
}

static bool leads_out(const char *interface, const char *flags)
{
    unsigned is = flags_of(flags);
    return strcmp(interface, "lo") != 0 && (is & FLAG_UP) != 0 && (is & FLAG_REJECT) == 0;
}

/* Iface Destination Gateway Flags ... */
static bool has_ipv4(const char *table)
{
    char line[LINE_SIZE], *fields[FIELDS_MAX];
    size_t count;
    while ((table = next_line(table, line, fields, &count)) != NULL) {
        bool local = count > 1 && (strcmp(fields[1], "0000" LINK_LOCAL) == 0 ||
                                   strcmp(fields[1], LINK_LOCAL_BIG "0000") == 0);
        if (count > 3 && !local && leads_out(fields[0], fields[3]))
            return true;
    }
    return false;
}

/* Destination, its length, source, its length, next hop, metric, two counts, flags, interface.
   Each interface that is up has routes to its neighbours (fe80::/10) and to groups (ff00::/8). */
static bool has_ipv6(const char *table)
{
    char line[LINE_SIZE], *fields[FIELDS_MAX];
    size_t count;
    while ((table = next_line(table, line, fields, &count)) != NULL) {
        bool local =
            count > 0 && (strncmp(fields[0], "fe8", 3) == 0 || strncmp(fields[0], "ff", 2) == 0);
        if (count > 9 && !local && leads_out(fields[9], fields[8]))
            return true;
    }
    return false;
}

bool machine_network(const char *ipv4_routes, const char *ipv6_routes)
{
    return has_ipv4(ipv4_routes) || has_ipv6(ipv6_routes);
}
