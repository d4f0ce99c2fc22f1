#include "sandbox/fault.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/sql.h"
#include "sandbox/store.h"

#include <string.h>

/* The usual walk with one place to come back to: linear for what people write. A query has a ? of
 * its own, which the wildcard fits as well. */
static bool glob(const char *pattern, const char *text)
{
    const char *star = NULL, *mark = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            mark = text;
        } else if (*pattern && (*pattern == '?' || azml_same_bytes(pattern, text, 1))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++mark;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool sandbox_fault_fits(const char *pattern, const char *text)
{
    if (!strchr(pattern, '*') && !strchr(pattern, '?'))
        return azml_find_nocase(text, pattern) != NULL;
    return glob(pattern, text);
}

/* --- keeping --- */

static int check(const cJSON *rule, struct azml_error *err)
{
    static const char *const kinds[] = {"status", "delay", "reset", "cut"};
    const char *kind = azml_json_text(rule, "kind");
    bool is_known = false;
    for (size_t i = 0; i < AZML_COUNT(kinds); i++)
        is_known |= kind && strcmp(kind, kinds[i]) == 0;
    if (!is_known)
        return azml_error_set(err, AZML_ERROR_USAGE, _("there is no such kind of fault"));
    int64_t status = azml_json_int_or(rule, "status", 0);
    if (strcmp(kind, "status") == 0 && (status < 200 || status > 599))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              _("a fault's status is a number from 200 to 599"));
    const cJSON *header;
    cJSON_ArrayForEach (header, azml_json_at(rule, "headers")) {
        if (!cJSON_IsString(header) || !strchr(header->valuestring, ':') ||
            strpbrk(header->valuestring, "\r\n"))
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  _("a fault's header is written 'Name: value'"));
    }
    return 0;
}

int sandbox_fault_add(struct sandbox *sandbox, const cJSON *rule, int64_t *id_out,
                      struct azml_error *err)
{
    if (check(rule, err) < 0 ||
        sandbox_sql_run(sandbox->store, err,
                        "INSERT INTO faults (rule, seen, hit) VALUES (?, 0, 0)", "j", rule) < 0)
        return -1;
    *id_out = (int64_t)sqlite3_last_insert_rowid(sandbox->store->database);
    return 0;
}

static cJSON *read_rule(sqlite3_stmt *row, struct azml_error *err)
{
    auto_json cJSON *rule = sandbox_sql_json(row, 1, err);
    if (!rule)
        return NULL;
    if (azml_json_put_number(rule, "id", (double)sqlite3_column_int64(row, 0)) < 0 ||
        azml_json_put_number(rule, "seen", (double)sqlite3_column_int64(row, 2)) < 0 ||
        azml_json_put_number(rule, "hit", (double)sqlite3_column_int64(row, 3)) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(rule);
}

cJSON *sandbox_fault_list(struct sandbox *sandbox, struct azml_error *err)
{
    auto_json cJSON *list = cJSON_CreateArray();
    auto_statement sqlite3_stmt *rows = sandbox_sql_open(
        sandbox->store, err, "SELECT id, rule, seen, hit FROM faults ORDER BY id", "");
    int result = list && rows ? 1 : -1;
    while (result == 1 && (result = sandbox_sql_step(sandbox->store, rows, err)) == 1) {
        cJSON *rule = read_rule(rows, err);
        if (!rule || azml_json_append(list, rule) < 0)
            return NULL;
    }
    return result < 0 ? NULL : AZML_STEAL(list);
}

int sandbox_fault_clear(struct sandbox *sandbox, int64_t id, struct azml_error *err)
{
    if (sandbox_sql_run(sandbox->store, err, "DELETE FROM faults WHERE ?1 = 0 OR id = ?1", "i",
                        id) < 0)
        return -1;
    if (id == 0 || sqlite3_changes(sandbox->store->database) > 0)
        return 0;
    return azml_error_set(err, AZML_ERROR_NOT_FOUND, _("there is no fault %lld"), (long long)id);
}

/* --- striking --- */

static bool concerns(const cJSON *rule, const char *method, const char *target)
{
    const char *of_method = azml_json_text(rule, "method");
    const char *of_path = azml_json_text(rule, "path");
    return (!of_method || azml_same_text(of_method, method)) &&
           (!of_path || sandbox_fault_fits(of_path, target));
}

/* Is the `seen`-th matching request one that it strikes? */
static bool strikes(const cJSON *rule, int64_t seen)
{
    int64_t first = azml_json_int_or(rule, "nth", 1), times = azml_json_int_or(rule, "times", 1);
    if (first < 1)
        first = 1;
    return seen >= first && (times == 0 || seen < first + times);
}

static int count_one(struct sandbox *sandbox, cJSON *rule, bool is_free, bool *hit_out,
                     struct azml_error *err)
{
    int64_t seen = azml_json_int_or(rule, "seen", 0) + 1;
    *hit_out = is_free && strikes(rule, seen);
    return sandbox_sql_run(sandbox->store, err,
                           "UPDATE faults SET seen = ?, hit = hit + ? WHERE id = ?", "iii", seen,
                           (int64_t)*hit_out, azml_json_int_or(rule, "id", 0));
}

int sandbox_fault_strike(struct sandbox *sandbox, const char *method, const char *target,
                         cJSON **rule_out, struct azml_error *err)
{
    auto_json cJSON *rules = sandbox_fault_list(sandbox, err);
    if (!rules)
        return -1;
    cJSON *struck = NULL;
    for (cJSON *rule = rules->child; rule; rule = rule->next) {
        bool hit = false;
        if (concerns(rule, method, target) && count_one(sandbox, rule, !struck, &hit, err) < 0)
            return -1;
        if (hit)
            struck = rule;
    }
    *rule_out = struck ? cJSON_DetachItemViaPointer(rules, struck) : NULL;
    return 0;
}
