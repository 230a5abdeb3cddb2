// gateway/formats/envelope/stored_fields.hpp - HTTP fields in the JSON of a stored head:
// `"fields":[["name","value"],…]`. For sources of this folder only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/http_field.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

/// Appends `["name","value"]` to a list that was begun.
void appendStoredField(std::string_view name, std::string_view value, std::string& json);
/// Appends to `fields` what `object` has. False: its member `fields` is no such list.
bool readStoredFields(const JsonValue& object, std::vector<HttpField>& fields);

}  // namespace caseway
