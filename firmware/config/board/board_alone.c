/*
 * The board of a config that may be wrong elsewhere, even so that it is no YAML: lights that were
 * lit by a better one have to become dark.
 */
#include "config/sections/sections.h"
#include "config/yaml/file.h"

#include <string.h>
#include <sys/stat.h>

static const char key[] = "board:";

/* The line of the key at the left margin; NULL: there is none. */
static const char *find_line(const char *text)
{
    while (text != NULL && strncmp(text, key, strlen(key)) != 0) {
        text = strchr(text, '\n');
        text += text != NULL ? 1 : 0;
    }
    return text;
}

/* The config's tree, else that of its one line. */
static struct tree *read_tree(const char *path, const struct text *text)
{
    struct complaints ignored = {0};
    const char *bytes = text->length > 0 ? text->data : "";
    const char *line = find_line(bytes);
    struct tree *tree = tree_read_text(path, bytes, text->length, &ignored);
    if (tree == NULL && line != NULL)
        tree = tree_read_text(path, line, strcspn(line, "\n"), &ignored);
    complaints_free(&ignored);
    return tree;
}

static bool read_board(const char *path, const struct tree *tree, struct board *board,
                       struct complaints *complaints)
{
    const struct node *root = tree != NULL ? tree_root(tree) : NULL;
    const struct node *node =
        root != NULL && root->type == NODE_MAP ? node_get(root, "board") : NULL;
    if (node == NULL || node->broken || node->type != NODE_SCALAR) {
        complain(complaints, path, 0, 0, "it names no board; add e.g. board: terminal");
        return false;
    }
    return board_read(node->text, path, board, complaints);
}

bool board_read_of_config(const char *path, struct board *board, struct complaints *complaints)
{
    struct text text = {0};
    struct stat status;
    memset(board, 0, sizeof *board);
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) { /* a pipe is read once */
        complain(complaints, path, 0, 0, "it is no plain file, and is not read again");
        return false;
    }
    bool good = file_read(path, TREE_BYTES_MAX, &text, complaints);
    struct tree *tree = good ? read_tree(path, &text) : NULL;
    good = good && read_board(path, tree, board, complaints);
    tree_free(tree);
    text_wipe(&text); /* it may hold secrets */
    return good;
}
