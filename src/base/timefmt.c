#include "base/timefmt.h"

#include "base/i18n.h"
#include "base/str.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct civil {
    int64_t year;
    unsigned month, day, hour, minute, second;
};

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar (counted in eras of 400
 * years that begin in March, so that leap days come last). */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static struct civil civil_of(int64_t unix_s)
{
    int64_t day_number = floor_div(unix_s, 86400), second = unix_s - day_number * 86400;
    int64_t shifted = day_number + 719468, era = floor_div(shifted, 146097);
    int64_t of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t march_month = (5 * of_year + 2) / 153;
    unsigned month = (unsigned)(march_month < 10 ? march_month + 3 : march_month - 9);
    return (struct civil){
        .year = year + era * 400 + (month <= 2),
        .month = month,
        .day = (unsigned)(of_year - (153 * march_month + 2) / 5 + 1),
        .hour = (unsigned)(second / 3600),
        .minute = (unsigned)(second / 60 % 60),
        .second = (unsigned)(second % 60),
    };
}

static bool civil_is_valid(const struct civil *c)
{
    static const unsigned lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > lengths[c->month - 1])
        return false;
    bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;
    if (c->month == 2 && c->day == 29 && !leap)
        return false;
    return c->hour <= 23 && c->minute <= 59 && c->second <= 60;
}

static int64_t unix_of(const struct civil *c)
{
    return days_of(c->year, c->month, c->day) * 86400 + (int64_t)c->hour * 3600 +
           (int64_t)c->minute * 60 + (int64_t)c->second;
}

/* Read exactly `digits` digits and move on. */
static bool digits_of(const char **text, int digits, unsigned *out)
{
    unsigned value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        value = value * 10 + (unsigned)(**text - '0');
    }
    *out = value;
    return true;
}

static bool skip(const char **text, const char *any)
{
    if (!**text || !strchr(any, **text))
        return false;
    (*text)++;
    return true;
}

/* Milliseconds of ".1234567", rounded down. */
static unsigned fraction_of(const char **text)
{
    unsigned ms = 0, scale = 100;
    for (; **text >= '0' && **text <= '9'; (*text)++, scale /= 10)
        ms += (unsigned)(**text - '0') * scale;
    return ms;
}

static bool zone_of(const char *text, int64_t *offset_s)
{
    *offset_s = 0;
    if (!*text || azml_same_text(text, "Z"))
        return true;
    int64_t sign = *text == '-' ? -1 : 1;
    unsigned hours, minutes = 0;
    if (!skip(&text, "+-") || !digits_of(&text, 2, &hours))
        return false;
    (void)skip(&text, ":");
    if ((*text && !digits_of(&text, 2, &minutes)) || *text || hours > 23 || minutes > 59)
        return false;
    *offset_s = sign * ((int64_t)hours * 3600 + (int64_t)minutes * 60);
    return true;
}

int azml_time_parse_iso(const char *text, int64_t *unix_ms_out)
{
    struct civil c = {0};
    unsigned year, ms = 0;
    int64_t offset;
    if (!digits_of(&text, 4, &year) || !skip(&text, "-") || !digits_of(&text, 2, &c.month) ||
        !skip(&text, "-") || !digits_of(&text, 2, &c.day) || !skip(&text, "Tt ") ||
        !digits_of(&text, 2, &c.hour) || !skip(&text, ":") || !digits_of(&text, 2, &c.minute))
        return -1;
    if (skip(&text, ":") && !digits_of(&text, 2, &c.second))
        return -1;
    if (skip(&text, ".,"))
        ms = fraction_of(&text);
    c.year = year;
    if (!zone_of(text, &offset) || !civil_is_valid(&c))
        return -1;
    *unix_ms_out = (unix_of(&c) - offset) * 1000 + ms;
    return 0;
}

void azml_time_format_iso(char out[AZML_TIME_TEXT], int64_t unix_ms, bool fraction)
{
    int64_t seconds = floor_div(unix_ms, 1000);
    struct civil c = civil_of(seconds);
    char part[16] = "";
    if (fraction)
        (void)snprintf(part, sizeof(part), ".%03d0000", (int)(unix_ms - seconds * 1000));
    (void)snprintf(out, AZML_TIME_TEXT, "%04" PRId64 "-%02u-%02uT%02u:%02u:%02u%sZ", c.year,
                   c.month, c.day, c.hour, c.minute, c.second, part);
}

static bool month_of(const char **text, unsigned *month)
{
    for (unsigned i = 0; i < 12; i++) {
        if (strncmp(*text, months[i], 3) != 0)
            continue;
        *text += 3;
        *month = i + 1;
        return true;
    }
    return false;
}

static bool clock_of(const char **text, struct civil *c)
{
    return digits_of(text, 2, &c->hour) && skip(text, ":") && digits_of(text, 2, &c->minute) &&
           skip(text, ":") && digits_of(text, 2, &c->second);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" and "Sunday, 06-Nov-94 08:49:37 GMT", behind the comma. */
static bool comma_date(const char *text, struct civil *c)
{
    unsigned year;
    if (!skip(&text, " ") || !digits_of(&text, 2, &c->day) || !skip(&text, " -") ||
        !month_of(&text, &c->month) || !skip(&text, " -"))
        return false;
    const char *start = text;
    if (digits_of(&text, 4, &year)) {
        c->year = year;
    } else {
        text = start;
        if (!digits_of(&text, 2, &year))
            return false;
        c->year = year + (year < 70 ? 2000 : 1900);
    }
    return skip(&text, " ") && clock_of(&text, c) && azml_same_text(text, " GMT");
}

/* "Sun Nov  6 08:49:37 1994" */
static bool asctime_date(const char *text, struct civil *c)
{
    unsigned year;
    if (strlen(text) < 20 || !month_of(&text, &c->month) || !skip(&text, " "))
        return false;
    bool short_day = skip(&text, " ");
    if (!digits_of(&text, short_day ? 1 : 2, &c->day) || !skip(&text, " ") || !clock_of(&text, c) ||
        !skip(&text, " ") || !digits_of(&text, 4, &year))
        return false;
    c->year = year;
    return *text == '\0';
}

int azml_time_parse_http(const char *text, int64_t *unix_ms_out)
{
    struct civil c = {0};
    const char *comma = strchr(text, ',');
    bool read = comma ? comma_date(comma + 1, &c)
                      : strlen(text) > 4 && text[3] == ' ' && asctime_date(text + 4, &c);
    if (!read || !civil_is_valid(&c))
        return -1;
    *unix_ms_out = unix_of(&c) * 1000;
    return 0;
}

void azml_time_format_http(char out[AZML_TIME_TEXT], int64_t unix_ms)
{
    int64_t seconds = floor_div(unix_ms, 1000);
    struct civil c = civil_of(seconds);
    int64_t day_number = floor_div(seconds, 86400);
    int64_t weekday = (day_number % 7 + 11) % 7; /* 1970-01-01 was a Thursday */
    (void)snprintf(out, AZML_TIME_TEXT, "%s, %02u %s %04" PRId64 " %02u:%02u:%02u GMT",
                   days[weekday], c.day, months[c.month - 1], c.year, c.hour, c.minute, c.second);
}

static int64_t unit_seconds(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return 86400;
    case 'w':
        return 604800;
    default:
        return 0;
    }
}

/* One "30m" of a duration; units must get smaller. */
static bool duration_part(const char **text, int64_t *total, int64_t *last_unit)
{
    int64_t value = 0;
    const char *start = *text;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        if (value > 1000000000)
            return false;
        value = value * 10 + (**text - '0');
    }
    char unit = **text;
    int64_t seconds =
        unit >= 'A' && unit <= 'Z' ? unit_seconds((char)(unit - 'A' + 'a')) : unit_seconds(unit);
    if (*text == start || !seconds || seconds >= *last_unit)
        return false;
    (*text)++;
    *last_unit = seconds;
    *total += value * seconds;
    return true;
}

static bool plain_duration(const char *text, int64_t *seconds)
{
    int64_t last_unit = INT64_MAX;
    do {
        if (!duration_part(&text, seconds, &last_unit))
            return false;
    } while (*text);
    return true;
}

/* "P1DT2H30M": days or weeks before the T, hours, minutes and seconds behind it. */
static bool iso_duration(const char *text, int64_t *seconds)
{
    int64_t last_unit = INT64_MAX;
    while (*text && *text != 'T' && *text != 't')
        if (!duration_part(&text, seconds, &last_unit) || last_unit < 86400)
            return false;
    if (!*text)
        return last_unit != INT64_MAX;
    text++;
    last_unit = 86400;
    return *text && plain_duration(text, seconds) && !strpbrk(text, "DdWw");
}

int azml_duration_parse(const char *text, int64_t *seconds_out, struct azml_error *err)
{
    int64_t seconds = 0;
    bool read = *text == 'P' || *text == 'p' ? iso_duration(text + 1, &seconds)
                                             : plain_duration(text, &seconds);
    if (!read) {
        azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is not a duration"), text);
        return azml_error_hint(err, _("write it as 30m, 1h30m, 2d or PT30M"));
    }
    *seconds_out = seconds;
    return 0;
}

static void add_part(char out[AZML_TIME_TEXT], int64_t value, char unit)
{
    if (!value)
        return;
    size_t used = strlen(out);
    (void)snprintf(out + used, AZML_TIME_TEXT - used, "%" PRId64 "%c", value, unit);
}

void azml_duration_format(char out[AZML_TIME_TEXT], int64_t seconds)
{
    out[0] = '\0';
    add_part(out, seconds / 86400, 'd');
    add_part(out, seconds / 3600 % 24, 'h');
    add_part(out, seconds / 60 % 60, 'm');
    add_part(out, seconds % 60, 's');
    if (!out[0])
        (void)snprintf(out, AZML_TIME_TEXT, "0s");
}

void azml_duration_format_iso(char out[AZML_TIME_TEXT], int64_t seconds)
{
    (void)snprintf(out, AZML_TIME_TEXT, "P");
    add_part(out, seconds / 86400, 'D');
    if (seconds % 86400 || !seconds) {
        size_t used = strlen(out);
        (void)snprintf(out + used, AZML_TIME_TEXT - used, "T");
    }
    add_part(out, seconds / 3600 % 24, 'H');
    add_part(out, seconds / 60 % 60, 'M');
    add_part(out, seconds % 60, 'S');
    if (!seconds)
        (void)snprintf(out, AZML_TIME_TEXT, "PT0S");
}

void azml_elapsed_format(char out[AZML_TIME_TEXT], int64_t seconds)
{
    if (seconds >= 3600)
        (void)snprintf(out, AZML_TIME_TEXT, "%" PRId64 ":%02d:%02d", seconds / 3600,
                       (int)(seconds / 60 % 60), (int)(seconds % 60));
    else
        (void)snprintf(out, AZML_TIME_TEXT, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

void azml_age_format(char out[AZML_TIME_TEXT], int64_t seconds)
{
    static const struct {
        int64_t from, unit;
        char letter;
    } steps[] = {
        {63072000, 31536000, 'y'},
        {172800,   86400,    'd'},
        {7200,     3600,     'h'},
        {120,      60,       'm'},
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (seconds < steps[i].from)
            continue;
        (void)snprintf(out, AZML_TIME_TEXT, "%" PRId64 "%c", seconds / steps[i].unit,
                       steps[i].letter);
        return;
    }
    (void)snprintf(out, AZML_TIME_TEXT, "%" PRId64 "s", seconds > 0 ? seconds : 0);
}
