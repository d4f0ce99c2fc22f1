# libevent and SQLite serve the sandbox alone, so they are linked static: nobody else pays for
# loading them at start.
add_library(azml_static_libs INTERFACE)
foreach(name event_openssl event_extra event_core sqlite3)
    find_library(AZML_LIB_${name} NAMES lib${name}.a)
    if(NOT AZML_LIB_${name})
        message(FATAL_ERROR "The static library lib${name}.a is missing. On Debian: "
                "apt install libevent-dev libsqlite3-dev")
    endif()
    target_link_libraries(azml_static_libs INTERFACE ${AZML_LIB_${name}})
endforeach()
target_link_libraries(azml_static_libs INTERFACE m pthread ${CMAKE_DL_LIBS})
