// gateway/pipeline/kept_payloads.cpp - from a run's pages to the bytes of its messages.
#include "gateway/pipeline/kept_payloads.hpp"

#include <array>
#include <charconv>

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

std::uint64_t pageIn(const Cursor& cursor) {
    std::uint64_t page = 0;
    std::from_chars(cursor.data(), cursor.data() + cursor.size(), page);
    return page;
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
            if (!wanted(row).empty()) return true;
        after = pages.back().page;
    }
}

PageEnd KeptPayloads::read(const Cursor& from, const PageLimits&, PageSink& sink) {
    for (std::uint64_t after = pageIn(from);;) {
        const auto pages = reader_.runPages(of_, after, kPagesAtOnce);
        if (pages.empty() && gone_) throw gone(*gone_);
        if (pages.empty()) return {from, true, 0, {}};
        for (const RunPageRow& row : pages) {
            bool has_some = false;
            for (const LogIndex index : wanted(row)) {
                const bool is_there = give(index, sink);
                has_some = has_some || is_there;
                if (!is_there && !gone_) gone_ = index;
            }
            if (has_some) return {std::to_string(row.page), false, 0, {}};
        }
        after = pages.back().page;
    }
}

std::vector<LogIndex> KeptPayloads::wanted(const RunPageRow& row) {
    const auto page = readRunPage(row.body);
    if (!page) throw Fault(FaultCode::StoreCorrupt, "a page of a run cannot be read", page.error().hint);
    std::vector<LogIndex> found;
    for (const LogIndex index : page->messages)
        if (isWanted(index)) found.push_back(index);
    return found;
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

bool KeptPayloads::give(LogIndex index, PageSink& sink) {
    const auto envelope = reader_.envelope(index);
    const auto stored = envelope ? readStoredPull(envelope->head) : Result<StoredPull>(Refusal{});
    if (!stored) return false;
    std::unique_ptr<ByteSource> body;
    try {
        if (!envelope->body_file.empty()) body = open_body_(envelope->body_file);
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::FileUnavailable) throw;
    }
    if (!body && !envelope->body_file.empty()) return false;
    if (auto* const dated = dynamic_cast<DatedPageSink*>(&sink)) dated->readAt(stored->head.header.sent_at);
    sink.payload({stored->head.name, stored->head.media_type, 0, stored->head.answer});
    if (!body) {
        sink.bytes(stored->payload);
        return true;
    }
    std::array<char, 64 * 1024> piece;
    for (std::size_t size = body->read(piece); size != 0; size = body->read(piece)) sink.bytes({piece.data(), size});
    return true;
}

}  // namespace caseway
