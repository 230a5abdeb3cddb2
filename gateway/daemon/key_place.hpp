// gateway/daemon/key_place.hpp - where a key of caseway.properties stands, and what became of keys of former versions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "gateway/base/refusal.hpp"

namespace caseway {

/// "FILE:3", where the key stands; without a line where the file is read in another way than expected.
std::string placeOf(const std::filesystem::path& file, const std::string& key);

/// What a former version had and this one has otherwise: told, and never a reason not to start.
std::optional<Refusal> formerKey(const std::string& name);

}  // namespace caseway
