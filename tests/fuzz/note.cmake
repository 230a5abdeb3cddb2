caseway_fuzzer(note USES merkle)
