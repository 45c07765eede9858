#include "commands/common/version.h"

const char *version(void)
{
    return AMBERBAR_VERSION;
}
