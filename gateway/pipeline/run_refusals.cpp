// gateway/pipeline/run_refusals.cpp - pages, messages, lines.
#include "gateway/pipeline/run_refusals.hpp"

#include <optional>

#include "gateway/base/byte_source.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/outcome_lines.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPagesAtOnce = 500, kRefusalsRead = 5000, kMessagesRead = 20'000;

}  // namespace

void addRefusalCodes(StoreReader& reader, const MessageRow& message, std::size_t most, RefusalCodes& codes) {
    std::optional<std::uint64_t> last;
    std::uint64_t part = 0;
    while (most > 0) {
        const auto lines = reader.nextOutcomePart(message.index, part);
        if (!lines) return;
        MemorySource source(*lines);
        const auto refusals = refusalsIn(source, most);
        most -= refusals.size();
        for (const Refusal& refusal : refusals) {
            if (refusal.record && refusal.record == last) continue;
            last = refusal.record;
            ++codes[refusal.code];
        }
    }
}

RefusalCodes refusalCodesOf(StoreReader& reader, const Run& run) {
    RefusalCodes codes;
    std::uint64_t left = run.counts.records.refused;
    std::size_t messages_left = kMessagesRead;
    if (left > kRefusalsRead) left = kRefusalsRead;
    for (std::uint64_t after = 0; left > 0 && messages_left > 0;) {
        const auto pages = reader.runPages(run.number, after, kPagesAtOnce);
        if (pages.empty()) break;
        after = pages.back().page;
        for (const RunPageRow& row : pages) {
            const auto page = readRunPage(row.body);
            for (std::size_t i = 0; page && i < page->messages.size() && left > 0 && messages_left > 0; ++i) {
                --messages_left;
                const auto message = reader.message(page->messages[i]);
                if (!message || message->counts.refused == 0) continue;
                addRefusalCodes(reader, *message, left, codes);
                left -= std::min(left, message->counts.refused);
            }
        }
    }
    return codes;
}

}  // namespace caseway
