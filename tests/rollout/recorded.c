#include "rollout/recorded.h"

#include <stddef.h>

struct tree *recorded;
struct complaints recorded_complaints;

int recorded_open(void **state)
{
    (void)state;
    recorded = tree_read_file(TESTS_DIR "/rollout/recorded.json", &recorded_complaints);
    return recorded != NULL ? 0 : -1;
}

int recorded_close(void **state)
{
    (void)state;
    tree_free(recorded);
    complaints_free(&recorded_complaints);
    return 0;
}
