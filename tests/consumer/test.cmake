# Installs weir from BUILD into a fresh prefix below WORK, then builds and runs the consumer against it:
# once through find_package, once through pkg-config.
file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE said ERROR_VARIABLE complained RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${status}\n${said}${complained}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

function(expect_output program)
  run(${program})
  if(NOT said STREQUAL "{\"n\":3,\"level\":\"ERROR\",\"seen\":true}\n1 in batches\n")
    message(FATAL_ERROR "${program} said:\n${said}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})

run(${CMAKE_COMMAND} -G Ninja -S ${CONSUMER} -B ${WORK}/build
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${COMPILER})
run(${CMAKE_COMMAND} --build ${WORK}/build)
expect_output(${WORK}/build/consumer)

set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
run(pkg-config --static --cflags --libs weir)
separate_arguments(flags UNIX_COMMAND "${said}")
run(${COMPILER} -std=c++23 ${CONSUMER}/consumer.cpp -o ${WORK}/by-pkg-config ${flags})
expect_output(${WORK}/by-pkg-config)
