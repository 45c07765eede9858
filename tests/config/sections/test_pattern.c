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

    {"nothing", "", "is empty; write a name, or .* for all"},
    {"upper case", "Web",
     "holds 'W', which no Kubernetes name holds; names are lower-case letters, digits and '-'"},
    {"an underscore", "my_app",
     "holds '_', which no Kubernetes name holds; names are lower-case letters, digits and '-'"},
    {"a letter of two bytes", "caf\xc3\xa9",
     "holds '?', which no Kubernetes name holds; names are lower-case letters, digits and '-'"},
    {"a dash at the end", "web-",
     "begins or ends with '-', which no Kubernetes name does; correct it"},
    {"too long for any name", "abcdefghijklmnopq",
     "has more than 16 characters, which no name has; shorten it"},
    {"an unclosed group", "web(", "has a '(' without its ')'; write \\( for the character itself"},
    {"an unopened group", "web)", "has a ')' without its '('; write \\) for the character itself"},
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
    {"a repetition of an empty alternative", "a|?",
     "has a '?' with nothing before it to repeat; write .* for anything, or \\? for the character "
     "itself"},
    {"a repetition repeated", "a**", "repeats a repetition with '*'; write one of them"},
    {"a possessive repetition", "a++", "repeats a repetition with '+'; write one of them"},
    {"a count repeated", "a{2}{3}", "repeats a repetition with '{'; write one of them"},
    {"looking ahead", "web(?!-canary)",
     "uses (?!, which Prometheus's expressions (RE2) do not have; write it without"},
    {"looking behind", "(?<=web)x",
     "uses (?<=, which Prometheus's expressions (RE2) do not have; write it without"},
    {"an atomic group", "(?>a)",
     "uses (?>, which Prometheus's expressions (RE2) do not have; write it without"},
    {"a back-reference", "(a)\\1",
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_patterns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
