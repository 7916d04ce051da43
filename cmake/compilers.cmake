# The words of each compiler, and its warnings: cpp/sources.json has flags in the words of gcc.

# Puts flags of gcc into the words of the compiler at hand.
function(translate_flags result)
  set(flags ${ARGN})
  if(APPLE)
    # Apple's driver knows no OpenMP, the compiler behind it does.
    list(TRANSFORM flags REPLACE "^-fopenmp$" "SHELL:-Xclang -fopenmp")
  elseif(MSVC)
    # clang-cl, which takes flags of clang behind /clang: but has its own for exceptions.
    list(TRANSFORM flags REPLACE "^-fexceptions$" "/EHsc")
    list(TRANSFORM flags REPLACE "^-" "/clang:-")
  endif()
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

# The kernels are written with vector extensions of gcc and clang.
if(MSVC AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "cnnative builds with clang-cl on Windows, not with ${CMAKE_CXX_COMPILER_ID}: give cmake-js `--toolset ClangCL`.")
endif()

if(MSVC)
  set(WARNINGS /W3)
else()
  set(WARNINGS -Wall -Wextra)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  list(APPEND WARNINGS -Wno-ignored-optimization-argument)
endif()
