find_program(THRIFT_COMPILER thrift REQUIRED)
find_program(NODE_PROGRAM node)
find_program(NPM_PROGRAM npm)
set(CASEWAY_PLUGIN_SDK ${CMAKE_SOURCE_DIR}/connectors/sdk/plugin)
set(CASEWAY_PLUGIN_GENERATED ${CMAKE_BINARY_DIR}/generated/plugin_sdk)

# A site without internet builds everything but the plug-in in Node: tried once, here, so that no build fails of it.
if(NODE_PROGRAM AND NPM_PROGRAM AND NOT EXISTS ${CASEWAY_PLUGIN_GENERATED}/node/node_modules/thrift/package.json)
  file(COPY ${CASEWAY_PLUGIN_SDK}/node/package.json ${CASEWAY_PLUGIN_SDK}/node/package-lock.json
       DESTINATION ${CMAKE_BINARY_DIR}/npm_probe)
  execute_process(COMMAND ${NPM_PROGRAM} ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=0
                  WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/npm_probe RESULT_VARIABLE npm_failed OUTPUT_QUIET ERROR_QUIET TIMEOUT 120)
  if(NOT npm_failed EQUAL 0)
    message(STATUS "npm cannot fetch Thrift for Node")
    set(NPM_PROGRAM NPM_PROGRAM-NOTFOUND CACHE FILEPATH "npm, where its registry answers" FORCE)
  endif()
  file(REMOVE_RECURSE ${CMAKE_BINARY_DIR}/npm_probe)
endif()

# caseway_plugin(NAME [FROM folder] LANGUAGE python|node FILES files...): a folder of connectors/ as a whole plug-in, with what it needs of the sdk, in
# build/PRESET/plugins/NAME: what is installed and tested.
function(caseway_plugin name)
  cmake_parse_arguments(ARG "" "FROM;LANGUAGE" "FILES" ${ARGN})
  set(folder ${CMAKE_BINARY_DIR}/plugins/${name})
  list(TRANSFORM ARG_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_FROM}/)
  if(ARG_LANGUAGE STREQUAL python)
    set(sdk ${CASEWAY_PLUGIN_SDK}/python/caseway_connector.py)
    set(folders caseway_protocol)
    set(needs plugin_sdk_generated)
  else()
    set(sdk ${CASEWAY_PLUGIN_SDK}/node/caseway_connector.js ${CASEWAY_PLUGIN_SDK}/node/package.json ${CASEWAY_PLUGIN_SDK}/node/package-lock.json)
    set(folders caseway_protocol node_modules)
    set(needs plugin_sdk_node)
  endif()
  set(copies)
  foreach(one ${folders})
    list(APPEND copies COMMAND ${CMAKE_COMMAND} -E copy_directory ${CASEWAY_PLUGIN_GENERATED}/${ARG_LANGUAGE}/${one} ${folder}/${one})
  endforeach()
  add_custom_command(
    OUTPUT ${folder}/manifest.yaml
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${folder}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    ${copies}
    COMMAND ${CMAKE_COMMAND} -E copy ${ARG_FILES} ${sdk} ${folder}
    DEPENDS ${ARG_FILES} ${sdk} ${needs} ${CMAKE_SOURCE_DIR}/connectors/sdk/connector.thrift VERBATIM)  # a target in DEPENDS only orders
  add_custom_target(plugin_${name} ALL DEPENDS ${folder}/manifest.yaml)
endfunction()
