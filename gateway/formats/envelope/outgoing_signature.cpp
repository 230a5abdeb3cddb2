// gateway/formats/envelope/outgoing_signature.cpp - the base of signature_base.hpp for a request that goes out.
#include "gateway/formats/envelope/outgoing_signature.hpp"

#include <fmt/format.h>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/signature_base.hpp"

namespace caseway {

Result<std::vector<std::pair<std::string, std::string>>> signedFields(const OutgoingRequest& request, Instant created,
                                                                      const OutgoingSigner& signer) {
    const std::string digest = fmt::format("sha-256=:{}:", toBase64(sha256(request.body).bytes));
    const HttpRequest head{
        request.method,
        request.target,
        {{"Host", request.authority}, {"Content-Type", request.media_type}, {"Content-Digest", digest}}};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(created).time_since_epoch().count();
    const std::string text = fmt::format(
        R"(caseway=("@method" "@authority" "@path" "@query" "content-type" "content-digest");created={};keyid="{}";)"
        R"(alg="ed25519";tag="{}")",
        seconds, signer.key_id, signer.tag);
    const auto input = parseSignatureInput(text);
    if (!input) return httpMalformed("Signature-Input", "a key id in plain characters");
    const auto base = signatureBase(head, *input);
    if (!base) return base.error();
    const std::string signature = signer.sign(*base);
    return std::vector<std::pair<std::string, std::string>>{
        {"Content-Type", request.media_type},
        {"Content-Digest", digest},
        {"Signature-Input", text},
        {"Signature", fmt::format("caseway=:{}:", toBase64(bytesOf(signature)))}};
}

}  // namespace caseway
