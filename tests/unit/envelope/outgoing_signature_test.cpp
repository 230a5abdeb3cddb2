// tests/unit/envelope/outgoing_signature_test.cpp - what the gateway sends is signed over all that its receiver reads.
#include "gateway/formats/envelope/outgoing_signature.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

OutgoingSigner signerInto(std::string& base) {
    return {"center/gateway/log+0a0b0c0d", "caseway-report", [&base](std::string_view text) {
                base = text;
                return std::string(64, 's');
            }};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(OutgoingSignatures)

BOOST_AUTO_TEST_CASE(cover_method_address_type_and_body) {
    std::string base;
    const auto fields = signedFields({"POST", "hook.example:8443", "/reports?from=center", "application/json", "{}"},
                                     Instant(std::chrono::seconds(1'700'000'000)), signerInto(base));
    BOOST_REQUIRE(fields.ok());
    BOOST_TEST(
        base ==
        "\"@method\": POST\n\"@authority\": hook.example:8443\n\"@path\": /reports\n\"@query\": ?from=center\n"
        "\"content-type\": application/json\n"
        "\"content-digest\": sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:\n"
        "\"@signature-params\": (\"@method\" \"@authority\" \"@path\" \"@query\" \"content-type\" \"content-digest\")"
        ";created=1700000000;keyid=\"center/gateway/log+0a0b0c0d\";alg=\"ed25519\";tag=\"caseway-report\"");
    BOOST_TEST(fields->at(3).first == "Signature");
    BOOST_TEST(fields->at(3).second.starts_with("caseway=:c3Nz"));
}

BOOST_AUTO_TEST_CASE(refuse_an_address_that_would_add_lines) {
    std::string base;
    for (const char* target : {"/a\r\nX: y", "/a b", "a", "/\xE6\x8A\xA5"})
        BOOST_TEST(!signedFields({"POST", "h", target, "application/json", ""}, Instant{}, signerInto(base)).ok(),
                   target);
    BOOST_TEST(!signedFields({"POST", "h\r\nX: y", "/", "application/json", ""}, Instant{}, signerInto(base)).ok());
}

BOOST_AUTO_TEST_SUITE_END()
