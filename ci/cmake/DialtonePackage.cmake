# What `cpack -G DEB` and `cpack -G TGZ` make. The archive of a static build is of one program that
# needs nothing beside it.
# Debian wants these in share/doc, whatever the package is of.
option(DIALTONE_INSTALL_DEBIAN "Install what a Debian package has in share/doc" OFF)

set(CPACK_PACKAGE_NAME dialtone)
set(CPACK_PACKAGE_VENDOR "Dialtone")
set(CPACK_PACKAGE_CONTACT "Dialtone maintainers <maintainers@dialtone.example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "network test harness and protocol conformance tool")
set(CPACK_PACKAGE_DESCRIPTION
    "Dialtone dials a TCP server and checks what it hears. A scenario, written in
JSON, says what is sent and what must come back, down to how the connection
ends: FIN, RST, a time-out and a refused connect are never merged.
It comes with suites for servers and clients over TCP, UDP and TLS, with
reference servers that misbehave on demand, and leaves reports for CI systems.")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR TGZ)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, cmake, python3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# An archive is unpacked wherever its user likes.
set(CPACK_PACKAGING_INSTALL_PREFIX /)
if(DIALTONE_INSTALL_DEBIAN)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
endif()

set(CPACK_SOURCE_GENERATOR "")
if(DIALTONE_STATIC)
  set(CPACK_SYSTEM_NAME "linux-${CMAKE_SYSTEM_PROCESSOR}-static")
endif()

if(DIALTONE_INSTALL_DEBIAN)
  find_program(GZIP gzip REQUIRED)
  set(debian "${PROJECT_SOURCE_DIR}/ci/debian")
  set(made "${PROJECT_BINARY_DIR}/debian")
  file(MAKE_DIRECTORY "${made}")
  execute_process(COMMAND date --utc --rfc-email "--date=${DIALTONE_DATE}" OUTPUT_VARIABLE date
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  configure_file("${debian}/changelog.in" "${made}/changelog.Debian" @ONLY)
  configure_file("${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${made}/changelog" COPYONLY)
  foreach(file IN ITEMS changelog changelog.Debian)
    execute_process(COMMAND "${GZIP}" --best --no-name --keep --force "${made}/${file}"
                    COMMAND_ERROR_IS_FATAL ANY)
    install(FILES "${made}/${file}.gz" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/dialtone")
  endforeach()
  install(FILES "${debian}/copyright" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/dialtone")
  install(FILES "${debian}/lintian-overrides" DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides"
          RENAME dialtone)
endif()
include(CPack)
