// connectors/sdk/wire/answers.cpp - each limit has a name; each text is valid UTF-8 without control characters.
#include "connectors/sdk/wire/answers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/text/utf8.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {
namespace {

constexpr std::size_t kTextBytesMax = 1000;
constexpr std::size_t kCodeBytesMax = 60;
constexpr std::size_t kStepsMax = 100;
constexpr std::size_t kObjectsMax = 1000;
constexpr std::size_t kFieldsMax = 2000;
constexpr std::int32_t kRetryAfterMax = 7 * 24 * 3600;

std::string text(std::string value, const char* what) {
    if (value.size() > kTextBytesMax)
        throw AnswerOutOfBounds(fmt::format("{}: {} bytes, at most {}", what, value.size(), kTextBytesMax));
    if (utf8Prefix(value).valid != value.size()) throw AnswerOutOfBounds(fmt::format("{}: not UTF-8", what));
    const auto control = [](char one) { return static_cast<unsigned char>(one) < 0x20 || one == 0x7f; };
    if (std::any_of(value.begin(), value.end(), control))
        throw AnswerOutOfBounds(fmt::format("{}: a control character", what));
    return value;
}

std::uint64_t count(std::int64_t value, const char* what) {
    if (value < 0 || value > static_cast<std::int64_t>(kCountMost)) throw AnswerOutOfBounds(fmt::format("{}: {}", what, value));
    return static_cast<std::uint64_t>(value);
}

void most(std::size_t found, std::size_t allowed, const char* what) {
    if (found > allowed) throw AnswerOutOfBounds(fmt::format("{} {}, at most {}", found, what, allowed));
}

std::string codeOf(const std::string& code, const std::string& prefix, const std::string& passed_on) {
    if (!passed_on.empty() && code == passed_on) return code;
    const bool plain = !code.empty() && code.size() <= kCodeBytesMax &&
                       code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (!plain) throw AnswerOutOfBounds("the code of a fault is not snake_case of at most 60 characters");
    return code.starts_with(prefix) ? code : prefix + code;
}

}  // namespace

std::string greetingOf(const plugin::Hello& hello) {
    return text(hello.type, "type") + " " + text(hello.version, "version");
}

std::vector<CheckStep> fromWire(std::vector<plugin::CheckStep> steps) {
    most(steps.size(), kStepsMax, "steps of a check");
    std::vector<CheckStep> out;
    for (plugin::CheckStep& step : steps)
        out.push_back({text(std::move(step.name), "name of a step"), step.good, text(std::move(step.detail), "detail"),
                       text(std::move(step.next_step), "next_step")});
    return out;
}

std::vector<SourceObject> fromWire(std::vector<plugin::SourceObject> objects) {
    most(objects.size(), kObjectsMax, "source objects");
    std::vector<SourceObject> out;
    for (plugin::SourceObject& object : objects) {
        most(object.fields.size(), kFieldsMax, "fields of a source object");
        SourceObject& next = out.emplace_back();
        next.name = text(std::move(object.name), "name of a source object");
        next.media_type = text(std::move(object.media_type), "media_type");
        if (object.__isset.records) next.records = count(object.records, "records");
        for (std::string& field : object.fields) next.fields.push_back(text(std::move(field), "field"));
    }
    return out;
}

std::vector<WriteAnswer> fromWire(std::vector<plugin::WriteAnswer> answers, std::size_t asked) {
    if (answers.size() != asked) throw AnswerOutOfBounds(fmt::format("{} answers to {} items", answers.size(), asked));
    std::vector<WriteAnswer> out;
    for (plugin::WriteAnswer& answer : answers) {
        if (answer.outcome < plugin::WriteOutcome::WRITTEN || answer.outcome > plugin::WriteOutcome::RETRY)
            throw AnswerOutOfBounds("an outcome that does not exist");
        out.push_back({static_cast<WriteOutcome>(static_cast<int>(answer.outcome) - 1),
                       text(std::move(answer.reason), "reason")});
    }
    return out;
}

PayloadHead headOf(const plugin::Payload& payload) {
    return {text(payload.name, "name of a payload"), text(payload.media_type, "media_type"),
            count(payload.records, "records of a payload")};
}

PageEnd fromWire(const plugin::PageEnd& end) {
    most(end.next_cursor.size(), kCursorBytesMax, "bytes of a cursor");
    PageEnd out;
    out.next = end.next_cursor;
    out.last = end.last;
    out.records = count(end.records, "records of a page");
    if (end.__isset.source_total) out.source_total = count(end.source_total, "source_total");
    if (end.__isset.withheld) out.withheld = text(end.withheld, "withheld");
    if (end.__isset.ended_early) out.ended_early = text(end.ended_early, "ended_early");
    if (!out.ended_early.empty() && !out.last) throw AnswerOutOfBounds("ended_early on a page that is not the last");
    return out;
}

ConnectorFault fromWire(const plugin::Fault& fault, const std::string& prefix, const std::string& passed_on) {
    if (fault.kind < plugin::FaultKind::CONFIG || fault.kind > plugin::FaultKind::SYSTEM)
        throw AnswerOutOfBounds("a kind of fault that does not exist");
    ConnectorFault::Parts parts{codeOf(fault.code, prefix, passed_on), text(fault.where, "where"),
                                text(fault.message, "message"), text(fault.next_step, "next_step")};
    if (fault.__isset.retry_after_seconds && fault.retry_after_seconds >= 0)
        parts.retry_after = std::chrono::seconds(std::min(fault.retry_after_seconds, kRetryAfterMax));
    const ConnectorFaultKind kind = fault.kind == plugin::FaultKind::CONFIG      ? ConnectorFaultKind::Config
                                    : fault.kind == plugin::FaultKind::TRANSIENT ? ConnectorFaultKind::Transient
                                                                                 : ConnectorFaultKind::System;
    return {kind, std::move(parts)};
}

plugin::Fault toWire(const ConnectorFault& fault) {
    plugin::Fault out;
    out.kind = fault.kind() == ConnectorFaultKind::Config      ? plugin::FaultKind::CONFIG
               : fault.kind() == ConnectorFaultKind::Transient ? plugin::FaultKind::TRANSIENT
                                                               : plugin::FaultKind::SYSTEM;
    out.code = fault.parts().code;
    out.__set_where(fault.parts().where);
    out.message = fault.parts().message;
    out.__set_next_step(fault.parts().next_step);
    return out;
}

}  // namespace caseway
