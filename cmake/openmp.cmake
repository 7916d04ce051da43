# Links the OpenMP runtime of the compiler and lets it travel along: a plain server has none.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(cnnative PRIVATE -fopenmp)
  # In a folder named after the C library: binaries for glibc and musl share a folder in the package, and their runtimes have one name.
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -dumpmachine
                  OUTPUT_VARIABLE MACHINE OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(MACHINE MATCHES "musl")
    set(LIBC musl)
  else()
    set(LIBC glibc)
  endif()
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgomp.so.1
                  OUTPUT_VARIABLE LIBGOMP OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set_target_properties(cnnative PROPERTIES BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN/${LIBC}")
  add_custom_command(TARGET cnnative POST_BUILD
                     COMMAND ${CMAKE_COMMAND} -E make_directory $<TARGET_FILE_DIR:cnnative>/${LIBC}
                     COMMAND ${CMAKE_COMMAND} -E copy ${LIBGOMP} $<TARGET_FILE_DIR:cnnative>/${LIBC}/libgomp.so.1)
else()
  target_link_options(cnnative PRIVATE -fopenmp)
endif()
