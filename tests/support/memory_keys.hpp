// tests/support/memory_keys.hpp - a set of keys in memory, in the place of the one on the disk.
#pragma once

#include <set>

#include "gateway/ports/key_set.hpp"

namespace caseway::test {

class MemoryKeys final : public KeySet {
public:
    bool insert(const Sha256& key) override { return keys_.insert(key).second; }
    bool contains(const Sha256& key) override { return keys_.contains(key); }

private:
    std::set<Sha256> keys_;
};

}  // namespace caseway::test
