caseway_fuzzer(connector_files USES register_format settings net)
