// tests/fuzz/jws_envelope_fuzz.cpp - any bytes as a JWS, also in a field of an answer, as it is and as its header; and
// as the payload of one that is validly signed.
#include "gateway/base/base64.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/envelope/detached_jws.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "tests/fuzz/envelope_keys.hpp"

namespace {

using namespace caseway;

void asPayload(std::string_view payload) {
    static const PrivateKey kKey = PrivateKey::generate(KeyKind::EcP256);
    static const Instant kFrom = *parseRfc3339("2020-01-01T00:00:00Z");
    static const CertificatePtr kCertificate =
        *Certificate::fromDer(Certificate::selfSigned(kKey, "fuzz", kFrom, kFrom + std::chrono::hours(1)));
    static const std::string kProtected = toBase64Url(
        bytesOf(R"({"alg":"ES256","kid":")" + kCertificate->id().text() + R"(","typ":"caseway-message+jws"})"));
    const std::string input = kProtected + '.' + toBase64Url(bytesOf(payload));
    const std::string signature = toBase64Url(bytesOf(kKey.sign(SignatureAlgorithm::EcdsaP256Sha256, bytesOf(input))));
    const auto content = openJson(input + '.' + signature, JwsForm::Compact, JsonLimits{},
                                  [](const auto&, const auto&) -> Result<std::vector<SigningKey>> {
                                      return std::vector<SigningKey>{{kCertificate, std::nullopt}};
                                  });
    if (content) CASEWAY_CHECK(!content->payload.jsonText().empty());
}

void asDetached(std::string_view jws) {
    MemorySource content("content");
    CASEWAY_CHECK(!openDetachedJws(jws, content, fuzz::anyKey()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = textOf({data, size});
    CASEWAY_CHECK(!openJson(text, JwsForm::Compact, JsonLimits{}, fuzz::anyKey()));
    CASEWAY_CHECK(!openJson(text, JwsForm::Flattened, JsonLimits{}, fuzz::anyKey()));
    asDetached(text);
    asDetached(toBase64Url(bytesOf(text)) + "..AAAA");
    asPayload(text);
    return 0;
}
