// gateway/adapters/sqlite/sqlite_writer.cpp - begin, commit, roll back.
#include "gateway/adapters/sqlite/sqlite_writer.hpp"

#include "gateway/base/check.hpp"

namespace caseway {

SqliteWriter::SqliteWriter(WriteSession& session, WriterState& state) : TableReads(session), state_(state) {
    try {
        session.begin.run();
    } catch (...) {
        state_.gate.leave();
        throw;
    }
}

SqliteWriter::~SqliteWriter() {
    rollBack();
    state_.gate.leave();
}

void SqliteWriter::rollBack() {
    // SQLite rolls back by itself on some errors: what was added is forgotten then too. After a commit nothing is new.
    session()->systems.forgetAdditions();
    session()->log_writes.forgetAdditions();
    session()->change_writes.forget();
    session()->case_writes.forget();
    if (!committed_) session()->ahead.forget();
    if (!session()->connection.inTransaction()) return;
    const int code = sqlite3_exec(session()->connection.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK && session()->connection.inTransaction()) state_.commit_unknown = true;
}

WriteSession* SqliteWriter::open() {
    if (session()->connection.inTransaction()) return session();
    throw Fault(FaultCode::StoreUnavailable, "the transaction is over: committed, or rolled back by an earlier failure",
                "try again");
}

/// A case that is known not to be there needs none of the rows that wait.
std::optional<CaseRow> SqliteWriter::caseBySource(const SystemId& owner, std::string_view source_case_no) {
    KeyWindow& ahead = session()->ahead;
    const bool is_covered = ahead.covers(owner, source_case_no);
    if (is_covered && !ahead.find(source_case_no)) return std::nullopt;
    const CaseWrites& writes = session()->case_writes;
    auto row = settledIf(writes.mayHoldKey(source_case_no))->cases.bySource(owner, source_case_no, ahead);
    if (!is_covered) writes.tellWaiting(ahead);
    return row;
}

ChangeNo SqliteWriter::lastChange() {
    if (!last_change_) last_change_ = session()->changes.last();
    return *last_change_;
}

void SqliteWriter::putChange(const ChangeRow& row) {
    CASEWAY_CHECK(row.number == lastChange() + 1);
    open()->change_writes.put(row);
    last_change_ = row.number;
}

void SqliteWriter::putLeaf(LogIndex index, std::string_view leaf) {
    if (!log_size_) log_size_ = session()->log.size();
    CASEWAY_CHECK(index == *log_size_);
    open()->log_writes.putLeaf(index, leaf);
    log_size_ = index + 1;
}

void SqliteWriter::commit() {
    sqlite3* database = open()->connection.raw();
    session()->change_writes.flush();
    session()->case_writes.flush();
    const int code = sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) {
        session()->systems.keepAdditions();
        session()->log_writes.keepAdditions();
        committed_ = true;
        return;
    }
    Fault fault = sqliteCommitFault(database, code);
    rollBack();
    if (fault.code() == FaultCode::StoreCommitUnknown) state_.commit_unknown = true;
    throw fault;
}

}  // namespace caseway
