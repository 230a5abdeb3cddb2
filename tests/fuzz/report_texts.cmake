caseway_fuzzer(report_texts USES report mail)
