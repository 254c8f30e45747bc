# What the pages do in a browser. It measures time, so that nothing runs beside it; without Chromium it
# is skipped.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
add_test(NAME "The HTML report in a browser"
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/html/html_report_test.py
                 $<TARGET_FILE:ridgeline>)
set_tests_properties("The HTML report in a browser"
                     PROPERTIES TIMEOUT 300 RUN_SERIAL ON SKIP_RETURN_CODE 77)
