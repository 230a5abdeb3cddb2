// gateway/log/table_checks.hpp - the tables beside the log in step with it: no row that no leaf stands for, the
// archived mappings, systems, tiles and heads, the progress of large messages. Cases, history and feed are another
// module's (gateway/audit).
#pragma once

#include <map>
#include <set>

#include "gateway/log/key_walk.hpp"
#include "gateway/log/run_checks.hpp"

namespace caseway {

/// A leaf of type received without outcome yet: a large message in work.
struct OpenMessage {
    std::optional<MessageId> id;
    std::optional<SystemId> sender;
    std::optional<Sha256> answer;
};

class TableChecks {
public:
    /// All must outlive it.
    TableChecks(StoreSnapshot& store, Findings& findings);
    /// In order; a leaf that cannot be read comes as nullptr.
    void entry(LogIndex index, const LogEntry* entry);
    void finish(std::uint64_t leaves, const std::string& origin, const std::map<LogIndex, OpenMessage>& open);

private:
    void archived(LogIndex index, const Sha256& version);
    void checkArchives();
    void checkSystems();
    void checkHeads(std::uint64_t leaves);
    void checkLarge(const std::map<LogIndex, OpenMessage>& open);
    void checkMeta(const std::string& origin);
    void checkDamage();

    StoreSnapshot& store_;
    Findings& findings_;
    RunChecks runs_;
    KeyWalk leaves_, messages_, envelopes_, outcome_parts_;
    std::set<KeyId> certificates_;  ///< that leaves name
    std::set<Sha256> mappings_;     ///< that leaves name
    std::set<SystemId> systems_;    ///< that leaves name
};

}  // namespace caseway
