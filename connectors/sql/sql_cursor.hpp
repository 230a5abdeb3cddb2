// connectors/sql/sql_cursor.hpp - where reading a table stands, as the text of a cursor: JSON, version 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway {

struct SqlCursor {
    struct ReadRow {
        std::vector<std::string> key;
        std::string digest;
    };
    /// Many rows of one mark, up to a key, behind those of the block before.
    struct Block {
        std::vector<std::string> upto{};
        std::uint64_t count = 0;  ///< 0: it changed, and its rows are given
        std::uint64_t sum = 0;    ///< of their digests
        std::size_t weight() const;
    };
    /// Rows that were given and may come again in the overlap.
    struct SeenMark {
        std::string mark;                  ///< watermark
        std::vector<std::string> digests;  ///< of its rows, those in blocks left out
        std::vector<Block> blocks;         ///< in the order of their keys
        /// In digests.
        std::size_t weight() const;
    };
    /// In a pass: the mark that is read, how many of its last digests are of this pass, which of its blocks comes.
    struct Place {
        std::string mark{};
        std::size_t open = 0, block = 0;
    };
    std::vector<std::string> after{};  ///< order of the last row of the page; empty: a pass begins
    std::vector<ReadRow> rows{};       ///< flag: those of the page, for acknowledge()
    std::string high{};                ///< watermark: the highest ever seen
    /// Watermark: the highest that there was when the pass began; behind a pass only where a higher one was seen.
    std::string top{};
    /// In a pass: that of the one before, where this one began before it.
    std::string began{};
    /// Watermark that is a number: the highest before the place where the next pass begins; empty: there is none.
    std::optional<std::string> below{};
    std::vector<SeenMark> seen{};
    Place place{};

    /// Bytes of any kind in keys are kept. Throws ConnectorFault{System, bad_cursor}.
    static SqlCursor read(const Cursor& text);
    Cursor write() const;

    /// Adds it where it is not known.
    SeenMark& seenOf(const std::string& mark);

private:
    void readBlock(const std::vector<std::string>& parts);
    void readPlace(const std::vector<std::string>& parts);
};

}  // namespace caseway
