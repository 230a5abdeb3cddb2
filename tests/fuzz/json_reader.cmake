caseway_fuzzer(json_reader USES base json)
