# The page of the HTML report becomes part of ridgeline_reports.
find_file(RIDGELINE_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH REQUIRED
          DOC "Chart.js 3.9, minified, as in Debian's libjs-chart.js")
set(html_folder ${PROJECT_SOURCE_DIR}/reports/html)
# In the order in which they depend on each other.
set(html_scripts base theme select card roofline rooflines bars waterfall heat table settings report
    compare main)
set(html_parts ${html_folder}/report.html ${html_folder}/report.css)
foreach(script ${html_scripts})
  list(APPEND html_parts ${html_folder}/${script}.js)
endforeach()
set(html_page ${PROJECT_BINARY_DIR}/html_page.cpp)
add_custom_command(
  OUTPUT ${html_page}
  COMMAND ${CMAKE_COMMAND} -DSOURCES=${html_folder} -DLIBRARY=${RIDGELINE_CHART_JS}
          -DOUTPUT=${html_page} "-DORDER=${html_scripts}"
          -P ${PROJECT_SOURCE_DIR}/cmake/html_page.cmake
  DEPENDS ${html_parts} ${RIDGELINE_CHART_JS} ${PROJECT_SOURCE_DIR}/cmake/html_page.cmake
  COMMENT "Putting the HTML page together" VERBATIM)
target_sources(ridgeline_reports PRIVATE ${html_page})
