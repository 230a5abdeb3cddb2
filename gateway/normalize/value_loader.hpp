// gateway/normalize/value_loader.hpp - what stands around one field's expression: the keys of {from: …, time: …, codes:
// …}.
#pragma once

#include "gateway/normalize/field_loader.hpp"

namespace caseway {

/// Fills expression or constant, value rules and condition of `field` from a text (the expression) or a map of keys.
void loadValue(YamlNode& node, const std::string& where, LoadContext& context, FieldSpec& field);

}  // namespace caseway
