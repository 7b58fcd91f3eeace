# What every target of the project shares: include root, warnings, sanitizers.
set(DIALTONE_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them")

add_library(dialtone_options INTERFACE)
target_include_directories(dialtone_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(dialtone_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                                  -Wold-style-cast -Wcast-align -Wunused)
target_compile_definitions(dialtone_options INTERFACE DIALTONE_VERSION="${PROJECT_VERSION}")
if(DIALTONE_SANITIZE)
  target_compile_options(dialtone_options INTERFACE "-fsanitize=${DIALTONE_SANITIZE}"
                                                    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # The check of dynamic types opens a pipe to look whether memory can be read. In a test that runs
  # out of descriptors on purpose it cannot, and reports an object that is sound.
  target_compile_options(dialtone_options INTERFACE -fno-sanitize=vptr)
  target_link_options(dialtone_options INTERFACE "-fsanitize=${DIALTONE_SANITIZE}")
endif()

# dialtone_library(NAME SOURCES a.cpp ... HEADERS a.hpp ... LINK dep ...)
# A header set, so that VERIFY_INTERFACE_HEADER_SETS proves every header self-contained.
function(dialtone_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${ARG_HEADERS})
  target_link_libraries(${name} PUBLIC dialtone_options ${ARG_LINK})
endfunction()

# dialtone_test(NAME SOURCES a_test.cpp ... LINK dep ...): a GoogleTest binary; each TEST is one of CTest's.
function(dialtone_test name)
  if(NOT DIALTONE_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE dialtone_options ${ARG_LINK} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE DIALTONE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             DIALTONE_BINARY="$<TARGET_FILE_DIR:dialtone>/dialtone")
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()

# dialtone_fuzzer(NAME SOURCES a_fuzz.cpp ... LINK dep ...): a libFuzzer program, part of the target `fuzzers`. The preset
# `fuzz` turns them on: they need clang.
function(dialtone_fuzzer name)
  if(NOT DIALTONE_BUILD_FUZZERS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE dialtone_options ${ARG_LINK})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name})
endfunction()
