/* template_order.h - which resources of a template must be there before which others.
 *
 * dependsOn as written, and what reference() implies. Nothing is evaluated but names. */
#ifndef AZML_SANDBOX_TEMPLATE_ORDER_H
#define AZML_SANDBOX_TEMPLATE_ORDER_H

#include "sandbox/template.h"

/* Fill every resource's `needs` and sort the resources so that needs come first, else as written.
 * Return 0, or -1 with `err` set (an unknown name in dependsOn, a circle). */
int azml_template_sort(struct azml_template *template, struct azml_error *err);

#endif
