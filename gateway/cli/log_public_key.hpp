// gateway/cli/log_public_key.hpp - whether the public key of the log that lies in the data folder is that of the log's
// key: one of the two may have been put back alone.
#pragma once

#include <string>

#include "gateway/daemon/settings.hpp"

namespace caseway {

/// Where the public key of this installation's log is kept, for whoever verifies.
std::string logPublicKeyFile(const Settings& settings);

/// "data/keys/log.pub is not the public key of data/keys/log.key"; empty where it is, or where one of the two cannot be
/// read.
std::string whyNotOfLogKey(const Settings& settings);

/// What to do about it.
inline constexpr const char* kWriteLogPublicKey = "caseway init --data DIR writes it anew, and changes nothing else";

}  // namespace caseway
