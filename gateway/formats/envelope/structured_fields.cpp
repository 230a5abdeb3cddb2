// gateway/formats/envelope/structured_fields.cpp - a strict reader of two field forms; each text has one reading or
// none.
#include "gateway/formats/envelope/structured_fields.hpp"

#include <algorithm>

#include "gateway/base/base64.hpp"
#include "gateway/formats/envelope/field_scan.hpp"

namespace caseway {
namespace {

bool takeComponents(FieldScan& scan, SignatureInput& input) {
    if (!scan.take('(')) return false;
    for (scan.skipSpaces(); !scan.take(')'); scan.skipSpaces()) {
        auto component = scan.quoted();
        const bool again = component && std::find(input.components.begin(), input.components.end(), *component) !=
                                            input.components.end();
        if (!component || component->empty() || again || input.components.size() == kComponentsMax) return false;
        input.parameters.append(input.components.empty() ? "(\"" : " \"").append(*component).append("\"");
        input.components.push_back(std::move(*component));
        if (!scan.rest().starts_with(' ') && !scan.rest().starts_with(')')) return false;
    }
    if (input.components.empty()) return false;
    input.parameters += ')';
    return true;
}

bool takeParameter(FieldScan& scan, SignatureInput& input) {
    const auto name = scan.key();
    if (!name || !scan.take('=')) return false;
    if (*name == "created") {
        if (input.created) return false;
        input.created = scan.integer();
        if (!input.created) return false;
        input.parameters.append(";created=").append(std::to_string(*input.created));
        return true;
    }
    std::optional<std::string>* const place = *name == "keyid" ? &input.key_id
                                              : *name == "alg" ? &input.algorithm
                                              : *name == "tag" ? &input.tag
                                                               : nullptr;
    if (place == nullptr || *place) return false;
    *place = scan.quoted();
    if (!*place) return false;
    input.parameters.append(";").append(*name).append("=\"").append(**place).append("\"");
    return true;
}

}  // namespace

std::optional<SignatureInput> parseSignatureInput(std::string_view value) {
    if (value.size() > kFieldBytesMax) return std::nullopt;
    FieldScan scan(value);
    SignatureInput input;
    input.parameters.reserve(value.size());
    auto label = scan.key();
    if (!label || !scan.take('=') || !takeComponents(scan, input)) return std::nullopt;
    input.label = std::move(*label);
    while (scan.take(';')) {
        scan.skipSpaces();
        if (!takeParameter(scan, input)) return std::nullopt;
    }
    return scan.atEnd() ? std::optional(std::move(input)) : std::nullopt;
}

std::optional<BytesMember> parseBytesMember(std::string_view value) {
    if (value.size() > kFieldBytesMax) return std::nullopt;
    FieldScan scan(value);
    auto key = scan.key();
    if (!key || !scan.take('=') || !scan.take(':')) return std::nullopt;
    const std::string_view rest = scan.rest();
    if (rest.size() < 2 || rest.back() != ':') return std::nullopt;
    auto bytes = fromBase64(rest.substr(0, rest.size() - 1));
    if (!bytes) return std::nullopt;
    return BytesMember{std::move(*key), std::move(*bytes)};
}

}  // namespace caseway
