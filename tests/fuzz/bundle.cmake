caseway_fuzzer(bundle USES log)
