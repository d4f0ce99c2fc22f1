#include "unit/test.h"

#include "http/retry.h"

#include "base/auto.h"

/* One question to the decision: after this try, again or not? */
struct row {
    const char *name;
    struct azml_http_attempt attempt;
    enum azml_http_verdict verdict;
    uint64_t wait_ms;
};

static void the_contracts_decide_what_is_sent_again(void **state)
{
    (void)state;
    const uint32_t most = UINT32_MAX; /* the whole wait, no jitter taken off */
    const struct row rows[] = {
        {"a 400 is final",                 {1, 400, false, true, false, 0, most},   AZML_HTTP_STOP,  0     },
        {"a 404 is final",                 {1, 404, false, true, false, 0, most},   AZML_HTTP_STOP,  0     },
        {"a 409 is final",                 {1, 409, false, true, false, 0, most},   AZML_HTTP_STOP,  0     },
        {"a 501 is final",                 {1, 501, false, true, false, 0, most},   AZML_HTTP_STOP,  0     },
        {"a 200 is final",                 {1, 200, false, true, true, 9000, most}, AZML_HTTP_STOP,  0     },
        {"a 202 with Retry-After, too",    {1, 202, false, true, true, 9000, most}, AZML_HTTP_STOP,  0     },
        {"the fifth try is the last",      {5, 503, false, true, false, 0, most},   AZML_HTTP_STOP,  0     },
        {"so it is with Retry-After",      {5, 503, false, true, true, 1000, most}, AZML_HTTP_STOP,  0     },
        {"a POST after 500 is not sent",   {1, 500, false, false, false, 0, most},  AZML_HTTP_STOP,  0     },
        {"nor after 500 with Retry-After",
         {1, 500, false, false, true, 1000, most},
         AZML_HTTP_STOP,                                                                             0     },
        {"nor after a plain 503",          {1, 503, false, false, false, 0, most},  AZML_HTTP_STOP,  0     },
        {"nor after a broken connection",  {1, 0, false, false, false, 0, most},    AZML_HTTP_STOP,  0     },
        {"five minutes and one second",
         {1, 429, false, true, true, 301000, most},
         AZML_HTTP_LATER,                                                                            301000},
        {"the same at the last try",
         {5, 429, false, true, true, 301000, most},
         AZML_HTTP_LATER,                                                                            301000},
        {"five minutes are obeyed",
         {1, 429, false, true, true, 300000, most},
         AZML_HTTP_AGAIN,                                                                            300000},
        {"a POST after 429",               {1, 429, false, false, false, 0, most},  AZML_HTTP_AGAIN, 500   },
        {"a POST after 503 + Retry-After",
         {1, 503, false, false, true, 2000, most},
         AZML_HTTP_AGAIN,                                                                            2000  },
        {"a POST that never got there",    {1, 0, true, false, false, 0, most},     AZML_HTTP_AGAIN, 500   },
        {"408",                            {1, 408, false, true, false, 0, most},   AZML_HTTP_AGAIN, 500   },
        {"500",                            {2, 500, false, true, false, 0, most},   AZML_HTTP_AGAIN, 1000  },
        {"502",                            {3, 502, false, true, false, 0, most},   AZML_HTTP_AGAIN, 2000  },
        {"504",                            {4, 504, false, true, false, 0, most},   AZML_HTTP_AGAIN, 4000  },
        {"no answer",                      {1, 0, false, true, false, 0, most},     AZML_HTTP_AGAIN, 500   },
        {"jitter takes half at most",      {1, 503, false, true, false, 0, 0},      AZML_HTTP_AGAIN, 250   },
        {"Retry-After: 0 is obeyed",       {1, 503, false, true, true, 0, most},    AZML_HTTP_AGAIN, 0     },
        {"Retry-After has no jitter",      {1, 503, false, true, true, 7000, 0},    AZML_HTTP_AGAIN, 7000  },
        {"409 with Retry-After",           {1, 409, false, true, true, 3000, most}, AZML_HTTP_AGAIN, 3000  },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        uint64_t wait_ms = 0;
        enum azml_http_verdict verdict =
            azml_http_retry_decide(&azml_http_retry_default, &rows[i].attempt, &wait_ms);
        if (verdict != rows[i].verdict || wait_ms != rows[i].wait_ms)
            fail_msg("%s: verdict %d, wait %lu", rows[i].name, (int)verdict,
                     (unsigned long)wait_ms);
    }
}

static void waits_double_up_to_the_cap(void **state)
{
    (void)state;
    struct azml_http_retry policy = {.max_tries = 100};
    policy = azml_http_retry_fill(&policy);
    struct azml_http_attempt attempt = {
        .number = 7, .status = 503, .is_repeatable = true, .chance = UINT32_MAX};
    uint64_t wait_ms = 0;
    azml_http_retry_decide(&policy, &attempt, &wait_ms);
    assert_int_equal(wait_ms, 30000);
    attempt.number = 99;
    azml_http_retry_decide(&policy, &attempt, &wait_ms);
    assert_int_equal(wait_ms, 30000);
}

static void only_harmless_methods_are_repeatable(void **state)
{
    (void)state;
    assert_false(azml_http_is_repeatable("POST", AZML_HTTP_REPEAT_BY_METHOD));
    assert_false(azml_http_is_repeatable("PATCH", AZML_HTTP_REPEAT_BY_METHOD));
    assert_false(azml_http_is_repeatable("PUT", AZML_HTTP_REPEAT_NEVER));
    assert_true(azml_http_is_repeatable("POST", AZML_HTTP_REPEAT_SAFE));
    assert_true(azml_http_is_repeatable("PUT", AZML_HTTP_REPEAT_BY_METHOD));
    assert_true(azml_http_is_repeatable("DELETE", AZML_HTTP_REPEAT_BY_METHOD));
    assert_true(azml_http_is_repeatable("GET", AZML_HTTP_REPEAT_BY_METHOD));
}

static void what_is_left_out_takes_the_default(void **state)
{
    (void)state;
    struct azml_http_retry filled = azml_http_retry_fill(NULL);
    assert_int_equal(filled.max_tries, 5);
    filled = azml_http_retry_fill(&(struct azml_http_retry){.max_tries = 3, .base_ms = 1000});
    assert_int_equal(filled.max_tries, 3);
    assert_int_equal(filled.base_ms, 1000);
    assert_int_equal(filled.cap_ms, 30000);
    assert_int_equal(filled.patience_ms, 300000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_contracts_decide_what_is_sent_again),
        cmocka_unit_test(waits_double_up_to_the_cap),
        cmocka_unit_test(only_harmless_methods_are_repeatable),
        cmocka_unit_test(what_is_left_out_takes_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
