/* auto.h - variables that free themselves when they go out of scope.
 *
 * Private: public headers ask nothing of another program's compiler. The attribute does not run
 * on exit(); only main leaves the program. */
#ifndef AZML_BASE_AUTO_H
#define AZML_BASE_AUTO_H

#include "azml/error.h"
#include "azml/secret.h"
#include "base/str.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#define AZML_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Hand on what an auto_ variable holds: the value, with the variable set to NULL. */
#define AZML_STEAL(pointer)                          \
    __extension__({                                  \
        __typeof__(pointer) azml_stolen = (pointer); \
        (pointer) = NULL;                            \
        azml_stolen;                                 \
    })

static inline void azml_auto_free(void *pointer)
{
    free(*(void **)pointer);
}

static inline void azml_auto_json(cJSON **json)
{
    cJSON_Delete(*json);
}

#define auto_free   __attribute__((cleanup(azml_auto_free)))
#define auto_json   __attribute__((cleanup(azml_auto_json)))
#define auto_str    __attribute__((cleanup(azml_str_cleanup)))
#define auto_error  __attribute__((cleanup(azml_error_cleanup)))
#define auto_secret __attribute__((cleanup(azml_secret_cleanup)))

#endif
