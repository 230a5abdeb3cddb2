// gateway/formats/envelope/jws_parts.cpp - reading of the outer form of a JWS and of its protected header.
#include "gateway/formats/envelope/jws_parts.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/base/base64.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::size_t kProtectedBytesMax = 1024;

struct JwsAlgorithm {
    std::string_view name;
    SignatureAlgorithm algorithm;
};
constexpr std::array<JwsAlgorithm, 4> kAlgorithms = {{{"ES256", SignatureAlgorithm::EcdsaP256Sha256},
                                                      {"RS256", SignatureAlgorithm::RsaPkcs1Sha256},
                                                      {"PS256", SignatureAlgorithm::RsaPssSha256},
                                                      {"EdDSA", SignatureAlgorithm::Ed25519}}};

bool isExactly(const JsonValue& value, std::initializer_list<std::string_view> names) {
    if (value.type != JsonValue::Type::Object || value.count != names.size()) return false;
    return std::all_of(names.begin(), names.end(), [&](std::string_view name) {
        const JsonValue* const member = value.find(name);
        return member != nullptr && member->type == JsonValue::Type::String;
    });
}

Result<Done> readProtected(std::string_view text, JwsParts& parts) {
    if (text.size() > kProtectedBytesMax) return jwsMalformed("protected", "at most 1,024 characters");
    const auto json = fromBase64Url(text);
    if (!json) return jwsMalformed("protected", "strict base64url: no padding, no white space, no spare bits");
    JsonTree tree;
    const auto header = parseJson(*json, JsonLimits{.depth = 2}, tree);
    if (!header || !isExactly(**header, {"alg", "kid", "typ"}))
        return jwsMalformed("protected", "a JSON object of exactly alg, kid and typ, all texts");
    if ((*header)->find("typ")->text != kJwsType) return jwsMalformed("protected.typ", "caseway-message+jws");
    const auto named = jwsAlgorithm((*header)->find("alg")->text);
    if (!named) return jwsMalformed("protected.alg", "ES256, RS256, PS256 or EdDSA");
    parts.algorithm = *named;
    const auto key_id = KeyId::parse((*header)->find("kid")->text);
    if (!key_id) return jwsMalformed("protected.kid", "the lower-case hex SHA-256 of the certificate");
    parts.key_id = *key_id;
    return Done{};
}

Result<Done> readSignature(std::string_view text, JwsParts& parts) {
    auto signature = text.size() <= 2048 ? fromBase64Url(text) : std::nullopt;
    if (!signature || signature->empty())
        return jwsMalformed("signature", "strict base64url: no padding, no white space, no spare bits");
    parts.signature = std::move(*signature);
    return Done{};
}

Result<JwsParts> compactParts(std::string_view envelope) {
    JwsParts parts;
    const std::size_t first = envelope.find('.');
    const std::size_t second = first == std::string_view::npos ? first : envelope.find('.', first + 1);
    if (second == std::string_view::npos || envelope.find('.', second + 1) != std::string_view::npos)
        return jwsMalformed("envelope", "three base64url parts with two dots between them");
    if (auto read = readProtected(envelope.substr(0, first), parts); !read) return read.error();
    if (auto read = readSignature(envelope.substr(second + 1), parts); !read) return read.error();
    parts.signing_input = envelope.substr(0, second);
    parts.payload_text = envelope.substr(first + 1, second - first - 1);
    return parts;
}

/// An object of exactly three texts, and nothing else of what a sender may write whom nobody knows yet: the first thing
/// that is another ends the pass, and no tree is built of it.
class FlattenedTexts final : public JsonHandler {
public:
    bool areWhole() const { return is_closed_ && payload.seen && protected_header.seen && signature.seen; }
    bool startObject() override { return !std::exchange(is_open_, true); }
    bool key(std::string_view name) override {
        next_ = name == "payload"     ? &payload
                : name == "protected" ? &protected_header
                : name == "signature" ? &signature
                                      : nullptr;
        return next_ != nullptr;
    }
    bool text(std::string_view value) override {
        if (next_ == nullptr) return false;
        next_->seen = true;
        next_->text = value;
        return true;
    }
    bool endObject() override { return is_closed_ = true; }
    bool startArray() override { return false; }
    bool endArray() override { return false; }
    bool number(std::string_view) override { return false; }
    bool boolean(bool) override { return false; }
    bool null() override { return false; }

    struct Text {
        std::string text{};
        bool seen = false;
    };
    Text payload, protected_header, signature;

private:
    Text* next_ = nullptr;
    bool is_open_ = false, is_closed_ = false;
};

Result<JwsParts> flattenedParts(std::string_view envelope) {
    JwsParts parts;
    FlattenedTexts texts;
    if (!readJson(envelope, JsonLimits{.depth = 2}, texts))
        return jwsMalformed("envelope", "a JSON object of exactly payload, protected and signature");
    if (!texts.areWhole())
        return jwsMalformed("envelope",
                            "exactly payload, protected and signature: no unprotected header, one signature");
    const std::string& protected_text = texts.protected_header.text;
    if (auto read = readProtected(protected_text, parts); !read) return read.error();
    if (auto read = readSignature(texts.signature.text, parts); !read) return read.error();
    parts.owned_payload_text = std::move(texts.payload.text);
    parts.joined.reserve(protected_text.size() + 1 + parts.owned_payload_text.size());
    parts.joined.append(protected_text).append(".").append(parts.owned_payload_text);
    return parts;
}

}  // namespace

Refusal jwsMalformed(std::string_view where, std::string_view rule) {
    return Refusal{"malformed_envelope", std::string(where), "", std::string(rule),
                   "Compare with the worked example of docs/formats/messages.md"};
}

std::string_view jwsName(SignatureAlgorithm algorithm) {
    for (const JwsAlgorithm& known : kAlgorithms)
        if (known.algorithm == algorithm) return known.name;
    return {};
}

std::optional<SignatureAlgorithm> jwsAlgorithm(std::string_view name) {
    for (const JwsAlgorithm& known : kAlgorithms)
        if (known.name == name) return known.algorithm;
    return std::nullopt;
}

Result<JwsParts> takeJwsApart(std::string_view envelope, JwsForm form) {
    return form == JwsForm::Compact ? compactParts(envelope) : flattenedParts(envelope);
}

}  // namespace caseway
