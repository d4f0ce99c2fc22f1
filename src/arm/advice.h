/* advice.h - what the service's error codes mean for the user: azml's code, a sentence, a next
 * step.
 *
 * One table of codes; whole sentences, no parsing of documents (error.c does that). */
#ifndef AZML_ARM_ADVICE_H
#define AZML_ARM_ADVICE_H

#include "azml/arm_error.h"

/* A closer code where the service's text tells more than its code does. */
enum azml_error_code azml_arm_advice_refine(enum azml_error_code code,
                                            const struct azml_arm_said *said);

/* What happened, in one static sentence. */
const char *azml_arm_advice_sentence(enum azml_error_code code);

/* Add the cause and the next step where they are obvious; `url` is what was asked, or NULL. */
void azml_arm_advice_add(struct azml_error *err, const struct azml_arm_said *said, const char *url);

#endif
