caseway_fuzzer(jws_envelope USES envelope crypto xml json)
