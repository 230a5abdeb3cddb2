// gateway/adapters/sqlite/table_reads.hpp - the reading half of the port over a session: of the pool for StoreReader,
// the writer's own for StoreWriter. One statement, so one snapshot, per call; the listing of cases takes several inside
// one read transaction.
#pragma once

#include "gateway/adapters/sqlite/session.hpp"
#include "gateway/ports/case_standings.hpp"

namespace caseway {

/// `Port`: StoreReader or StoreWriter. `Sessions::session()` gives something that points to a ReadSession.
template <class Port, class Sessions>
class TableReads : public Port, protected Sessions {
public:
    template <class... Arguments>
    explicit TableReads(Arguments&&... arguments) : Sessions(std::forward<Arguments>(arguments)...) {}

    std::optional<MessageRow> message(const SystemId& sender, const MessageId& id) override {
        return this->session()->messages.byIdentity(sender, id);
    }
    std::optional<MessageRow> message(LogIndex index) override { return this->session()->messages.byIndex(index); }
    std::optional<MessageRow> refusedMessage(const SystemId& sender, const MessageId& id) override {
        return this->session()->messages.byRefusedId(sender, id);
    }
    std::vector<MessageRow> messages(const MessageFilter& filter) override {
        return this->session()->messages.list(filter);
    }
    std::optional<EnvelopeRow> envelope(LogIndex index) override { return this->session()->messages.envelope(index); }
    std::optional<std::string> outcomeLines(LogIndex index) override {
        return this->session()->messages.outcomeLines(index);
    }
    std::optional<std::string> nextOutcomePart(LogIndex index, std::uint64_t& part) override {
        return this->session()->messages.nextOutcomePart(index, part);
    }
    std::optional<std::string> nextKnownPart(LogIndex index, std::uint64_t& part) override {
        return this->session()->known.next(index, part);
    }
    bool namesBodyFile(std::string_view file) override { return this->session()->messages.namesBodyFile(file); }

    std::optional<CaseRow> caseById(CaseId id) override { return this->session()->cases.byId(id); }
    std::optional<CaseRow> caseByNo(std::string_view case_no) override { return this->session()->cases.byNo(case_no); }
    std::optional<CaseRow> caseBySource(const SystemId& owner, std::string_view source_case_no) override {
        return this->session()->cases.bySource(owner, source_case_no);
    }
    std::vector<CaseRow> cases(const CaseFilter& filter) override {
        auto&& session = this->session();
        const ReadTransaction snapshot(session->connection);
        return session->cases.list(filter);
    }
    std::vector<CaseKey> caseKeys(const SystemId& owner, const CaseKey& after, std::size_t limit) override {
        return this->session()->cases.keys(owner, after, limit);
    }
    std::optional<VanishedRow> vanished(CaseId id) override { return this->session()->vanished.of(id); }
    std::vector<VanishedRow> vanishedAfter(CaseId after, std::size_t limit) override {
        return this->session()->vanished.after(after, limit);
    }
    std::vector<PatchRow> history(CaseId id, std::size_t limit) override {
        return this->session()->cases.history(id, limit);
    }
    std::vector<ChangeRow> changes(ChangeNo after, std::size_t limit) override {
        return this->session()->changes.after(after, limit);
    }
    std::optional<PatchRow> patch(LogIndex index, std::uint64_t record) override {
        return this->session()->cases.patch(index, record);
    }
    ChangeNo lastChange() override { return this->session()->changes.last(); }

    std::optional<std::string> leaf(LogIndex index) override { return this->session()->log.leaf(index); }
    std::optional<std::string> tile(std::uint32_t level, std::uint64_t n) override {
        return this->session()->log.tile(level, n);
    }
    std::optional<CheckpointRow> lastCheckpoint() override { return this->session()->log.lastCheckpoint(); }
    std::optional<CheckpointRow> checkpoint(std::uint64_t tree_size) override {
        return this->session()->log.checkpoint(tree_size);
    }
    std::vector<CheckpointRow> checkpoints(std::uint64_t after_size, std::size_t limit) override {
        return this->session()->log.checkpoints(after_size, limit);
    }
    std::optional<std::string> certificate(const KeyId& id) override { return this->session()->log.certificate(id); }
    std::optional<std::string> mappingVersion(const Sha256& id) override {
        return this->session()->log.mappingVersion(id);
    }
    std::vector<LargeRow> unfinishedLarge() override { return this->session()->log.unfinishedLarge(); }
    std::optional<std::string> cursor(std::string_view connector) override {
        return this->session()->runs.cursor(connector);
    }
    std::optional<RunRow> run(std::uint64_t number) override { return this->session()->runs.run(number); }
    std::vector<RunRow> runs(std::string_view connector, std::uint64_t before, std::size_t limit) override {
        return this->session()->runs.list(connector, before, limit);
    }
    std::vector<RunRow> unfinishedRuns() override { return this->session()->runs.unfinished(); }
    std::vector<RunPageRow> runPages(std::uint64_t run, std::uint64_t after, std::size_t limit) override {
        return this->session()->runs.pages(run, after, limit);
    }
    std::optional<std::string> reportNote(std::string_view name) override {
        return this->session()->runs.reportNote(name);
    }
    std::optional<std::string> meta(std::string_view name) override { return this->session()->log.meta(name); }
};

/// Each call borrows a session of the pool.
class PooledSessions {
public:
    explicit PooledSessions(ReaderPool& pool) : pool_(pool) {}
    ReaderPool::Lease session() { return pool_.lend(); }

private:
    ReaderPool& pool_;
};

class SqliteReader final : public TableReads<StoreReader, PooledSessions>, public CaseStandings {
public:
    explicit SqliteReader(ReaderPool& pool) : TableReads(pool) {}
    void standings(CaseId from, std::size_t limit, std::vector<CaseRow>& rows) override {
        const auto lent = session();
        const ReadTransaction snapshot(lent->connection);
        lent->standings.from(from, limit, rows);
    }
};

}  // namespace caseway
