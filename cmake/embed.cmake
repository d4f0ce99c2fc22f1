# cmake -DTABLE=FILE -DNAME=WORD -DOUTPUT=FILE.c -P embed.cmake: FILE as a C array.
file(READ ${TABLE} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)"
       "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"base/data.h\"\n\nconst char azml_data_${NAME}[] = {\n${bytes}0};\n")
