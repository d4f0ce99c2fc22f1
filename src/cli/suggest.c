#include "cli/suggest.h"

#include "base/auto.h"
#include "base/str.h"

#include <string.h>

#define LONGEST 63 /* longer words are no commands or options */

static const struct {
    const char *typed, *meant;
} synonyms[] = {
    {"ls",             "list"          },
    {"rm",             "delete"        },
    {"remove",         "delete"        },
    {"destroy",        "delete"        },
    {"add",            "create"        },
    {"new",            "create"        },
    {"make",           "create"        },
    {"get",            "show"          },
    {"describe",       "show"          },
    {"info",           "show"          },
    {"rg",             "group"         },
    {"resource-group", "group"         },
    {"ws",             "workspace"     },
    {"ci",             "compute"       },
    {"instance",       "compute"       },
    {"force",          "yes"           },
    {"format",         "output"        },
    {"region",         "location"      },
    {"group",          "resource-group"},
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Damerau-Levenshtein in its "optimal string alignment" form: three rows of the table suffice. */
size_t azml_edit_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > LONGEST || b_length > LONGEST)
        return a_length > b_length ? a_length : b_length;

    size_t rows[3][LONGEST + 1] = {{0}};
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i - 1) % 3], *two_before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            int x = lower(a[i - 1]), y = lower(b[j - 1]);
            now[j] = least(least(before[j], now[j - 1]) + 1, before[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
                now[j] = least(now[j], two_before[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

static const char *synonym(const char *typed, const char *const *candidates, size_t count)
{
    for (size_t i = 0; i < AZML_COUNT(synonyms); i++) {
        if (!azml_same_text(synonyms[i].typed, typed))
            continue;
        for (size_t j = 0; j < count; j++) {
            if (strcmp(candidates[j], synonyms[i].meant) == 0)
                return candidates[j];
        }
    }
    return NULL;
}

const char *azml_suggest(const char *typed, const char *const *candidates, size_t count)
{
    const char *best = synonym(typed, candidates, count);
    if (best || typed[0] == '\0')
        return best;
    size_t allowed = 1 + strlen(typed) / 4;
    size_t best_distance = allowed + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = azml_edit_distance(typed, candidates[i]);
        if (distance < best_distance && distance < strlen(candidates[i])) {
            best_distance = distance;
            best = candidates[i];
        }
    }
    return best;
}
