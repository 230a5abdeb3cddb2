// tests/support/memory_bodies.hpp - large bodies beside the store, kept by name in memory: one thread spools them while
// another reads.
#pragma once

#include <map>
#include <mutex>
#include <string>

namespace caseway::testing {

class MemoryBodies {
public:
    /// A body that is kept stays as it is: its name is its digest, and somebody may be reading it.
    void keep(const std::string& name, const std::string& text) {
        const std::lock_guard lock(mutex_);
        kept_.try_emplace(name, text);
    }
    /// Stays where it is; throws std::out_of_range where there is none.
    std::string& at(const std::string& name) {
        const std::lock_guard lock(mutex_);
        return kept_.at(name);
    }
    bool empty() const {
        const std::lock_guard lock(mutex_);
        return kept_.empty();
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string> kept_;
};

}  // namespace caseway::testing
