caseway_fuzzer(xml_document USES base domain text xml)
