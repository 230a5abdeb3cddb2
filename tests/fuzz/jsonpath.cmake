caseway_fuzzer(jsonpath USES base json jsonpath)
