// gateway/formats/envelope/stored_http.cpp - writing and reading of stored heads.
#include "gateway/formats/envelope/stored_http.hpp"

#include "gateway/formats/envelope/stored_fields.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

void appendField(const HttpRequest& request, std::string_view name, std::string& json) {
    if (const std::string* const value = request.only(name)) appendStoredField(name, *value, json);
}

const std::string_view* textMember(const JsonValue& object, std::string_view name) {
    const JsonValue* const value = object.find(name);
    return value != nullptr && value->type == JsonValue::Type::String ? &value->text : nullptr;
}

}  // namespace

std::string storedHttpHead(const HttpRequest& request, const SignatureInput& input, std::string_view signature_base) {
    std::string json;
    json.reserve(2 * signature_base.size() + 1024);
    json += R"({"fields":[)";
    for (const std::string& component : input.components)
        if (!component.starts_with('@')) appendField(request, component, json);
    appendField(request, "signature-input", json);
    appendField(request, "signature", json);
    json += R"(],"method":)";
    appendJsonString(request.method, json);
    json += R"(,"signature_base":)";
    appendJsonString(signature_base, json);
    json += R"(,"target":)";
    appendJsonString(request.target, json);
    return json += '}';
}

std::optional<StoredHttp> readStoredHttp(std::string_view stored) {
    const std::size_t end = stored.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    JsonTree tree;
    const auto json = parseJson(stored.substr(0, end), JsonLimits{.depth = 4}, tree);
    if (!json || (*json)->type != JsonValue::Type::Object || (*json)->count != 4) return std::nullopt;
    const std::string_view* const method = textMember(**json, "method");
    const std::string_view* const target = textMember(**json, "target");
    const std::string_view* const base = textMember(**json, "signature_base");
    StoredHttp result;
    if (method == nullptr || target == nullptr || base == nullptr || !readStoredFields(**json, result.request.fields))
        return std::nullopt;
    result.request.method = std::string(*method);
    result.request.target = std::string(*target);
    result.signature_base = std::string(*base);
    result.body = stored.substr(end + 1);
    return result;
}

}  // namespace caseway
