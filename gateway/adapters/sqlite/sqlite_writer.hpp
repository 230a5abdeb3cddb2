// gateway/adapters/sqlite/sqlite_writer.hpp - one write transaction over the writer's session; holds the gate while it
// lives.
#pragma once

#include <atomic>

#include "gateway/adapters/sqlite/table_reads.hpp"
#include "gateway/adapters/sqlite/writer_gate.hpp"
#include "gateway/ports/case_standings.hpp"

namespace caseway {

class BorrowedSession {
public:
    explicit BorrowedSession(WriteSession& session) : session_(session) {}
    WriteSession* session() { return &session_; }

private:
    WriteSession& session_;
};

/// What the transactions of one store share.
struct WriterState {
    WriterGate gate;
    std::atomic<bool> commit_unknown{false};  ///< the store has to be opened anew
};

class SqliteWriter final : public TableReads<StoreWriter, BorrowedSession>, public CaseStandings {
public:
    /// The gate must have been entered; it is left when the writer goes, or here on a throw.
    SqliteWriter(WriteSession& session, WriterState& state);
    ~SqliteWriter() override;
    SqliteWriter(const SqliteWriter&) = delete;
    SqliteWriter& operator=(const SqliteWriter&) = delete;

    std::optional<CaseRow> caseById(CaseId id) override {
        return settledIf(session()->case_writes.mayHold(id))->cases.byId(id);
    }
    std::optional<CaseRow> caseByNo(std::string_view case_no) override { return settled()->cases.byNo(case_no); }
    std::optional<CaseRow> caseBySource(const SystemId& owner, std::string_view source_case_no) override;
    std::vector<CaseRow> cases(const CaseFilter& filter) override {
        settled();
        return TableReads::cases(filter);
    }
    void standings(CaseId from, std::size_t limit, std::vector<CaseRow>& rows) override {
        if (session()->case_writes.isWaitingFrom(from)) open()->case_writes.flush();
        session()->standings.from(from, limit, rows);
    }
    std::vector<CaseKey> caseKeys(const SystemId& owner, const CaseKey& after, std::size_t limit) override {
        return settled()->cases.keys(owner, after, limit);
    }
    std::vector<PatchRow> history(CaseId id, std::size_t limit) override { return settled()->cases.history(id, limit); }
    std::optional<PatchRow> patch(LogIndex index, std::uint64_t record) override {
        return settledIf(session()->case_writes.mayHoldPatch(index, record))->cases.patch(index, record);
    }
    std::vector<ChangeRow> changes(ChangeNo after, std::size_t limit) override {
        if (session()->change_writes.isWaiting()) open()->change_writes.flush();
        return TableReads::changes(after, limit);
    }
    ChangeNo lastChange() override;
    void putMessage(const MessageRow& row) override { open()->message_writes.put(row); }
    void putRefusedId(const SystemId& sender, const MessageId& id, LogIndex index) override {
        open()->message_writes.putRefusedId(sender, id, index);
    }
    void updateMessage(const MessageRow& row) override { open()->message_writes.update(row); }
    void putEnvelope(LogIndex index, const EnvelopeRow& row) override {
        open()->message_writes.putEnvelope(index, row);
    }
    void putOutcomeLines(LogIndex index, std::string_view lines) override {
        open()->message_writes.putOutcomeLines(index, lines);
    }
    void putKnownPart(LogIndex index, std::string_view notes) override { open()->known_writes.put(index, notes); }
    std::size_t removeKnownParts(LogIndex index, std::size_t most) override {
        return open()->known_writes.remove(index, most);
    }
    CaseId putCase(const CaseRow& row) override { return open()->case_writes.put(row); }
    void putVanished(const VanishedRow& row) override { open()->vanished_writes.put(row); }
    void removeVanished(CaseId id) override { open()->vanished_writes.remove(id); }
    void putPatch(const PatchRow& row) override { open()->case_writes.putPatch(row); }
    void putRepeat(CaseId id, const Repeat& row) override { open()->case_writes.putRepeat(id, row); }
    void putChange(const ChangeRow& row) override;
    void putLeaf(LogIndex index, std::string_view leaf) override;
    void putTile(std::uint32_t level, std::uint64_t n, std::string_view hashes) override {
        open()->log_writes.putTile(level, n, hashes);
    }
    void putCheckpoint(const CheckpointRow& row) override { open()->log_writes.putCheckpoint(row); }
    void putCertificate(const KeyId& id, std::string_view der) override { open()->log_writes.putCertificate(id, der); }
    void putMappingVersion(const Sha256& id, std::string_view files) override {
        open()->log_writes.putMappingVersion(id, files);
    }
    void putLarge(const LargeRow& row) override { open()->log_writes.putLarge(row); }
    void removeLarge(LogIndex index) override { open()->log_writes.removeLarge(index); }
    void putCursor(std::string_view connector, std::string_view cursor) override {
        open()->run_writes.putCursor(connector, cursor);
    }
    std::uint64_t putRun(const RunRow& row) override { return open()->run_writes.putRun(row); }
    void putRunPage(const RunPageRow& row) override { open()->run_writes.putPage(row); }
    void putReportNote(std::string_view name, std::string_view body) override {
        open()->run_writes.putReportNote(name, body);
    }
    void putMeta(std::string_view name, std::string_view value) override { open()->log_writes.putMeta(name, value); }
    void commit() override;

private:
    /// The session, as long as the transaction is open: after some failures SQLite rolls back by itself, and a row
    /// written then would be a transaction of its own. Throws Fault{StoreUnavailable}.
    WriteSession* open();
    /// The session, with every row of cases and their history in its tables.
    WriteSession* settled() { return settledIf(session()->case_writes.isWaiting()); }
    /// Where none of them that waits matters, they wait on: each statement that takes them costs as much as several
    /// rows.
    WriteSession* settledIf(bool matters) {
        if (matters) open()->case_writes.flush();
        return session();
    }
    void rollBack();

    WriterState& state_;
    bool committed_ = false;
    std::optional<ChangeNo> last_change_;
    std::optional<std::uint64_t> log_size_;
};

}  // namespace caseway
