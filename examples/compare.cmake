# Fails unless PROGRAM ends with 0 and prints what the file GOLDEN holds.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE said RESULT_VARIABLE status)
file(READ ${GOLDEN} expected)
if(NOT status EQUAL 0 OR NOT said STREQUAL expected)
  message(FATAL_ERROR "ended with ${status}\n--- expected\n${expected}--- got\n${said}---")
endif()
