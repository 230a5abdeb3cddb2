// gateway/cli/https_client.hpp - one request to a gateway, for `message send` and `wait`. Verifies the server against a
// given CA.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {

struct HttpReply {
    int status = 0;
    std::map<std::string, std::string> fields;  ///< names in lower case
    std::string body;
};

struct HttpTarget {
    std::string url;                         ///< https://host:port, or http:// for the loopback listener
    std::string ca_file;                     ///< PEM; empty: the system's
    std::string key_file, certificate_file;  ///< client certificate; both or none
    std::chrono::seconds most{0};            ///< for the whole exchange; 0: 600 s and one for each KiB of the body
};

/// Fault{NetworkUnavailable} before a byte of the body went out: nobody can have taken it.
class NothingSent : public Fault {
    using Fault::Fault;
};

/// Why this is no address of a gateway, https://HOST:PORT; empty where it is one.
std::string addressMistake(const std::string& url);

/// Sends one request; `body` is streamed where it is given. Throws Fault{NetworkUnavailable, ConfigurationBad} with
/// what to do; NothingSent where the other side was not reached or is not who it should be. Fails where the other side
/// is silent for two minutes, and when the time of `target` is over, whatever came until then.
HttpReply exchange(const HttpTarget& target, const std::string& method, const std::string& path,
                   const std::vector<std::pair<std::string, std::string>>& fields, ByteSource* body = nullptr,
                   std::uint64_t body_bytes = 0);

}  // namespace caseway
