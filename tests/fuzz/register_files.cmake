caseway_fuzzer(register_files USES register log)
