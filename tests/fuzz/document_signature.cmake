caseway_fuzzer(document_signature USES envelope crypto xml)
