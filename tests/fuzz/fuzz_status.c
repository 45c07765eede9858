/*
 * Any bytes as the status file that `amberbar status` prints.
 */
#include "base/clock.h"
#include "commands/commands.h"
#include "commands/common/report.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    struct complaints complaints = {0};
    struct tree *tree = tree_read_text("status", (const char *)data, size, &complaints);
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    must((tree != NULL || complaints.count > 0) && nowhere != NULL);
    if (tree != NULL) {
        const struct node *root = tree_root(tree);
        int status = report_exit_status(root);
        must(status == EXIT_STATUS_OK ||
             (status >= EXIT_STATUS_MOVING && status <= EXIT_STATUS_UNKNOWN));
        clock_parse_rfc3339(report_text(root, "valid_until"));
        report_print(root, true, nowhere);
    }
    tree_free(tree);
    complaints_free(&complaints);
    return 0;
}
