/*
 * Shared by the tests of whole configs: sections that are right, to put others beside them.
 */
#ifndef AMBERBAR_TESTS_CONFIG_SECTIONS_H
#define AMBERBAR_TESTS_CONFIG_SECTIONS_H

#include "config/config.h"

#define BOARD "board: pimoroni-blinkt\n"
#define URL "prometheus: {url: 'http://p:9090'}\n"
#define ROLLOUTS "rollouts: [{name: cms, namespace: cms}, {name: shop, namespace: shop}]\n"
#define HEAD BOARD URL ROLLOUTS /* lines 1 to 3 */

/* The config that `text` is, from a file c.yaml in the scratch directory; fails where it is none.
   config_free() it. */
struct config *read_text(const char *text);

#endif
