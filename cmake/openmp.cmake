# Links the OpenMP runtime and lets it travel with the addon: a plain server has none.

if(APPLE)
  # Apple ships none; Homebrew's libomp has a static library, so nothing need travel beside.
  set(prefixes $ENV{LIBOMP_PREFIX} /opt/homebrew/opt/libomp /usr/local/opt/libomp)
  find_path(OMP_INCLUDE omp.h HINTS ${prefixes} PATH_SUFFIXES include REQUIRED)
  find_library(OMP_LIBRARY libomp.a HINTS ${prefixes} PATH_SUFFIXES lib REQUIRED)
  include_directories(SYSTEM ${OMP_INCLUDE})
  target_link_libraries(cnnative PRIVATE ${OMP_LIBRARY})
elseif(MSVC)
  # LLVM has its runtime beside clang-cl. Windows looks for libraries where the addon lies.
  get_filename_component(llvm ${CMAKE_CXX_COMPILER} DIRECTORY)
  target_link_libraries(cnnative PRIVATE ${llvm}/../lib/libomp.lib)
  add_custom_command(TARGET cnnative POST_BUILD
                     COMMAND ${CMAKE_COMMAND} -E copy ${llvm}/libomp.dll $<TARGET_FILE_DIR:cnnative>/libomp.dll)
else()
  target_link_options(cnnative PRIVATE -fopenmp)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT APPLE)
  # In a folder named after the C library: binaries for glibc and musl share one in the package, and so would their runtimes.
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -dumpmachine
                  OUTPUT_VARIABLE machine OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(libc glibc)
  if(machine MATCHES "musl")
    set(libc musl)
  endif()
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgomp.so.1
                  OUTPUT_VARIABLE libgomp OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(NOT IS_ABSOLUTE "${libgomp}")
    message(FATAL_ERROR "${CMAKE_CXX_COMPILER} does not know where its libgomp.so.1 is: install gcc's OpenMP runtime.")
  endif()
  set_target_properties(cnnative PROPERTIES BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN/${libc}")
  add_custom_command(TARGET cnnative POST_BUILD
                     COMMAND ${CMAKE_COMMAND} -E make_directory $<TARGET_FILE_DIR:cnnative>/${libc}
                     COMMAND ${CMAKE_COMMAND} -E copy ${libgomp} $<TARGET_FILE_DIR:cnnative>/${libc}/libgomp.so.1)
endif()
