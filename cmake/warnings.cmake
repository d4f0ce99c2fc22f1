# Warnings, sanitizers and hardening, as lists that targets take.
set(AZML_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wvla -Wundef -Wcast-qual -Wwrite-strings
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wimplicit-fallthrough
    -Wdouble-promotion)
set(AZML_SOURCE_WARNINGS -Wconversion -Wsign-conversion)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    list(APPEND AZML_SOURCE_WARNINGS -Wlogical-op -Wduplicated-cond -Wduplicated-branches
         -Wformat-signedness)
else()
    # Statement expressions (AZML_STEAL) are marked with __extension__; clang still names them.
    list(APPEND AZML_WARNINGS -Wno-gnu-statement-expression)
    list(APPEND AZML_SOURCE_WARNINGS -Wcomma -Wloop-analysis -Wconditional-uninitialized)
endif()
if(AZML_WERROR)
    list(APPEND AZML_WARNINGS -Werror)
endif()

if(AZML_SANITIZE)
    add_compile_options(-fsanitize=${AZML_SANITIZE} -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${AZML_SANITIZE})
endif()
if(AZML_HARDEN)
    add_compile_options(-D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
                        -fcf-protection)
    add_link_options(-pie -Wl,-z,relro,-z,now)
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-ftrivial-auto-var-init=zero)
    endif()
endif()
