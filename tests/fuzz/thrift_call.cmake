caseway_fuzzer(thrift_call USES thrift)
