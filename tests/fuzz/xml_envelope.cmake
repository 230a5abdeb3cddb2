caseway_fuzzer(xml_envelope USES envelope crypto xml json)
