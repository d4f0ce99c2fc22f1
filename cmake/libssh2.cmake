# libssh2, new enough for RSA keys: the system's where it is, else cmake/deps.sh builds it from
# Debian's signed source, once for all build folders. Before 1.11 libssh2 cannot use an RSA key
# against a current sshd, and RSA is what Azure ML's computes take; 1.11.1 is where its security
# fixes start from.
#
# Debian's libcurl loads a libssh2 of its own: ours is static, and none of its symbols leave the
# program.
add_library(azml_libssh2 INTERFACE)
pkg_check_modules(LIBSSH2 QUIET IMPORTED_TARGET libssh2>=1.11.1)
if(LIBSSH2_FOUND)
    target_link_libraries(azml_libssh2 INTERFACE PkgConfig::LIBSSH2)
else()
    execute_process(COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/deps.sh libssh2
                    OUTPUT_VARIABLE AZML_LIBSSH2_FOLDER OUTPUT_STRIP_TRAILING_WHITESPACE
                    RESULT_VARIABLE AZML_LIBSSH2_RESULT)
    if(NOT AZML_LIBSSH2_RESULT EQUAL 0)
        message(FATAL_ERROR "libssh2 1.11.1 or newer is needed: older ones cannot use RSA keys. "
                "This system has none, and it could not be built from Debian's source package; "
                "the lines above say why. Any system package or pkg-config file of libssh2 "
                "1.11.1 or newer will do as well (PKG_CONFIG_PATH).")
    endif()
    message(STATUS "Using libssh2 of ${AZML_LIBSSH2_FOLDER}")
    target_include_directories(azml_libssh2 SYSTEM INTERFACE ${AZML_LIBSSH2_FOLDER}/include)
    target_link_libraries(azml_libssh2 INTERFACE ${AZML_LIBSSH2_FOLDER}/lib/libssh2.a
                          PkgConfig::OPENSSL)
    target_link_options(azml_libssh2 INTERFACE "LINKER:--exclude-libs,libssh2.a")
endif()
