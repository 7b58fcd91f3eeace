# Every dependency is a Debian package (ci/deps.sh installs them); nothing is downloaded by the build.
if(DIALTONE_STATIC)
  set(OPENSSL_USE_STATIC_LIBS ON)
endif()
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)

# Asio is header-only and ships no CMake package in Debian.
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(dialtone_asio INTERFACE)
target_include_directories(dialtone_asio SYSTEM INTERFACE "${ASIO_INCLUDE_DIR}")
# Without the last one Asio allocates in one way or another depending on what was included before it: an ODR violation that the
# address sanitizer stops at.
target_compile_definitions(dialtone_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED
                                                   ASIO_DISABLE_STD_ALIGNED_ALLOC)
target_link_libraries(dialtone_asio INTERFACE Threads::Threads)

if(DIALTONE_BUILD_TESTS)
  find_package(GTest 1.12 REQUIRED)
endif()

# fmt: Debian has no archive of it, so that a static program gets one made of its headers. All else is compiled
# as it is for the shared one.
if(DIALTONE_STATIC)
  add_library(dialtone_fmt STATIC "${PROJECT_SOURCE_DIR}/ci/static/fmt.cpp")
  target_compile_definitions(dialtone_fmt PUBLIC FMT_SHARED)
  # pkg-config names the shared library; the archive lies beside it.
  find_library(RE2_ARCHIVE libre2.a REQUIRED)
  set_target_properties(PkgConfig::RE2 PROPERTIES INTERFACE_LINK_LIBRARIES "${RE2_ARCHIVE};Threads::Threads")
else()
  add_library(dialtone_fmt INTERFACE)
  target_link_libraries(dialtone_fmt INTERFACE fmt::fmt)
endif()
