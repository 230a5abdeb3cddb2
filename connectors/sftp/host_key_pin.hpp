// connectors/sftp/host_key_pin.hpp - what a setting of host_keys names: taken from the lines that people paste, as
// ssh-keyscan, known_hosts, a .pub file and ssh-keygen -lf have them.
#pragma once

#include <optional>
#include <string>

namespace caseway {

/// `SHA256:…` or `TYPE BASE64`; none where the line names no key, or one that is revoked or an authority's.
std::optional<std::string> hostKeyPin(const std::string& line);

}  // namespace caseway
