// gateway/pipeline/mapping_shelf.hpp - the mappings that are loaded now, by name. Replaced as a whole while messages
// run.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/normalize/mapping.hpp"

namespace caseway {

/// A compiled mapping with the text that its version archives.
struct ShelvedMapping {
    std::shared_ptr<const Mapping> mapping;
    std::shared_ptr<const std::string> files;  ///< mapping.yaml as it stands
};
using MappingsByName = std::map<std::string, ShelvedMapping, std::less<>>;

/// Callable concurrently. A reader keeps what it got until it is done with it.
class MappingShelf {
public:
    std::shared_ptr<const MappingsByName> current() const {
        const std::lock_guard lock(mutex_);
        return mappings_;
    }
    void replace(MappingsByName mappings) {
        auto fresh = std::make_shared<const MappingsByName>(std::move(mappings));
        const std::lock_guard lock(mutex_);
        mappings_ = std::move(fresh);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const MappingsByName> mappings_ = std::make_shared<MappingsByName>();
};

}  // namespace caseway
