# caseway_module(NAME [USES modules...] [PRIVATE libraries...]): one folder of gateway/ as one static library caseway_NAME.
# USES are the modules whose headers it may include (public); PRIVATE are third-party libraries that stay behind its sources.
function(caseway_module name)
  cmake_parse_arguments(ARG "" "" "USES;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(caseway_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(caseway_${name} PRIVATE ${ARG_PRIVATE})
  else()
    add_library(caseway_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(caseway_${name} ${scope} ${CMAKE_SOURCE_DIR})
  foreach(module ${ARG_USES})
    target_link_libraries(caseway_${name} ${scope} caseway_${module})
  endforeach()
endfunction()

# caseway_test(NAME USES modules... [PRIVATE libraries...] [CONCURRENT]): all *_test.cpp of the folder as one Boost.Test program, one
# ctest entry. CONCURRENT: several threads; runs under the thread sanitizer too (target tsan_tests, label concurrent).
function(caseway_test name)
  cmake_parse_arguments(ARG "CONCURRENT" "" "USES;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources} ${CMAKE_SOURCE_DIR}/tests/test_main.cpp)
  target_compile_definitions(test_${name} PRIVATE BOOST_TEST_DYN_LINK CASEWAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             CASEWAY_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(test_${name} PRIVATE Boost::unit_test_framework ${ARG_PRIVATE})
  foreach(module ${ARG_USES})
    target_link_libraries(test_${name} PRIVATE caseway_${module})
  endforeach()
  set_source_files_properties(${CMAKE_SOURCE_DIR}/tests/test_main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  target_precompile_headers(test_${name} PRIVATE <boost/test/unit_test.hpp> <string> <vector>)
  add_test(NAME ${name} COMMAND test_${name} --color_output=no --report_level=short WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  if(ARG_CONCURRENT)
    set_tests_properties(${name} PROPERTIES LABELS concurrent)
    add_dependencies(tsan_tests test_${name})
  endif()
endfunction()

# caseway_corpus_test(NAME CASE): the case of the program NAME that runs a third-party suite once more by itself, so that ctest says whether it
# was there: see tests/support/corpora.hpp.
function(caseway_corpus_test name case)
  add_test(NAME corpus_${name} COMMAND test_${name} --run_test=${case} --color_output=no WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(corpus_${name} PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: 1 suite")
endfunction()

# caseway_portable_test(NAME SOURCE USES modules...): the folder's tests once more, with SOURCE compiled as where the processor is no x86: without
# its vector instructions, char unsigned as on ARM. The program's own SOURCE goes before the library's.
function(caseway_portable_test name source)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  add_executable(test_${name}_portable ${sources} ${CMAKE_SOURCE_DIR}/${source} ${CMAKE_SOURCE_DIR}/tests/test_main.cpp)
  target_compile_definitions(test_${name}_portable PRIVATE BOOST_TEST_DYN_LINK CASEWAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             CASEWAY_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_compile_options(test_${name}_portable PRIVATE -U__SSE2__ -funsigned-char)
  foreach(module ${ARG_USES})
    target_link_libraries(test_${name}_portable PRIVATE caseway_${module})
  endforeach()
  target_link_libraries(test_${name}_portable PRIVATE Boost::unit_test_framework)
  add_test(NAME ${name}_portable COMMAND test_${name}_portable --color_output=no --report_level=short WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

# caseway_fuzzer(NAME USES modules...): NAME_fuzz.cpp as a libFuzzer program; its kept corpus is tests/fuzz/corpus/NAME/.
function(caseway_fuzzer name)
  if(NOT CASEWAY_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "USES;PRIVATE" ${ARGN})
  add_executable(fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/${name}_fuzz.cpp)
  target_link_libraries(fuzz_${name} PRIVATE ${ARG_PRIVATE})
  foreach(module ${ARG_USES})
    target_link_libraries(fuzz_${name} PRIVATE caseway_${module})
  endforeach()
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endfunction()
