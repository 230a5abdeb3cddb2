caseway_fuzzer(signature_look USES envelope crypto xml json text)
