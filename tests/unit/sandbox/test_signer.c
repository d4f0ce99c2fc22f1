#include "sandbox/signer.h"

#include "base/auto.h"
#include "base/str.h"
#include "unit/test.h"

#include <ctype.h>
#include <string.h>

#define TARGET "/subscriptions/1/operationresults/abc?api-version=2025-04-01"
#define NOW    1700000000000

static const uint8_t key[SANDBOX_SIGNER_KEY] = "the key of one sandbox";
static const uint8_t certificate[780] = {0x30, 0x82, 0x03, 0x08};

static struct sandbox_signer *make(const uint8_t *with)
{
    struct sandbox_signer *made = sandbox_signer_new(with, certificate, sizeof(certificate), NULL);
    assert_non_null(made);
    return made;
}

static int setup(void **state)
{
    *state = make(key);
    return 0;
}

static int teardown(void **state)
{
    sandbox_signer_free(*state);
    return 0;
}

static void what_was_never_signed_is_not(void **state)
{
    static const char *const rows[] = {
        "", "/", TARGET, TARGET "&s=", TARGET "&t=1&c=a&s=b&h=c", TARGET "&s=b&h=c&s="};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (sandbox_is_signed(*state, rows[i]))
            fail_msg("'%s' was taken", rows[i]);
    }
}

/* Reference 2.1: any byte. */
static void no_byte_can_be_changed(void **state)
{
    auto_free char *target = sandbox_sign(*state, TARGET, NOW, NULL);
    assert_true(sandbox_is_signed(*state, target));
    for (size_t i = 0; target[i]; i++) {
        char was = target[i];
        target[i] = isupper((unsigned char)was) ? (char)tolower(was) : (char)(was ^ 1);
        if (sandbox_is_signed(*state, target))
            fail_msg("byte %zu was changed from %c to %c", i, was, target[i]);
        target[i] = was;
    }
    assert_true(sandbox_is_signed(*state, target));
}

static void nothing_can_be_added_or_left_out(void **state)
{
    auto_free char *target = sandbox_sign(*state, TARGET, NOW, NULL);
    auto_free char *longer = azml_format(NULL, "%s&x=1", target);
    auto_free char *before = azml_format(NULL, "/x%s", target);
    auto_free char *shorter = azml_strndup(target, strlen(target) - 1, NULL);
    auto_free char *unhashed = azml_strndup(target, (size_t)(strstr(target, "&h=") - target), NULL);
    assert_false(sandbox_is_signed(*state, longer));
    assert_false(sandbox_is_signed(*state, before));
    assert_false(sandbox_is_signed(*state, shorter));
    assert_false(sandbox_is_signed(*state, unhashed));
}

static void a_signature_fits_no_other_target_and_no_other_key(void **state)
{
    auto_free char *target = sandbox_sign(*state, TARGET, NOW, NULL);
    auto_free char *other =
        azml_format(NULL, "/subscriptions/1/operationresults/abd?%s", strchr(target, '?') + 1);
    assert_false(sandbox_is_signed(*state, other));
    static const uint8_t key_of_another[SANDBOX_SIGNER_KEY] = "the key of another sandbox";
    struct sandbox_signer *another = make(key_of_another);
    assert_false(sandbox_is_signed(another, target));
    sandbox_signer_free(another);
}

static void a_signer_with_the_same_key_goes_on(void **state)
{
    auto_free char *target = sandbox_sign(*state, TARGET, NOW, NULL);
    struct sandbox_signer *again = make(key);
    assert_true(sandbox_is_signed(again, target));
    sandbox_signer_free(again);
}

/* "…?api-version=…&t=<ticks>&c=<certificate>&s=<signature>&h=<hash>", 3.2 to 3.7 KB. */
static void an_address_looks_like_the_service_s_own(void **state)
{
    auto_free char *target = sandbox_sign(*state, TARGET, NOW, NULL);
    assert_true(azml_has_prefix(target, TARGET "&t=638355968000000000&c="));
    assert_true(strlen(target) >= 3000 && strlen(target) <= 3800);
    const char *rest = strstr(target, "&c=");
    static const char *const names[] = {"&c=", "&s=", "&h="};
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        assert_true(azml_has_prefix(rest, names[i]));
        rest += 3;
        rest += strspn(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    }
    assert_string_equal(rest, "");
}

static void a_target_without_query_gets_one(void **state)
{
    auto_free char *target = sandbox_sign(*state, "/a/b", NOW, NULL);
    assert_true(azml_has_prefix(target, "/a/b?t=638355968000000000&c="));
    assert_true(sandbox_is_signed(*state, target));
}

#define WITH_SIGNER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SIGNER(what_was_never_signed_is_not),
        WITH_SIGNER(no_byte_can_be_changed),
        WITH_SIGNER(nothing_can_be_added_or_left_out),
        WITH_SIGNER(a_signature_fits_no_other_target_and_no_other_key),
        WITH_SIGNER(a_signer_with_the_same_key_goes_on),
        WITH_SIGNER(an_address_looks_like_the_service_s_own),
        WITH_SIGNER(a_target_without_query_gets_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
