// gateway/adapters/sqlite/waiting_rows.hpp - rows that wait in memory until one statement takes them all, from a
// virtual table of the connection that writes: `INSERT INTO t SELECT * FROM name`. The cursors of that statement stay
// where the last row went, so a neighbour costs no way down from the root. Source: sqlite.org/vtab.html.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/adapters/sqlite/sqlite_handles.hpp"
#include "gateway/base/bytes.hpp"

namespace caseway {

class WaitingRows {
public:
    /// Makes the virtual table `name` with columns named `columns`, e.g. "key, body". Must outlive every statement of
    /// the connection that reads it. Throws Fault{StoreUnavailable}.
    WaitingRows(sqlite3* database, const char* name, std::string_view columns);
    WaitingRows(const WaitingRows&) = delete;
    WaitingRows& operator=(const WaitingRows&) = delete;

    /// One row, a value a column. Texts are copied.
    template <class... Values>
    void add(const Values&... values) {
        cells_.resize(cells_.size() + sizeof...(values));
        Cell* cell = cells_.data() + cells_.size() - sizeof...(values);
        (put(*cell++, values), ...);
        ++rows_;
    }
    bool empty() const { return rows_ == 0; }
    std::size_t size() const { return rows_; }
    /// The text of one column in each row, in their order.
    template <class Each>
    void eachText(std::size_t column, Each each) const {
        for (std::size_t at = column; at < cells_.size(); at += cells_.size() / rows_)
            each(std::string_view(bytes_).substr(static_cast<std::size_t>(cells_[at].number), cells_[at].size));
    }
    /// Enough for one statement: more would only leave the processor's cache.
    bool isFull() const { return bytes_.size() >= kEnough || rows_ >= kMost; }
    void clear();

private:
    static constexpr std::size_t kEnough = 128 * 1024;
    static constexpr std::size_t kMost = 1024;
    enum class Kind : std::uint8_t { Null, Integer, Text, Blob };
    struct Cell {
        Kind kind = Kind::Null;
        std::int64_t number = 0;  ///< or where its bytes begin
        std::size_t size = 0;
    };
    struct Table;
    struct Module;

    void put(Cell& cell, std::int64_t value) { cell = {Kind::Integer, value, 0}; }
    void put(Cell& cell, std::uint64_t value) { put(cell, static_cast<std::int64_t>(value)); }
    void put(Cell& cell, bool value) { put(cell, static_cast<std::int64_t>(value)); }
    void put(Cell& cell, std::string_view text) { keep(cell, Kind::Text, text); }
    void put(Cell& cell, const std::string& text) { put(cell, std::string_view(text)); }
    void put(Cell& cell, ByteView blob) { keep(cell, Kind::Blob, textOf(blob)); }
    template <class Value>
    void put(Cell& cell, const std::optional<Value>& value) {
        if (value) put(cell, *value);
    }
    void keep(Cell& cell, Kind kind, std::string_view bytes) {
        cell = {kind, static_cast<std::int64_t>(bytes_.size()), bytes.size()};
        bytes_ += bytes;
    }

    std::string declaration_;
    std::size_t rows_ = 0;
    std::vector<Cell> cells_;  ///< row by row
    std::string bytes_;
};

}  // namespace caseway
