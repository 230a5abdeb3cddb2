// gateway/adapters/sqlite/remembered_keys.hpp - which rows this connection put already: those that nearly every message
// names again (its certificate, its mapping's version), so that a message costs no look-up of them.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// For tables whose rows are never changed or removed: what was stored once stays true; only the rollback of an
/// addition makes it forget.
class RememberedKeys {
public:
    bool contains(const Sha256& key) const { return keys_.contains(key); }
    void add(const Sha256& key) {
        if (keys_.size() >= kMost) {
            keys_.clear();
            added_.clear();
        }
        if (keys_.insert(key).second) added_.push_back(key);
    }
    /// To be called after a commit.
    void keepAdditions() { added_.clear(); }
    /// To be called after a rollback.
    void forgetAdditions() {
        for (const Sha256& key : added_) keys_.erase(key);
        added_.clear();
    }

private:
    static constexpr std::size_t kMost = 16384;  ///< beyond it everything is looked up once more
    std::set<Sha256> keys_;
    std::vector<Sha256> added_;
};

}  // namespace caseway
