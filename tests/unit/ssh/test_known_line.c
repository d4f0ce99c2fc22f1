#include "unit/ssh/support.h"

#include "ssh/known_line.h"

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

static void nonsense_is_no_entry(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "   \t",
        "# host " KEY,
        "host",
        "host ssh-ed25519",
        "host ssh-ed25519 !!!!",
        "host ssh-ed25519 AAAA",
        "host ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
        "@strange host " KEY,
        "@revoked",
        "@revoked host",
        "host 2048 65537 12345678901234567890",
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_known_line line = {0};
        if (azml_known_line_parse(rows[i], strlen(rows[i]), &line))
            fail_msg("row %zu was taken: %s", i, rows[i]);
        assert_null(line.blob);
    }
}

static void markers_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum azml_known_marker marker;
    } rows[] = {
        {"host " KEY,                   AZML_KNOWN_PLAIN    },
        {"\thost\t" KEY " comment\r",   AZML_KNOWN_PLAIN    },
        {"@revoked * " KEY,             AZML_KNOWN_REVOKED  },
        {"@cert-authority *.home " KEY, AZML_KNOWN_AUTHORITY},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_known_line line = {0};
        if (!azml_known_line_parse(rows[i].text, strlen(rows[i].text), &line))
            fail_msg("row %zu was refused", i);
        assert_int_equal(line.marker, rows[i].marker);
        assert_int_equal(line.blob_length, 51);
        azml_known_line_cleanup(&line);
    }
}

static void host_fields_match_as_in_openssh(void **state)
{
    (void)state;
    static const struct {
        const char *hosts, *host;
        bool matches, names;
    } rows[] = {
        {"azml-1",       "azml-2", false, false},
        {"azml-1",       "azml-",  false, false},
        {"azml-",        "azml-1", false, false},
        {"azml-??",      "azml-1", false, false},
        {"*,!azml-1",    "azml-1", false, false},
        {"!azml-1,*",    "azml-1", false, false},
        {"|1|",          "azml-1", false, false},
        {"|1|AAAA",      "azml-1", false, false},
        {"|1|AAAA|AAAA", "azml-1", false, false},
        {"a*b*c",        "a-b-b",  false, false},
        {"azml-1",       "azml-1", true,  true },
        {"AZML-1",       "azml-1", true,  true },
        {"other,azml-1", "azml-1", true,  true },
        {"*",            "azml-1", true,  false},
        {"azml-?",       "azml-1", true,  false},
        {"a*b*c",        "axbxbc", true,  false},
        {"a*",           "a",      true,  false},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct azml_known_line line = {.hosts = rows[i].hosts,
                                             .hosts_length = strlen(rows[i].hosts)};
        if (azml_known_line_matches(&line, rows[i].host) != rows[i].matches ||
            azml_known_line_names(&line, rows[i].host) != rows[i].names)
            fail_msg("row %zu: %s for %s", i, rows[i].hosts, rows[i].host);
    }
}

static void hosts_hashed_by_ssh_keygen_are_found(void **state)
{
    (void)state;
    auto_free char *path = in_folder("hashed");
    write_file(path, "azml-1 " KEY "\n");
    free(output_of((const char *const[]){"ssh-keygen", "-H", "-f", path, NULL}));
    auto_free char *text = read_file(path);
    assert_true(azml_has_prefix(text, "|1|"));
    struct azml_known_line line = {0};
    assert_true(azml_known_line_parse(text, strcspn(text, "\n"), &line));
    assert_true(azml_known_line_matches(&line, "azml-1"));
    assert_true(azml_known_line_names(&line, "azml-1"));
    assert_false(azml_known_line_matches(&line, "azml-2"));
    azml_known_line_cleanup(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nonsense_is_no_entry),
        cmocka_unit_test(markers_are_told_apart),
        cmocka_unit_test(host_fields_match_as_in_openssh),
        cmocka_unit_test(hosts_hashed_by_ssh_keygen_are_found),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
