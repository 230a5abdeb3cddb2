// gateway/adapters/sqlite/repeat_table.hpp - the newest repetition of what cases stand on. Cases that one message found
// unchanged, one behind the other, share a row of `repeat`; what is known of a record that its case no longer stands on
// keeps a row of its own in `former_repeat`. Why: docs/decisions/0025.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Of the case `id` of a statement over case_record, its row of `repeat`; rows do not overlap.
#define REPEAT_OF_CASE                                                                                   \
    "repeat ON first_case = (SELECT max(first_case) FROM repeat WHERE first_case <= case_record.id) AND" \
    " last_case >= case_record.id"
/// What repeatAt() reads there.
#define REPEAT_COLUMNS_OF_CASE "by_key + case_record.id - first_case, business_time, sent_at, message_id"

/// Of the columns from this one on: key of the repetition, business_time, sent_at, message_id. Throws
/// Fault{StoreCorrupt}.
Repeat repeatAt(const Cursor& cursor, int column);

/// A row of `repeat`: of the record that each of these cases stands on, the newest repetition. Their numbers go up by
/// one with those of the records.
struct RepeatSpan {
    CaseId first = 0;
    CaseId last = -1;  ///< before `first`: none
    Repeat of_first{};

    bool isEmpty() const { return last < first; }
    Repeat of(CaseId id) const;
    /// Whether this repetition, of the case behind the last, can be the next of the row.
    bool isFollowedBy(const Repeat& next) const;
};

class RepeatReads {
public:
    explicit RepeatReads(SqliteConnection& connection);
    /// The rows that tell of any of these cases, ascending; `rows` become them.
    void spans(CaseId first, CaseId last, std::vector<RepeatSpan>& rows);
    /// Of a record, whether its case still stands on it or not.
    std::optional<Repeat> of(const RecordKey& record);

private:
    SqliteStatement spans_, of_former_, of_present_;
};

/// Repetitions of a transaction wait for their neighbours: who reads cases calls flush() before, and so does the
/// commit.
class RepeatWrites {
public:
    explicit RepeatWrites(SqliteConnection& connection);
    /// Of the record that this case stands on.
    void put(CaseId id, const Repeat& row) {
        if (id == waiting_.last + 1 && !waiting_.isEmpty() && waiting_.isFollowedBy(row)) {
            ++waiting_.last;
            return;
        }
        flush();
        waiting_ = {id, id, row};
    }
    /// To be called before a case that is there is written: the record that it stood on keeps what is known of it.
    void standsOn(CaseId id, std::optional<std::int64_t> stated_by);
    bool isWaiting() const { return !waiting_.isEmpty(); }
    /// Something that waits is of this case or of one behind it.
    bool isWaitingFrom(CaseId id) const { return isWaiting() && waiting_.last >= id; }
    void flush();
    /// Drops what waits.
    void forget() {
        waiting_ = {};
        is_lost_ = false;
    }

private:
    std::optional<RepeatSpan> lastUpTo(CaseId id);
    void insert(const RepeatSpan& span);
    void cut(CaseId first, CaseId last);

    RepeatSpan waiting_;
    bool is_lost_ = false;  ///< some did not reach their table: the transaction must not be committed
    SqliteStatement last_up_to_, insert_, shorten_, remove_, stated_by_, put_former_;
};

/// Rows that overlap, or tell of cases that stand on no single record: for `log verify`.
std::vector<std::string> brokenRepeatRows(SqliteConnection& connection);

}  // namespace caseway
