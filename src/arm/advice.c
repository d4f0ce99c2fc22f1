#include "arm/advice.h"

#include "base/auto.h"
#include "base/i18n.h"

#include <string.h>

/* The service's codes that decide by themselves; reference 1.4 and cleanup.md. */
static const struct {
    const char *said;
    enum azml_error_code code;
} codes[] = {
    {"ScopeLocked",                      AZML_ERROR_LOCKED    },
    {"RequestDisallowedByPolicy",        AZML_ERROR_POLICY    },
    {"RequestDisallowedByAzure",         AZML_ERROR_POLICY    },
    {"DisallowedByPolicy",               AZML_ERROR_POLICY    },
    {"QuotaExceeded",                    AZML_ERROR_QUOTA     },
    {"ResourceQuotaExceeded",            AZML_ERROR_QUOTA     },
    {"InsufficientQuota",                AZML_ERROR_QUOTA     },
    {"ClusterCoreQuotaReached",          AZML_ERROR_QUOTA     },
    {"VMSizeQuotaExceeded",              AZML_ERROR_QUOTA     },
    {"InsufficientVMFamilyQuota",        AZML_ERROR_QUOTA     },
    {"StorageAccountAlreadyTaken",       AZML_ERROR_NAME_TAKEN},
    {"StorageAccountAlreadyExists",      AZML_ERROR_NAME_TAKEN},
    {"VaultAlreadyExists",               AZML_ERROR_NAME_TAKEN},
    {"VaultNameNotValid",                AZML_ERROR_SERVICE   },
    {"AlreadyInUse",                     AZML_ERROR_NAME_TAKEN},
    {"NameNotAvailable",                 AZML_ERROR_NAME_TAKEN},
    {"NameUnavailable",                  AZML_ERROR_NAME_TAKEN},
    {"ComputeNameAlreadyInUse",          AZML_ERROR_NAME_TAKEN},
    {"AuthorizationFailed",              AZML_ERROR_FORBIDDEN },
    {"LinkedAuthorizationFailed",        AZML_ERROR_FORBIDDEN },
    {"AuthenticationFailed",             AZML_ERROR_SIGNED_OUT},
    {"InvalidAuthenticationToken",       AZML_ERROR_SIGNED_OUT},
    {"ExpiredAuthenticationToken",       AZML_ERROR_SIGNED_OUT},
    {"InvalidAuthenticationTokenTenant", AZML_ERROR_SIGNED_OUT},
    {"SubscriptionRequestsThrottled",    AZML_ERROR_THROTTLED },
    {"TooManyRequests",                  AZML_ERROR_THROTTLED },
    {"ResourceGroupBeingDeleted",        AZML_ERROR_CONFLICT  },
    {"DeploymentActive",                 AZML_ERROR_CONFLICT  },
    {"AnotherOperationInProgress",       AZML_ERROR_CONFLICT  },
    {"Conflict",                         AZML_ERROR_CONFLICT  },
    {"PreconditionFailed",               AZML_ERROR_CONFLICT  },
    {"MissingSubscriptionRegistration",  AZML_ERROR_CONFLICT  },
    {"SubscriptionNotRegistered",        AZML_ERROR_CONFLICT  },
    {"NotFound",                         AZML_ERROR_NOT_FOUND },
    {"ResourceNotFound",                 AZML_ERROR_NOT_FOUND },
    {"ResourceGroupNotFound",            AZML_ERROR_NOT_FOUND },
    {"SubscriptionNotFound",             AZML_ERROR_NOT_FOUND },
    {"ParentResourceNotFound",           AZML_ERROR_NOT_FOUND },
    {"DeploymentNotFound",               AZML_ERROR_NOT_FOUND },
};

static enum azml_error_code by_status(int status)
{
    switch (status) {
    case 401:
        return AZML_ERROR_SIGNED_OUT;
    case 403:
        return AZML_ERROR_FORBIDDEN;
    case 404:
        return AZML_ERROR_NOT_FOUND;
    case 409:
    case 412:
        return AZML_ERROR_CONFLICT;
    case 429:
        return AZML_ERROR_THROTTLED;
    default:
        return AZML_ERROR_SERVICE;
    }
}

enum azml_error_code azml_arm_error_code(const char *said_code, int status)
{
    for (size_t i = 0; said_code && i < AZML_COUNT(codes); i++) {
        if (azml_same_text(codes[i].said, said_code))
            return codes[i].code;
    }
    return by_status(status);
}

enum azml_error_code azml_arm_advice_refine(enum azml_error_code code,
                                            const struct azml_arm_said *said)
{
    if (!said->message)
        return code;
    /* compute quota comes as OperationNotAllowed with 409 or 429, or as a plain BadRequest */
    if ((azml_same_text(said->code, "OperationNotAllowed") || code == AZML_ERROR_SERVICE) &&
        azml_find_nocase(said->message, "quota"))
        return AZML_ERROR_QUOTA;
    if (code == AZML_ERROR_CONFLICT && (azml_find_nocase(said->message, "soft-deleted") ||
                                        azml_find_nocase(said->message, "soft deleted")))
        return AZML_ERROR_NAME_TAKEN;
    return code;
}

const char *azml_arm_advice_sentence(enum azml_error_code code)
{
    switch ((int)code) {
    case AZML_ERROR_LOCKED:
        return _("a lock protects it");
    case AZML_ERROR_POLICY:
        return _("a policy forbids it");
    case AZML_ERROR_QUOTA:
        return _("the quota does not allow it");
    case AZML_ERROR_NAME_TAKEN:
        return _("the name is taken");
    case AZML_ERROR_FORBIDDEN:
        return _("the identity may not do this");
    case AZML_ERROR_SIGNED_OUT:
        return _("the sign-in was not accepted");
    case AZML_ERROR_THROTTLED:
        return _("the service is overrun and asks to come back later");
    case AZML_ERROR_CONFLICT:
        return _("it does not go together with what is there now");
    case AZML_ERROR_NOT_FOUND:
        return _("it does not exist");
    default:
        return _("the service refused it");
    }
}

/* What stands between the first pair of quotes behind `marker`. */
static char *quoted_behind(const char *text, const char *marker)
{
    const char *at = text ? azml_find_nocase(text, marker) : NULL;
    const char *open = at ? strchr(at, '\'') : NULL;
    const char *close = open ? strchr(open + 1, '\'') : NULL;
    return close ? azml_strndup(open + 1, (size_t)(close - open - 1), NULL) : NULL;
}

static void add_registration(struct azml_error *err, const struct azml_arm_said *said,
                             const char *url)
{
    auto_free char *space = quoted_behind(said->message, "namespace");
    const char *at = url ? azml_find_nocase(url, "/subscriptions/") : NULL;
    if (!space || !at)
        return;
    at += strlen("/subscriptions/");
    azml_error_why(err, _("the subscription has not used %s before and must register it once"),
                   space);
    azml_error_hint(err, "azml rest POST /subscriptions/%.*s/providers/%s/register",
                    (int)strcspn(at, "/?"), at, space);
}

static const struct {
    const char *said;
    const char *why;
    const char *hint;
} notes[] = {
    {"RequestDisallowedByAzure",             _("the subscription may use certain regions only"),
     _("-l LOCATION   (another region)")                                                                                   },
    {"LocationNotAvailableForResourceGroup", _("the cloud has no region of that name"),
     "azml rest GET '/subscriptions/{subscription}/locations'"                                                             },
    {"ReadOnlyDisabledSubscription",
     _("the subscription is disabled, or its spending limit is reached"),                                    NULL          },
    {"ExpiredAuthenticationToken",           _("the token has expired; this machine's clock may be wrong"),
     NULL                                                                                                                  },
    {"InvalidAuthenticationTokenTenant",
     _("the subscription belongs to another tenant than the one signed in to"),
     "az login --tenant TENANT"                                                                                            },
    {"InvalidAuthenticationTokenAudience",   _("the token is for another cloud"),                            "--cloud NAME"},
    {"ResourceGroupBeingDeleted",            _("the group is being deleted"),                                NULL          },
    {"AuthorizationFailed",                  _("a role on this scope is missing, or was given minutes ago"), NULL          },
    {"ScopeLocked",                          _("azml never removes a lock; somebody put it there"),          NULL          },
};

void azml_arm_advice_add(struct azml_error *err, const struct azml_arm_said *said, const char *url)
{
    if (azml_same_text(said->code, "MissingSubscriptionRegistration") ||
        azml_same_text(said->code, "SubscriptionNotRegistered")) {
        add_registration(err, said, url);
        return;
    }
    for (size_t i = 0; said->code && i < AZML_COUNT(notes); i++) {
        if (!azml_same_text(notes[i].said, said->code))
            continue;
        if (err && !err->why)
            azml_error_why(err, "%s", notes[i].why);
        if (notes[i].hint)
            azml_error_hint(err, "%s", notes[i].hint);
    }
}
