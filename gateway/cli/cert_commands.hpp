// gateway/cli/cert_commands.hpp - the parts of `caseway cert`, a file each.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

struct CertArguments {
    std::string system, file, key, out, days;
    std::string kind = "P-256";
    bool is_kind_given = false;
};

void addCertDoctorCommand(CLI::App& group, CommandContext& context);
void addAuthorityCommands(CLI::App& group, CommandContext& context);

}  // namespace caseway
