#include "commands/setup/certificates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define CERTIFICATE(body) "-----BEGIN CERTIFICATE-----\n" body "\n-----END CERTIFICATE-----\n"
#define KEY "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"

static void only_certificates_are_copied(void **unused)
{
    (void)unused;
    static const struct {
        const char *what, *pem, *copied;
        size_t count;
    } rows[] = {
        {"nothing", "", "", 0},
        {"no PEM at all", "MIIB", "", 0},
        {"a key alone", KEY, "", 0},
        {"one", CERTIFICATE("MIIB"), CERTIFICATE("MIIB"), 1},
        {"one and its key", CERTIFICATE("MIIB") KEY, CERTIFICATE("MIIB"), 1},
        {"a key before it", KEY CERTIFICATE("MIIB"), CERTIFICATE("MIIB"), 1},
        {"two with words between", CERTIFICATE("MIIB") "subject=x\n" CERTIFICATE("MIIC=="),
         CERTIFICATE("MIIB") CERTIFICATE("MIIC=="), 2},
        {"one that was cut short, and a key behind it",
         "-----BEGIN CERTIFICATE-----\nMIIB\n" KEY CERTIFICATE("MIIC"), CERTIFICATE("MIIC"), 1},
        {"a key in the clothes of one",
         "-----BEGIN CERTIFICATE-----\n" KEY "-----END CERTIFICATE-----\n", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        text_add(&out, "");
        const size_t count = certificates_copy(rows[i].pem, &out);
        if (count != rows[i].count || strcmp(out.data, rows[i].copied) != 0)
            fail_msg("%s: %zu are copied:\n%s", rows[i].what, count, out.data);
        text_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_certificates_are_copied)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
