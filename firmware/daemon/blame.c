#include "daemon/blame.h"

#include "base/intake.h"
#include "machine/machine.h"

#include <errno.h>

#define ROUTES_MAX_BYTES ((size_t)64 * 1024) /* some 500 routes: who has more has a network */

/* False: it says nothing. Without a single route it is empty; without IPv6 there is none. */
static bool read_routes(const char *path, bool needed, struct text *routes)
{
    bool read = intake_file(path, INTAKE_FILE, ROUTES_MAX_BYTES, routes);
    return (read || (!needed && errno == ENOENT)) && !routes->failed;
}

static bool has_network(void)
{
    struct text ipv4 = {0}, ipv6 = {0};
    bool known = read_routes("/proc/self/net/route", true, &ipv4) &&
                 read_routes("/proc/self/net/ipv6_route", false, &ipv6);
    bool there = !known || machine_network(ipv4.data != NULL ? ipv4.data : "",
                                           ipv6.data != NULL ? ipv6.data : "");
    text_free(&ipv4);
    text_free(&ipv6);
    return there;
}

enum why blame(enum client_trouble trouble, struct error *error)
{
    if (trouble == CLIENT_TROUBLE_CLOCK)
        return WHY_CLOCK_UNSET;
    if (trouble != CLIENT_TROUBLE_WAY || has_network())
        return WHY_FETCH;
    error_set(error, "this machine has no network: no interface has an address; check the cable, "
                     "or the Wi-Fi");
    return WHY_NO_NETWORK;
}
