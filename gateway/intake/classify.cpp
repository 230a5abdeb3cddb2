// gateway/intake/classify.cpp - binding and size of a request.
#include "gateway/intake/classify.hpp"

#include <algorithm>

namespace caseway {
namespace {

/// Whatever its capitals; `wanted` has none.
bool isWord(std::string_view text, std::string_view wanted) {
    return std::equal(text.begin(), text.end(), wanted.begin(), wanted.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// "Application/XML; charset=GBK" → compares equal to "application/xml".
bool isMediaType(std::string_view content_type, std::string_view wanted) {
    content_type = content_type.substr(0, content_type.find(';'));
    while (!content_type.empty() && (content_type.back() == ' ' || content_type.back() == '\t'))
        content_type.remove_suffix(1);
    return isWord(content_type, wanted);
}

}  // namespace

Result<IntakePlan> planIntake(const RequestFacts& facts, const Limits& limits) {
    IntakePlan plan;
    if (facts.has_signature_field) {
        plan.binding = Binding::Http;
        plan.most_bytes = limits.http_body_bytes;
        plan.spool = !facts.content_length || *facts.content_length > limits.spool_above_bytes;
    } else if (isMediaType(facts.content_type, "application/jose")) {
        plan.binding = Binding::Json;
    } else if (isMediaType(facts.content_type, "application/jose+json")) {
        plan.binding = Binding::Json;
        plan.flattened_jws = true;
    } else if (isMediaType(facts.content_type, "application/xml") || isMediaType(facts.content_type, "text/xml")) {
        plan.binding = Binding::Xml;
    } else {
        return Refusal{
            "unknown_type",
            "Content-Type",
            {},
            "application/xml, text/xml, application/jose, application/jose+json, or any type with a Signature field",
            "set Content-Type to that of the binding that you use; docs/formats/messages.md shows each"};
    }
    if (plan.binding != Binding::Http) {
        plan.most_bytes = limits.tree_body_bytes;
        if (!facts.content_encoding.empty() && !isWord(facts.content_encoding, "identity"))
            return Refusal{"content_encoding_unknown",
                           "Content-Encoding",
                           {},
                           "messages are taken as they are, not compressed",
                           "send it without Content-Encoding; or let what stands between not compress it"};
    }
    if (facts.content_length && *facts.content_length > plan.most_bytes)
        return Refusal{"too_large",
                       "Content-Length",
                       {},
                       "at most " + std::to_string(plan.most_bytes) + " bytes in this binding",
                       "send larger payloads in the HTTP binding, or in several messages"};
    return plan;
}

}  // namespace caseway
