#include "sandbox/sql.h"

#include "base/auto.h"
#include "base/json.h"
#include "sandbox/store.h"
#include "unit/test.h"

#include <string.h>

static int setup(void **state)
{
    struct sandbox_store *store = sandbox_store_open(":memory:", NULL);
    *state = store;
    if (!store)
        return -1;
    return sandbox_sql_run(store, NULL, "CREATE TABLE t (a TEXT UNIQUE, b INTEGER, c TEXT)", "");
}

static int teardown(void **state)
{
    sandbox_store_close(*state);
    return 0;
}

static int64_t number(struct sandbox_store *store, const char *sql)
{
    int64_t out = -99;
    assert_int_equal(sandbox_sql_number(store, -1, &out, NULL, sql, ""), 0);
    return out;
}

static void a_statement_that_is_none_says_why(void **state)
{
    auto_error struct azml_error err = {0};
    assert_null(sandbox_sql_open(*state, &err, "SELECT x FROM nowhere", ""));
    assert_int_equal(err.code, AZML_ERROR_IO);
    assert_string_equal(err.message, "could not read or write the sandbox's database");
    assert_string_equal(err.why, "no such table: nowhere");
}

static void a_number_that_cannot_be_read_leaves_the_caller_s_alone(void **state)
{
    auto_error struct azml_error err = {0};
    int64_t out = 42;
    assert_int_equal(sandbox_sql_number(*state, 0, &out, &err, "SELECT x FROM t", ""), -1);
    assert_int_equal(out, 42);
    assert_int_equal(err.code, AZML_ERROR_IO);
}

static void a_broken_rule_of_the_table_is_an_error(void **state)
{
    static const char insert[] = "INSERT INTO t VALUES (?, ?, NULL)";
    auto_error struct azml_error err = {0};
    assert_int_equal(sandbox_sql_run(*state, &err, insert, "ti", "x", INT64_C(1)), 0);
    assert_int_equal(err.code, AZML_ERROR_NONE);
    assert_int_equal(sandbox_sql_run(*state, &err, insert, "ti", "x", INT64_C(2)), -1);
    assert_non_null(strstr(err.why, "UNIQUE"));
    assert_int_equal(number(*state, "SELECT count(*) FROM t"), 1);
}

static void a_document_that_is_none_cannot_be_read(void **state)
{
    auto_statement sqlite3_stmt *row = sandbox_sql_open(*state, NULL, "SELECT '{\"a\":'", "");
    assert_int_equal(sandbox_sql_step(*state, row, NULL), 1);
    auto_error struct azml_error err = {0};
    assert_null(sandbox_sql_json(row, 0, &err));
    assert_int_not_equal(err.code, AZML_ERROR_NONE);
}

static void every_kind_of_value_comes_back_as_it_went_in(void **state)
{
    static const char text[] = "Robert'); DROP TABLE t;-- \xC3\xA9";
    auto_json cJSON *json = azml_json_parse("{\"a\":[1,null]}", 14, NULL);
    assert_int_equal(sandbox_sql_run(*state, NULL, "INSERT INTO t VALUES (?, ?, ?)", "tij", text,
                                     INT64_C(9007199254740993), json),
                     0);
    auto_statement sqlite3_stmt *row =
        sandbox_sql_open(*state, NULL, "SELECT a, b, c FROM t WHERE a = ?", "t", text);
    assert_int_equal(sandbox_sql_step(*state, row, NULL), 1);
    auto_free char *back = sandbox_sql_text(row, 0, NULL);
    assert_string_equal(back, text);
    assert_true(sqlite3_column_int64(row, 1) == INT64_C(9007199254740993));
    auto_json cJSON *document = sandbox_sql_json(row, 2, NULL);
    assert_true(cJSON_Compare(document, json, true));
    assert_int_equal(sandbox_sql_step(*state, row, NULL), 0);
}

static void null_stays_null_and_reads_as_nothing(void **state)
{
    assert_int_equal(sandbox_sql_run(*state, NULL, "INSERT INTO t VALUES (?, 1, ?)", "tj",
                                     (char *)NULL, (char *)NULL),
                     0);
    assert_int_equal(number(*state, "SELECT count(*) FROM t WHERE a IS NULL AND c IS NULL"), 1);
    auto_statement sqlite3_stmt *row = sandbox_sql_open(*state, NULL, "SELECT a, c FROM t", "");
    assert_int_equal(sandbox_sql_step(*state, row, NULL), 1);
    auto_free char *text = sandbox_sql_text(row, 0, NULL);
    assert_string_equal(text, "");
    auto_json cJSON *document = sandbox_sql_json(row, 1, NULL);
    assert_true(cJSON_IsObject(document));
    assert_null(document->child);
}

static void a_missing_number_is_the_other_one(void **state)
{
    assert_int_equal(number(*state, "SELECT b FROM t"), -1);
    assert_int_equal(number(*state, "SELECT max(b) FROM t"), -1);
    assert_int_equal(number(*state, "SELECT 0"), 0);
}

static void running_goes_through_every_row(void **state)
{
    assert_int_equal(
        sandbox_sql_run(*state, NULL, "INSERT INTO t (b) VALUES (1), (2), (3) RETURNING b", ""), 0);
    assert_int_equal(number(*state, "SELECT sum(b) FROM t"), 6);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_statement_that_is_none_says_why),
        WITH_STORE(a_number_that_cannot_be_read_leaves_the_caller_s_alone),
        WITH_STORE(a_broken_rule_of_the_table_is_an_error),
        WITH_STORE(a_document_that_is_none_cannot_be_read),
        WITH_STORE(every_kind_of_value_comes_back_as_it_went_in),
        WITH_STORE(null_stays_null_and_reads_as_nothing),
        WITH_STORE(a_missing_number_is_the_other_one),
        WITH_STORE(running_goes_through_every_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
