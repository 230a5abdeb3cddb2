// gateway/formats/envelope/answer_signature.cpp - the signature base of an answer, its digest, and who signed.
#include "gateway/formats/envelope/answer_signature.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/wide_digest.hpp"
#include "gateway/formats/envelope/answer_fields.hpp"
#include "gateway/formats/envelope/detached_jws.hpp"
#include "gateway/formats/envelope/signature_base.hpp"

namespace caseway {
namespace {

constexpr std::string_view kDigest = "content-digest";
constexpr std::int64_t kYear9999 = 253402300799;
/// Kept whether covered or not: what signs, and what says whether the digest is that of the bytes that are mapped.
constexpr std::string_view kAlwaysKept[] = {"signature", "signature-input", "content-encoding"};

Refusal malformed(std::string_view where, std::string rule) {
    return {"malformed_envelope", std::string(where), "", std::move(rule),
            "Let the department sign its answers as docs/formats/messages.md, \"Pulled payloads\", has it"};
}

/// All lines of a name as one value. Source: RFC 9421 §2.1.
std::optional<std::string> valueOf(const AnswerHead& head, std::string_view name) {
    std::optional<std::string> value;
    for (const HttpField& field : head.fields) {
        if (field.name != name) continue;
        value = value ? *value + ", " + field.value : field.value;
    }
    return value;
}

std::optional<std::vector<AnswerInput>> inputsOf(const AnswerHead& head) {
    const auto value = valueOf(head, "signature-input");
    return value ? parseAnswerInputs(*value) : std::nullopt;
}

bool needsQuery(const AnswerComponent& component) {
    return component.of_request &&
           (component.name == "@query" || component.name == "@target-uri" || component.name == "@request-target");
}

/// Source: RFC 9421 §2.2 and §2.4. Nothing for one that a request does not have here.
std::optional<std::string> valueOfRequest(const AnswerHead& head, std::string_view name) {
    if (name == "@method") return head.method;
    if (name == "@scheme") return head.scheme;
    if (name == "@authority") return head.authority;
    if (name == "@path") return head.path;
    if (!head.query) return std::nullopt;
    if (name == "@query") return head.query->empty() ? "?" : *head.query;
    if (name == "@target-uri") return head.scheme + "://" + head.authority + head.path + *head.query;
    if (name == "@request-target") return head.path + *head.query;
    return std::nullopt;
}

Result<std::string> baseOf(const AnswerHead& head, const AnswerInput& input) {
    std::string base;
    for (const AnswerComponent& component : input.components) {
        const std::string shown = withNamesMasked(component.written);
        if (!component.is_known)
            return malformed("Signature-Input", shown + " is a component without parameters, or with req alone");
        if (needsQuery(component) && !head.query)
            return malformed("Signature-Input", shown +
                                                    " is not covered: the query bears the connector's secret, which "
                                                    "is not kept; @path can be covered");
        const auto value = component.of_request              ? valueOfRequest(head, component.name)
                           : component.name == "@status"     ? std::optional(std::to_string(head.status))
                           : component.name.starts_with('@') ? std::nullopt
                                                             : valueOf(head, component.name);
        if (!value || !isPlainLine(*value))
            return malformed("Signature-Input", shown + " is there, in plain ASCII; what is the request's has req");
        base += component.written + ": " + *value + '\n';
    }
    return base += "\"@signature-params\": " + input.parameters;
}

/// All that are stated and known here must hold; others, as md5, prove nothing. Source: RFC 9530 §2 and §5.
Result<Done> checkDigest(const AnswerHead& head, const AnswerContent& content) {
    const auto digests = parseBytesMembers(valueOf(head, kDigest).value_or(""));
    bool is_known = false;
    const auto wide = [&] { return content.wide_digest ? *content.wide_digest : sha512Of(content.source); };
    if (digests)
        for (const BytesMember& one : *digests) {
            if (one.key != "sha-256" && one.key != "sha-512") continue;
            is_known = true;
            if (one.bytes == (one.key == "sha-256" ? textOf(content.digest) : wide())) continue;
            return Refusal{
                "digest_mismatch", "Content-Digest", "",
                one.key == "sha-256" ? "the SHA-256 of the content as it was answered"
                                     : "the SHA-512 of the content as it was answered",
                "Ask the department what changes its answers on their way; its server digests what it sends"};
        }
    if (!is_known) return malformed("Content-Digest", "sha-256=:base64 of 32 bytes: or sha-512=:base64 of 64 bytes:");
    return Done{};
}

Refusal badSignature(const AnswerInput& input) {
    return {"bad_signature", "Signature", withNamesMasked(input.label),
            "made over this answer with a key that is registered for the system",
            "Register the certificate that the server signs with: caseway cert add; or ask what changes its answers on "
            "their way"};
}

Result<OpenedAnswer> openOne(const AnswerHead& head, const AnswerInput& input, std::string_view signature,
                             const KeyLookup& keys) {
    const auto base = baseOf(head, input);
    if (!base) return base.error();
    for (const auto& time : {input.created, input.expires})
        if (time && *time > kYear9999) return malformed("Signature-Input", "times are seconds since 1970");
    const auto candidates = keys(std::nullopt, input.key_id ? KeyId::parse(*input.key_id) : std::nullopt);
    if (!candidates) return candidates.error();
    const auto instant = [](const std::optional<std::int64_t>& seconds) {
        return seconds ? std::optional(Instant{std::chrono::seconds(*seconds)}) : std::nullopt;
    };
    for (const SigningKey& key : *candidates)
        if (verifyBase(key.certificate->key(), input.algorithm, signature, *base))
            return OpenedAnswer{key.certificate, instant(input.created), instant(input.expires)};
    return badSignature(input);
}

/// Lines of all names together: two are one too many.
std::optional<std::string> detachedJwsOf(const AnswerHead& head) {
    std::optional<std::string> value;
    for (const HttpField& field : head.fields)
        if (isDetachedJwsField(field.name)) value = value ? *value + ", " + field.value : field.value;
    return value;
}

/// Nothing of the head is covered by it, so nothing else is kept.
std::optional<AnswerHead> withDetachedJws(AnswerHead head) {
    if (!detachedJwsOf(head)) return std::nullopt;
    std::erase_if(head.fields, [](const HttpField& field) {
        return !isDetachedJwsField(field.name) && field.name != "content-encoding";
    });
    head.query.reset();
    return head;
}

}  // namespace

bool needsWholeContent(const AnswerHead& head) {
    return !valueOf(head, "signature-input");
}

bool statesWideDigest(const AnswerHead& head) {
    const auto digests = parseBytesMembers(valueOf(head, kDigest).value_or(""));
    return digests && std::any_of(digests->begin(), digests->end(),
                                  [](const BytesMember& one) { return one.key == "sha-512"; });
}

std::optional<AnswerHead> signedHeadOf(AnswerHead head) {
    if (!valueOf(head, "signature-input")) return withDetachedJws(std::move(head));
    const auto inputs = inputsOf(head);
    bool is_signed = !inputs;  // it cannot be told: openAnswer() says why
    bool has_query = false;
    const auto is_kept = [&](const HttpField& field) {
        if (std::find(std::begin(kAlwaysKept), std::end(kAlwaysKept), field.name) != std::end(kAlwaysKept)) return true;
        return inputs && std::any_of(inputs->begin(), inputs->end(),
                                     [&](const AnswerInput& input) { return input.covers(field.name); });
    };
    if (inputs)
        for (const AnswerInput& input : *inputs) {
            is_signed = is_signed || input.covers(kDigest);
            has_query = has_query || std::any_of(input.components.begin(), input.components.end(), needsQuery);
        }
    if (!is_signed) return withDetachedJws(std::move(head));
    std::vector<HttpField> kept;
    std::copy_if(head.fields.begin(), head.fields.end(), std::back_inserter(kept), is_kept);
    head.fields = std::move(kept);
    if (!has_query) head.query.reset();
    return head;
}

Result<OpenedAnswer> openAnswer(const AnswerHead& head, const AnswerContent& content, const KeyLookup& keys) {
    if (const auto encoding = valueOf(head, "content-encoding"); encoding && *encoding != "identity")
        return malformed("Content-Encoding", "a signed answer is not compressed where the request says identity");
    if (needsWholeContent(head)) return openDetachedJws(detachedJwsOf(head).value_or(""), content.source, keys);
    const auto inputs = inputsOf(head);
    if (!inputs) return malformed("Signature-Input", "label=(\"@status\" \"content-digest\" …);created=…;keyid=\"…\"");
    const auto signatures = parseBytesMembers(valueOf(head, "signature").value_or(""));
    if (!signatures) return malformed("Signature", "label=:base64:, the labels of Signature-Input");
    std::optional<Refusal> first;
    for (const AnswerInput& input : *inputs) {
        if (!input.covers(kDigest)) continue;
        const auto member = std::find_if(signatures->begin(), signatures->end(),
                                         [&](const BytesMember& one) { return one.key == input.label; });
        auto opened = member == signatures->end()
                          ? Result<OpenedAnswer>(malformed("Signature", "a member for each label of Signature-Input"))
                          : openOne(head, input, member->bytes, keys);
        if (opened) {
            if (const auto good = checkDigest(head, content); !good) return good.error();
            return opened;
        }
        if (!first) first = opened.error();
    }
    return first.value_or(malformed("Signature-Input", "covers \"content-digest\""));
}

}  // namespace caseway
