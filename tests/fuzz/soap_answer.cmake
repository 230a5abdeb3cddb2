caseway_fuzzer(soap_answer USES connector_soap connector_http xml)
