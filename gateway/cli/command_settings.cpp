// gateway/cli/command_settings.cpp - a command's configuration; apart from command.cpp, since who needs none is not to
// bring what reads it.
#include "gateway/cli/command.hpp"

namespace caseway {

Settings CommandContext::settings() const {
    const std::filesystem::path data = data_folder.empty() ? Settings{}.data : std::filesystem::path(data_folder);
    std::filesystem::path file = config_file;
    if (file.empty() && std::filesystem::exists(data / "caseway.properties")) file = data / "caseway.properties";
    return readSettings(file, data);
}

}  // namespace caseway
