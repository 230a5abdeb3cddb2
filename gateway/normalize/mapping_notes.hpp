// gateway/normalize/mapping_notes.hpp - what a mapping that works most likely does not mean: `mapping check` tells it.
#pragma once

#include <vector>

#include "gateway/normalize/mapping_spec.hpp"

namespace caseway {

/// Of a mapping that loads, in the order of its lines, each place once: a field that is the gateway's own, and an
/// expression of XML that looks at nothing of the payload, so that every record gets one value. No mistakes: the
/// mapping is used as it stands.
std::vector<MappingMistake> notesOf(const MappingSpec& spec);

}  // namespace caseway
