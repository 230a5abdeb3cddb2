// gateway/formats/envelope/stored_fields.cpp - pairs of texts, out and back.
#include "gateway/formats/envelope/stored_fields.hpp"

namespace caseway {

void appendStoredField(std::string_view name, std::string_view value, std::string& json) {
    if (json.back() != '[') json += ',';
    json += '[';
    appendJsonString(name, json);
    json += ',';
    appendJsonString(value, json);
    json += ']';
}

bool readStoredFields(const JsonValue& object, std::vector<HttpField>& fields) {
    using Type = JsonValue::Type;
    const JsonValue* const list = object.find("fields");
    if (list == nullptr || list->type != Type::Array) return false;
    for (std::uint32_t i = 0; i < list->count; ++i) {
        const JsonValue& pair = list->items[i];
        if (pair.type != Type::Array || pair.count != 2 || pair.items[0].type != Type::String ||
            pair.items[1].type != Type::String)
            return false;
        fields.push_back({std::string(pair.items[0].text), std::string(pair.items[1].text)});
    }
    return true;
}

}  // namespace caseway
