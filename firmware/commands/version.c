#include "commands/version.h"

const char *version(void)
{
    return AMBERBAR_VERSION;
}
