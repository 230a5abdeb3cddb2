// gateway/normalize/mapping_loader.hpp - mapping.yaml as text to MappingSpec; every mistake with its line and a hint.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/normalize/mapping_spec.hpp"

namespace caseway {

/// `yaml`: the file's text; `file`: its name, for messages. Keys: docs/mapping-reference.md. Unknown keys, unknown
/// fields, wrong types, duplicate keys are mistakes; all are returned together.
Result<MappingSpec, std::vector<MappingMistake>> loadMappingSpec(std::string_view yaml, const std::string& file);

}  // namespace caseway
