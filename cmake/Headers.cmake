# What most sources include, precompiled once for all of them and once more for all tests; a target of its own each, since compilers want the very
# options with which headers were precompiled. No source may count on it: what it names, it includes.
if(CMAKE_BUILD_TYPE STREQUAL Release)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)  # the mapping of JSON took a tenth more instructions with them
endif()
set(often <algorithm> <array> <charconv> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <string> <string_view> <utility> <vector>
    <fmt/format.h>)
add_library(headers OBJECT ${CMAKE_SOURCE_DIR}/cmake/headers.cpp)
target_precompile_headers(headers PRIVATE ${often})

add_library(test_headers OBJECT ${CMAKE_SOURCE_DIR}/cmake/headers.cpp)
caseway_as_test(test_headers)
target_precompile_headers(test_headers PRIVATE <boost/test/unit_test.hpp> ${often})
