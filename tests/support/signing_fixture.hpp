// tests/support/signing_fixture.hpp - keys, certificates and headers for tests of signed messages. Keys are made anew
// in each run: no private key is ever committed.
#pragma once

#include <array>
#include <string>

#include "gateway/base/check.hpp"
#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway::test {

inline Instant instantOf(std::string_view text) {
    return parseRfc3339(text).value();
}

/// A system with one key and its certificate.
struct Party {
    SystemId id;
    PrivateKey key;
    CertificatePtr certificate;

    const KeyId& keyId() const { return certificate->id(); }
};

inline Party makeParty(std::string_view id, KeyKind kind, std::string_view from = "2020-01-01T00:00:00Z",
                       std::string_view until = "2040-01-01T00:00:00Z") {
    PrivateKey key = PrivateKey::generate(kind);
    auto certificate = Certificate::fromDer(Certificate::selfSigned(key, id, instantOf(from), instantOf(until)));
    CASEWAY_CHECK(certificate.ok());
    return Party{SystemId::parse(id).value(), std::move(key), *certificate};
}

/// housing/permits with a key of each kind, made once a run.
inline const Party& housing(KeyKind kind = KeyKind::EcP256) {
    static const std::array<Party, 4> kParties = {
        makeParty("housing/permits", KeyKind::EcP256), makeParty("housing/permits", KeyKind::Rsa),
        makeParty("housing/permits", KeyKind::Ed25519), makeParty("housing/permits", KeyKind::Sm2)};
    return kParties[static_cast<std::size_t>(kind)];
}

/// Another registered system.
inline const Party& police() {
    static const Party kParty = makeParty("police/residence", KeyKind::EcP256);
    return kParty;
}

inline MessageHeader sampleHeader() {
    MessageHeader header;
    header.message_id = MessageId::parse("0b7b9a52-3c1f-4a55-9a0f-2f6f3f1c8d11").value();
    header.sender = SystemId::parse("housing/permits").value();
    header.receiver = "center/gateway";
    header.sent_at_text = "2026-05-04T08:30:00+08:00";
    header.sent_at = parseRfc3339(header.sent_at_text).value();
    header.mapping = "housing.permit";
    return header;
}

/// A register of these parties, as KeyLookup: owners are held to their own keys.
inline KeyLookup lookupOf(std::vector<const Party*> parties) {
    return [parties](const std::optional<SystemId>& sender,
                     const std::optional<KeyId>& named) -> Result<std::vector<SigningKey>> {
        std::vector<SigningKey> keys;
        bool known = !sender;
        for (const Party* party : parties) {
            if (sender && party->id != *sender) continue;
            known = true;
            if (!named || *named == party->keyId()) keys.push_back({party->certificate, party->id});
        }
        if (!known) return Refusal{"unknown_sender", "", "", "", ""};
        if (keys.empty()) return Refusal{"unknown_key", "", "", "", ""};
        return keys;
    };
}

inline KeyLookup everybody() {
    return lookupOf({&housing(KeyKind::EcP256), &housing(KeyKind::Rsa), &housing(KeyKind::Ed25519),
                     &housing(KeyKind::Sm2), &police()});
}

/// "taken", or the refusal in one line.
template <class T, class E>
std::string whyOf(const Result<T, E>& result) {
    if (result) return "taken";
    const auto& error = result.error();
    const Refusal& refusal = [&]() -> const Refusal& {
        if constexpr (std::is_same_v<E, Refusal>)
            return error;
        else
            return error.refusal;
    }();
    return refusal.code + " " + refusal.where + ": " + refusal.rule;
}

/// Replaces the first occurrence; a replacement that finds nothing would be a test that cannot fail.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    CASEWAY_CHECK(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

/// The text from `from` through `to`, both included.
inline std::string between(std::string_view text, std::string_view from, std::string_view to) {
    const std::size_t start = text.find(from);
    const std::size_t end = text.find(to, start);
    CASEWAY_CHECK(start != std::string_view::npos && end != std::string_view::npos);
    return std::string(text.substr(start, end + to.size() - start));
}

}  // namespace caseway::test
