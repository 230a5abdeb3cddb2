// gateway/daemon/owed_notes.hpp - up to which due time all runs of a connector have begun or were passed over, where
// its schedule makes up each: who is killed between two of them owes the others still. As a note of the store, for each
// connector one.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/pipeline/committer.hpp"

namespace caseway {

/// One thread at a time: that of the tick.
class OwedNotes {
public:
    OwedNotes(Store& store, Committer& committer) : store_(store), committer_(committer) {}
    /// As it was kept last, be it by another process; nothing where that was of another version of the connector.
    /// Throws Fault as the store does.
    std::optional<Instant> settledOf(const std::string& connector, int version);
    /// Waits for the commit, where there is something new: a connector that owes nothing and never did has no note.
    /// Throws Fault as the store does.
    void keep(const std::string& connector, int version, Instant settled, bool owes);

private:
    Store& store_;
    Committer& committer_;
    std::map<std::string, std::string> kept_;  ///< by connector, as the store has them
};

}  // namespace caseway
