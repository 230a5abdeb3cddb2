// gateway/formats/register/register_path.hpp - which paths an installation's own files may have; nothing else is ever
// read into a register or written for one. Layout: docs/operating/register.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// The parts of "systems/housing/a.pem". A '/' at the end adds no empty part.
std::vector<std::string> pathParts(std::string_view path);

/// Whether a file of an installation may stand there: department.yaml, system.yaml, *.pem and a connector's draft.yaml,
/// state.yaml, versions/NNNN.yaml and versions/NNNN.mapping.yaml below systems/, ca.pem, crl.pem and issued/*.pem below
/// authorities/, mapping.yaml below mappings/. Never a way out of the folder.
bool isRegisterPath(std::string_view path);

}  // namespace caseway
