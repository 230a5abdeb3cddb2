// gateway/adapters/sqlite/standing_reads.hpp - what cases stand on, many at once, for records that say again what their
// case says: no listing, which gives whole rows.
#pragma once

#include <vector>

#include "gateway/adapters/sqlite/body_codec.hpp"
#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/repeat_table.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/adapters/sqlite/system_dictionary.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class StandingReads {
public:
    StandingReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec);
    /// As CaseStandings::standings().
    void from(CaseId first, std::size_t limit, std::vector<CaseRow>& rows);

private:
    SystemDictionary& systems_;
    BodyCodec& codec_;
    SqliteStatement read_;
    RepeatReads repeats_;
    std::vector<RepeatSpan> spans_;
};

}  // namespace caseway
