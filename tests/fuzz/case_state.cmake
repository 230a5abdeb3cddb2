caseway_fuzzer(case_state USES record)
