caseway_fuzzer(tlog_proof USES merkle)
