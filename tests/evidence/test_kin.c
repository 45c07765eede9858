/*
 * Which labels may differ between an exporter and its successor.
 */
#include "evidence/kin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *sentence;
    const char *a, *b;
    bool heir, same;
} table[] = {
    {"nothing is known of one", "", "job=\"ksm\"", false, false},
    {"nothing is known of either", "", "", false, false},
    {"the same labels", "instance=\"a\",job=\"ksm\"", "instance=\"a\",job=\"ksm\"", true, true},
    {"a new pod", "instance=\"10.1.2.3:8080\",job=\"ksm\",node=\"n1\",pod=\"ksm-x\",uid=\"1\"",
     "instance=\"10.1.2.4:8080\",job=\"ksm\",node=\"n2\",pod=\"ksm-y\",uid=\"2\"", true, false},
    {"a new version", "app_kubernetes_io_version=\"2.13.0\",helm_sh_chart=\"ksm-5.1\",job=\"ksm\"",
     "app_kubernetes_io_version=\"2.14.0\",helm_sh_chart=\"ksm-5.2\",job=\"ksm\"", true, false},
    {"names with dots", "\"k8s.pod.uid\"=\"1\",\"service.instance.id\"=\"a\"",
     "\"k8s.pod.uid\"=\"2\",\"service.instance.id\"=\"b\"", true, false},
    {"another job", "instance=\"a\",job=\"ksm\"", "instance=\"a\",job=\"other\"", false, false},
    {"another region", "instance=\"a\",region=\"eu\"", "instance=\"b\",region=\"us\"", false,
     false},
    {"another shard", "instance=\"a\",shard=\"0\"", "instance=\"b\",shard=\"1\"", false, false},
    {"a node of another cluster is no passing thing", "node_cluster=\"a\"", "node_cluster=\"b\"",
     false, false},
    {"a part of a word is not the word", "podium=\"a\"", "podium=\"b\"", false, false},
    {"a label that was added", "job=\"ksm\"", "job=\"ksm\",ruler=\"r1\"", true, true},
    {"a value with quotes and commas", "a=\"x\\\",job=\\\"y\",job=\"ksm\"", "job=\"ksm\"", true,
     true},
    {"and one that differs in these", "a=\"x\\\",b=\\\"y\"", "a=\"x\\\",b=\\\"z\"", false, false},
    {"a value that ends in a backslash", "a=\"x\\\\\",b=\"1\"", "b=\"2\"", false, false},
    {"behind an empty value", "a=\"\",job=\"ksm\"", "a=\"\",job=\"other\"", false, false},
    {"behind a value that begins with a quote", "a=\"\\\"\",job=\"ksm\"",
     "a=\"\\\"\",job=\"other\"", false, false},
    {"one value begins with the other", "job=\"ksm\"", "job=\"ksm-2\"", false, false},
};

static void kin_agree_in_what_stays(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *pair[] = {table[i].a, table[i].b};
        for (size_t k = 0; k < 2; k++) {
            const bool heir = kin_is_heir(pair[k], pair[1 - k]);
            const bool same = kin_is_same(pair[k], pair[1 - k]);
            if (heir != table[i].heir || same != table[i].same)
                fail_msg("%s, way %zu: heir %d, same %d", table[i].sentence, k, heir, same);
        }
    }
}

/* Whatever stands there, it ends. */
static void what_is_cut_is_read_to_its_end(void **unused)
{
    (void)unused;
    static const char *const texts[] = {"job",       "job=",   "job=\"",       "job=\"a",
                                        "job=\"a\\", "\"job",  "\"job\"",      "job=\"a\",",
                                        ",",         "=\"a\"", "job=\"a\"job", "\""};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_true(kin_is_same(texts[i], "other=\"x\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kin_agree_in_what_stays),
        cmocka_unit_test(what_is_cut_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
