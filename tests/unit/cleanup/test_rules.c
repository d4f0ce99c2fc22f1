#include "azml/cleanup.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define NOW  INT64_C(1795449600000) /* 2026-11-23T16:00:00Z */
#define OURS "{\"azml-made-by\":\"azml/0.1.0\"}"

/* A group that is unused in every respect; each row below spoils one thing. */
static const struct azml_cleanup_group unused = {
    .id = "/subscriptions/5/resourceGroups/lab",
    .name = "lab",
    .location = "westeurope",
    .provisioning = "Succeeded",
    .created = "2026-11-14T16:00:00Z",
    .locks_known = true,
    .deployments_known = true,
};
static const struct azml_cleanup_rules rules = {.now_ms = NOW, .older_than_s = 3600};

struct row {
    enum azml_cleanup_reason reason;
    const char *text;
    const char *tags; /* NULL: azml's own */
    void (*spoil)(struct azml_cleanup_group *group);
};

static void spoil_platform(struct azml_cleanup_group *group)
{
    group->name = "networkwatcherrg";
}
static void spoil_platform_pattern(struct azml_cleanup_group *group)
{
    group->name = "cloud-shell-storage-westeurope";
}
static void spoil_managed(struct azml_cleanup_group *group)
{
    group->managed_by = "/subscriptions/5/resourceGroups/a/providers/X.Y/clusters/boss";
}
static void spoil_deleting(struct azml_cleanup_group *group)
{
    group->provisioning = "deleting";
}
static void spoil_changing(struct azml_cleanup_group *group)
{
    group->provisioning = "Updating";
}
static void spoil_no_state(struct azml_cleanup_group *group)
{
    group->provisioning = NULL;
}
static void spoil_locked(struct azml_cleanup_group *group)
{
    group->lock_name = "do-not-touch";
    group->lock_level = "CanNotDelete";
}
static void spoil_locks(struct azml_cleanup_group *group)
{
    group->locks_known = false;
}
static void spoil_holds(struct azml_cleanup_group *group)
{
    group->listed = 6;
    group->graphed = 6;
}
static void spoil_list(struct azml_cleanup_group *group)
{
    group->listed = -1;
}
static void spoil_graph_holds(struct azml_cleanup_group *group)
{
    group->graphed = 1;
}
static void spoil_graph(struct azml_cleanup_group *group)
{
    group->graphed = -1;
}
static void spoil_age(struct azml_cleanup_group *group)
{
    group->created = NULL;
}
static void spoil_age_text(struct azml_cleanup_group *group)
{
    group->created = "yesterday";
}
static void spoil_age_zero(struct azml_cleanup_group *group)
{
    group->created = "1970-01-01T00:00:00Z";
}
static void spoil_future(struct azml_cleanup_group *group)
{
    group->created = "2026-11-23T16:00:01Z";
}
static void spoil_young(struct azml_cleanup_group *group)
{
    group->created = "2026-11-23T15:00:01Z";
}
static void spoil_deploying(struct azml_cleanup_group *group)
{
    group->deploying = "azml-course";
}
static void spoil_deployments(struct azml_cleanup_group *group)
{
    group->deployments_known = false;
}

/* clang-format off */
static const struct row rows[] = {
    {AZML_CLEANUP_PLATFORM, "belongs to the platform", NULL, spoil_platform},
    {AZML_CLEANUP_PLATFORM, "belongs to the platform", NULL, spoil_platform_pattern},
    {AZML_CLEANUP_MANAGED, "managed by boss", NULL, spoil_managed},
    {AZML_CLEANUP_DELETING, "is being deleted already", NULL, spoil_deleting},
    {AZML_CLEANUP_CHANGING, "its state is Updating", NULL, spoil_changing},
    {AZML_CLEANUP_CHANGING, "its state is ?", NULL, spoil_no_state},
    {AZML_CLEANUP_LOCKED, "locked (CanNotDelete: do-not-touch)", NULL, spoil_locked},
    {AZML_CLEANUP_LOCKS_UNKNOWN, "its locks could not be read", NULL, spoil_locks},
    {AZML_CLEANUP_PROTECTED, "protected by the tag donotdelete",
     "{\"azml-made-by\":\"a\",\"donotdelete\":\"\"}", NULL},
    {AZML_CLEANUP_PROTECTED, "protected by the tag DO-NOT-DELETE",
     "{\"azml-made-by\":\"a\",\"DO-NOT-DELETE\":\"yes\"}", NULL},
    {AZML_CLEANUP_PROTECTED, "protected by the tag keep", "{\"azml-made-by\":\"a\",\"keep\":1}",
     NULL},
    {AZML_CLEANUP_NOT_YET, "tag DeleteAfter keeps it until 2027-01-01T00:00:00Z",
     "{\"azml-made-by\":\"a\",\"DeleteAfter\":\"2027-01-01T00:00:00Z\"}", NULL},
    {AZML_CLEANUP_NOT_YET, "tag azml-expires keeps it until 2027-01-01T00:00:00Z",
     "{\"azml-made-by\":\"a\",\"azml-expires\":\"2027-01-01T00:00:00Z\"}", NULL},
    {AZML_CLEANUP_TAG_UNCLEAR, "tag ttl_expiry holds no time that can be read",
     "{\"azml-made-by\":\"a\",\"ttl_expiry\":\"soon\"}", NULL},
    {AZML_CLEANUP_TAG_UNCLEAR, "its tags could not be read", "[\"a\"]", NULL},
    {AZML_CLEANUP_TAG_UNCLEAR, "its tags could not be read", "\"keep\"", NULL},
    {AZML_CLEANUP_OTHER_TOOL, "belongs to another tool (tag azd-env-name)",
     "{\"azml-made-by\":\"a\",\"azd-env-name\":\"dev\"}", NULL},
    {AZML_CLEANUP_OTHER_TOOL, "belongs to another tool (tag aks-managed-x)",
     "{\"azml-made-by\":\"a\",\"aks-managed-x\":\"1\"}", NULL},
    {AZML_CLEANUP_HOLDS, "holds 6 resources", NULL, spoil_holds},
    {AZML_CLEANUP_LIST_UNKNOWN, "its resources could not be listed", NULL, spoil_list},
    {AZML_CLEANUP_GRAPH_HOLDS, "Resource Graph shows 1 resource in it", NULL, spoil_graph_holds},
    {AZML_CLEANUP_GRAPH_UNKNOWN, "Resource Graph could not be asked", NULL, spoil_graph},
    {AZML_CLEANUP_AGE_UNKNOWN, "its creation time is not known", NULL, spoil_age},
    {AZML_CLEANUP_AGE_UNKNOWN, "its creation time is not known", NULL, spoil_age_text},
    {AZML_CLEANUP_AGE_UNKNOWN, "its creation time is not known", NULL, spoil_age_zero},
    {AZML_CLEANUP_AGE_FUTURE, "its creation time lies in the future", NULL, spoil_future},
    {AZML_CLEANUP_YOUNG, "younger than 1h", NULL, spoil_young},
    {AZML_CLEANUP_FOREIGN, "empty, but not made by azml (--foreign)", "{\"owner\":\"lea\"}", NULL},
    {AZML_CLEANUP_FOREIGN, "empty, but not made by azml (--foreign)", "null", NULL},
    {AZML_CLEANUP_DEPLOYING, "deployment azml-course is under way", NULL, spoil_deploying},
    {AZML_CLEANUP_DEPLOYMENTS_UNKNOWN, "its deployments could not be read", NULL,
     spoil_deployments},
    {AZML_CLEANUP_UNUSED, "empty in both sources; made by azml", NULL, NULL},
    {AZML_CLEANUP_UNUSED, "empty in both sources; made by azml",
     "{\"azml-made-by\":\"a\",\"DoNotDelete\":\"False\",\"DeleteAfter\":\"2026-01-01T00:00:00Z\"}",
     NULL},
};
/* clang-format on */

static void each_thing_that_speaks_against_it_keeps_a_group(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_cleanup_group group = unused;
        const char *text = rows[i].tags ? rows[i].tags : OURS;
        auto_json cJSON *tags = azml_json_parse(text, strlen(text), NULL);
        group.tags = tags;
        if (rows[i].spoil)
            rows[i].spoil(&group);
        struct azml_cleanup_verdict verdict;
        assert_int_equal(azml_cleanup_judge(&group, &rules, &verdict, NULL), 0);
        if (verdict.reason != rows[i].reason || strcmp(verdict.text, rows[i].text) != 0)
            fail_msg("row %zu: %s (%s), not %s", i, azml_cleanup_reason_name(verdict.reason),
                     verdict.text, rows[i].text);
        azml_cleanup_verdict_cleanup(&verdict);
    }
}

static void a_group_of_somebody_else_goes_only_when_asked(void **state)
{
    (void)state;
    struct azml_cleanup_rules wide = rules;
    wide.foreign = true;
    struct azml_cleanup_verdict verdict;
    assert_int_equal(azml_cleanup_judge(&unused, &wide, &verdict, NULL), 0);
    assert_int_equal(verdict.reason, AZML_CLEANUP_UNUSED);
    assert_string_equal(verdict.text, "empty in both sources; not made by azml");
    azml_cleanup_verdict_cleanup(&verdict);
}

static void the_age_floor_is_the_one_asked_for(void **state)
{
    (void)state;
    struct azml_cleanup_rules slow = rules;
    slow.older_than_s = INT64_C(864000);
    slow.foreign = true;
    struct azml_cleanup_verdict verdict;
    assert_int_equal(azml_cleanup_judge(&unused, &slow, &verdict, NULL), 0);
    assert_int_equal(verdict.reason, AZML_CLEANUP_YOUNG);
    assert_string_equal(verdict.text, "younger than 10d");
    azml_cleanup_verdict_cleanup(&verdict);
}

static void an_age_is_told_only_where_it_can_be_true(void **state)
{
    (void)state;
    struct azml_cleanup_group group = unused;
    assert_int_equal(azml_cleanup_age_s(&group, NOW), 9 * 86400);
    group.created = "2027-11-14T16:00:00Z";
    assert_int_equal(azml_cleanup_age_s(&group, NOW), -1);
    group.created = NULL;
    assert_int_equal(azml_cleanup_age_s(&group, NOW), -1);
}

static void every_reason_has_its_own_word(void **state)
{
    (void)state;
    for (int a = AZML_CLEANUP_UNUSED; a <= AZML_CLEANUP_DEPLOYMENTS_UNKNOWN; a++) {
        assert_string_not_equal(azml_cleanup_reason_name((enum azml_cleanup_reason)a), "unknown");
        for (int b = AZML_CLEANUP_UNUSED; b < a; b++)
            assert_string_not_equal(azml_cleanup_reason_name((enum azml_cleanup_reason)a),
                                    azml_cleanup_reason_name((enum azml_cleanup_reason)b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thing_that_speaks_against_it_keeps_a_group),
        cmocka_unit_test(a_group_of_somebody_else_goes_only_when_asked),
        cmocka_unit_test(the_age_floor_is_the_one_asked_for),
        cmocka_unit_test(an_age_is_told_only_where_it_can_be_true),
        cmocka_unit_test(every_reason_has_its_own_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
