// gateway/report/run_sights.cpp - samples.
#include "gateway/report/run_sights.hpp"

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/report/line_picker.hpp"
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

void RunObserver::lookAt(const PatchRow& row, Facts& facts) {
    if (row.outcome != RecordOutcome::Refused) addRecordFacts(row.patch, facts.before, facts.codes, facts.newest);
}

void RunObserver::lookAtRow(LogIndex index, std::uint64_t record, Facts& facts) const {
    if (const auto row = parts_.reader.patch(index, record)) lookAt(*row, facts);
}

void RunObserver::lookAtEach(const MessageRow& message, Facts& facts) const {
    std::optional<LinePicker> lines;  // they say whose row a record shares
    for (std::uint64_t record = 1; record <= message.counts.total(); ++record) {
        if (const auto row = parts_.reader.patch(message.index, record)) {
            lookAt(*row, facts);
            continue;
        }
        if (!lines) lines.emplace(parts_.reader, message.index);
        const auto line = lines->line(record);
        if (line && line->trace.repeats_record != 0)
            lookAtRow(line->trace.repeats_index, line->trace.repeats_record, facts);
    }
}

bool RunObserver::lookAtRows(const MessageRow& message, std::uint64_t first, std::uint64_t step, Facts& facts) const {
    bool has_all = true;
    for (std::uint64_t record = first; record <= message.counts.total(); record += step) {
        const auto row = parts_.reader.patch(message.index, record);
        has_all = has_all && row;
        if (row) lookAt(*row, facts);
    }
    return has_all;
}

/// Parts 0, 1, 2, 4, 8 … and on, by half of what is left each time, to the last, where the newest records stand:
/// reading all lines of a million records would take longer than all else here.
void RunObserver::lookAtRepeats(LogIndex index, std::uint64_t step, Facts& facts) const {
    std::uint64_t last = 0, end = UINT64_MAX;
    for (std::uint64_t part = 0; part < end;
         part = end == UINT64_MAX ? std::max(last + 1, 2 * last) : std::max(last + 1, last + (end - last) / 2)) {
        std::uint64_t behind = part;
        if (const auto lines = parts_.reader.nextOutcomePart(index, behind)) {
            last = behind - 1;
            lookAtLines(*lines, step, facts);
        } else {
            end = part;
        }
    }
}

void RunObserver::lookAtLines(std::string_view lines, std::uint64_t step, Facts& facts) const {
    for (std::size_t end = 0; (end = lines.find('\n')) != std::string_view::npos; lines.remove_prefix(end + 1)) {
        if (facts.lines++ % step != 0) continue;
        const auto line = parseOutcomeLine(lines.substr(0, end));
        if (line && line->trace.repeats_record != 0)
            lookAtRow(line->trace.repeats_index, line->trace.repeats_record, facts);
    }
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
    Facts facts{.before = run.ended_at.value_or(run.started_at), .codes = std::move(codes)};
    std::uint64_t before = 0;
    for (const MessageRow& message : messages) {
        if (each == 1)
            lookAtEach(message, facts);
        else if (!lookAtRows(message, next - before + 1, each, facts))
            lookAtRepeats(message.index, each, facts);
        before += message.counts.total();
        while (next < before) next += each;
    }
    sights.newest = facts.newest;
    sights.fields = listOf(fields);
    sights.codes = listOf(facts.codes);
    return sights;
}

}  // namespace caseway
