# cmake --install: the command, the libraries with headers and a find_package(dvinis) config, fonts, man page,
# completion. Nothing needs root: give --prefix.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/dvinis)

# Pictures stay out of the package: who links the engine should not need VTK.
get_property(libraries GLOBAL PROPERTY DVINIS_LIBRARIES)
list(FILTER libraries EXCLUDE REGEX "^dvinis_(viz|app)")
list(REMOVE_DUPLICATES libraries)
get_property(plain_packages GLOBAL PROPERTY DVINIS_PLAIN_PACKAGES)
list(JOIN plain_packages "\n" DVINIS_PLAIN_PACKAGES)

install(TARGETS ${libraries} dvinis_options EXPORT dvinis ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT dvinis NAMESPACE dvinis:: DESTINATION ${package_folder} FILE dvinis-targets.cmake)
foreach(folder core models io)
  install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/dvinis FILES_MATCHING PATTERN "*.hpp")
endforeach()
configure_package_config_file(cmake/dvinis-config.cmake.in ${PROJECT_BINARY_DIR}/dvinis-config.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/dvinis-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/dvinis-config.cmake ${PROJECT_BINARY_DIR}/dvinis-config-version.cmake
  cmake/DvinisFindPlain.cmake DESTINATION ${package_folder})

# All that ./demo has to build.
add_custom_target(programs)
foreach(program dvinis dvinis-render dvinis-report dvinis_render)
  if(TARGET ${program})
    add_dependencies(programs ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

if(EXISTS ${PROJECT_SOURCE_DIR}/viz/fonts)
  install(DIRECTORY viz/fonts DESTINATION ${CMAKE_INSTALL_DATADIR}/dvinis)
endif()
install(FILES tools/man/dvinis.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES tools/completion/dvinis DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES LICENSE README.md FIGURES.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "the dvinis authors")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_STRIP_FILES ON)
include(CPack)
