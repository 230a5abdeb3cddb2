// gateway/audit/register_audit.hpp - the register as the gateway remembers it, against the changes that the log tells.
// By that memory changes by hand are found: who could write the database too would else let a system in without a leaf.
#pragma once

#include <map>
#include <string>

#include "gateway/log/verifier.hpp"
#include "gateway/ports/store_snapshot.hpp"

namespace caseway {

class RegisterAudit {
public:
    /// Both must outlive it.
    RegisterAudit(StoreSnapshot& store, Findings& findings) : store_(store), findings_(findings) {}
    /// Each leaf, in order; what is no change of the register does nothing.
    void leaf(LogIndex index);
    /// What is remembered and was not logged, or the other way round.
    void finish();

private:
    struct LoggedFile {
        std::string text;
        LogIndex index = 0;
    };
    void compare(const std::string& path, const LoggedFile* logged, const std::string* remembered);

    StoreSnapshot& store_;
    Findings& findings_;
    bool has_gap_ = false;                     ///< a change's document is gone or cannot be read
    std::map<std::string, LoggedFile> files_;  ///< as the changes left them
};

}  // namespace caseway
