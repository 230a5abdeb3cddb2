// gateway/adapters/sqlite/case_table.hpp - statements over case_record and patch of one connection.
#pragma once

#include "gateway/adapters/sqlite/body_codec.hpp"
#include "gateway/adapters/sqlite/key_window.hpp"
#include "gateway/adapters/sqlite/repeat_table.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/adapters/sqlite/system_dictionary.hpp"
#include "gateway/adapters/sqlite/waiting_rows.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class CaseReads {
public:
    CaseReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec);
    std::optional<CaseRow> byId(CaseId id);
    std::optional<CaseRow> byNo(std::string_view case_no);
    std::optional<CaseRow> bySource(const SystemId& owner, std::string_view source_case_no);
    /// The same, reading ahead; for the connection that writes.
    std::optional<CaseRow> bySource(const SystemId& owner, std::string_view source_case_no, KeyWindow& ahead);
    /// Several statements: the caller holds one read transaction around it.
    std::vector<CaseRow> list(const CaseFilter& filter);
    std::vector<CaseKey> keys(const SystemId& owner, const CaseKey& after, std::size_t limit);
    std::vector<PatchRow> history(CaseId id, std::size_t limit);
    std::optional<PatchRow> patch(LogIndex index, std::uint64_t record);

private:
    CaseRow row(const Cursor& cursor);
    PatchRow patchRow(const Cursor& cursor);
    std::vector<CaseRow> listOfDepartments(const CaseFilter& filter);
    template <class Key>
    void addPage(SqliteStatement& statement, const Key& key, const CaseFilter& filter, std::vector<CaseRow>& rows);

    SystemDictionary& systems_;
    BodyCodec& codec_;
    SqliteStatement by_id_, by_no_, by_source_, list_all_;
    SqliteStatement list_department_, list_window_, source_department_, source_window_;
    SqliteStatement keys_, history_, patch_;
};

/// What is wrong with the ways that lead from cases to the records that opened them, a line each; a few at most.
std::vector<std::string> brokenOpenings(SqliteConnection& connection);

/// Rows of a transaction wait for each other: whoever reads cases or patches calls flush() before where what is read
/// may wait, and the commit in any case.
class CaseWrites {
public:
    /// `ahead`: is told of new cases.
    CaseWrites(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec, KeyWindow& ahead);
    CaseId put(const CaseRow& row);
    void putPatch(const PatchRow& row);
    void putRepeat(CaseId id, const Repeat& row) { repeats_.put(id, row); }
    bool isWaiting() const { return !cases_.empty() || !patches_.empty() || repeats_.isWaiting(); }
    /// As isWaiting(), for who reads no history, and only cases from this one on.
    bool isWaitingFrom(CaseId id) const { return !cases_.empty() || repeats_.isWaitingFrom(id); }
    /// Whether something that waits may belong to what is read: false is certain.
    bool mayHold(CaseId id) const { return repeats_.isWaitingFrom(id) || (!cases_.empty() && id >= first_case_); }
    bool mayHoldKey(std::string_view source_case_no) const;
    bool mayHoldPatch(LogIndex index, std::uint64_t record) const;
    /// Tells a window that was read from the table what the table does not have yet.
    void tellWaiting(KeyWindow& ahead) const;
    /// Throws Fault{StoreUnavailable}: the transaction is to be rolled back.
    void flush();
    /// Drops what waits; to be called when a transaction is over, however it ended.
    void forget();

private:
    static constexpr CaseId kNoCase = INT64_MAX;
    static constexpr std::size_t kManyWait = 64;  ///< they are written rather than looked through
    /// A new case and the key of the record that states it. That record's row needs no entry in the index of histories
    /// as the case's own row leads to it.
    struct Opened {
        CaseId case_id = 0;
        std::int64_t by = 0;
    };

    CaseId nextId();
    void flush(WaitingRows& rows, SqliteStatement& statement);

    sqlite3* database_;
    SystemDictionary& systems_;
    BodyCodec& codec_;
    KeyWindow& ahead_;
    WaitingRows cases_, patches_;
    RepeatWrites repeats_;
    bool is_lost_ = false;           ///< some rows did not reach their table: the transaction must not be committed
    std::optional<CaseId> last_id_;  ///< of this transaction
    Opened opened_;                  ///< the last one
    CaseId first_case_ = kNoCase;    ///< of the cases that wait, where some do
    std::int64_t first_patch_ = INT64_MAX;  ///< the lowest key of the records that wait, where some do
    CaseId first_opening_ = kNoCase;        ///< of the records that wait: the first case that one of them opens
    SqliteStatement last_, insert_, update_, replace_, put_patches_;
};

}  // namespace caseway
