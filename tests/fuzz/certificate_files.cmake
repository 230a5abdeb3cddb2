caseway_fuzzer(certificate_files USES crypto)
