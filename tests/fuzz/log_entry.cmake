caseway_fuzzer(log_entry USES log)
