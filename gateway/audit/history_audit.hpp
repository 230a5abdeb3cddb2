// gateway/audit/history_audit.hpp - history and feed against the outcome lines, in the order of the log: a record's
// line states the digest of its history row, its case and its number in the feed, and the lines stand under the leaf.
#pragma once

#include "gateway/audit/message_facts.hpp"
#include "gateway/audit/vouched.hpp"
#include "gateway/log/key_walk.hpp"
#include "gateway/log/outcome_lines.hpp"

namespace caseway {

class HistoryAudit {
public:
    /// All must outlive it.
    HistoryAudit(StoreSnapshot& store, MessageFactsReader& facts, Vouched& vouched, Findings& findings)
        : store_(store),
          facts_(facts),
          vouched_(vouched),
          findings_(findings),
          patches_(store, StoreTable::Patch, "patch", findings) {}
    /// Each leaf of type message or received, in order.
    void message(LogIndex index);
    /// Each other leaf.
    void leaf(LogIndex index);
    /// What nobody vouched for.
    void finish();
    std::uint64_t records() const { return records_; }

private:
    void record(LogIndex index, const OutcomeLine& line);
    void historyRow(LogIndex index, const OutcomeLine& line);
    void repetition(LogIndex index, const OutcomeLine& line);
    void newestRepeat(LogIndex index, const OutcomeLine& line, const PatchRow& repeated);
    void created(const OutcomeLine& line, const std::string& where);
    /// True where the feed has this row, told for the first time.
    bool change(ChangeNo number, CaseId id, LogIndex index, std::uint64_t record);
    void alias(LogIndex index, const OutcomeLine& line);
    std::optional<ChangeRow> changeRow(ChangeNo number);

    StoreSnapshot& store_;
    MessageFactsReader& facts_;
    Vouched& vouched_;
    Findings& findings_;
    KeyWalk patches_;
    std::vector<ChangeRow> changes_;       ///< a page of the feed, ascending
    std::vector<std::string> restarts_{};  ///< numbers from which a restore goes on, as leaves state them
    std::uint64_t records_ = 0;
};

}  // namespace caseway
