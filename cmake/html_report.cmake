# The page of the HTML report becomes part of ridgeline_reports.
find_file(RIDGELINE_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH REQUIRED
          DOC "Chart.js 3.9, minified, as in Debian's libjs-chart.js")
set(html_folder ${PROJECT_SOURCE_DIR}/reports/html)

# Adds the page that the C++ function FUNCTION gives, of STYLES and SCRIPTS below reports/html/.
# Scripts come in the order in which they depend on each other.
function(html_page function)
  cmake_parse_arguments(arg "" "" "STYLES;SCRIPTS" ${ARGN})
  set(parts ${html_folder}/report.html)
  foreach(part ${arg_STYLES} ${arg_SCRIPTS})
    list(APPEND parts ${html_folder}/${part})
  endforeach()
  set(output ${PROJECT_BINARY_DIR}/${function}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCES=${html_folder} -DLIBRARY=${RIDGELINE_CHART_JS}
            -DOUTPUT=${output} -DFUNCTION=${function} "-DSTYLES=${arg_STYLES}"
            "-DSCRIPTS=${arg_SCRIPTS}" -P ${PROJECT_SOURCE_DIR}/cmake/html_page.cmake
    DEPENDS ${parts} ${RIDGELINE_CHART_JS} ${PROJECT_SOURCE_DIR}/cmake/html_page.cmake
    COMMENT "Putting a page of ${function} together" VERBATIM)
  target_sources(ridgeline_reports PRIVATE ${output})
endfunction()

html_page(html_template
  STYLES report.css
  SCRIPTS base.js theme.js select.js card.js roofline.js rooflines.js bars.js waterfall.js heat.js
          table.js settings.js report.js compare.js main.js)
html_page(sweep_html_template
  STYLES report.css sweep/sweep.css
  SCRIPTS base.js theme.js select.js card.js bars.js table.js sweep/data.js sweep/scale.js sweep/filter.js
          sweep/colour.js sweep/canvas.js sweep/scatter.js sweep/scatter_events.js sweep/parallel.js
          sweep/parallel_events.js sweep/sensitivity.js sweep/lists.js sweep/main.js)
