caseway_fuzzer(known_notes USES normalize)
