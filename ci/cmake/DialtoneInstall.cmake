# What `cmake --install` puts where: the program, its suites and profiles, the CMake package.
include(CMakePackageConfigHelpers)

set(DIALTONE_SHARE "${CMAKE_INSTALL_DATADIR}/dialtone")
# Nothing in it depends on the architecture but the program's place, which is found from here.
set(DIALTONE_CMAKE_DIR "${CMAKE_INSTALL_DATADIR}/cmake/Dialtone")

install(TARGETS dialtone EXPORT DialtoneTargets RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/scenarios" DESTINATION "${DIALTONE_SHARE}"
        FILES_MATCHING PATTERN "*.json")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/fixtures/profiles" DESTINATION "${DIALTONE_SHARE}"
        FILES_MATCHING PATTERN "*.json")
install(PROGRAMS "${PROJECT_SOURCE_DIR}/fixtures/profiles/nginx.sh"
        DESTINATION "${DIALTONE_SHARE}/profiles")

install(EXPORT DialtoneTargets NAMESPACE Dialtone:: DESTINATION "${DIALTONE_CMAKE_DIR}")
configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/package/DialtoneConfig.cmake.in" "${PROJECT_BINARY_DIR}/DialtoneConfig.cmake"
  INSTALL_DESTINATION "${DIALTONE_CMAKE_DIR}" PATH_VARS DIALTONE_SHARE)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/DialtoneConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/DialtoneConfig.cmake"
              "${PROJECT_BINARY_DIR}/DialtoneConfigVersion.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/package/DialtoneDiscoverTests.cmake"
        DESTINATION "${DIALTONE_CMAKE_DIR}")

# Manual pages and completions are made by the program itself, and so never differ from it.
option(DIALTONE_INSTALL_PAGES "Install manual pages and shell completions, which the program prints" ON)
if(DIALTONE_INSTALL_PAGES)
  set(made "${PROJECT_BINARY_DIR}/pages")
  file(MAKE_DIRECTORY "${made}")
  find_program(GZIP gzip)
  set(pages "")
  # dialtone_page(FILE DIRECTORY ARGUMENT...): what `dialtone ARGUMENT...` prints, installed as FILE.
  function(dialtone_page file directory)
    set(commands COMMAND dialtone ${ARGN} > "${file}")
    if(file MATCHES "[.][15]$" AND GZIP)
      list(APPEND commands COMMAND "${GZIP}" --force --best --no-name "${file}")
      string(APPEND file ".gz")
    endif()
    add_custom_command(OUTPUT "${made}/${file}" ${commands} DEPENDS dialtone WORKING_DIRECTORY "${made}"
                       VERBATIM)
    set(pages ${pages} "${made}/${file}" PARENT_SCOPE)
    install(FILES "${made}/${file}" DESTINATION "${directory}")
  endfunction()
  set(DIALTONE_ZSH_DIR "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" CACHE STRING
      "Where zsh's completion goes; Debian's zsh reads share/zsh/vendor-completions")
  dialtone_page(dialtone.1 "${CMAKE_INSTALL_MANDIR}/man1" man dialtone)
  dialtone_page(dialtone-scenario.5 "${CMAKE_INSTALL_MANDIR}/man5" man dialtone-scenario)
  dialtone_page(dialtone "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" completion bash)
  dialtone_page(_dialtone "${DIALTONE_ZSH_DIR}" completion zsh)
  dialtone_page(dialtone.fish "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" completion fish)
  add_custom_target(dialtone_pages ALL DEPENDS ${pages})
endif()

include(DialtonePackage)
