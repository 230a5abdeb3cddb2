// tests/fuzz/xml_envelope_fuzz.cpp - any bytes as an XML envelope: refused, never taken (no key signed them), never a
// crash.
#include "gateway/base/check.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "tests/fuzz/envelope_keys.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caseway;
    CASEWAY_CHECK(!openXml({data, size}, XmlParseLimits{1 << 20, 200}, fuzz::anyKey()));
    return 0;
}
