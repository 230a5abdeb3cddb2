// gateway/formats/envelope/signature_base.cpp - building and checking of RFC 9421 signature bases.
#include "gateway/formats/envelope/signature_base.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/base/base64.hpp"
#include "gateway/base/check.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

struct HttpAlgorithm {
    std::string_view name;
    SignatureAlgorithm algorithm;
};
constexpr std::array<HttpAlgorithm, 5> kAlgorithms = {{{"ecdsa-p256-sha256", SignatureAlgorithm::EcdsaP256Sha256},
                                                       {"rsa-v1_5-sha256", SignatureAlgorithm::RsaPkcs1Sha256},
                                                       {"rsa-pss-sha512", SignatureAlgorithm::RsaPssSha512},
                                                       {"ed25519", SignatureAlgorithm::Ed25519},
                                                       {"sm2-sm3", SignatureAlgorithm::Sm2Sm3}}};

constexpr std::size_t kUsualBaseBytes = 1024;

bool isPathCharacters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

/// What a host is called in lower case and without the port that https has by default. Source: RFC 9421 §2.2.3.
std::string authorityOf(std::string_view host) {
    constexpr std::string_view kDefaultPort = ":443";
    if (host.ends_with(kDefaultPort)) host.remove_suffix(kDefaultPort.size());
    return lowerCase(host);
}

/// Appends the value of one component as RFC 9421 §2.1 and §2.2 give it; false where there is none.
bool appendComponent(const HttpRequest& request, std::string_view name, std::string& base) {
    const std::size_t question = request.target.find('?');
    if (name == "@method") return base += request.method, true;
    if (name == "@path") return base.append(request.target, 0, question), true;
    if (name == "@query") {
        if (question == std::string::npos) return base += '?', true;
        return base.append(request.target, question), true;
    }
    const bool is_host = name == "@authority";
    if (name.starts_with('@') && !is_host) return false;
    const std::string* const value = request.only(is_host ? "host" : name);
    if (value == nullptr) return false;
    base += is_host ? authorityOf(*value) : *value;
    return true;
}

/// From the end: many names begin alike.
bool isSameName(std::string_view name, std::string_view lower_name) {
    if (name.size() != lower_name.size()) return false;
    for (std::size_t i = name.size(); i-- != 0;) {
        const char c = name[i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != lower_name[i]) return false;
    }
    return true;
}

}  // namespace

bool isPlainLine(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\t'; });
}

const std::string* HttpRequest::only(std::string_view lower_name) const {
    const std::string* found = nullptr;
    for (const HttpField& field : fields) {
        if (!isSameName(field.name, lower_name)) continue;
        if (found != nullptr) return nullptr;
        found = &field.value;
    }
    return found;
}

std::size_t HttpRequest::count(std::string_view lower_name) const {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(), [&](const HttpField& field) { return isSameName(field.name, lower_name); }));
}

Refusal httpMalformed(std::string_view where, std::string_view rule) {
    return Refusal{"malformed_envelope", std::string(where), "", std::string(rule),
                   "Compare with the worked example of docs/formats/messages.md"};
}

Refusal httpBadSignature(const KeyId& key_id) {
    return Refusal{
        "bad_signature", "Signature", key_id.text(), "made over this signature base with the registered key",
        "Compare the signature base that you signed with docs/formats/messages.md; or key and certificate are no "
        "pair: caseway cert doctor"};
}

std::string_view httpName(SignatureAlgorithm algorithm) {
    for (const HttpAlgorithm& known : kAlgorithms)
        if (known.algorithm == algorithm) return known.name;
    return {};
}

Result<HttpSignature> readHttpSignature(const HttpRequest& request, std::string_view tag) {
    const std::string* const input_text = request.only("signature-input");
    const std::string* const signature_text = request.only("signature");
    if (input_text == nullptr || signature_text == nullptr)
        return httpMalformed("Signature", "Signature and Signature-Input stand once each");
    auto input = parseSignatureInput(*input_text);
    if (!input)
        return httpMalformed("Signature-Input",
                             "one signature: label=(\"component\" …);created=…;keyid=\"…\";tag=\"…\"");
    auto member = parseBytesMember(*signature_text);
    if (!member || member->key != input->label)
        return httpMalformed("Signature", "label=:base64:, the label of Signature-Input");
    if (input->tag != tag) return httpMalformed("Signature-Input", fmt::format("tag=\"{}\"", tag));
    const auto key_id = input->key_id ? KeyId::parse(*input->key_id) : std::nullopt;
    if (!key_id) return httpMalformed("Signature-Input", "keyid is the lower-case hex SHA-256 of the certificate");
    if (!input->created) return httpMalformed("Signature-Input", "created is given");
    constexpr std::int64_t kYear9999 = 253402300799;
    if (*input->created > kYear9999) return httpMalformed("Signature-Input", "created is a time in seconds since 1970");
    const Instant created{std::chrono::seconds(*input->created)};
    return HttpSignature{std::move(*input), std::move(member->bytes), *key_id, created};
}

Result<std::string> signatureBase(const HttpRequest& request, const SignatureInput& input) {
    if (!request.target.starts_with('/') || !isPathCharacters(request.target))
        return httpMalformed("request", "a target in origin form");
    std::string base;
    base.reserve(kUsualBaseBytes);
    for (const std::string& component : input.components) {
        base.append("\"").append(component).append("\": ");
        const std::size_t start = base.size();
        if (!appendComponent(request, component, base) || !isPlainLine(std::string_view(base).substr(start)))
            return httpMalformed("Signature-Input",
                                 fmt::format("\"{}\" is there once, in plain ASCII", withNamesMasked(component)));
        base += '\n';
    }
    base.append("\"@signature-params\": ").append(input.parameters);
    return base;
}

bool verifyBase(const PublicKey& key, const std::optional<std::string>& algorithm, std::string_view signature,
                std::string_view base) {
    for (const HttpAlgorithm& known : kAlgorithms) {
        if (keyKindOf(known.algorithm) != key.kind()) continue;
        if (algorithm && *algorithm != known.name) continue;
        if (key.verify(known.algorithm, bytesOf(base), bytesOf(signature))) return true;
    }
    return false;
}

void appendSignature(HttpRequest& request, const std::vector<std::string>& components, std::string_view tag,
                     Instant created, const PrivateKey& key, const KeyId& key_id, SignatureAlgorithm algorithm) {
    std::string list;
    for (const std::string& component : components) list += fmt::format("{}\"{}\"", list.empty() ? "" : " ", component);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(created).time_since_epoch().count();
    const std::string text = fmt::format("caseway=({});created={};keyid=\"{}\";alg=\"{}\";tag=\"{}\"", list, seconds,
                                         key_id.text(), httpName(algorithm), tag);
    const auto input = parseSignatureInput(text);
    CASEWAY_CHECK(input.has_value());
    const auto base = signatureBase(request, *input);
    CASEWAY_CHECK(base.ok());
    const std::string signature = key.sign(algorithm, bytesOf(*base));
    request.fields.push_back({"Signature-Input", text});
    request.fields.push_back({"Signature", fmt::format("caseway=:{}:", toBase64(bytesOf(signature)))});
}

}  // namespace caseway
