#include "cli/value.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/number.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "cli/suggest.h"

#include <stdio.h>
#include <string.h>

static void *member(const struct azml_option *option, void *args)
{
    return (char *)args + option->offset;
}

static const void *const_member(const struct azml_option *option, const void *args)
{
    return (const char *)args + option->offset;
}

const char *azml_option_title(const struct azml_option *option)
{
    static char title[80];
    if (option->place != AZML_PLACE_OPTION)
        return option->meta;
    snprintf(title, sizeof(title), "--%s", option->name);
    return title;
}

static int check_choice(const struct azml_option *option, const char *text, struct azml_error *err)
{
    size_t count = 0;
    auto_str struct azml_str known = {0};
    for (; option->choices[count]; count++) {
        if (strcmp(option->choices[count], text) == 0)
            return 0;
        azml_str_addf(&known, "%s%s", count > 0 ? ", " : "", option->choices[count]);
    }
    azml_error_set(err, AZML_ERROR_USAGE, _("%s cannot be '%s'"), azml_option_title(option), text);
    azml_error_why(err, _("it is one of: %s"), azml_str_text(&known));
    const char *meant = azml_suggest(text, option->choices, count);
    return meant ? azml_error_hint(err, _("%s %s   (did you mean this?)"),
                                   azml_option_title(option), meant)
                 : -1;
}

static int store_text(const struct azml_option *option, void *args, const char *text,
                      struct azml_error *err)
{
    if (text[0] == '\0') /* "$UNSET_VARIABLE" is a mistake, not a name */
        return azml_error_set(err, AZML_ERROR_USAGE, _("%s must not be empty"),
                              azml_option_title(option));
    if (option->choices && check_choice(option, text, err) < 0)
        return -1;
    memcpy(member(option, args), &text, sizeof(text));
    return 0;
}

static int store_number(const struct azml_option *option, void *args, const char *text,
                        struct azml_error *err)
{
    int64_t number;
    if (azml_number_parse_i64(text, option->min, option->max, &number, err) < 0)
        return azml_error_context(err, _("%s cannot be '%s'"), azml_option_title(option), text);
    memcpy(member(option, args), &number, sizeof(number));
    return 0;
}

static int check_bounds(const struct azml_option *option, int64_t seconds, struct azml_error *err)
{
    if (option->max == 0 || (seconds >= option->min && seconds <= option->max))
        return 0;
    char low[AZML_TIME_TEXT], high[AZML_TIME_TEXT];
    azml_duration_format(low, option->min);
    azml_duration_format(high, option->max);
    return azml_error_set(err, AZML_ERROR_USAGE, _("it must be between %s and %s"), low, high);
}

static int store_duration(const struct azml_option *option, void *args, const char *text,
                          struct azml_error *err)
{
    int64_t seconds;
    if (azml_duration_parse(text, &seconds, err) < 0 || check_bounds(option, seconds, err) < 0)
        return azml_error_context(err, _("%s cannot be '%s'"), azml_option_title(option), text);
    memcpy(member(option, args), &seconds, sizeof(seconds));
    return 0;
}

static int store_item(const struct azml_option *option, void *args, const char *text,
                      struct azml_error *err)
{
    if (text[0] == '\0' && option->place != AZML_PLACE_REST)
        return azml_error_set(err, AZML_ERROR_USAGE, _("%s must not be empty"),
                              azml_option_title(option));
    if (option->choices && check_choice(option, text, err) < 0)
        return -1;
    struct azml_list *list = member(option, args);
    const char **items = realloc(list->items, (list->count + 1) * sizeof(*items));
    if (!items)
        return azml_error_memory(err);
    items[list->count++] = text;
    list->items = items;
    return 0;
}

int azml_value_store(const struct azml_option *option, void *args, const char *text,
                     struct azml_error *err)
{
    switch (option->kind) {
    case AZML_OPTION_FLAG:
        *(bool *)member(option, args) = true;
        return 0;
    case AZML_OPTION_STRING:
        return store_text(option, args, text, err);
    case AZML_OPTION_INT:
        return store_number(option, args, text, err);
    case AZML_OPTION_DURATION:
        return store_duration(option, args, text, err);
    case AZML_OPTION_LIST:
        return store_item(option, args, text, err);
    }
    return -1;
}

bool azml_value_is_given(const struct azml_option *option, const void *args)
{
    if (option->kind == AZML_OPTION_LIST)
        return ((const struct azml_list *)const_member(option, args))->count > 0;
    if (option->kind == AZML_OPTION_STRING)
        return *(const char *const *)const_member(option, args) != NULL;
    return true;
}

/* Fallbacks are the tables' own, so they may lie outside of what a person can type. */
static int store_fallback(const struct azml_option *option, void *args, struct azml_error *err)
{
    struct azml_option unbound = *option;
    unbound.choices = NULL;
    unbound.min = option->kind == AZML_OPTION_INT ? INT64_MIN : 0;
    unbound.max = option->kind == AZML_OPTION_INT ? INT64_MAX : 0;
    return azml_value_store(&unbound, args, option->fallback, err);
}

int azml_values_default(const struct azml_option *options, void *args, struct azml_error *err)
{
    for (const struct azml_option *option = options; option && option->help; option++) {
        if (option->fallback && store_fallback(option, args, err) < 0)
            return -1;
    }
    return 0;
}

void azml_values_free(const struct azml_option *options, void *args)
{
    for (const struct azml_option *option = options; option && option->help; option++) {
        if (option->kind != AZML_OPTION_LIST)
            continue;
        struct azml_list *list = member(option, args);
        free(list->items);
        *list = (struct azml_list){0};
    }
}
