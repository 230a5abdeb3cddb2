// gateway/formats/settings/secret_reference.cpp - see the header.
#include "gateway/formats/settings/secret_reference.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::pair<std::string_view, SecretReference::Place> kPlaces[] = {
    {"store:", SecretReference::Place::Store},
    {"file:", SecretReference::Place::File},
    {"env:", SecretReference::Place::Environment}};

}  // namespace

std::optional<SecretReference> SecretReference::parse(std::string_view text) {
    for (const auto& [prefix, place] : kPlaces)
        if (text.starts_with(prefix) && isSecretName(text.substr(prefix.size())))
            return SecretReference{place, std::string(text.substr(prefix.size()))};
    return std::nullopt;
}

std::string SecretReference::text() const {
    for (const auto& [prefix, named] : kPlaces)
        if (named == place) return std::string(prefix) + name;
    return name;
}

std::optional<SecretId> SecretId::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return isSecretName(text) ? std::optional(SecretId{{}, std::string(text)}) : std::nullopt;
    const std::string_view department = text.substr(0, slash);
    const bool is_department =
        !department.empty() && department.size() <= 60 && std::all_of(department.begin(), department.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        });
    if (!is_department || !isSecretName(text.substr(slash + 1))) return std::nullopt;
    return SecretId{std::string(department), std::string(text.substr(slash + 1))};
}

bool isSecretName(std::string_view name) {
    return !name.empty() && name.size() <= 100 && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                      c == '-' || c == '.';
           });
}

}  // namespace caseway
