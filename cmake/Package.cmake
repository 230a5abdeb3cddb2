# What is installed where, and the Debian package of it: `./package`, or `cmake --build build/release --target package`. Runtime libraries are
# found by dpkg-shlibdeps. Nothing here names an architecture: the package is for the one that it is built on.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # the tests are no part of it
set(CMAKE_SKIP_PACKAGE_ALL_DEPENDENCY ON)
install(TARGETS caseway RUNTIME DESTINATION bin)
install(TARGETS caseway_all caseway_quick RUNTIME DESTINATION lib/caseway)
install(CODE "execute_process(COMMAND ${CMAKE_SOURCE_DIR}/config/package/describe $<TARGET_FILE:caseway> \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\"
                              COMMAND_ERROR_IS_FATAL ANY)")
install(FILES config/caseway.service DESTINATION lib/systemd/system)
install(FILES config/package/sysusers.conf DESTINATION lib/sysusers.d RENAME caseway.conf)
install(FILES config/caseway.properties config/package/plugins.conf DESTINATION share/caseway)
install(DIRECTORY mappings config/demo DESTINATION share/caseway USE_SOURCE_PERMISSIONS)
install(FILES README.md README.zh-CN.md CHANGELOG.md DESTINATION share/doc/caseway)
install(FILES LICENSE DESTINATION share/doc/caseway RENAME copyright)
install(DIRECTORY docs DESTINATION share/doc/caseway)
# The shipped plug-ins as they are tested, and what `caseway connector new --lang node` copies. That in Node is there where npm's registry answered.
add_custom_target(packaged DEPENDS caseway)  # what has to be built before a package is made
set(package_recommends ca-certificates python3-thrift python3-six)  # six: python3-thrift imports it, and Debian's does not depend on it
foreach(plugin csv_python json_lines_node)
  if(TARGET plugin_${plugin})
    add_dependencies(packaged plugin_${plugin})
    install(DIRECTORY ${CMAKE_BINARY_DIR}/plugins/${plugin} DESTINATION lib/caseway/plugins PATTERN __pycache__ EXCLUDE)
  endif()
endforeach()
if(TARGET plugin_json_lines_node)
  install(DIRECTORY ${CASEWAY_PLUGIN_GENERATED}/node/node_modules DESTINATION share/caseway/plugin_sdk/node)
  list(APPEND package_recommends nodejs)
endif()
install(FILES connectors/sdk/connector.thrift DESTINATION share/caseway/plugin_sdk)
install(FILES connectors/thrift/example/tls_server.py connectors/thrift/example/permits.py DESTINATION share/caseway/plugin_sdk/server)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_CONTACT "The Caseway authors <caseway@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "data-exchange gateway of administrative service centers")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Departments send signed messages; Caseway normalizes them into shared case records, answers each with a receipt, and
keeps everything it accepted or refused in a Merkle log that anybody can verify offline.")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata, openssl, passwd")  # zones; keys and certificates by hand and in the demo; the gateway's user
list(JOIN package_recommends ", " CPACK_DEBIAN_PACKAGE_RECOMMENDS)  # what runs the shipped plug-ins is not needed without them
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/config/package/postinst ${CMAKE_SOURCE_DIR}/config/package/prerm
                                       ${CMAKE_SOURCE_DIR}/config/package/postrm)
include(CPack)
