/* i18n.h - marks the sentences that people read.
 *
 * _("…") does nothing until translations come; every sentence is whole, never glued from parts. */
#ifndef AZML_BASE_I18N_H
#define AZML_BASE_I18N_H

#define _(text) (text)

#endif
