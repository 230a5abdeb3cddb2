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
    /// Rows that were given and may come again in the overlap.
    struct SeenRows {
        std::string mark;                  ///< watermark
        std::vector<std::string> digests;  ///< of their rows, those up to `upto` left out
        std::vector<std::string> upto{};   ///< key of the last of so many that they are only counted; empty: of none
        std::uint64_t counted = 0;         ///< rows of this mark up to there
    };
    std::vector<std::string> after{};  ///< order of the last row of the page; empty: a pass begins
    std::vector<ReadRow> rows{};       ///< flag: those of the page, for acknowledge()
    std::string high{};                ///< watermark: the highest ever seen
    std::vector<SeenRows> seen{};

    /// Bytes of any kind in keys are kept. Throws ConnectorFault{System, bad_cursor}.
    static SqlCursor read(const Cursor& text);
    Cursor write() const;

private:
    void readTie(const std::vector<std::string>& parts);
};

}  // namespace caseway
