// tests/fuzz/document_signature_fuzz.cpp - any bytes as an XML document that bears its department's signature: the form
// is checked node by node, and nothing verifies (no key signed it), whether its root has a signature or not.
#include "gateway/base/check.hpp"
#include "gateway/formats/envelope/signed_document.hpp"
#include "tests/fuzz/envelope_keys.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caseway;
    const auto opened = openSignedDocument({data, size}, XmlParseLimits{1 << 20, 200}, std::nullopt, fuzz::anyKey());
    CASEWAY_CHECK(!opened && !opened.error().refusal.code.empty());
    return 0;
}
