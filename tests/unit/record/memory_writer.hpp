// tests/unit/record/memory_writer.hpp - the part of a store that the record stage uses, in memory, and counts of its
// writes. Anything else that is called is a bug of the test.
#pragma once

#include <algorithm>
#include <map>

#include "gateway/base/check.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class MemoryWriter final : public StoreWriter {
public:
    std::vector<CaseRow> rows;  ///< id is place + 1
    std::vector<PatchRow> patches;
    std::vector<ChangeRow> feed;
    std::map<std::pair<LogIndex, std::uint64_t>, Repeat> repeats;
    std::size_t case_writes = 0;

    std::optional<CaseRow> caseById(CaseId id) override {
        if (id < 1 || static_cast<std::size_t>(id) > rows.size()) return std::nullopt;
        return withRepeat(rows[static_cast<std::size_t>(id - 1)]);
    }
    std::optional<CaseRow> caseByNo(std::string_view case_no) override {
        const auto at =
            std::find_if(rows.begin(), rows.end(), [&](const CaseRow& row) { return row.case_no == case_no; });
        return at == rows.end() || case_no.empty() ? std::nullopt : std::optional(withRepeat(*at));
    }
    std::optional<CaseRow> caseBySource(const SystemId& owner, std::string_view source_case_no) override {
        const auto at = std::find_if(rows.begin(), rows.end(), [&](const CaseRow& row) {
            return row.owner == owner && row.source_case_no == source_case_no;
        });
        return at == rows.end() ? std::nullopt : std::optional(withRepeat(*at));
    }
    CaseId putCase(const CaseRow& row) override {
        ++case_writes;
        if (row.id == 0) {
            rows.push_back(row);
            rows.back().id = static_cast<CaseId>(rows.size());
            return rows.back().id;
        }
        rows.at(static_cast<std::size_t>(row.id - 1)) = row;
        return row.id;
    }
    void putPatch(const PatchRow& row) override { patches.push_back(row); }
    std::optional<PatchRow> patch(LogIndex index, std::uint64_t record) override {
        const auto at = std::find_if(patches.begin(), patches.end(),
                                     [&](const PatchRow& row) { return row.index == index && row.record == record; });
        return at == patches.end() ? std::nullopt : std::optional(*at);
    }
    void putRepeat(CaseId id, const Repeat& row) override {
        const RecordKey of = rows.at(static_cast<std::size_t>(id - 1)).stated_by.value();
        repeats.insert_or_assign({of.index, of.record}, row);
    }
    void putChange(const ChangeRow& row) override {
        CASEWAY_CHECK(row.number == lastChange() + 1);
        feed.push_back(row);
    }
    ChangeNo lastChange() override { return feed.size(); }

    std::optional<MessageRow> message(const SystemId&, const MessageId&) override { unused(); }
    std::optional<MessageRow> message(LogIndex) override { unused(); }
    std::optional<MessageRow> refusedMessage(const SystemId&, const MessageId&) override { unused(); }
    std::vector<MessageRow> messages(const MessageFilter&) override { unused(); }
    std::optional<EnvelopeRow> envelope(LogIndex) override { unused(); }
    std::optional<std::string> outcomeLines(LogIndex) override { unused(); }
    std::optional<std::string> nextOutcomePart(LogIndex, std::uint64_t&) override { unused(); }
    std::optional<std::string> nextKnownPart(LogIndex, std::uint64_t&) override { unused(); }
    std::vector<CaseRow> cases(const CaseFilter&) override { unused(); }
    std::vector<CaseKey> caseKeys(const SystemId&, const CaseKey&, std::size_t) override { unused(); }
    std::optional<VanishedRow> vanished(CaseId) override { unused(); }
    std::vector<VanishedRow> vanishedAfter(CaseId, std::size_t) override { unused(); }
    void putVanished(const VanishedRow&) override { unused(); }
    void removeVanished(CaseId) override { unused(); }
    std::vector<PatchRow> history(CaseId, std::size_t) override { unused(); }
    std::vector<ChangeRow> changes(ChangeNo, std::size_t) override { unused(); }
    std::optional<std::string> leaf(LogIndex) override { unused(); }
    std::optional<std::string> tile(std::uint32_t, std::uint64_t) override { unused(); }
    std::optional<CheckpointRow> lastCheckpoint() override { unused(); }
    std::optional<CheckpointRow> checkpoint(std::uint64_t) override { unused(); }
    std::vector<CheckpointRow> checkpoints(std::uint64_t, std::size_t) override { unused(); }
    std::optional<std::string> certificate(const KeyId&) override { unused(); }
    std::optional<std::string> mappingVersion(const Sha256&) override { unused(); }
    std::vector<LargeRow> unfinishedLarge() override { unused(); }
    std::optional<std::string> meta(std::string_view) override { unused(); }
    std::optional<std::string> cursor(std::string_view) override { unused(); }
    std::optional<RunRow> run(std::uint64_t) override { unused(); }
    std::vector<RunRow> runs(std::string_view, std::uint64_t, std::size_t) override { unused(); }
    std::vector<RunRow> unfinishedRuns() override { unused(); }
    std::vector<RunPageRow> runPages(std::uint64_t, std::uint64_t, std::size_t) override { unused(); }
    std::optional<std::string> reportNote(std::string_view) override { unused(); }
    void putMessage(const MessageRow&) override { unused(); }
    void putRefusedId(const SystemId&, const MessageId&, LogIndex) override { unused(); }
    void updateMessage(const MessageRow&) override { unused(); }
    void putEnvelope(LogIndex, const EnvelopeRow&) override { unused(); }
    void putOutcomeLines(LogIndex, std::string_view) override { unused(); }
    void putKnownPart(LogIndex, std::string_view) override { unused(); }
    std::size_t removeKnownParts(LogIndex, std::size_t) override { unused(); }
    void putLeaf(LogIndex, std::string_view) override { unused(); }
    void putTile(std::uint32_t, std::uint64_t, std::string_view) override { unused(); }
    void putCheckpoint(const CheckpointRow&) override { unused(); }
    void putCertificate(const KeyId&, std::string_view) override { unused(); }
    void putMappingVersion(const Sha256&, std::string_view) override { unused(); }
    void putCursor(std::string_view, std::string_view) override { unused(); }
    std::uint64_t putRun(const RunRow&) override { unused(); }
    void putRunPage(const RunPageRow&) override { unused(); }
    void putLarge(const LargeRow&) override { unused(); }
    void removeLarge(LogIndex) override { unused(); }
    void putReportNote(std::string_view, std::string_view) override { unused(); }
    void putMeta(std::string_view, std::string_view) override { unused(); }
    void commit() override { unused(); }

private:
    CaseRow withRepeat(CaseRow row) const {
        const auto at = row.stated_by ? repeats.find({row.stated_by->index, row.stated_by->record}) : repeats.end();
        row.repeated = at == repeats.end() ? std::nullopt : std::optional(at->second);
        return row;
    }
    [[noreturn]] static void unused() { bugFound("the record stage does not use this", __FILE__, __LINE__); }
};

}  // namespace caseway
