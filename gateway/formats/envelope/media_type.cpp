// gateway/formats/envelope/media_type.cpp - a strict reader of Content-Type.
#include "gateway/formats/envelope/media_type.hpp"

#include <algorithm>

#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMediaTypeBytesMax = 256;

bool isToken(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool takeParameter(std::string_view parameter, MediaType& media) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !isToken(parameter.substr(0, equals))) return false;
    std::string_view value = parameter.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (!isToken(value)) return false;
    if (lowerCase(parameter.substr(0, equals)) != "charset") return true;
    if (!media.charset.empty()) return false;
    media.charset = std::string(value);
    return true;
}

}  // namespace

std::optional<MediaType> parseMediaType(std::string_view text) {
    if (text.size() > kMediaTypeBytesMax) return std::nullopt;
    MediaType media;
    std::size_t semicolon = text.find(';');
    const std::string_view type = trimmed(text.substr(0, semicolon));
    const std::size_t slash = type.find('/');
    if (slash == std::string_view::npos || !isToken(type.substr(0, slash)) || !isToken(type.substr(slash + 1)))
        return std::nullopt;
    media.type = lowerCase(type);
    while (semicolon != std::string_view::npos) {
        const std::size_t next = text.find(';', semicolon + 1);
        if (!takeParameter(trimmed(text.substr(semicolon + 1, next - semicolon - 1)), media)) return std::nullopt;
        semicolon = next;
    }
    return media;
}

std::string charsetOf(std::string_view media_type) {
    auto media = parseMediaType(media_type);
    return media ? std::move(media->charset) : std::string();
}

}  // namespace caseway
