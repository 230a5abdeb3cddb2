// gateway/pipeline/kept_payloads.cpp - from a run's pages to the bytes of its messages.
#include "gateway/pipeline/kept_payloads.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "gateway/base/fault.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/pipeline/message_counts.hpp"
#include "gateway/pipeline/run_refusals.hpp"
#include "gateway/ports/run_ledger.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPagesAtOnce = 100, kRefusalsLooked = 10'000;  ///< of a message
constexpr std::size_t kRunsLooked = 1000;                            ///< of the connector, for retries

/// "12": behind page 12; "12/3": behind the third message of page 12.
struct Place {
    std::uint64_t page = 0;
    std::size_t part = 0;  ///< 0: behind all of them
};

Place placeIn(const Cursor& cursor) {
    Place place;
    const char* const end = cursor.data() + cursor.size();
    const char* const at = std::from_chars(cursor.data(), end, place.page).ptr;
    if (at != end) std::from_chars(at + 1, end, place.part);
    return place;
}

std::vector<LogIndex> messagesOf(const RunPageRow& row) {
    auto page = readRunPage(row.body);
    if (!page) throw Fault(FaultCode::StoreCorrupt, "a page of a run cannot be read", page.error().hint);
    return std::move(page->messages);
}

ConnectorFault gone(LogIndex index) {
    return ConnectorFault(ConnectorFaultKind::Config,
                          {"kept_payload_gone", "leaf " + std::to_string(index),
                           "the bytes of a payload that was kept are not there any more", "caseway log verify"});
}

}  // namespace

bool KeptPayloads::any() {
    for (std::uint64_t after = 0;;) {
        const auto pages = reader_.runPages(of_, after, kPagesAtOnce);
        if (pages.empty()) return false;
        for (const RunPageRow& row : pages)
            for (const LogIndex index : messagesOf(row))
                if (isWanted(index)) return true;
        after = pages.back().page;
    }
}

PageEnd KeptPayloads::read(const Cursor& from, const PageLimits& limits, PageSink& sink) {
    const Place place = placeIn(from);
    for (std::uint64_t after = place.part == 0 ? place.page : place.page - 1;;) {
        const auto pages = reader_.runPages(of_, after, kPagesAtOnce);
        if (pages.empty() && gone_) throw gone(*gone_);
        if (pages.empty()) return {from, true, 0, {}};
        for (const RunPageRow& row : pages) {
            const std::size_t behind = row.page == place.page ? place.part : 0;
            if (auto end = givePage(row, behind, limits.bytes, sink)) return {*std::move(end), false, 0, {}};
        }
        after = pages.back().page;
    }
}

/// The former run may have had larger pages than its connector has now. Nothing: nothing of it was to give.
std::optional<Cursor> KeptPayloads::givePage(const RunPageRow& row, std::size_t behind, std::uint64_t most,
                                             PageSink& sink) {
    const std::vector<LogIndex> messages = messagesOf(row);
    std::optional<std::uint64_t> given;
    for (std::size_t part = behind; part < messages.size(); ++part) {
        if (!isWanted(messages[part])) continue;
        if (given && *given >= most) return fmt::format("{}/{}", row.page, part);
        if (const auto size = give(messages[part], sink))
            given = given.value_or(0) + *size;
        else if (!gone_)
            gone_ = messages[part];
    }
    return given ? std::optional<Cursor>(std::to_string(row.page)) : std::nullopt;
}

bool KeptPayloads::isWanted(LogIndex index) {
    const auto message = reader_.message(index);
    if (!message || message->outcome == MessageOutcome::Accepted || message->outcome == MessageOutcome::Received)
        return false;
    if (message->refusal_code == "id_reused") return false;  // another message keeps that id
    if (isParked(*message)) return true;
    if (message->refusal_code == "payload_too_large") return false;  // nothing of it was kept
    const auto text = reader_.leaf(index);
    const auto leaf = text ? parseLeaf(*text) : Result<LogEntry>(Refusal{});
    const bool is_of_another = leaf && leaf->mapping_version != mapping_;
    return (is_of_another && !(leaf->mapping_version && wasReadWithMapping())) || isForItsTime(*message);
}

/// What a retry that came to its end refused again it would refuse once more.
bool KeptPayloads::wasReadWithMapping() {
    if (was_read_) return *was_read_;
    was_read_ = false;
    const auto row = reader_.run(of_);
    if (!row) return false;
    for (const RunRow& later : reader_.runs(row->connector, 0, kRunsLooked)) {
        if (later.number <= of_) break;
        const auto run = readRun(later.body);
        if (!run || run->kind != RunKind::Retry || run->of != of_ || !run->ended_at) continue;
        const bool is_whole = run->state == RunState::Done || (run->state == RunState::Partial && run->trouble &&
                                                               run->trouble->code == kPayloadRefusedCode);
        if (is_whole && hasReadWithMapping(run->number)) was_read_ = true;
    }
    return *was_read_;
}

/// By the first of its messages that a mapping was asked for.
bool KeptPayloads::hasReadWithMapping(RunNo retry) {
    for (const RunPageRow& row : reader_.runPages(retry, 0, kPagesAtOnce)) {
        const auto page = readRunPage(row.body);
        for (std::size_t i = 0; page && i < page->messages.size(); ++i) {
            const auto text = reader_.leaf(page->messages[i]);
            const auto leaf = text ? parseLeaf(*text) : Result<LogEntry>(Refusal{});
            if (leaf && leaf->mapping_version) return *leaf->mapping_version == mapping_;
        }
    }
    return false;
}

/// A record was refused for its time: by a clock that may have been wrong, or has gone on since.
bool KeptPayloads::isForItsTime(const MessageRow& message) {
    RefusalCodes codes;
    if (message.counts.refused != 0) addRefusalCodes(reader_, message, kRefusalsLooked, codes);
    return codes.contains("time_out_of_bounds");
}

std::optional<std::uint64_t> KeptPayloads::give(LogIndex index, PageSink& sink) {
    const auto envelope = reader_.envelope(index);
    const auto stored = envelope ? readStoredPull(envelope->head) : Result<StoredPull>(Refusal{});
    if (!stored) return std::nullopt;
    std::unique_ptr<ByteSource> body;
    try {
        if (!envelope->body_file.empty()) body = open_body_(envelope->body_file);
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::FileUnavailable) throw;
    }
    if (!body && !envelope->body_file.empty()) return std::nullopt;
    if (auto* const dated = dynamic_cast<DatedPageSink*>(&sink)) dated->readAt(stored->head.header.sent_at);
    sink.payload({stored->head.name, stored->head.media_type, 0, stored->head.answer});
    if (!body) {
        sink.bytes(stored->payload);
        return stored->payload.size();
    }
    std::array<char, 64 * 1024> piece;
    std::uint64_t given = 0;
    for (std::size_t size = body->read(piece); size != 0; size = body->read(piece)) {
        sink.bytes({piece.data(), size});
        given += size;
    }
    return given;
}

}  // namespace caseway
