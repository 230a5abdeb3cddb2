caseway_fuzzer(schedule USES sync)
