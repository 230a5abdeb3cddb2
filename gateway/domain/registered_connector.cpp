// gateway/domain/registered_connector.cpp - names of connectors, and lines of their files.
#include "gateway/domain/registered_connector.hpp"

#include <algorithm>

namespace caseway {

std::optional<ConnectorName> ConnectorName::parse(std::string_view text) {
    const std::size_t slash = text.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const std::string_view name = text.substr(slash + 1);
    const bool is_short = !name.empty() && name.size() <= 60 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    const auto system = SystemId::parse(text.substr(0, slash));
    if (!system || !is_short) return std::nullopt;
    return ConnectorName{*system, std::string(name)};
}

int ConnectorHead::lineOf(std::string_view place) const {
    for (;; place = place.substr(0, place.rfind('/'))) {
        if (const auto found = lines.find(place); found != lines.end()) return found->second;
        if (place.find('/') == std::string_view::npos) return 1;
    }
}

}  // namespace caseway
