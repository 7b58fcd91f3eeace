# dialtone_discover_tests(SUITES suite...       files, directories, or names of installed suites
#                         [TARGET target]       as `dialtone run --target`; the built-in server by default
#                         [FAULT name]          of the built-in server
#                         [VARS name=value...] [PROVIDES capability...] [TIME_SCALE number]
#                         [FILTERS glob...] [EXCLUDES glob...] [TAGS tag...] [LEVEL MUST|SHOULD|MAY]
#                         [TEST_PREFIX prefix] [LABELS label...] [TIMEOUT seconds]
#                         [PROPERTIES name value...] [WORKING_DIRECTORY directory]
#                         [EXTRA_ARGS argument...])   of `dialtone run`
#
# Makes a test of each scenario, "PREFIXsuite/ID". Its labels are the suite's name, the level, the
# tags and LABELS; a scenario that the target does not provide for is skipped. What is there is
# looked up whenever ctest runs, so that a suite that changed needs no new configuration; where that
# fails, one test fails and says why. TIMEOUT is 120 unless it is given. Relative SUITES and TARGET
# that exist in the current source directory are meant; VARS, EXTRA_ARGS and WORKING_DIRECTORY may
# hold generator expressions, such as VARS server=$<TARGET_FILE:my_server>. Tests of a target that
# bears one client at a time share the RESOURCE_LOCK "dialtone".

# _dialtone_quote(OUT WORD): " " and the word as a bracket argument, which stands for exactly itself.
function(_dialtone_quote out word)
  set(level "")
  string(FIND "${word}]" "]${level}]" found)
  while(NOT found EQUAL -1)
    string(APPEND level "=")
    string(FIND "${word}]" "]${level}]" found)
  endwhile()
  set(${out} " [${level}[${word}]${level}]" PARENT_SCOPE)
endfunction()

# _dialtone_path(OUT PATH): absolute where the source directory has it, else as it is.
function(_dialtone_path out path)
  cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE absolute)
  if(EXISTS "${absolute}")
    set(path "${absolute}")
  endif()
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

function(dialtone_discover_tests)
  cmake_parse_arguments(
    PARSE_ARGV 0 ARG "" "TARGET;FAULT;TIME_SCALE;LEVEL;TEST_PREFIX;TIMEOUT;WORKING_DIRECTORY"
    "SUITES;VARS;PROVIDES;FILTERS;EXCLUDES;TAGS;LABELS;PROPERTIES;EXTRA_ARGS")
  if(DEFINED ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "dialtone_discover_tests: unknown argument: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(DEFINED ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "dialtone_discover_tests: no value for: ${ARG_KEYWORDS_MISSING_VALUES}")
  endif()
  if(NOT DEFINED ARG_SUITES)
    message(FATAL_ERROR "dialtone_discover_tests: SUITES is missing, such as: SUITES article")
  endif()
  if(NOT DEFINED ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT DEFINED ARG_WORKING_DIRECTORY)
    set(ARG_WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  endif()

  set(words "")
  foreach(suite IN LISTS ARG_SUITES)
    _dialtone_path(suite "${suite}")
    _dialtone_quote(word "${suite}")
    string(APPEND words "${word}")
  endforeach()
  if(DEFINED ARG_TARGET)
    _dialtone_path(ARG_TARGET "${ARG_TARGET}")
  endif()
  foreach(pair IN ITEMS target:TARGET fault:FAULT time-scale:TIME_SCALE level:LEVEL prefix:TEST_PREFIX
                        var:VARS provides:PROVIDES filter:FILTERS exclude:EXCLUDES tag:TAGS
                        label:LABELS run-arg:EXTRA_ARGS)
    string(REGEX MATCH "^(.*):(.*)$" pair "${pair}")
    set(option "${CMAKE_MATCH_1}")
    foreach(value IN LISTS ARG_${CMAKE_MATCH_2})
      _dialtone_quote(word "--${option}=${value}")
      string(APPEND words "${word}")
    endforeach()
  endforeach()
  list(LENGTH ARG_PROPERTIES count)
  math(EXPR odd "${count} % 2")
  if(odd)
    message(FATAL_ERROR "dialtone_discover_tests: PROPERTIES are names with values")
  endif()
  set(ARG_PROPERTIES TIMEOUT "${ARG_TIMEOUT}" WORKING_DIRECTORY "${ARG_WORKING_DIRECTORY}"
                     ${ARG_PROPERTIES})
  while(ARG_PROPERTIES)
    list(POP_FRONT ARG_PROPERTIES name value)
    _dialtone_quote(word "--property=${name}=${value}")
    string(APPEND words "${word}")
  endwhile()

  get_property(number DIRECTORY PROPERTY _dialtone_discovered)
  math(EXPR number "0${number} + 1")
  set_property(DIRECTORY PROPERTY _dialtone_discovered ${number})
  set(base "${CMAKE_CURRENT_BINARY_DIR}/dialtone-${number}")
  _dialtone_quote(program "$<TARGET_FILE:Dialtone::dialtone>")
  _dialtone_quote(directory "${ARG_WORKING_DIRECTORY}")
  _dialtone_quote(failed "${ARG_TEST_PREFIX}dialtone-${number}: discovery failed")
  # Evaluated by ctest.
  file(GENERATE OUTPUT "${base}-$<CONFIG>.cmake" CONTENT "\
set(tests \"\${CMAKE_CURRENT_LIST_FILE}.tests\")
file(MAKE_DIRECTORY${directory})
execute_process(COMMAND${program} ctest${words} WORKING_DIRECTORY${directory}
                OUTPUT_FILE \"\${tests}\" ERROR_VARIABLE mistakes RESULT_VARIABLE code)
if(code STREQUAL \"0\")
  include(\"\${tests}\")
else()
  message(\"\${mistakes}\")
  add_test(${failed}${program} ctest${words})
  set_tests_properties(${failed} PROPERTIES WORKING_DIRECTORY${directory})
endif()
")
  # A generator of many configurations lets ctest -C choose.
  file(WRITE "${base}.cmake" "\
if(DEFINED CTEST_CONFIGURATION_TYPE AND EXISTS \"${base}-\${CTEST_CONFIGURATION_TYPE}.cmake\")
  include(\"${base}-\${CTEST_CONFIGURATION_TYPE}.cmake\")
else()
  include(\"${base}-${CMAKE_BUILD_TYPE}.cmake\")
endif()
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${base}.cmake")
endfunction()
