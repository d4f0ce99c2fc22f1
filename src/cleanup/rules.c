#include "azml/cleanup.h"

#include "azml/ml_tags.h"
#include "base/auto.h"
#include "base/data.h"
#include "base/i18n.h"
#include "base/timefmt.h"

#include <inttypes.h>
#include <string.h>

/* A decision under way: the reason so far, and its words. */
struct judging {
    const struct azml_cleanup_group *group;
    const struct azml_cleanup_rules *rules;
    struct azml_str text;
};

/* "*" stands for any characters; without regard to case. */
static bool matches(const char *pattern, const char *name)
{
    if (*pattern == '\0')
        return *name == '\0';
    if (*pattern != '*')
        return *name && azml_same_bytes(pattern, name, 1) && matches(pattern + 1, name + 1);
    for (;; name++) {
        if (matches(pattern + 1, name))
            return true;
        if (*name == '\0')
            return false;
    }
}

static bool is_platform(const char *name)
{
    struct azml_data_row row = {.table = azml_data_reserved_groups};
    char pattern[128];
    while (azml_data_next(&row))
        if (azml_data_cell(&row, "pattern", pattern, sizeof(pattern)) && pattern[0] != '\0' &&
            matches(pattern, name))
            return true;
    return false;
}

static enum azml_cleanup_reason whose(struct judging *j)
{
    const struct azml_cleanup_group *group = j->group;
    if (is_platform(group->name)) {
        azml_str_add(&j->text, _("belongs to the platform"));
        return AZML_CLEANUP_PLATFORM;
    }
    if (group->managed_by && group->managed_by[0] != '\0') {
        const char *slash = strrchr(group->managed_by, '/');
        azml_str_addf(&j->text, _("managed by %s"), slash ? slash + 1 : group->managed_by);
        return AZML_CLEANUP_MANAGED;
    }
    if (azml_same_text(group->provisioning, "Deleting") ||
        azml_same_text(group->provisioning, "Deprovisioning")) {
        azml_str_add(&j->text, _("is being deleted already"));
        return AZML_CLEANUP_DELETING;
    }
    if (!azml_same_text(group->provisioning, "Succeeded")) {
        azml_str_addf(&j->text, _("its state is %s"),
                      group->provisioning ? group->provisioning : "?");
        return AZML_CLEANUP_CHANGING;
    }
    return AZML_CLEANUP_UNUSED;
}

static enum azml_cleanup_reason locked(struct judging *j)
{
    const struct azml_cleanup_group *group = j->group;
    if (group->lock_name) {
        azml_str_addf(&j->text, _("locked (%s: %s)"), group->lock_level ? group->lock_level : "?",
                      group->lock_name);
        return AZML_CLEANUP_LOCKED;
    }
    if (!group->locks_known) {
        azml_str_add(&j->text, _("its locks could not be read"));
        return AZML_CLEANUP_LOCKS_UNKNOWN;
    }
    return AZML_CLEANUP_UNUSED;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (azml_same_text(name, *names))
            return true;
    return false;
}

/* Tags that say "keep", whatever their value but a plain no. */
static const char *const keep_tags[] = {
    "DoNotDelete",         "DO-NOT-DELETE", "do_not_delete", "do-not-nuke",
    "cloud-nuke-excluded", "keep",          "azml-protect",  NULL};
static const char *const plain_no[] = {"false", "no", "0", "off", NULL};
/* Tags that hold a time before which nothing may go. */
static const char *const time_tags[] = {"DeleteAfter", "ttl_expiry", "cloud-nuke-after",
                                        AZML_TAG_EXPIRES, NULL};

static bool is_other_tools(const char *name)
{
    return azml_same_text(name, "azd-env-name") || azml_has_prefix_nocase(name, "aks-managed-") ||
           azml_has_prefix_nocase(name, "hidden-link:");
}

static enum azml_cleanup_reason time_tag(struct judging *j, const char *name, const char *value)
{
    int64_t at_ms;
    if (!value || azml_time_parse_iso(value, &at_ms) < 0) {
        azml_str_addf(&j->text, _("tag %s holds no time that can be read"), name);
        return AZML_CLEANUP_TAG_UNCLEAR;
    }
    if (at_ms <= j->rules->now_ms)
        return AZML_CLEANUP_UNUSED;
    azml_str_addf(&j->text, _("tag %s keeps it until %s"), name, value);
    return AZML_CLEANUP_NOT_YET;
}

static enum azml_cleanup_reason tag(struct judging *j, const char *name, const char *value)
{
    if (is_one_of(name, keep_tags) && !(value && is_one_of(value, plain_no))) {
        azml_str_addf(&j->text, _("protected by the tag %s"), name);
        return AZML_CLEANUP_PROTECTED;
    }
    if (is_one_of(name, time_tags))
        return time_tag(j, name, value);
    if (is_other_tools(name)) {
        azml_str_addf(&j->text, _("belongs to another tool (tag %s)"), name);
        return AZML_CLEANUP_OTHER_TOOL;
    }
    return AZML_CLEANUP_UNUSED;
}

static enum azml_cleanup_reason tagged(struct judging *j)
{
    if (j->group->tags && !cJSON_IsObject(j->group->tags) && !cJSON_IsNull(j->group->tags)) {
        azml_str_add(&j->text, _("its tags could not be read"));
        return AZML_CLEANUP_TAG_UNCLEAR;
    }
    const cJSON *item;
    cJSON_ArrayForEach (item, j->group->tags) {
        enum azml_cleanup_reason reason = tag(j, item->string, cJSON_GetStringValue(item));
        if (reason != AZML_CLEANUP_UNUSED)
            return reason;
    }
    return AZML_CLEANUP_UNUSED;
}

static enum azml_cleanup_reason filled(struct judging *j)
{
    const struct azml_cleanup_group *group = j->group;
    if (group->listed > 0) {
        azml_str_addf(&j->text,
                      group->listed == 1 ? _("holds %" PRId64 " resource")
                                         : _("holds %" PRId64 " resources"),
                      group->listed);
        return AZML_CLEANUP_HOLDS;
    }
    if (group->listed < 0) {
        azml_str_add(&j->text, _("its resources could not be listed"));
        return AZML_CLEANUP_LIST_UNKNOWN;
    }
    if (group->graphed > 0) {
        azml_str_addf(&j->text,
                      group->graphed == 1 ? _("Resource Graph shows %" PRId64 " resource in it")
                                          : _("Resource Graph shows %" PRId64 " resources in it"),
                      group->graphed);
        return AZML_CLEANUP_GRAPH_HOLDS;
    }
    if (group->graphed < 0) {
        azml_str_add(&j->text, _("Resource Graph could not be asked"));
        return AZML_CLEANUP_GRAPH_UNKNOWN;
    }
    return AZML_CLEANUP_UNUSED;
}

int64_t azml_cleanup_age_s(const struct azml_cleanup_group *group, int64_t now_ms)
{
    int64_t created_ms;
    if (!group->created || azml_time_parse_iso(group->created, &created_ms) < 0 ||
        created_ms <= 0 || created_ms > now_ms)
        return -1;
    return (now_ms - created_ms) / 1000;
}

static enum azml_cleanup_reason aged(struct judging *j)
{
    int64_t created_ms;
    const char *created = j->group->created;
    if (!created || azml_time_parse_iso(created, &created_ms) < 0 || created_ms <= 0) {
        azml_str_add(&j->text, _("its creation time is not known"));
        return AZML_CLEANUP_AGE_UNKNOWN;
    }
    if (created_ms > j->rules->now_ms) {
        azml_str_add(&j->text, _("its creation time lies in the future"));
        return AZML_CLEANUP_AGE_FUTURE;
    }
    if (j->rules->now_ms - created_ms < j->rules->older_than_s * 1000) {
        char floor[AZML_TIME_TEXT];
        azml_duration_format(floor, j->rules->older_than_s);
        azml_str_addf(&j->text, _("younger than %s"), floor);
        return AZML_CLEANUP_YOUNG;
    }
    return AZML_CLEANUP_UNUSED;
}

static enum azml_cleanup_reason made_by_others(struct judging *j)
{
    if (j->rules->foreign || azml_tags_are_ours(j->group->tags))
        return AZML_CLEANUP_UNUSED;
    azml_str_add(&j->text, _("empty, but not made by azml (--foreign)"));
    return AZML_CLEANUP_FOREIGN;
}

static enum azml_cleanup_reason deploying(struct judging *j)
{
    if (j->group->deploying) {
        azml_str_addf(&j->text, _("deployment %s is under way"), j->group->deploying);
        return AZML_CLEANUP_DEPLOYING;
    }
    if (!j->group->deployments_known) {
        azml_str_add(&j->text, _("its deployments could not be read"));
        return AZML_CLEANUP_DEPLOYMENTS_UNKNOWN;
    }
    return AZML_CLEANUP_UNUSED;
}

typedef enum azml_cleanup_reason rule_fn(struct judging *j);

int azml_cleanup_judge(const struct azml_cleanup_group *group,
                       const struct azml_cleanup_rules *rules,
                       struct azml_cleanup_verdict *verdict_out, struct azml_error *err)
{
    static rule_fn *const all[] = {whose, locked, tagged, filled, aged, made_by_others, deploying};
    struct judging j = {.group = group, .rules = rules};
    enum azml_cleanup_reason reason = AZML_CLEANUP_UNUSED;
    for (size_t i = 0; i < AZML_COUNT(all) && reason == AZML_CLEANUP_UNUSED; i++)
        reason = all[i](&j);
    if (reason == AZML_CLEANUP_UNUSED)
        azml_str_add(&j.text, azml_tags_are_ours(group->tags)
                                  ? _("empty in both sources; made by azml")
                                  : _("empty in both sources; not made by azml"));
    char *text = azml_str_take(&j.text, err);
    azml_str_cleanup(&j.text);
    if (!text)
        return -1;
    *verdict_out = (struct azml_cleanup_verdict){.reason = reason, .text = text};
    return 0;
}

void azml_cleanup_verdict_cleanup(struct azml_cleanup_verdict *verdict)
{
    if (!verdict)
        return;
    free(verdict->text);
    verdict->text = NULL;
}

const char *azml_cleanup_reason_name(enum azml_cleanup_reason reason)
{
    switch (reason) {
    case AZML_CLEANUP_UNUSED:
        return "unused";
    case AZML_CLEANUP_PLATFORM:
        return "platform";
    case AZML_CLEANUP_MANAGED:
        return "managed";
    case AZML_CLEANUP_DELETING:
        return "deleting";
    case AZML_CLEANUP_CHANGING:
        return "changing";
    case AZML_CLEANUP_LOCKED:
        return "locked";
    case AZML_CLEANUP_LOCKS_UNKNOWN:
        return "locks_unknown";
    case AZML_CLEANUP_PROTECTED:
        return "protected";
    case AZML_CLEANUP_NOT_YET:
        return "not_yet";
    case AZML_CLEANUP_TAG_UNCLEAR:
        return "tag_unclear";
    case AZML_CLEANUP_OTHER_TOOL:
        return "other_tool";
    case AZML_CLEANUP_HOLDS:
        return "holds_resources";
    case AZML_CLEANUP_LIST_UNKNOWN:
        return "list_unknown";
    case AZML_CLEANUP_GRAPH_HOLDS:
        return "graph_holds_resources";
    case AZML_CLEANUP_GRAPH_UNKNOWN:
        return "graph_unknown";
    case AZML_CLEANUP_AGE_UNKNOWN:
        return "age_unknown";
    case AZML_CLEANUP_AGE_FUTURE:
        return "age_in_future";
    case AZML_CLEANUP_YOUNG:
        return "too_young";
    case AZML_CLEANUP_FOREIGN:
        return "foreign";
    case AZML_CLEANUP_DEPLOYING:
        return "deploying";
    case AZML_CLEANUP_DEPLOYMENTS_UNKNOWN:
        return "deployments_unknown";
    }
    return "unknown";
}
