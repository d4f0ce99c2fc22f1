# The tables of data/ become read-only text in the program: azml_data_<name>, declared in
# base/data.h.
file(GLOB AZML_TABLES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/*.tsv)
set(AZML_DATA_SOURCES)
foreach(table ${AZML_TABLES})
    get_filename_component(name ${table} NAME_WE)
    set(output ${CMAKE_BINARY_DIR}/data/${name}.c)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DTABLE=${table} -DNAME=${name} -DOUTPUT=${output}
                -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
        DEPENDS ${table} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
        VERBATIM)
    list(APPEND AZML_DATA_SOURCES ${output})
endforeach()
