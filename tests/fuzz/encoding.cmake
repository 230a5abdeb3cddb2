caseway_fuzzer(encoding USES base text)
