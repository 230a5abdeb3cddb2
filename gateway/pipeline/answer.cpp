// gateway/pipeline/answer.cpp - problem details after RFC 9457.
#include "gateway/pipeline/answer.hpp"

#include <fmt/format.h>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::string_view kCodingRefused = "content_encoding_unknown";

void member(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += out.size() > 1 ? "," : "";
    appendJsonString(name, out);
    out += ':';
    appendJsonString(value, out);
}

std::string_view titleOf(int status) {
    switch (status) {
        case 400:
            return "Not a message";
        case 401:
            return "Not authenticated";
        case 403:
            return "Not allowed";
        case 404:
            return "Not found";
        case 409:
            return "Id used for another content";
        case 413:
            return "Too large";
        case 415:
            return "Type or coding not taken";
        case 422:
            return "No record could be taken";
        case 429:
            return "Too many requests";
        case 503:
            return "Not now";
        default:
            return "Refused";
    }
}

}  // namespace

int statusOfRefused(std::string_view code) {
    return code == kCodingRefused ? 415 : 422;
}

Answer problemAnswer(int status, const Refusal& refusal, const std::optional<MessageId>& message_id,
                     std::string_view receipt) {
    Answer answer{status, "application/problem+json", "{", {}, {}, {}};
    if (refusal.code == kCodingRefused) answer.accept_encoding = "identity";  // RFC 9110, 15.5.16
    member(answer.body, "type", "urn:caseway:error:" + refusal.code);
    member(answer.body, "title", titleOf(status));
    answer.body += fmt::format(",\"status\":{}", status);
    member(answer.body, "code", refusal.code);
    member(answer.body, "detail", refusal.rule);
    member(answer.body, "where", refusal.where);
    member(answer.body, "value", refusal.value);
    member(answer.body, "hint", refusal.hint);
    if (message_id) member(answer.body, "message_id", message_id->text());
    if (!receipt.empty()) {
        answer.body += ",\"receipt\":";
        answer.body += receipt;
    }
    answer.body += '}';
    return answer;
}

Answer unavailableAnswer(std::string_view code, std::string_view hint) {
    Refusal refusal;
    refusal.code = code;
    refusal.rule = "the gateway cannot take messages at the moment; nothing was taken";
    refusal.hint = hint;
    Answer answer = problemAnswer(503, refusal);
    answer.retry_after = 2;
    return answer;
}

}  // namespace caseway
