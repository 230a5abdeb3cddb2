// gateway/formats/envelope/detached_jws.cpp - header, what was signed, by whom.
#include "gateway/formats/envelope/detached_jws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateway/base/base64.hpp"
#include "gateway/formats/envelope/jws_parts.hpp"
#include "gateway/formats/envelope/whole_content.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

/// As banks and registers name it; no RFC does.
constexpr std::string_view kFields[] = {"x-jws-signature", "jws-signature"};
constexpr std::string_view kWhere = "X-JWS-Signature";
constexpr std::size_t kHeaderBytesMax = 16 * 1024;  // a chain in x5c, which is passed over
constexpr std::size_t kSignatureBytesMax = 2048;
constexpr std::int64_t kYear9999 = 253402300799;

struct DetachedHeader {
    SignatureAlgorithm algorithm = SignatureAlgorithm::EcdsaP256Sha256;
    bool is_encoded = true;  ///< b64
    std::optional<KeyId> named;
    std::optional<Instant> created, expires;
};

Refusal malformed(std::string rule) {
    return {"malformed_envelope", std::string(kWhere), "", std::move(rule),
            "Let the department sign its answers as docs/formats/messages.md, \"Pulled payloads\", has it"};
}

/// What must be understood: of all extensions b64 alone. Source: RFC 7515 §4.1.11, RFC 7797 §6.
Result<Done> readCritical(const JsonValue& header, DetachedHeader& read) {
    const JsonValue* const critical = header.find("crit");
    const JsonValue* const b64 = header.find("b64");
    if (critical != nullptr) {
        if (critical->type != JsonValue::Type::Array || critical->count == 0)
            return malformed("crit is a list of names, not empty");
        for (std::uint32_t i = 0; i < critical->count; ++i)
            if (critical->items[i].type != JsonValue::Type::String || critical->items[i].text != "b64")
                return malformed("crit names b64 alone: no other extension is understood here");
        if (critical->count != 1 || b64 == nullptr) return malformed("crit names what is there, once");
    }
    if (b64 == nullptr) return Done{};
    if (b64->type != JsonValue::Type::True && b64->type != JsonValue::Type::False)
        return malformed("b64 is true or false");
    read.is_encoded = b64->type == JsonValue::Type::True;
    if (critical == nullptr) return malformed(R"(b64 stands in crit: "crit":["b64"])");
    return Done{};
}

Result<std::optional<Instant>> timeOf(const JsonValue& header, std::string_view name) {
    const JsonValue* const value = header.find(name);
    if (value == nullptr) return std::optional<Instant>();
    std::int64_t seconds = 0;
    const char* const end = value->text.data() + value->text.size();
    const auto read = std::from_chars(value->text.data(), end, seconds);
    if (value->type != JsonValue::Type::Number || read.ec != std::errc{} || read.ptr != end || seconds < 0 ||
        seconds > kYear9999)
        return malformed(fmt::format("{} is whole seconds since 1970", name));
    return std::optional(Instant{std::chrono::seconds(seconds)});
}

std::optional<KeyId> namedIn(const JsonValue& header) {
    const JsonValue* const kid = header.find("kid");
    if (kid != nullptr && kid->type == JsonValue::Type::String)
        if (auto id = KeyId::parse(kid->text)) return id;
    const JsonValue* const thumbprint = header.find("x5t#S256");
    if (thumbprint == nullptr || thumbprint->type != JsonValue::Type::String) return std::nullopt;
    const auto bytes = fromBase64Url(thumbprint->text);
    return bytes && bytes->size() == 32 ? KeyId::parse(toHex(bytesOf(*bytes))) : std::nullopt;
}

Result<DetachedHeader> readHeader(std::string_view text) {
    const auto json = text.size() <= kHeaderBytesMax ? fromBase64Url(text) : std::nullopt;
    JsonTree tree;
    const auto parsed = json ? parseJson(*json, JsonLimits{.depth = 8}, tree) : Result<const JsonValue*>(Refusal{});
    if (!parsed || (*parsed)->type != JsonValue::Type::Object)
        return malformed("base64url of a JSON object of at most 16 KiB, two dots, base64url of the signature");
    const JsonValue& header = **parsed;
    DetachedHeader read;
    const JsonValue* const name = header.find("alg");
    const auto algorithm =
        name != nullptr && name->type == JsonValue::Type::String ? jwsAlgorithm(name->text) : std::nullopt;
    if (!algorithm) return malformed("alg is ES256, RS256, PS256 or EdDSA");
    read.algorithm = *algorithm;
    if (const auto understood = readCritical(header, read); !understood) return understood.error();
    const auto created = timeOf(header, "iat"), expires = timeOf(header, "exp");
    if (!created) return created.error();
    if (!expires) return expires.error();
    read.created = *created;
    read.expires = *expires;
    read.named = namedIn(header);
    return read;
}

}  // namespace

bool isDetachedJwsField(std::string_view name) {
    return std::find(std::begin(kFields), std::end(kFields), name) != std::end(kFields);
}

Result<OpenedAnswer> openDetachedJws(std::string_view jws, ByteSource& content, const KeyLookup& keys) {
    const std::size_t dots = jws.find("..");
    if (dots == std::string_view::npos) return malformed("a JWS without its content: header, two dots, signature");
    const auto header = readHeader(jws.substr(0, dots));
    if (!header) return header.error();
    const std::string_view written = jws.substr(dots + 2);
    const auto signature = written.size() <= kSignatureBytesMax ? fromBase64Url(written) : std::nullopt;
    if (!signature || signature->empty()) return malformed("strict base64url of one signature behind the two dots");
    const auto candidates = keys(std::nullopt, header->named);
    if (!candidates) return candidates.error();
    const auto bytes = wholeOf(content);
    if (!bytes) return malformed("content that fits into memory");
    std::string input(jws.substr(0, dots + 1));
    input += header->is_encoded ? toBase64Url(bytesOf(*bytes)) : *bytes;
    for (const SigningKey& key : *candidates)
        if (key.certificate->key().verify(header->algorithm, bytesOf(input), bytesOf(*signature)))
            return OpenedAnswer{key.certificate, header->created, header->expires};
    return Refusal{"bad_signature", std::string(kWhere), "",
                   "made over the content of this answer with a key that is registered for the system",
                   "Register the certificate that the server signs with: caseway cert add; or ask what changes its "
                   "answers on their way"};
}

}  // namespace caseway
