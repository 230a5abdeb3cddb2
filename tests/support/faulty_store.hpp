// tests/support/faulty_store.hpp - any store, with a fault at the n-th step of writing: the step failed, or failed but
// happened. Steps are counted over all transactions: each begin, put and commit is one.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "gateway/base/fault.hpp"
#include "gateway/ports/store_snapshot.hpp"

namespace caseway::fixture {

/// Passes every read on to another reader.
template <class Port>
class ForwardedReads : public Port {
public:
    std::optional<MessageRow> message(const SystemId& sender, const MessageId& id) override {
        return from().message(sender, id);
    }
    std::optional<MessageRow> message(LogIndex index) override { return from().message(index); }
    std::optional<MessageRow> refusedMessage(const SystemId& sender, const MessageId& id) override {
        return from().refusedMessage(sender, id);
    }
    std::vector<MessageRow> messages(const MessageFilter& filter) override { return from().messages(filter); }
    std::optional<EnvelopeRow> envelope(LogIndex index) override { return from().envelope(index); }
    std::optional<std::string> outcomeLines(LogIndex index) override { return from().outcomeLines(index); }
    std::optional<std::string> nextOutcomePart(LogIndex index, std::uint64_t& part) override {
        return from().nextOutcomePart(index, part);
    }
    std::optional<std::string> nextKnownPart(LogIndex index, std::uint64_t& part) override {
        return from().nextKnownPart(index, part);
    }
    std::optional<CaseRow> caseById(CaseId id) override { return from().caseById(id); }
    std::optional<CaseRow> caseByNo(std::string_view case_no) override { return from().caseByNo(case_no); }
    std::optional<CaseRow> caseBySource(const SystemId& owner, std::string_view source_case_no) override {
        return from().caseBySource(owner, source_case_no);
    }
    std::vector<CaseRow> cases(const CaseFilter& filter) override { return from().cases(filter); }
    std::vector<PatchRow> history(CaseId id, std::size_t limit) override { return from().history(id, limit); }
    std::vector<ChangeRow> changes(ChangeNo after, std::size_t limit) override { return from().changes(after, limit); }
    std::optional<PatchRow> patch(LogIndex index, std::uint64_t record) override { return from().patch(index, record); }
    std::optional<std::string> leaf(LogIndex index) override { return from().leaf(index); }
    std::optional<std::string> tile(std::uint32_t level, std::uint64_t n) override { return from().tile(level, n); }
    std::optional<CheckpointRow> lastCheckpoint() override { return from().lastCheckpoint(); }
    std::optional<CheckpointRow> checkpoint(std::uint64_t tree_size) override { return from().checkpoint(tree_size); }
    std::vector<CheckpointRow> checkpoints(std::uint64_t after_size, std::size_t limit) override {
        return from().checkpoints(after_size, limit);
    }
    std::optional<std::string> certificate(const KeyId& id) override { return from().certificate(id); }
    std::optional<std::string> mappingVersion(const Sha256& id) override { return from().mappingVersion(id); }
    std::vector<LargeRow> unfinishedLarge() override { return from().unfinishedLarge(); }
    std::optional<std::string> meta(std::string_view name) override { return from().meta(name); }
    std::optional<std::string> cursor(std::string_view connector) override { return from().cursor(connector); }
    std::optional<std::string> reportNote(std::string_view name) override { return from().reportNote(name); }
    std::optional<RunRow> run(std::uint64_t number) override { return from().run(number); }
    std::vector<RunRow> runs(std::string_view connector, std::uint64_t before, std::size_t limit) override {
        return from().runs(connector, before, limit);
    }
    std::vector<RunRow> unfinishedRuns() override { return from().unfinishedRuns(); }
    std::vector<CaseKey> caseKeys(const SystemId& owner, const CaseKey& after, std::size_t limit) override {
        return from().caseKeys(owner, after, limit);
    }
    std::optional<VanishedRow> vanished(CaseId id) override { return from().vanished(id); }
    std::vector<VanishedRow> vanishedAfter(CaseId after, std::size_t limit) override {
        return from().vanishedAfter(after, limit);
    }
    std::vector<RunPageRow> runPages(std::uint64_t run, std::uint64_t after, std::size_t limit) override {
        return from().runPages(run, after, limit);
    }
    ChangeNo lastChange() override { return from().lastChange(); }
    bool namesBodyFile(std::string_view file) override { return from().namesBodyFile(file); }

protected:
    virtual StoreReader& from() = 0;
};

/// How the chosen step goes wrong. For a begin or a put, Failed and the rest are the same: nothing of the transaction
/// remains.
enum class Damage {
    Failed,            ///< Fault{StoreUnavailable}, nothing was written
    UnknownLost,       ///< Fault{StoreCommitUnknown}, nothing was written
    UnknownPersisted,  ///< Fault{StoreCommitUnknown}, all was written
};

/// Counts steps; fails the one numbered `at` (from 1; 0: none) once.
struct FaultPlan {
    std::uint64_t at = 0;
    Damage damage = Damage::Failed;
    std::uint64_t steps = 0;
    bool commits_only = false;  ///< other steps are not counted
    std::string poisoned{};     ///< a case of this number of the source can never be written, whatever is tried

    bool strikes(bool is_commit = false) { return (is_commit || !commits_only) && ++steps == at; }
};

class FaultyStore final : public Store {
public:
    explicit FaultyStore(Store& store) : store_(store) {}
    FaultPlan plan;

    std::unique_ptr<StoreWriter> beginWrite() override {
        if (plan.strikes()) throw Fault(FaultCode::StoreUnavailable, "begin: injected");
        return std::make_unique<Writer>(store_.beginWrite(), plan);
    }
    StoreReader& reader() override { return store_.reader(); }
    std::unique_ptr<StoreSnapshot> snapshot() override { return store_.snapshot(); }
    void backupTo(const std::string& file) override { store_.backupTo(file); }

private:
    class Writer final : public ForwardedReads<StoreWriter> {
    public:
        Writer(std::unique_ptr<StoreWriter> writer, FaultPlan& plan) : writer_(std::move(writer)), plan_(plan) {}
        void putMessage(const MessageRow& row) override { put(&StoreWriter::putMessage, row); }
        void putRefusedId(const SystemId& sender, const MessageId& id, LogIndex index) override {
            put(&StoreWriter::putRefusedId, sender, id, index);
        }
        void updateMessage(const MessageRow& row) override { put(&StoreWriter::updateMessage, row); }
        void putEnvelope(LogIndex index, const EnvelopeRow& row) override {
            put(&StoreWriter::putEnvelope, index, row);
        }
        void putOutcomeLines(LogIndex index, std::string_view lines) override {
            put(&StoreWriter::putOutcomeLines, index, lines);
        }
        void putKnownPart(LogIndex index, std::string_view notes) override {
            put(&StoreWriter::putKnownPart, index, notes);
        }
        std::size_t removeKnownParts(LogIndex index, std::size_t most) override {
            return put(&StoreWriter::removeKnownParts, index, most);
        }
        CaseId putCase(const CaseRow& row) override {
            if (!plan_.poisoned.empty() && row.source_case_no == plan_.poisoned)
                throw std::out_of_range("a poisoned record");
            return put(&StoreWriter::putCase, row);
        }
        void putPatch(const PatchRow& row) override { put(&StoreWriter::putPatch, row); }
        void putRepeat(CaseId id, const Repeat& row) override { put(&StoreWriter::putRepeat, id, row); }
        void putChange(const ChangeRow& row) override { put(&StoreWriter::putChange, row); }
        void putLeaf(LogIndex index, std::string_view leaf) override { put(&StoreWriter::putLeaf, index, leaf); }
        void putTile(std::uint32_t level, std::uint64_t n, std::string_view hashes) override {
            put(&StoreWriter::putTile, level, n, hashes);
        }
        void putCheckpoint(const CheckpointRow& row) override { put(&StoreWriter::putCheckpoint, row); }
        void putCertificate(const KeyId& id, std::string_view der) override {
            put(&StoreWriter::putCertificate, id, der);
        }
        void putMappingVersion(const Sha256& id, std::string_view files) override {
            put(&StoreWriter::putMappingVersion, id, files);
        }
        void putLarge(const LargeRow& row) override { put(&StoreWriter::putLarge, row); }
        void removeLarge(LogIndex index) override { put(&StoreWriter::removeLarge, index); }
        void putCursor(std::string_view connector, std::string_view cursor) override {
            put(&StoreWriter::putCursor, connector, cursor);
        }
        std::uint64_t putRun(const RunRow& row) override { return put(&StoreWriter::putRun, row); }
        void putVanished(const VanishedRow& row) override { put(&StoreWriter::putVanished, row); }
        void removeVanished(CaseId id) override { put(&StoreWriter::removeVanished, id); }
        void putRunPage(const RunPageRow& row) override { put(&StoreWriter::putRunPage, row); }
        void putReportNote(std::string_view name, std::string_view body) override {
            put(&StoreWriter::putReportNote, name, body);
        }
        void putMeta(std::string_view name, std::string_view value) override {
            put(&StoreWriter::putMeta, name, value);
        }

        void commit() override {
            if (!plan_.strikes(true)) return writer_->commit();
            if (plan_.damage == Damage::UnknownPersisted) writer_->commit();
            writer_.reset();
            const bool known = plan_.damage == Damage::Failed;
            throw Fault(known ? FaultCode::StoreUnavailable : FaultCode::StoreCommitUnknown, "commit: injected");
        }

    protected:
        StoreReader& from() override { return *writer_; }

    private:
        template <class Put, class... Arguments>
        std::invoke_result_t<Put, StoreWriter&, const Arguments&...> put(Put function, const Arguments&... arguments) {
            if (plan_.strikes()) throw Fault(FaultCode::StoreUnavailable, "put: injected");
            return (writer_.get()->*function)(arguments...);
        }
        std::unique_ptr<StoreWriter> writer_;
        FaultPlan& plan_;
    };

    Store& store_;
};

}  // namespace caseway::fixture
