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
add_test(NAME "The page of a sweep in a browser"
         COMMAND ${RIDGELINE_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/html/sweep_page_test.py
                 $<TARGET_FILE:ridgeline_sweep_page>)
set_tests_properties("The page of a sweep in a browser"
                     PROPERTIES TIMEOUT 300 RUN_SERIAL ON SKIP_RETURN_CODE 77)
# Interrupting, resuming and sharding sweeps; some of it is killed at moments that it draws.
add_test(NAME "Sweeps, interrupted and in shards"
         COMMAND ${RIDGELINE_PYTHON} -I -S ${CMAKE_CURRENT_SOURCE_DIR}/sweep/sweep_test.py
                 $<TARGET_FILE:ridgeline>)
set_tests_properties("Sweeps, interrupted and in shards" PROPERTIES TIMEOUT 600)
add_test(NAME "The README's tutorial"
         COMMAND ${RIDGELINE_PYTHON} -I -S ${CMAKE_CURRENT_SOURCE_DIR}/tutorial_test.py
                 $<TARGET_FILE:ridgeline>)
set_tests_properties("The README's tutorial" PROPERTIES TIMEOUT 300)
# Shards as tasks of a real Slurm, which the test starts on the loopback and ends; skipped without one.
add_test(NAME "A sweep on Slurm"
         COMMAND ${RIDGELINE_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/cluster/slurm_test.py
                 $<TARGET_FILE:ridgeline>)
set_tests_properties("A sweep on Slurm"
                     PROPERTIES TIMEOUT 300 RUN_SERIAL ON SKIP_RETURN_CODE 77 LABELS slurm)
