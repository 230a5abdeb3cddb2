// gateway/adapters/sqlite/disk_key_set.hpp - a set of keys in a table of its own, in a file that has no name any more:
// the system takes it back with the process, whatever ends that.
#pragma once

#include <string>

#include "gateway/ports/key_set.hpp"

namespace caseway {

/// `folder`: where the file is made; it must be there. Throws Fault{FileUnavailable, StoreUnavailable}.
std::unique_ptr<KeySet> makeDiskKeySet(const std::string& folder);

}  // namespace caseway
