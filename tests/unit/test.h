/* test.h - what every unit test program includes, in the order that cmocka wants. */
#ifndef AZML_TEST_H
#define AZML_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
