# One library per folder, linking downwards only; one function per kind of target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(DVINIS_CCACHE ccache)
  if(DVINIS_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${DVINIS_CCACHE})
  endif()
endif()
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

# Every flag ends at our own code: who uses the installed libraries chooses their own.
add_library(dvinis_options INTERFACE)
set_target_properties(dvinis_options PROPERTIES EXPORT_NAME options)
# The same bits on every machine: no contraction to FMA behind our back, no reassociation.
set(flags -ffp-contract=off -fno-fast-math
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wdouble-promotion -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND flags -Wno-restrict)  # false alarms on every string = "literal" in GCC 12 (its bug 105651)
endif()
if(DVINIS_WERROR)
  list(APPEND flags -Werror)
endif()
if(DVINIS_CHECKS)
  list(APPEND flags -D_GLIBCXX_ASSERTIONS -DDVINIS_CHECKS=1)
endif()
target_compile_options(dvinis_options INTERFACE "$<BUILD_INTERFACE:${flags}>")
target_include_directories(dvinis_options INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                    $<INSTALL_INTERFACE:include/dvinis>)
include(DvinisSanitize)

# dvinis_library(core_grid SOURCES a.cpp LINKS core_base PRIVATE_LINKS Foo::foo)
function(dvinis_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(dvinis_${name} STATIC ${arg_SOURCES})
  add_library(dvinis::${name} ALIAS dvinis_${name})
  set_target_properties(dvinis_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(dvinis_${name} PUBLIC dvinis_options ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
  set_property(GLOBAL APPEND PROPERTY DVINIS_LIBRARIES dvinis_${name})
endfunction()

# dvinis_test(name SOURCES a.cpp LINKS dvinis::core_grid LABELS unit): a GoogleTest program, each case a ctest.
# Cases find the checkout in DVINIS_SOURCE_DIR and the build folder in DVINIS_BUILD_DIR.
function(dvinis_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(test_${name} ${arg_SOURCES})
  target_link_libraries(test_${name} PRIVATE dvinis_options ${arg_LINKS} GTest::gtest GTest::gtest_main)
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600)
  endif()
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    TEST_LIST cases_of_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  # gtest_discover_tests loses all but the first item of a list-valued property, so they are set afterwards.
  set(properties ${CMAKE_CURRENT_BINARY_DIR}/test_${name}_properties.cmake)
  set(environment "DVINIS_SOURCE_DIR=${PROJECT_SOURCE_DIR}" "DVINIS_BUILD_DIR=${PROJECT_BINARY_DIR}"
                  ${DVINIS_SANITIZE_ENVIRONMENT})
  file(CONFIGURE OUTPUT ${properties} @ONLY CONTENT [=[
if(cases_of_@name@)
  set_tests_properties(${cases_of_@name@} PROPERTIES
    TIMEOUT @arg_TIMEOUT@ LABELS "@arg_LABELS@" ENVIRONMENT "@environment@")
endif()
]=])
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${properties})
endfunction()
