// gateway/log/key_walk.hpp - the keys of one table in step with what the log says must be there: every other row was
// added by somebody.
#pragma once

#include <string>
#include <vector>

#include "gateway/log/verifier.hpp"

namespace caseway {

class KeyWalk {
public:
    /// `name`: of a row, for findings: "message" makes "message 17", "patch" makes "patch 17/3". All must outlive it.
    KeyWalk(StoreSnapshot& store, StoreTable table, std::string_view name, Findings& findings)
        : store_(store), table_(table), name_(name), findings_(findings) {}
    /// Keys must be asked for in ascending order. Rows before `key` were added. True: there is a row of this key.
    bool takes(StoredKey key);
    /// All rows with this first number, their second ones from 0 without gaps; without `expected` they were added.
    void takesAll(std::uint64_t first, bool expected);
    /// Every row that is left was added; they are counted until no more findings are kept.
    void finish();

private:
    const StoredKey* next();
    void added(const StoredKey& key);

    StoreSnapshot& store_;
    StoreTable table_;
    std::string_view name_;
    Findings& findings_;
    std::vector<StoredKey> page_;
    std::size_t at_ = 0;
    std::optional<StoredKey> last_;
    bool at_end_ = false;
};

}  // namespace caseway
