// gateway/report/run_sights.cpp - samples.
#include "gateway/report/run_sights.hpp"

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/report/payload_fields.hpp"
#include "gateway/report/record_facts.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPagesAtOnce = 500;
constexpr std::size_t kMostMessages = 100'000;

std::vector<std::string> listOf(const std::set<std::string>& names) {
    return {names.begin(), names.end()};
}

/// "encoding_differs=declared GBK, found UTF-8"; empty where the answer notes nothing. In our own words: a quote of a
/// sender is escaped.
std::string encodingNotedIn(std::string_view answer) {
    constexpr std::string_view kNote = R"("notes":[{"code":"encoding_differs","where":"payload","value":")";
    const std::size_t at = answer.rfind(kNote);
    if (at == std::string_view::npos) return {};
    const std::string_view value = answer.substr(at + kNote.size());
    return "encoding_differs=" + std::string(value.substr(0, value.find('"')));
}

}  // namespace

std::string seenNoteOf(std::string_view connector) {
    return "seen/" + std::string(connector);
}

std::vector<MessageRow> RunObserver::messagesOf(const Run& run, std::set<std::string>& codes) const {
    std::vector<MessageRow> messages;
    for (std::uint64_t after = 0; messages.size() < kMostMessages;) {
        const auto pages = parts_.reader.runPages(run.number, after, kPagesAtOnce);
        if (pages.empty()) break;
        for (const RunPageRow& row : pages) {
            after = row.page;
            const auto page = readRunPage(row.body);
            if (!page) continue;
            for (const LogIndex index : page->messages)
                if (auto message = parts_.reader.message(index)) {
                    if (auto noted = encodingNotedIn(message->answer); !noted.empty()) codes.insert(std::move(noted));
                    message->answer.clear();  // large, and not needed
                    messages.push_back(std::move(*message));
                }
        }
    }
    return messages;
}

std::string RunObserver::beginningOf(const EnvelopeRow& envelope) const {
    if (envelope.body_file.empty()) {
        const auto pull = readStoredPull(envelope.head);
        return pull ? std::string(pull->payload.substr(0, kPayloadBytesLookedAt + 4)) : std::string();
    }
    std::string bytes(kPayloadBytesLookedAt + 4, '\0');
    std::size_t size = 0;
    try {
        const auto body = parts_.open_body(envelope.body_file);
        while (size < bytes.size()) {
            const std::size_t count = body->read(std::span(bytes).subspan(size));
            if (count == 0) break;
            size += count;
        }
    } catch (const Fault&) {  // the body is not there: `log verify` tells it
        return {};
    }
    bytes.resize(size);
    return bytes;
}

std::optional<PatchRow> RunObserver::recordOf(LogIndex index, std::uint64_t record, std::optional<LinePicker>& lines,
                                              Repeats& repeats) const {
    // A payload is all new or, nearly all of it, said again: where one record shares another's row, the next ones do.
    const bool asks_lines_first = lines.has_value();
    if (!asks_lines_first) {
        if (auto row = parts_.reader.patch(index, record)) return row;
        lines.emplace(parts_.reader, index);  // they say whose row a record shares
    }
    const auto line = lines->line(record);
    if (line && line->trace.repeats_record != 0 && repeats.seen++ % repeats.for_one != 0) return std::nullopt;
    if (line && line->trace.repeats_record != 0)
        return parts_.reader.patch(line->trace.repeats_index, line->trace.repeats_record);
    return asks_lines_first ? parts_.reader.patch(index, record) : std::nullopt;
}

RunSights RunObserver::look(const Run& run, const std::string& mapping) const {
    const auto is_known = [&](std::string_view name) { return mapping.find(name) != std::string::npos; };
    std::set<std::string> fields, codes;
    const std::vector<MessageRow> messages = messagesOf(run, codes);
    RunSights sights;
    const std::size_t step = std::max<std::size_t>(1, (messages.size() + kPayloadsLookedAt - 1) / kPayloadsLookedAt);
    for (std::size_t i = 0; i < messages.size(); i += step) {
        // A payload that was refused as a whole (an error page) is not what the department sends.
        if (messages[i].counts.total() == 0) continue;
        sights.has_payloads = true;
        if (const auto envelope = parts_.reader.envelope(messages[i].index))
            addPayloadFields(beginningOf(*envelope), is_known, kMostFieldsSeen, fields);
    }
    std::uint64_t records = 0, next = 0;
    for (const MessageRow& message : messages) records += message.counts.total();
    const std::uint64_t each = std::max<std::uint64_t>(1, (records + kRecordsLookedAt - 1) / kRecordsLookedAt);
    Repeats repeats{.for_one = each == 1 ? 1 : kRepeatsForOneLookedAt};
    std::uint64_t before = 0;
    for (const MessageRow& message : messages) {
        std::optional<LinePicker> lines;
        for (; next < before + message.counts.total(); next += each)
            if (const auto patch = recordOf(message.index, next - before + 1, lines, repeats))
                if (patch->outcome != RecordOutcome::Refused)
                    addRecordFacts(patch->patch, run.ended_at.value_or(run.started_at), codes, sights.newest);
        before += message.counts.total();
    }
    sights.fields = listOf(fields);
    sights.codes = listOf(codes);
    return sights;
}

}  // namespace caseway
