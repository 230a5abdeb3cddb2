// tests/support/faulty_store.hpp - any store, with a fault at the n-th step of writing: the step failed, or failed but
// happened. Steps are counted over all transactions: each begin, put and commit is one.
#pragma once

#include <type_traits>
#include <utility>

#include "gateway/base/fault.hpp"
#include "gateway/ports/store.hpp"

namespace caseway::fixture {

/// Passes every read on to another reader.
template <class Port>
class ForwardedReads : public Port {
public:
    std::optional<MessageRow> message(const SystemId& sender, const MessageId& id) override {
        return from().message(sender, id);
    }
    std::optional<MessageRow> message(LogIndex index) override { return from().message(index); }
    std::vector<MessageRow> messages(const MessageFilter& filter) override { return from().messages(filter); }
    std::optional<EnvelopeRow> envelope(LogIndex index) override { return from().envelope(index); }
    std::optional<std::string> outcomeLines(LogIndex index) override { return from().outcomeLines(index); }
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

    bool strikes() { return ++steps == at; }
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
    void backupTo(const std::string& file) override { store_.backupTo(file); }

private:
    class Writer final : public ForwardedReads<StoreWriter> {
    public:
        Writer(std::unique_ptr<StoreWriter> writer, FaultPlan& plan) : writer_(std::move(writer)), plan_(plan) {}
        void putMessage(const MessageRow& row) override { put(&StoreWriter::putMessage, row); }
        void updateMessage(const MessageRow& row) override { put(&StoreWriter::updateMessage, row); }
        void putEnvelope(LogIndex index, const EnvelopeRow& row) override {
            put(&StoreWriter::putEnvelope, index, row);
        }
        void putOutcomeLines(LogIndex index, std::string_view lines) override {
            put(&StoreWriter::putOutcomeLines, index, lines);
        }
        CaseId putCase(const CaseRow& row) override { return put(&StoreWriter::putCase, row); }
        void putPatch(const PatchRow& row) override { put(&StoreWriter::putPatch, row); }
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
        void putMeta(std::string_view name, std::string_view value) override {
            put(&StoreWriter::putMeta, name, value);
        }

        void commit() override {
            if (!plan_.strikes()) return writer_->commit();
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
