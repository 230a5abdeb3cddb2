// gateway/daemon/mapping_folder.hpp - mappings from their folders: read, loaded, compiled, or every mistake at once.
#pragma once

#include <filesystem>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/pipeline/mapping_shelf.hpp"

namespace caseway {

/// One mapping from DIR/mapping.yaml. Mistakes name the file as `dir` leads to it.
Result<ShelvedMapping, std::vector<MappingMistake>> loadMapping(const std::filesystem::path& dir);

/// The name of the mapping in the text of a mapping.yaml, or all that is wrong with it, told under the name `file`.
Result<std::string, std::vector<MappingMistake>> nameOfMapping(const std::string& yaml, const std::string& file);

/// All mappings below `dir`, one folder each. Two mappings of one name are a mistake. What cannot be loaded is in
/// `mistakes`; the others are returned all the same.
MappingsByName loadMappings(const std::filesystem::path& dir, std::vector<MappingMistake>& mistakes);

/// All of them as one refusal, mapping_not_good: the first with the others. `mistakes` must not be empty.
Refusal refusalOf(const std::vector<MappingMistake>& mistakes);

/// "mapping.yaml:12: fields.apply_time.time: rule (hint)"
std::string textOf(const MappingMistake& mistake);

}  // namespace caseway
