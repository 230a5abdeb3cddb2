// gateway/formats/envelope/recheck.cpp - the same code that opened the message opens it again, with one key and no
// register.
#include "gateway/formats/envelope/recheck.hpp"

#include <array>
#include <limits>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/stored_http.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"

namespace caseway {
namespace {

constexpr std::size_t kDepthMax = 1000;
constexpr std::size_t kCertificatesKept = 64;

Sha256 digestOfSource(ByteSource& source) {
    source.rewind();
    Sha256Stream stream;
    std::array<char, 65536> buffer;
    while (const std::size_t size = source.read(buffer)) stream.update(std::string_view(buffer.data(), size));
    return stream.finish();
}

Result<SignedContent, OpenRefusal> recheckHttp(std::string_view stored, const KeyLookup& keys, ByteSource* body_file) {
    const auto parts = readStoredHttp(stored);
    if (!parts) return OpenRefusal{{"malformed_envelope", "stored envelope", "", "a line of JSON, then the body", ""}};
    auto head = openHttpHead(parts->request, keys);
    if (!head) return head.error();
    if (head->signature_base != parts->signature_base)
        return OpenRefusal{{"bad_signature", "signature_base", "", "the base that the stored fields give", ""}};
    if (body_file != nullptr) return finishHttp(std::move(*head), digestOfSource(*body_file), {}, false);
    const Sha256 digest = sha256(parts->body);
    return finishHttp(std::move(*head), digest, std::string(parts->body), true);
}

}  // namespace

Result<SignedContent> recheck(Binding binding, std::string_view stored_envelope, std::string_view certificate_der,
                              ByteSource* body_file) {
    thread_local CertificateCache decoded(
        kCertificatesKept);  // a log has few signers, and decoding costs a verification
    const auto certificate = decoded.get(KeyId(sha256(certificate_der)), certificate_der);
    if (!certificate) return certificate.error();
    const KeyLookup keys = [&](const std::optional<SystemId>&,
                               const std::optional<KeyId>& named) -> Result<std::vector<SigningKey>> {
        if (named && *named != (*certificate)->id())
            return Refusal{"unknown_key", "key id", named->text(), "the certificate that the log names", ""};
        return std::vector<SigningKey>{{*certificate, std::nullopt}};
    };
    const auto without_signer = [](Result<SignedContent, OpenRefusal> result) -> Result<SignedContent> {
        if (result) return std::move(*result);
        return result.error().refusal;
    };
    XmlParseLimits xml_limits;
    xml_limits.document_bytes = std::numeric_limits<std::int32_t>::max();
    xml_limits.depth = kDepthMax;  // what was taken under a wider configuration must verify too
    switch (binding) {
        case Binding::Xml:
            return without_signer(openXml(bytesOf(stored_envelope), xml_limits, keys));
        case Binding::Json: {
            const bool flattened = stored_envelope.find_first_not_of(" \t\r\n") != std::string_view::npos &&
                                   stored_envelope[stored_envelope.find_first_not_of(" \t\r\n")] == '{';
            return without_signer(openJson(stored_envelope, flattened ? JwsForm::Flattened : JwsForm::Compact,
                                           JsonLimits{.depth = kDepthMax}, keys));
        }
        case Binding::Http:
            break;
    }
    return without_signer(recheckHttp(stored_envelope, keys, body_file));
}

}  // namespace caseway
