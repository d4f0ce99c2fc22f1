/* limits.h - every ceiling in one place, each with its reason. */
#ifndef AZML_BASE_LIMITS_H
#define AZML_BASE_LIMITS_H

#define AZML_LIMIT_TEXT        (256UL * 1024 * 1024) /* a struct azml_str without its own limit */
#define AZML_LIMIT_REPLY       (64UL * 1024 * 1024)  /* one reply body; ARM itself stops at 8 MB */
#define AZML_LIMIT_HEADERS     (256UL * 1024) /* all headers of a reply; ARM's links reach 4 KB */
#define AZML_LIMIT_JSON_DEPTH  200            /* deeper documents are attacks, not answers */
#define AZML_LIMIT_PAGES       100000         /* pages of one list */
#define AZML_LIMIT_LIST        (512UL * 1024 * 1024) /* all pages of one list together */
#define AZML_LIMIT_POLLS       100000                /* polls of one operation */
#define AZML_LIMIT_KEY_FILE    (64UL * 1024)       /* a key file; the largest real ones are 12 KB */
#define AZML_LIMIT_KNOWN_HOSTS (4UL * 1024 * 1024) /* known_hosts; some 5,000 computes */
#define AZML_LIMIT_TOKEN_FILE  (256UL * 1024)      /* a token file; group claims make them large */
#define AZML_LIMIT_BODY_FILE   (16UL * 1024 * 1024) /* a request body given as a file */

#endif
