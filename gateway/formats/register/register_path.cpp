// gateway/formats/register/register_path.cpp - the layout of an installation's files.
#include "gateway/formats/register/register_path.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::size_t kNameBytesMax = 200;

/// A name of one file or folder that neither leads elsewhere nor hides.
bool isPlain(const std::string& part) {
    return !part.empty() && part.size() <= kNameBytesMax && part.front() != '.' &&
           std::all_of(part.begin(), part.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '\\'; });
}

/// Of "connectors/NAME/…" in a system's folder.
bool isConnectorFile(const std::vector<std::string>& parts) {
    const std::string& name = parts.back();
    if (parts.size() == 6) return name == "draft.yaml" || name == "state.yaml";
    if (parts.size() != 7 || parts[5] != "versions") return false;
    const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
    const std::string rest = name.substr(digits);
    return digits >= 4 && digits <= 6 && (rest == ".yaml" || rest == ".mapping.yaml");
}

}  // namespace

std::vector<std::string> pathParts(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        parts.emplace_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

bool isRegisterPath(std::string_view path) {
    const auto parts = pathParts(path);
    if (parts.size() < 3 || path.ends_with('/') || !std::all_of(parts.begin(), parts.end(), isPlain)) return false;
    const std::string& top = parts.front();
    const std::string& name = parts.back();
    if (top == "systems" && parts.size() == 3) return name == "department.yaml";
    if (top == "systems" && parts.size() == 4) return name == "system.yaml" || name.ends_with(".pem");
    if (top == "systems" && parts.size() > 4) return parts[3] == "connectors" && isConnectorFile(parts);
    if (top == "authorities" && parts.size() == 3) return name == "ca.pem" || name == "crl.pem";
    if (top == "authorities" && parts.size() == 4) return parts[2] == "issued" && name.ends_with(".pem");
    return top == "mappings" && parts.size() == 3 && name == "mapping.yaml";
}

}  // namespace caseway
