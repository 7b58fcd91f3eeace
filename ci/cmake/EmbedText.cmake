# cmake -DINPUT=file -DOUTPUT=file.cpp -DHEADER=header.hpp -DFUNCTION=name -P EmbedText.cmake
# A source file with a function of namespace dialtone that gives INPUT's text.
file(READ "${INPUT}" text)
string(FIND "${text}" ")text\"" end)
if(NOT end EQUAL -1)
  message(FATAL_ERROR "${INPUT} holds the end of a raw string literal")
endif()
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"\n\nnamespace dialtone {\n\n"
  "std::string_view ${FUNCTION}() {\n  return R\"text(${text})text\";\n}\n\n}  // namespace dialtone\n")
