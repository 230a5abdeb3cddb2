# caseway_connector(NAME [PRIVATE libraries...]): one folder of connectors/ as the library caseway_connector_NAME (its *.cpp), compiled in;
# test/*_test.cpp becomes the test program connector_NAME.
function(caseway_connector name)
  cmake_parse_arguments(ARG "" "" "PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(caseway_connector_${name} STATIC ${sources})
  target_precompile_headers(caseway_connector_${name} REUSE_FROM headers)
  target_include_directories(caseway_connector_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(caseway_connector_${name} PUBLIC caseway_ports caseway_connector_sdk PRIVATE ${ARG_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY CASEWAY_CONNECTORS caseway_connector_${name})
endfunction()
