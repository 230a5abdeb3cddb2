// gateway/base/limits.hpp - every limit on hostile input in one place, with its default. The annotated configuration
// repeats them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace caseway {

struct Limits {
    std::size_t tree_body_bytes = 10 * 1024 * 1024;  ///< XML and JSON bindings: their signatures need the whole tree
    std::size_t spool_above_bytes = 1024 * 1024;     ///< larger request bodies are answered 202, in every binding
    std::size_t inline_records = 5000;               ///< more, in whatever few bytes, are answered 202 too
    std::uint64_t http_body_bytes = 4ULL * 1024 * 1024 * 1024;  ///< HTTP binding
    std::size_t depth = 200;                                    ///< nesting of elements, objects and arrays
    std::size_t record_bytes = 4 * 1024 * 1024;                 ///< one record inside a payload
    std::size_t whole_document_bytes =
        16 * 1024 * 1024;                 ///< mappings with absolute expressions keep the document in memory
    std::size_t field_bytes = 64 * 1024;  ///< one value of one field
    /// Steps of XPath and JSONPath that one message has in stock; each record adds to it by its size, so that a long
    /// message of modest records never runs out, and none stalls a worker.
    std::uint64_t expression_steps = 5'000'000;
    std::size_t refusals_kept = 1000;    ///< refusals listed in an answer; all are counted
    std::chrono::minutes ahead{5};       ///< sent_at may be this much ahead of our clock
    std::chrono::hours max_age{7 * 24};  ///< and this old
};

}  // namespace caseway
