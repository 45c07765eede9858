/*
 * The version of this build, as CMakeLists.txt states it.
 */
#ifndef AMBERBAR_COMMANDS_COMMON_VERSION_H
#define AMBERBAR_COMMANDS_COMMON_VERSION_H

const char *version(void); /* "0.1.0" */

#endif
