// gateway/normalize/known_notes.hpp - the bytes in which known records are kept between two nights: pieces, each with
// its own code under a key of the gateway's, some 21 bytes a record. What somebody else wrote, or what cannot be read,
// is not known; nothing depends on it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/domain/known_record.hpp"

namespace caseway {

/// Gathers the records of one piece.
class KnownNotes {
public:
    void add(const KnownRecord& record);
    bool empty() const { return entries_.empty(); }
    /// The piece, sealed with the key; begins the next one.
    std::string take(const Sha256& key);

private:
    std::string entries_;
    KnownRecord last_;
};

/// Appends the records of a piece to `out`. False, and nothing appended, for bytes that take() did not make under this
/// key.
bool readKnownNotes(std::string_view piece, const Sha256& key, std::vector<KnownRecord>& out);

}  // namespace caseway
