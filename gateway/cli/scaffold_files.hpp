// gateway/cli/scaffold_files.hpp - what `caseway connector new` writes: templates, the sdk, the generated protocol; all
// of it inside the program, so that it works on a machine that has nothing else of Caseway.
#pragma once

#include <string_view>
#include <vector>

namespace caseway {

struct ScaffoldFile {
    std::string_view language;  ///< python, node, cpp; any: for all
    std::string_view path;      ///< in the plug-in's folder
    std::string_view text;      ///< with NAME_OF_CONNECTOR, LANGUAGE_OF_CONNECTOR, MAIN_OF_CONNECTOR
};
const std::vector<ScaffoldFile>& scaffoldFiles();

}  // namespace caseway
