caseway_fuzzer(http_request USES http)
