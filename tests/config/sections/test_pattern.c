#include "config/sections/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static const struct row {
    const char *sentence;
    const char *pattern;
    const char *error; /* "": accepted */
} rows[] = {
    {"a name", "checkout", ""},
    {"a name with digits and dashes", "web-2", ""},
    {"everything", ".*", ""},
    {"a choice", "shop|cms", ""},
    {"a group, repeated", "(web|api)+-[0-9]{1,3}", ""},
    {"groups that RE2 has", "(?:a)(?i)b(?P<n>c)(?i:d)", ""},
    {"as few as possible", "a*?b+?c??d{2}?", ""},
    {"an escaped bracket", "a\\(b\\[", ""},
    {"a bracket in a class", "[()]", ""},
    {"a closing bracket first in a class", "[]a]x[^]b]", ""},
    {"a named class", "[[:alpha:]\\]]+", ""},
    {"a brace that is no count", "a{b}{,2}", ""},
    {"an octal escape", "\\101", ""},
    {"Perl's classes", "\\d+\\w*\\.", ""},
    {"an empty alternative", "a|", ""},
    {"anchors", "^a$", ""},
    {"each thing that may be repeated, behind a repetition", "a*b*\\d*[c]*(e)*.*^*$*", ""},
    {"a repetition in a group that is repeated", "(a*)*", ""},
    {"a group that ends with nothing, repeated", "(a|)*", ""},
    {"an empty group, repeated", "()*", ""},
    {"flags alone", "(?)a", ""},
    {"flags before a repetition", "a(?i)*", ""},
    {"a group with a name, repeated", "(?P<n>a)*", ""},
    {"a brace that is no count, behind a repetition", "a*{,2}", ""},
    {"a brace that is no count in front", "{,2}a", ""},
    {"braces around nothing", "a*{}", ""},
    {"a count without its end", "a*{2", ""},
    {"a count without its end, open", "a*{2,", ""},
    {"a count and more", "a*{2b}", ""},
    {"each sort of count", "a{2}b{2,}c{2,5}", ""},
    {"a bracket in a class that begins no named one", "[[]b:]", ""},
    {"a bracket and a colon in a class", "[[:]", ""},
    {"a named class without its end", "[[:alpha]", ""},
    {"a dash in a class, and a bracket behind a backslash", "[a-z\\]-]", ""},
    {"octal escapes that begin as back-references do", "\\10\\17\\70\\77\\0", ""},
    {"a name that just fits", "abcdefghijklmnop", ""},
    {"brackets that stand for themselves", "\\Q(\\E", ""},
    {"a class in them, that has no end", "\\Q[a\\E(b)", ""},
    {"a group that RE2 does not have, for itself", "\\Q(?=\\E", ""},
    {"a back-reference for itself", "\\Q\\1\\E", ""},
    {"a bracket for itself in a group", "(\\Q)\\E)", ""},
    {"a backslash before the end", "\\Q\\\\E*", ""},
    {"a star for itself, repeated", "\\Q*\\E+", ""},
    {"the last of what stands for itself, repeated", "\\Qab\\E{2}", ""},
    {"a repetition before it, and behind it", "a*\\Qb\\E*", ""},
    {"nothing for itself", "a\\Q\\E", ""},
    {"nothing for itself, and what was there before it repeated", "a\\Q\\E*", ""},
    {"nothing for itself between two repetitions", "a*\\Q\\E{2}", ""},
    {"a star for itself in an alternative, repeated", "a|\\Q*\\E*", ""},
    {"Q behind a backslash for itself", "\\\\Q", ""},

    {"nothing", "", "is empty; write a name, or .* for all"},
    {"upper case", "Web",
     "holds 'W', which no Kubernetes name holds; names are lower-case letters, digits and '-'"},
    {"an underscore", "my_app",
     "holds '_', which no Kubernetes name holds; names are lower-case letters, digits and '-'"},
    {"a letter of two bytes", "caf\xc3\xa9",
     "holds a character that is not ASCII, which no Kubernetes name holds; names are lower-case "
     "letters, digits and '-'"},
    {"a letter that is not Latin", "\xd0\xb0pp",
     "holds a character that is not ASCII, which no Kubernetes name holds; names are lower-case "
     "letters, digits and '-'"},
    {"a space of no width", "web\xe2\x80\x8b",
     "holds a character that is not ASCII, which no Kubernetes name holds; names are lower-case "
     "letters, digits and '-'"},
    {"a line break", "web\n",
     "holds a hidden character, which no Kubernetes name holds; names are lower-case letters, "
     "digits and '-'"},
    {"the last of the hidden ones before the space", "\x1fweb",
     "holds a hidden character, which no Kubernetes name holds; names are lower-case letters, "
     "digits and '-'"},
    {"the hidden one behind the others", "web\x7f",
     "holds a hidden character, which no Kubernetes name holds; names are lower-case letters, "
     "digits and '-'"},
    {"a space", "my app",
     "holds ' ', which no Kubernetes name holds; names are lower-case letters, digits and '-'"},
    {"a tilde, the last that is shown", "web~",
     "holds '~', which no Kubernetes name holds; names are lower-case letters, digits and '-'"},
    {"a dash at the end", "web-",
     "begins or ends with '-', which no Kubernetes name does; correct it"},
    {"too long for any name", "abcdefghijklmnopq",
     "has more than 16 characters, which no name has; shorten it"},
    {"an unclosed group", "web(", "has a '(' without its ')'; write \\( for the character itself"},
    {"an unopened group", "web)", "has a ')' without its '('; write \\) for the character itself"},
    {"each letter that RE2 knows behind a backslash",
     "\\A\\B\\D\\S\\W\\a\\b\\d\\f\\n\\r\\s\\t\\v\\w\\z", ""},
    {"and in a class", "[\\D\\S\\W\\a\\d\\f\\n\\r\\s\\t\\v\\w]", ""},
    {"characters by their number", "\\x41\\x{1F600}[\\x41\\x{e9}]\\x{1F600}*", ""},
    {"characters of a script", "\\pN\\p{Greek}\\P{^Lu}\\p^{Lu}[\\pL\\p{Han}]", ""},
    {"octal numbers in a class", "[\\12\\0\\101]", ""},
    {"named classes, and none of them", "[[:^digit:][:xdigit:][:word:]]", ""},
    {"a quotation in a class", "[\\Qa]",
     "uses \\Q in a class, which Prometheus's expressions (RE2) do not have; write it without"},
    {"a word's edge in a class", "[a\\b]",
     "uses \\b in a class, which Prometheus's expressions (RE2) do not have; write it without"},
    {"an end that RE2 does not have", "a\\Z",
     "uses \\Z, which Prometheus's expressions (RE2) do not have; write it without"},
    {"a name's group by its name", "(?P<n>a)\\k",
     "uses \\k, which Prometheus's expressions (RE2) do not have; write it without"},
    {"a number with one digit", "\\x4g",
     "has a \\x without its two digits; write \\x41 or \\x{1F600}"},
    {"a number without its end", "[\\x{41]",
     "has a \\x without its two digits; write \\x41 or \\x{1F600}"},
    {"a script without its name", "\\p{}",
     "has a \\p without the name of its characters; write \\p{Greek}"},
    {"a script that is none", "\\P1",
     "has a \\P without the name of its characters; write \\P{Greek}"},
    {"a script at the end", "[\\p",
     "has a \\p without the name of its characters; write \\p{Greek}"},
    {"a letter beyond ASCII", "\\\u00fc",
     "has a backslash before a letter beyond ASCII; write it without"},
    {"a back-reference in a class", "[\\1]",
     "uses \\1, a back-reference, which Prometheus's expressions (RE2) do not have; write it "
     "without"},
    {"a class by a name that is none", "[[:letter:]]",
     "has a class of characters that is not known; write one of [:alpha:], [:digit:], [:alnum:] "
     "..., or \\[ for the character itself"},
    {"a class by a part of its name", "[[:alphanum:]]",
     "has a class of characters that is not known; write one of [:alpha:], [:digit:], [:alnum:] "
     "..., or \\[ for the character itself"},
    {"an unclosed class", "web[a-z",
     "has a '[' without its ']'; write \\[ for the character itself"},
    {"a class of nothing", "web[]",
     "has a '[' without its ']'; write \\[ for the character itself"},
    {"a class of anything but nothing", "web[^]",
     "has a '[' without its ']'; write \\[ for the character itself"},
    {"a class that ends in a backslash", "[a\\",
     "has a '[' without its ']'; write \\[ for the character itself"},
    {"a star of a shell", "*web",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"a shell's pattern", "shop*",
     "is read as a regular expression, in which '*' repeats the character before it; write shop.* "
     "if '*' is to stand for anything"},
    {"another", "web-*-eu*",
     "is read as a regular expression, in which '*' repeats the character before it; write "
     "web-.*-eu.* if '*' is to stand for anything"},
    {"a repetition of nothing in a group", "a(+b)",
     "has a '+' with nothing before it to repeat; write .* for anything, or \\+ for the character "
     "itself"},
    {"a repetition of nothing in a group without a number", "(?:*a)",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"a repetition of nothing in a group with flags", "(?i-s:*a)",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"a repetition of nothing in a group with a name", "(?P<n>*a)",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"a repetition of flags", "(?i)*a",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"a repetition of nothing but flags in an alternative", "a|(?i)*",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"a repetition of an empty alternative", "a|?",
     "has a '?' with nothing before it to repeat; write .* for anything, or \\? for the character "
     "itself"},
    {"a repetition repeated", "a**", "repeats a repetition with '*'; write one of them"},
    {"a possessive repetition", "a++", "repeats a repetition with '+'; write one of them"},
    {"a repetition repeated by an open count", "a*{2,}",
     "repeats a repetition with '{'; write one of them"},
    {"and by a range of counts", "a*{2,15}", "repeats a repetition with '{'; write one of them"},
    {"a count repeated", "a{2}{3}", "repeats a repetition with '{'; write one of them"},
    {"looking ahead", "web(?!-canary)",
     "uses (?!, which Prometheus's expressions (RE2) do not have; write it without"},
    {"looking behind", "(?<=web)x",
     "uses (?<=, which Prometheus's expressions (RE2) do not have; write it without"},
    {"an atomic group", "(?>a)",
     "uses (?>, which Prometheus's expressions (RE2) do not have; write it without"},
    {"an atomic group behind others", "(a)(?>a)",
     "uses (?>, which Prometheus's expressions (RE2) do not have; write it without"},
    {"looking ahead for something", "a(?=b)",
     "uses (?=, which Prometheus's expressions (RE2) do not have; write it without"},
    {"looking behind for nothing", "(?<!web)x",
     "uses (?<!, which Prometheus's expressions (RE2) do not have; write it without"},
    {"a remark", "a(?#b)",
     "uses (?#, which Prometheus's expressions (RE2) do not have; write it without"},
    {"a branch reset", "(?|a)",
     "uses (?|, which Prometheus's expressions (RE2) do not have; write it without"},
    {"a condition", "(?(1)a)",
     "uses (?(, which Prometheus's expressions (RE2) do not have; write it without"},
    {"an unclosed group of flags", "web(?",
     "has a '(' without its ')'; write \\( for the character itself"},
    {"a bracket right behind an escape", "a\\d)",
     "has a ')' without its '('; write \\) for the character itself"},
    {"a bracket right behind a class", "[a])",
     "has a ')' without its '('; write \\) for the character itself"},
    {"a bracket right behind a count", "a{2})",
     "has a ')' without its '('; write \\) for the character itself"},
    {"a bracket right behind a group", "(a))",
     "has a ')' without its '('; write \\) for the character itself"},
    {"a count of nothing", "{2}a",
     "has a '{' with nothing before it to repeat; write .* for anything, or \\{ for the character "
     "itself"},
    {"a class repeated twice", "[a]*+", "repeats a repetition with '+'; write one of them"},
    {"a group repeated twice", "(a)+*", "repeats a repetition with '*'; write one of them"},
    {"an escape repeated twice", "\\d?*", "repeats a repetition with '*'; write one of them"},
    {"as few as possible, repeated", "a*?*", "repeats a repetition with '*'; write one of them"},
    {"the eighth back-reference", "(a)\\8",
     "uses \\8, a back-reference, which Prometheus's expressions (RE2) do not have; write it "
     "without"},
    {"the ninth", "(a)\\9",
     "uses \\9, a back-reference, which Prometheus's expressions (RE2) do not have; write it "
     "without"},
    {"the seventh", "(a)\\7",
     "uses \\7, a back-reference, which Prometheus's expressions (RE2) do not have; write it "
     "without"},
    {"one before a digit that is not octal", "(a)\\18",
     "uses \\1, a back-reference, which Prometheus's expressions (RE2) do not have; write it "
     "without"},
    {"one before what is no digit", "(a)\\1/",
     "uses \\1, a back-reference, which Prometheus's expressions (RE2) do not have; write it "
     "without"},
    {"a back-reference", "(a)\\1",
     "uses \\1, a back-reference, which Prometheus's expressions (RE2) do not have; write it "
     "without"},
    {"what stands for itself, without its end", "\\Q(",
     "has a \\Q without its \\E; write \\E behind what is to stand for itself"},
    {"and without anything", "a\\Q",
     "has a \\Q without its \\E; write \\E behind what is to stand for itself"},
    {"and with one backslash", "\\Qa\\",
     "has a \\Q without its \\E; write \\E behind what is to stand for itself"},
    {"a bracket that opens in it, and closes behind", "\\Q(\\E)",
     "has a ')' without its '('; write \\) for the character itself"},
    {"a bracket that closes in it alone", "(\\Q)\\E",
     "has a '(' without its ')'; write \\( for the character itself"},
    {"an end of what does not stand for itself", "a\\E",
     "has a \\E without its \\Q; write it without"},
    {"a second end", "\\Qa\\Eb\\E", "has a \\E without its \\Q; write it without"},
    {"a second beginning, which stands for itself", "\\Q\\Q\\E\\E",
     "has a \\E without its \\Q; write it without"},
    {"a repetition of nothing for itself", "\\Q\\E*",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"and in a group", "(\\Q\\E*)",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"and in an alternative", "a|\\Q\\E*",
     "has a '*' with nothing before it to repeat; write .* for anything, or \\* for the character "
     "itself"},
    {"what stands for itself, repeated twice", "\\Qa\\E**",
     "repeats a repetition with '*'; write one of them"},
    {"a back-reference behind it", "(a)\\Qb\\E\\1",
     "uses \\1, a back-reference, which Prometheus's expressions (RE2) do not have; write it "
     "without"},
    {"a backslash at the end", "web\\",
     "ends with a backslash; write \\\\ for the character itself"},
};

static void test_patterns(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        bool good = pattern_check(rows[i].pattern, 16, &error);
        if (good != (rows[i].error[0] == '\0') || strcmp(error.text, rows[i].error) != 0)
            fail_msg("%s: '%s' gives '%s'", rows[i].sentence, rows[i].pattern, error.text);
    }
}

/* Where a name may be any, an expression may not. */
static void test_expressions(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool good;
    } patterns[] = {{"", true},      {"Prod_EU", true}, {"-a-", true}, {"eu-.*", true},
                    {"eu-(", false}, {"eu-*", false},   {"a**", false}};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct error error = {0};
        if (pattern_check_expression(patterns[i].pattern, &error) != patterns[i].good)
            fail_msg("'%s' gives '%s'", patterns[i].pattern, error.text);
        assert_int_equal(error.text[0] == '\0', patterns[i].good);
    }
}

/* What a shell's pattern means is written out as far as there is room for it. */
static void test_long_shell_patterns(void **state)
{
    (void)state;
    static const struct {
        size_t letters; /* before the star */
        size_t shown;
        const char *end; /* behind the letters that are shown */
    } lengths[] = {{123, 123, ".* if"}, {124, 124, ".* if"}, {125, 125, " if"}, {400, 125, " if"}};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char pattern[512] = "";
        struct error error = {0};
        memset(pattern, 'a', lengths[i].letters);
        pattern[lengths[i].letters] = '*';
        assert_false(pattern_check(pattern, 16, &error));
        const char *meant = strstr(error.text, "write a");
        assert_non_null(meant);
        meant += strlen("write ");
        assert_int_equal(strspn(meant, "a"), lengths[i].shown);
        meant += lengths[i].shown;
        assert_memory_equal(meant, lengths[i].end, strlen(lengths[i].end));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_long_shell_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
