caseway_fuzzer(mapping_loader USES normalize)
caseway_fuzzer(value_rule USES normalize)
