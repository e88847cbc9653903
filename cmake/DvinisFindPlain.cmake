# dvinis_find_plain(name header library): libraries without a CMake package of their own.
# Also part of the installed package, whose libraries need the same ones.
function(dvinis_find_plain name header library)
  find_path(DVINIS_${name}_INCLUDE ${header} REQUIRED)
  find_library(DVINIS_${name}_LIBRARY ${library} REQUIRED)
  add_library(dvinis_${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(dvinis_${name} SYSTEM INTERFACE ${DVINIS_${name}_INCLUDE})
  target_link_libraries(dvinis_${name} INTERFACE ${DVINIS_${name}_LIBRARY})
  set_property(GLOBAL APPEND PROPERTY DVINIS_PLAIN_PACKAGES "dvinis_find_plain(${name} ${header} ${library})")
endfunction()
