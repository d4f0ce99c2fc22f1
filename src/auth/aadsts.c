#include "auth/entra.h"

#include "base/auto.h"
#include "base/i18n.h"

/* entra-auth.md 8.2: what can happen to the sign-ins that azml knows, in the user's terms. */
static const struct {
    long code;
    const char *why;
    const char *hint;
} rows[] = {
    {7000215, _("the client secret is wrong: its value is needed, not its id"),
     "az ad app credential reset --id CLIENT_ID"                                                                                            },
    {70002,   _("the client secret is wrong: its value is needed, not its id"),
     "az ad app credential reset --id CLIENT_ID"                                                                                            },
    {7000222, _("the client secret has expired"),                                                "az ad app credential reset --id CLIENT_ID"},
    {700016,  _("this tenant has no application of that client id"),
     _("check AZURE_CLIENT_ID and AZURE_TENANT_ID")                                                                                         },
    {70001,   _("this tenant has no application of that client id, or it is disabled"),
     _("check AZURE_CLIENT_ID and AZURE_TENANT_ID")                                                                                         },
    {7000112, _("the application is disabled; an administrator can enable it"),                  NULL                                       },
    {7000229, _("the application has no service principal in this tenant"),
     "az ad sp create --id CLIENT_ID"                                                                                                       },
    {7000218, _("the application is confidential and wants a secret or certificate"),            NULL                                       },
    {700025,  _("the application is a public client, which may not send a secret"),              NULL                                       },
    {90002,   _("there is no such tenant: a typing mistake, or another cloud's"),
     _("check AZURE_TENANT_ID and --cloud")                                                                                                 },
    {90038,   _("the tenant lives in another national cloud"),                                   "--cloud usgovernment"                     },
    {900382,  _("the application belongs to another national cloud"),                            "--cloud usgovernment"                     },
    {900432,  _("the application belongs to another national cloud"),                            "--cloud usgovernment"                     },
    {50059,   _("no tenant could be told from the request"),                                     _("set AZURE_TENANT_ID to a tenant id")    },
    {90019,   _("no tenant could be told from the request"),                                     _("set AZURE_TENANT_ID to a tenant id")    },
    {50194,   _("the application knows one tenant only"),                                        _("set AZURE_TENANT_ID to a tenant id")    },
    {9001023, _("this way of signing in needs one certain tenant"),
     _("set AZURE_TENANT_ID to a tenant id")                                                                                                },
    {500011,  _("the tenant does not know the resource that the token is for"),                  _("check --cloud")                         },
    {50001,   _("the tenant does not know the resource that the token is for"),                  _("check --cloud")                         },
    {1002012, _("the scope does not fit this way of signing in"),                                NULL                                       },
    {50049,   _("the sign-in service does not know this cloud's address"),                       _("check --cloud")                         },
    {50034,   _("there is no such user in this tenant"),                                         "az login --tenant TENANT"                 },
    {50020,   _("the account is not a member of this tenant"),                                   "az login --tenant TENANT"                 },
    {50053,   _("the account is locked or the address is blocked; waiting helps"),               NULL                                       },
    {50055,   _("the password has expired"),                                                     "az login"                                 },
    {50126,   _("user name or password is wrong"),                                               "az login"                                 },
    {50057,   _("the account is disabled; an administrator can enable it"),                      NULL                                       },
    {50058,   _("the sign-in has ended"),                                                        "az login"                                 },
    {50072,   _("the account must register for a second factor, in a browser"),                  "az login"                                 },
    {50079,   _("the account must register for a second factor, in a browser"),                  "az login"                                 },
    {50074,   _("a second factor is needed"),                                                    "az login --tenant TENANT"                 },
    {50076,   _("a second factor is needed"),                                                    "az login --tenant TENANT"                 },
    {50078,   _("the second factor must be shown again"),                                        "az login --tenant TENANT"                 },
    {50105,   _("the account is not assigned to the application; an administrator can do that"),
     NULL                                                                                                                                   },
    {50132,   _("the session was ended after a password change"),                                "az login"                                 },
    {50133,   _("the session was ended after a password change"),                                "az login"                                 },
    {50158,   _("a further factor was not satisfied"),                                           "az login"                                 },
    {50173,   _("the sign-in was revoked and must be repeated"),                                 "az login"                                 },
    {50196,   _("too many sign-ins in a row; waiting a few minutes helps"),                      NULL                                       },
    {53000,   _("a rule of the organisation wants a managed device"),                            "az login"                                 },
    {53001,   _("a rule of the organisation wants a managed device"),                            "az login"                                 },
    {53003,
     _("a rule of the organisation (Conditional Access) forbids this sign-in; the "
       "correlation id helps its administrator"),
     NULL                                                                                                                                   },
    {530003,  _("a rule of the organisation wants a managed device"),                            "az login"                                 },
    {530032,  _("a security rule of the organisation forbids this sign-in"),                     NULL                                       },
    {65001,   _("nobody has consented to the application yet; an administrator can"),            NULL                                       },
    {70008,   _("the sign-in has expired"),                                                      "az login"                                 },
    {700082,  _("the sign-in has expired after 90 days without use"),                            "az login"                                 },
    {70043,   _("the organisation wants the sign-in repeated from time to time"),                "az login"                                 },
    {700024,  _("the assertion is outside its time window; this machine's clock may be wrong"),
     NULL                                                                                                                                   },
    {50013,   _("the assertion is not valid; this machine's clock may be wrong"),                NULL                                       },
    {700027,  _("the certificate is not the application's"),                                     NULL                                       },
    {50033,   _("the sign-in service has a passing problem; trying again helps"),                NULL                                       },
    {90006,   _("the sign-in service has a passing problem; trying again helps"),                NULL                                       },
    {90024,   _("the sign-in service has a passing problem; trying again helps"),                NULL                                       },
    {90033,   _("the sign-in service has a passing problem; trying again helps"),                NULL                                       },
    {90055,   _("the sign-in service is overloaded; trying again later helps"),                  NULL                                       },
};

struct azml_entra_advice azml_entra_advice(long code)
{
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (rows[i].code == code)
            return (struct azml_entra_advice){.why = rows[i].why, .hint = rows[i].hint};
    }
    return (struct azml_entra_advice){0};
}
