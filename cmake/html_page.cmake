# Puts the page of reports/html/ together: style, Chart.js and scripts inside one HTML file, with the
# hashes of each in its content security policy, as a C++ source. Run by cmake -P with
#   SOURCES  folder of the parts      LIBRARY  Chart.js      OUTPUT  the .cpp      FUNCTION  what it defines
#   STYLES, SCRIPTS  names of parts, in their order

# base64 of a SHA-256 in hexadecimal, as Content-Security-Policy writes it.
function(base64_of_hex hex result)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  set(text "")
  # Three bytes are four characters; 32 bytes leave two, which are three characters and "=".
  foreach(at RANGE 0 63 6)
    string(SUBSTRING "${hex}" ${at} 6 part)
    string(LENGTH "${part}" digits)
    math(EXPR value "0x${part}")
    if(digits EQUAL 4)
      math(EXPR value "${value} << 8")
      set(shifts 18 12 6)
    else()
      set(shifts 18 12 6 0)
    endif()
    foreach(shift ${shifts})
      math(EXPR index "(${value} >> ${shift}) & 63")
      string(SUBSTRING "${alphabet}" ${index} 1 character)
      string(APPEND text "${character}")
    endforeach()
  endforeach()
  set(${result} "${text}=" PARENT_SCOPE)
endfunction()

function(hash_of text result)
  string(SHA256 hex "${text}")
  base64_of_hex("${hex}" base64)
  set(${result} "sha256-${base64}" PARENT_SCOPE)
endfunction()

# C++ source of a text; compilers limit the length of one literal.
function(literal_of text result)
  set(source "")
  string(LENGTH "${text}" length)
  set(at 0)
  while(at LESS length)
    # Cut before a character of ASCII, so that each literal is UTF-8.
    math(EXPR end "${at} + 12000")
    while(end LESS length)
      string(SUBSTRING "${text}" ${end} 1 next)
      if(next MATCHES "^[ -~\n]$")
        break()
      endif()
      math(EXPR end "${end} + 1")
    endwhile()
    if(end GREATER length)
      set(end ${length})
    endif()
    math(EXPR size "${end} - ${at}")
    string(SUBSTRING "${text}" ${at} ${size} part)
    string(APPEND source "\n    R\"~html~(${part})~html~\"")
    set(at ${end})
  endwhile()
  set(${result} "${source}" PARENT_SCOPE)
endfunction()

file(READ "${SOURCES}/report.html" page)
set(style "")
foreach(name ${STYLES})
  file(READ "${SOURCES}/${name}" part)
  string(APPEND style "${part}")
endforeach()
file(READ "${LIBRARY}" library)
string(REGEX REPLACE "\n//# sourceMappingURL=[^\n]*" "" library "${library}")
set(script "(() => {\n'use strict';\n")
foreach(name ${SCRIPTS})
  file(READ "${SOURCES}/${name}" part)
  string(APPEND script "${part}")
endforeach()
string(APPEND script "})();\n")
# Comments and indentation stay in the sources: every report carries the rest.
string(REGEX REPLACE "\n *//[^\n]*" "" script "${script}")
foreach(name style script)
  string(REGEX REPLACE "\n[ \n]+" "\n" ${name} "${${name}}")
endforeach()
foreach(name style library script)
  if("${${name}}" MATCHES "</(script|style)")
    message(FATAL_ERROR "the ${name} of the HTML page would end its own element")
  endif()
  hash_of("${${name}}" hash)
  string(REPLACE "{{${name}_hash}}" "${hash}" page "${page}")
endforeach()
foreach(name style library script)
  string(REPLACE "{{${name}}}" "${${name}}" page "${page}")
endforeach()

string(FIND "${page}" "{{title}}" title)
string(FIND "${page}" "{{data}}" data)
string(SUBSTRING "${page}" 0 ${title} before_title)
math(EXPR from "${title} + 9")
math(EXPR length "${data} - ${from}")
string(SUBSTRING "${page}" ${from} ${length} before_data)
math(EXPR from "${data} + 8")
string(SUBSTRING "${page}" ${from} -1 after_data)
foreach(part before_title before_data after_data)
  literal_of("${${part}}" ${part})
endforeach()
file(WRITE "${OUTPUT}" "// Made by cmake/html_page.cmake from reports/html/; not to be edited.
#include \"reports/html_template.hpp\"

#ifdef __clang__
#pragma clang diagnostic ignored \"-Woverlength-strings\"  // longer than a compiler has to take
#endif

namespace ridgeline::reports {

HtmlTemplate ${FUNCTION}() {
  return {.before_title =${before_title},
          .before_data =${before_data},
          .after_data =${after_data}};
}

}  // namespace ridgeline::reports
")
