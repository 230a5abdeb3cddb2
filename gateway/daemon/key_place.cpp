// gateway/daemon/key_place.cpp - looks at the lines by itself: Poco's reader tells none.
#include "gateway/daemon/key_place.hpp"

#include <fmt/format.h>

#include <fstream>

namespace caseway {

std::string placeOf(const std::filesystem::path& file, const std::string& key) {
    std::ifstream stream(file);
    std::string text;
    for (int line = 1; std::getline(stream, text); ++line) {
        const std::size_t first = text.find_first_not_of(" \t");
        if (first == text.npos || text.compare(first, key.size(), key) != 0) continue;
        const std::size_t behind = text.find_first_not_of(" \t\r", first + key.size());
        if (behind == text.npos || text[behind] == '=' || text[behind] == ':')
            return fmt::format("{}:{}", file.string(), line);
    }
    return file.string();
}

std::optional<Refusal> formerKey(const std::string& name) {
    if (name != "connectors.secret_env_prefix") return std::nullopt;
    return Refusal{"setting_former",
                   name,
                   {},
                   "this version does not read it",
                   "take it out; name each variable, and whose it is: connectors.secret_variables = "
                   "housing=CASEWAY_SECRET_SFTP",
                   {}};
}

}  // namespace caseway
