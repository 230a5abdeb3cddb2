// connectors/sql/seen_rows.hpp - which rows behind a watermark are as they were given before: few of one mark by a
// digest each, of many (a bulk load) blocks in the order of the key, by the sum of their digests.
#pragma once

#include "connectors/sql/sql_cursor.hpp"

namespace caseway {

class SeenRows {
public:
    enum class Row {
        New,     ///< to be given
        Seen,    ///< as it was given
        Held,    ///< in a block; its last row tells
        Changed  ///< the block is not as it was: its rows are to be read again behind begin(), and given
    };

    /// Works on `seen` and `place` of `next`, which outlives it.
    explicit SeenRows(SqlCursor& next) : next_(next) {}

    /// Rows come in order; `before`: the one before this, empty: a pass begins.
    Row look(const std::vector<std::string>& order, const std::string& digest, const std::vector<std::string>& before);
    /// No more rows come: true where those that were held are to be read again behind begin(), and given.
    bool leave();
    bool isHolding() const { return held_.count != 0; }
    const std::vector<std::string>& begin() const { return begin_; }
    std::uint64_t looked() const { return looked_; }

private:
    Row hold(SqlCursor::SeenMark& seen, const std::vector<std::string>& key, const std::string& digest);
    Row single(SqlCursor::SeenMark& seen, const std::vector<std::string>& key, const std::string& digest);
    void closeBlock(SqlCursor::SeenMark& seen, const std::vector<std::string>& key);

    SqlCursor& next_;
    SqlCursor::Block held_{};
    std::vector<std::string> begin_;
    std::uint64_t looked_ = 0;
};

}  // namespace caseway
