# Sanitizers for the whole tree (presets asan, tsan and fuzz).
#
# Thread sanitizer: GCC's libgomp is not instrumented, so every barrier of it looks like a data race. The tsan
# preset therefore takes clang with LLVM's libomp, whose archer tool tells the sanitizer about fork, join and
# barrier.

set(DVINIS_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined or thread")
set(DVINIS_SANITIZE_ENVIRONMENT "")
if(DVINIS_SANITIZE)
  if(DVINIS_SANITIZE STREQUAL "thread" AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "DVINIS_SANITIZE=thread needs clang with libomp (Debian: clang-16 libomp-16-dev): GCC's OpenMP "
                        "runtime hides its barriers from the sanitizer. Use `cmake --preset tsan`.")
  endif()
  set(flags -fsanitize=${DVINIS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12's flow analysis loses itself in the sanitizer's own branches (std::regex, std::function); the release build
    # keeps this warning.
    list(APPEND flags -Wno-maybe-uninitialized)
  endif()
  target_compile_options(dvinis_options INTERFACE "$<BUILD_INTERFACE:${flags}>")
  target_link_options(dvinis_options INTERFACE $<BUILD_INTERFACE:-fsanitize=${DVINIS_SANITIZE}>)
  set(suppressions ${PROJECT_SOURCE_DIR}/tools/sanitizers)
  list(APPEND DVINIS_SANITIZE_ENVIRONMENT
    "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1"
    "LSAN_OPTIONS=suppressions=${suppressions}/leaks.txt:print_suppressions=0"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "TSAN_OPTIONS=suppressions=${suppressions}/threads.txt:ignore_noninstrumented_modules=1")
  if(DVINIS_SANITIZE STREQUAL "thread")
    string(REGEX MATCH "^[0-9]+" major ${CMAKE_CXX_COMPILER_VERSION})
    find_library(DVINIS_ARCHER archer HINTS /usr/lib/llvm-${major}/lib REQUIRED)
    list(APPEND DVINIS_SANITIZE_ENVIRONMENT "OMP_TOOL_LIBRARIES=${DVINIS_ARCHER}")
  endif()
endif()
