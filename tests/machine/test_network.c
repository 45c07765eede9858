/* Tables of routes, as Linux 6.1 and 6.12 print them. */
#include "machine/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEAD "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
#define ZEROS "00000000000000000000000000000000"
#define LOOPBACK6                                                                            \
    "00000000000000000000000000000001 80 " ZEROS " 00 " ZEROS " 00000000 00000003 00000000 " \
    "80200001       lo\n" ZEROS " 00 " ZEROS " 00 " ZEROS                                    \
    " ffffffff 00000001 00000000 00200200       lo\n"
#define NEIGHBOURS6                                                                          \
    "fe800000000000000000000000000000 40 " ZEROS " 00 " ZEROS " 00000100 00000001 00000000 " \
    "00000001     eth0\n"                                                                    \
    "ff000000000000000000000000000000 08 " ZEROS " 00 " ZEROS " 00000100 00000005 00000000 " \
    "00000001     eth0\n"

static const struct {
    const char *sentence, *ipv4, *ipv6;
    bool there;
} rows[] = {
    {"nothing at all", "", "", false},
    {"loopback alone", HEAD, LOOPBACK6, false},
    {"a cable without an address", HEAD, LOOPBACK6 NEIGHBOURS6, false},
    {"a default route",
     HEAD "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0                  \n",
     LOOPBACK6, true},
    {"a network without a way out of it",
     HEAD "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n", "", true},
    {"an address that the machine gave itself, for nobody gave it one",
     HEAD "eth0\t0000FEA9\t00000000\t0001\t0\t0\t1000\t0000FFFF\t0\t0\t0\n", NEIGHBOURS6, false},
    {"a route that refuses", HEAD "eth0\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n",
     "", false},
    {"a default route of IPv6 alone", HEAD,
     LOOPBACK6 NEIGHBOURS6 ZEROS
     " 00 " ZEROS
     " 00 fe80000000000000021122fffe334455 00000400 00000002 00000000 00000003     eth0\n",
     true},
    {"a line that is cut", HEAD "eth0\t00000000\t0101", ZEROS " 00 " ZEROS, false},
    {"no table", "\n\n\t\t\n", "  \n", false},
};

static void a_network_is_a_route_that_leads_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (machine_network(rows[i].ipv4, rows[i].ipv6) != rows[i].there)
            fail_msg("%s: it should be %s", rows[i].sentence, rows[i].there ? "there" : "missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_is_a_route_that_leads_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
