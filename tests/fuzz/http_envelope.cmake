caseway_fuzzer(http_envelope USES envelope crypto xml json)
