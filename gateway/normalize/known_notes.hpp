// gateway/normalize/known_notes.hpp - the bytes in which known records are kept between two nights: pieces, each with
// its own check sum, some 21 bytes a record. What cannot be read is not known; nothing depends on it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/known_record.hpp"

namespace caseway {

/// Gathers the records of one piece.
class KnownNotes {
public:
    void add(const KnownRecord& record);
    bool empty() const { return entries_.empty(); }
    /// The piece; begins the next one.
    std::string take();

private:
    std::string entries_;
    KnownRecord last_;
};

/// Appends the records of a piece to `out`. False, and nothing appended, for bytes that take() did not make.
bool readKnownNotes(std::string_view piece, std::vector<KnownRecord>& out);

}  // namespace caseway
