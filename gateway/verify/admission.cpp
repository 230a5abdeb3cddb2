// gateway/verify/admission.cpp - what holds besides the signature: receiver, time window, mapping; and the status of
// each refusal.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/base/mask.hpp"
#include "gateway/base/too_deep.hpp"
#include "gateway/formats/envelope/answer_signature.hpp"
#include "gateway/formats/envelope/borne_signature.hpp"
#include "gateway/verify/verifier.hpp"

namespace caseway {
namespace {

struct CodeStatus {
    std::string_view code;
    int status;
};
/// What is not here is malformed: 400. The codes with what to do: docs/errors.md.
constexpr std::array<CodeStatus, 20> kStatuses = {{{"too_large", 413},
                                                   {"unknown_type", 415},
                                                   {"unknown_sender", 401},
                                                   {"unknown_key", 401},
                                                   {"bad_signature", 401},
                                                   {"digest_mismatch", 401},
                                                   {"certificate_not_good", 401},
                                                   {"certificate_expired", 401},
                                                   {"certificate_not_yet_valid", 401},
                                                   {"certificate_revoked", 401},
                                                   {"issuer_revoked", 401},
                                                   {"key_forgeable", 401},
                                                   {"issuer_expired", 401},
                                                   {"sent_at_ahead", 401},
                                                   {"sent_at_too_old", 401},
                                                   {"wrong_receiver", 403},
                                                   {"system_suspended", 403},
                                                   {"department_suspended", 403},
                                                   {"mapping_not_allowed", 403},
                                                   {"mapping_required", 400}}};

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

int statusOfRefusal(std::string_view code) {
    for (const CodeStatus& known : kStatuses)
        if (known.code == code) return known.status;
    return 400;
}

/// Names of gateways and mappings are not personal; what is no such name, or may be a number of a person, is masked.
static std::string shown(const std::string& name) {
    const bool is_name =
        name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
        });
    return is_name ? withNamesMasked(name) : masked(name);
}

std::optional<Refusal> Verifier::suspended(const RegisteredSystem& system) {
    const std::string code(suspensionOf(system));
    if (code.empty()) return std::nullopt;
    if (system.suspended)
        return Refusal{code, "sender", system.id.text(), "a system that the center has not suspended",
                       "Ask the center why; caseway system activate takes it up again"};
    return Refusal{code, "sender", system.id.text(), "a system of a department that the center has not suspended",
                   "Ask the center why; caseway department resume takes all of its systems up again"};
}

namespace {

/// Whole half hours are no clock that goes wrong, but a zone: local time, written with the Z of UTC.
std::string hintOfAhead(Instant::duration ahead) {
    constexpr std::chrono::minutes kHalf{30}, kLate{2};
    constexpr std::chrono::hours kFarthest{14};
    const auto minutes = std::chrono::round<std::chrono::minutes>(ahead);
    const auto halves = (minutes + kHalf / 2) / kHalf;
    const bool is_zone = minutes <= kFarthest && halves >= 2 && std::chrono::abs(minutes - halves * kHalf) <= kLate;
    if (!is_zone) return "Set the sender's clock (NTP)";
    return fmt::format(
        "It is {} hours ahead, as local time is that was written with Z: write the time in UTC, or with its offset, "
        "such as +08:00; else set the sender's clock (NTP)",
        static_cast<double>(halves) / 2);
}

}  // namespace

std::optional<Refusal> Verifier::ahead(Instant instant, std::string_view where) const {
    const Instant now = clock_.now();
    if (instant <= now + limits_.ahead) return std::nullopt;
    return Refusal{"sent_at_ahead", std::string(where), toRfc3339(instant),
                   fmt::format("at most {} minutes ahead of {}", limits_.ahead.count(), toRfc3339(now)),
                   hintOfAhead(instant - now)};
}

std::optional<Refusal> Verifier::elsewhere(const MessageHeader& header) const {
    if (header.receiver == gateway_id_) return std::nullopt;
    return Refusal{"wrong_receiver", "receiver", shown(header.receiver), "this gateway is " + gateway_id_,
                   "Write receiver " + gateway_id_ + ", or send it to the gateway that it names"};
}

std::optional<Refusal> Verifier::outsideTime(Instant instant, std::string_view where) const {
    if (auto refusal = ahead(instant, where)) return refusal;
    const Instant now = clock_.now();
    if (instant < now - limits_.max_age)
        return Refusal{"sent_at_too_old", std::string(where), toRfc3339(instant),
                       fmt::format("at most {} hours old", limits_.max_age.count()),
                       "Make the message anew, with a new id"};
    return std::nullopt;
}

Result<std::string> Verifier::admit(const MessageHeader& header, const std::optional<Instant>& created,
                                    const RegisteredSystem& system) const {
    if (auto refusal = suspended(system)) return std::move(*refusal);
    if (auto refusal = elsewhere(header)) return std::move(*refusal);
    if (auto refusal = outsideTime(header.sent_at, "sent_at")) return std::move(*refusal);
    if (created)
        if (auto refusal = outsideTime(*created, "created")) return std::move(*refusal);
    if (system.mappings.empty())
        return Refusal{
            "mapping_not_allowed", "mapping", shown(header.mapping),
            fmt::format("one that the register grants, and none is granted to {}", system.id.text()),
            fmt::format("Ask the center to grant one: caseway system grant {} --mapping NAME", system.id.text())};
    if (header.mapping.empty()) {
        if (system.mappings.size() == 1) return system.mappings.front();
        return Refusal{"mapping_required", "mapping", "", "named, unless the system has just one",
                       "Name one of the system's mappings in the header"};
    }
    if (!contains(system.mappings, header.mapping))
        return Refusal{"mapping_not_allowed", "mapping", shown(header.mapping),
                       fmt::format("one of those that the register grants: {}", fmt::join(system.mappings, ", ")),
                       "Ask the center to grant this mapping to the system"};
    return header.mapping;
}

KeyLookup Verifier::keysOfPulled(const KeyRing& ring, const SystemId& system) const {
    return [this, &ring, &system](const std::optional<SystemId>& sender,
                                  const std::optional<KeyId>& named) -> Result<std::vector<SigningKey>> {
        if (sender && *sender != system)
            return Refusal{"wrong_sender", "sender", sender->text(), "the system that is read: " + system.text(),
                           "Let each system give its own messages; or send it by POST /v1/messages"};
        const RegisteredCertificate* const certificate = named ? ring.certificate(*named) : nullptr;
        if (named && (certificate == nullptr || certificate->owner != system))
            return Refusal{"unknown_key", "key id", named->text(),
                           "a certificate that is registered for " + system.text(),
                           "Register the certificate that the system signs with: caseway cert add"};
        return usable(named ? std::vector{certificate} : ring.certificatesOf(system));
    };
}

Result<SignedContent> Verifier::verifyAnswer(const AnswerHead& head, const AnswerContent& body, Instant read_at,
                                             const KeyRing& ring, const SystemId& system) const {
    auto opened = openAnswer(head, body, keysOfPulled(ring, system));
    if (!opened) return opened.error();
    if (opened->created)
        if (auto refusal = ahead(*opened->created, "created")) return std::move(*refusal);
    if (opened->expires && *opened->expires < read_at)
        return Refusal{"signature_expired", "expires", toRfc3339(*opened->expires),
                       "a time behind " + toRfc3339(read_at) + ", when the answer was read",
                       "Ask the department to sign each answer anew, and compare both clocks (NTP)"};
    SignedContent content;
    content.binding = Binding::Http;
    content.certificate = std::move(opened->certificate);
    content.created = opened->created;
    content.payload_digest = body.digest;
    return content;
}

Result<SignedContent> Verifier::verifyPulled(SignatureForm form, std::string_view bytes, const KeyRing& ring,
                                             const SystemId& system, std::string_view mapping) const {
    auto opened = openBorne(form, bytes, XmlParseLimits{limits_.tree_body_bytes, limits_.depth}, system,
                            keysOfPulled(ring, system));
    if (!opened) return withDepthSetting(std::move(opened).error().refusal);
    if (!isMessage(form)) return std::move(*opened);
    const MessageHeader& header = opened->header;
    if (auto refusal = elsewhere(header)) return std::move(*refusal);
    if (auto refusal = ahead(header.sent_at, "sent_at")) return std::move(*refusal);
    if (!header.mapping.empty() && header.mapping != mapping)
        return Refusal{"mapping_not_allowed", "mapping", shown(header.mapping),
                       "the mapping of the connector: " + std::string(mapping),
                       "Give it where a connector with that mapping reads, or send it by POST /v1/messages"};
    return std::move(*opened);
}

}  // namespace caseway
