// connectors/sdk/wire/page_parts.cpp - each bound with its words.
#include "connectors/sdk/wire/page_parts.hpp"

#include <fmt/format.h>

namespace caseway {
namespace {

constexpr std::uint64_t kPayloadsMax = 100'000;  ///< of one page

}  // namespace

void PageParts::take(const plugin::PagePart& part) {
    for (const plugin::Payload& payload : part.payloads) {
        bytes_ += payload.bytes.size();
        if (bytes_ > bytes_most_)
            throw AnswerOutOfBounds(fmt::format("a page of more than {} MiB: {}", bytes_most_ >> 20, limit_words_));
        if (payload.__isset.name)
            begin(payload);
        else if (payloads_ == 0)
            throw AnswerOutOfBounds("a piece of a payload that did not begin");
        if (!payload.bytes.empty()) sink_.bytes(payload.bytes);
    }
    if (part.payloads.empty() && !part.__isset.page_end) throw AnswerOutOfBounds("a part with neither payload nor end");
}

void PageParts::begin(const plugin::Payload& payload) {
    const PayloadHead head = headOf(payload);
    records_ += head.records;
    if (++payloads_ > kPayloadsMax) throw AnswerOutOfBounds("a page of more than 100,000 payloads");
    sink_.payload(head);
}

PageEnd PageParts::end(const plugin::PageEnd& wire) const {
    const PageEnd end = fromWire(wire);
    if (end.records != records_)
        throw AnswerOutOfBounds(fmt::format("the page has {} records, its payloads {}", end.records, records_));
    return end;
}

}  // namespace caseway
