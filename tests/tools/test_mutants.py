"""What tools/analyse --mutants changes, and what it leaves alone."""

import os
import pathlib
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests/lib")]

from mutants import blanked, mutants_of  # noqa: E402
from scratch import keep_time  # noqa: E402

SOURCE = '''#define LIMIT 5 /* a < b */
static bool good(int a, const char *text)
{
    int count = 3;
    fill("a == b", '5');
    assert(a == 1);
    count += 2;
    return a < count && !is_known(text);
}
'''


class Mutants(unittest.TestCase):
    def setUp(self):
        self.found = {(mutant.line, mutant.before.strip(), mutant.after.strip())
                      for mutant in mutants_of("x.c", SOURCE)}

    def test_operators_constants_and_truths_are_changed(self):
        for change in ((8, "<", "<="), (8, "&&", "||"), (8, "!", ""), (4, "3", "4"), (4, "3", "2"),
                       (7, "+=", "-="), (7, "count += 2;", ";")):
            self.assertIn(change, self.found)

    def test_a_call_is_left_out_but_no_declaration(self):
        self.assertIn((5, "fill(\"a == b\", '5');", ";"), self.found)
        self.assertFalse(any(line == 4 and before.startswith("int") for line, before, _ in self.found))

    def test_texts_comments_macros_and_assertions_stay(self):
        self.assertFalse([change for change in self.found if change[0] in (1, 6)])
        self.assertEqual({change[1] for change in self.found if change[0] == 5},
                         {"fill(\"a == b\", '5');"})
        self.assertEqual(len(blanked(SOURCE)), len(SOURCE))

    def test_each_is_where_it_says(self):
        for mutant in mutants_of("x.c", SOURCE):
            self.assertTrue(SOURCE[mutant.start:].startswith(mutant.before), mutant)
            self.assertIn("firmware/x.c:", mutant.words(SOURCE))


class Copies(unittest.TestCase):
    """What was built in the copy, at 150, was built of the old one."""

    def renew(self, old, new):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("new", "old")]
            for path, text, time in zip(paths, (new, old), (120, 100)):
                if text is not None:
                    pathlib.Path(path).write_text(text)
                    os.utime(path, (time, time))
            keep_time(*paths)
            return os.stat(paths[0]).st_mtime

    def test_what_is_the_same_is_not_built_again(self):
        self.assertEqual(self.renew("a", "a"), 100)

    def test_what_is_another_is(self):
        self.assertGreater(self.renew("a", "b"), 150)
        self.assertGreater(self.renew(None, "b"), 150)


if __name__ == "__main__":
    unittest.main()
