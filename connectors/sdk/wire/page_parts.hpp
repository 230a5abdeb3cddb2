// connectors/sdk/wire/page_parts.hpp - a page out of the parts in which it comes, within bounds over the whole page:
// bytes, payloads, counts that fit together. For those who speak the contract only.
#pragma once

#include "connectors/sdk/wire/answers.hpp"

namespace caseway {

class PageParts {
public:
    /// `limit_words`: where the limit of a page stands, for the fault.
    PageParts(std::uint64_t bytes_most, std::string limit_words, PageSink& sink)
        : bytes_most_(bytes_most), limit_words_(std::move(limit_words)), sink_(sink) {}
    /// Bounds first, then the sink: what breaks them goes no further. Throws AnswerOutOfBounds, and what the sink
    /// throws.
    void take(const plugin::PagePart& part);
    /// Of a part that has one.
    PageEnd end(const plugin::PageEnd& wire) const;

private:
    void begin(const plugin::Payload& payload);

    std::uint64_t bytes_most_;
    std::string limit_words_;
    PageSink& sink_;
    std::uint64_t bytes_ = 0;
    std::uint64_t payloads_ = 0;
    std::uint64_t records_ = 0;
};

}  // namespace caseway
