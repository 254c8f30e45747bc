# Tests in Python 3, with nothing but its standard library.
find_program(RIDGELINE_PYTHON python3 HINTS /usr/bin REQUIRED DOC "Python 3.11 or newer, for tests")
add_test(NAME "The Python reader"
         COMMAND ${RIDGELINE_PYTHON} -I -S ${CMAKE_CURRENT_SOURCE_DIR}/reports/python_reader_test.py
                 $<TARGET_FILE:ridgeline>)
set_tests_properties("The Python reader" PROPERTIES TIMEOUT 300)
# What the pages do in a browser. It measures time, so that nothing runs beside it; without Chromium it
# is skipped.
add_test(NAME "The HTML report in a browser"
         COMMAND ${RIDGELINE_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/html/html_report_test.py
                 $<TARGET_FILE:ridgeline>)
set_tests_properties("The HTML report in a browser"
                     PROPERTIES TIMEOUT 300 RUN_SERIAL ON SKIP_RETURN_CODE 77)
