caseway_fuzzer(mapping_run USES base domain text json jsonpath xml normalize)
