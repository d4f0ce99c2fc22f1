#include "unit/test.h"

#include "base/auto.h"
#include "base/fs.h"
#include "http/ca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define auto_ca __attribute__((cleanup(azml_http_ca_cleanup)))

static char folder[64];
static char first[96], second[96], text[96];

static int make_files(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/azml-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(first, sizeof(first), "%s/first.pem", folder);
    (void)snprintf(second, sizeof(second), "%s/second.pem", folder);
    (void)snprintf(text, sizeof(text), "%s/notes.txt", folder);
    static const char one[] = "-----BEGIN CERTIFICATE-----\none\n";
    static const char two[] = "-----BEGIN CERTIFICATE-----\ntwo\n";
    assert_int_equal(azml_fs_write(first, one, strlen(one), 0, NULL), 0);
    assert_int_equal(azml_fs_write(second, two, strlen(two), 0, NULL), 0);
    assert_int_equal(azml_fs_write(text, "hello", 5, 0, NULL), 0);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    return azml_fs_remove_tree(folder, NULL);
}

static int no_variables(void **state)
{
    (void)state;
    static const char *const names[] = {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
                                        "CURL_CA_BUNDLE"};
    for (size_t i = 0; i < AZML_COUNT(names); i++)
        (void)unsetenv(names[i]);
    return 0;
}

static void a_file_that_is_no_ca_is_refused(void **state)
{
    (void)state;
    auto_ca struct azml_http_ca ca = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_http_ca_choose("/nowhere.pem", true, false, &ca, &err), -1);
    assert_string_equal(err.message, "could not read the CA file /nowhere.pem");
    assert_int_equal(azml_http_ca_choose(text, true, false, &ca, &err), -1);
    assert_non_null(strstr(err.message, "is no CA file in PEM format"));
}

static void an_extra_file_alone_shuts_the_system_s_out(void **state)
{
    (void)state;
    assert_int_equal(setenv("SSL_CERT_FILE", second, 1), 0);
    auto_ca struct azml_http_ca ca = {0};
    assert_int_equal(azml_http_ca_choose(first, true, false, &ca, NULL), 0);
    assert_null(ca.file);
    assert_null(ca.folder);
    assert_false(ca.has_bundle);
    assert_non_null(strstr(ca.blob, "one"));
    assert_null(strstr(ca.blob, "two"));
}

static void an_extra_file_comes_on_top(void **state)
{
    (void)state;
    assert_int_equal(setenv("SSL_CERT_FILE", second, 1), 0);
    assert_int_equal(setenv("SSL_CERT_DIR", folder, 1), 0);
    auto_ca struct azml_http_ca ca = {0};
    assert_int_equal(azml_http_ca_choose(first, false, false, &ca, NULL), 0);
    assert_null(ca.file);
    assert_string_equal(ca.folder, folder);
    assert_non_null(strstr(ca.blob, "one"));
    assert_non_null(strstr(ca.blob, "two"));
    assert_int_equal(ca.blob_length, strlen(ca.blob));
}

static void the_environment_replaces_the_system_s(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        bool is_folder;
    } rows[] = {
        {"CURL_CA_BUNDLE",     first,  false},
        {"REQUESTS_CA_BUNDLE", folder, true },
        {"REQUESTS_CA_BUNDLE", second, false},
        {"SSL_CERT_DIR",       folder, true },
        {"SSL_CERT_FILE",      first,  false},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        (void)no_variables(NULL);
        assert_int_equal(setenv(rows[i].name, rows[i].value, 1), 0);
        auto_ca struct azml_http_ca ca = {0};
        assert_int_equal(azml_http_ca_choose(NULL, false, false, &ca, NULL), 0);
        const char *chosen = rows[i].is_folder ? ca.folder : ca.file;
        if (!chosen || strcmp(chosen, rows[i].value) != 0)
            fail_msg("%s: '%s' '%s'", rows[i].name, ca.file ? ca.file : "",
                     ca.folder ? ca.folder : "");
        assert_false(ca.has_bundle);
    }
}

static void the_hashed_folder_comes_before_the_bundle(void **state)
{
    (void)state;
    auto_ca struct azml_http_ca ca = {0};
    assert_int_equal(azml_http_ca_choose(NULL, false, false, &ca, NULL), 0);
    auto_ca struct azml_http_ca bundle = {0};
    assert_int_equal(azml_http_ca_choose(NULL, false, true, &bundle, NULL), 0);
    assert_null(bundle.folder);
    /* whichever of the two the machine has: never both, and the folder first */
    assert_false(ca.folder && ca.file);
    assert_true(!ca.folder || ca.has_bundle == (bundle.file != NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_file_that_is_no_ca_is_refused, no_variables),
        cmocka_unit_test_setup(an_extra_file_alone_shuts_the_system_s_out, no_variables),
        cmocka_unit_test_setup(an_extra_file_comes_on_top, no_variables),
        cmocka_unit_test_setup(the_environment_replaces_the_system_s, no_variables),
        cmocka_unit_test_setup(the_hashed_folder_comes_before_the_bundle, no_variables),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
