// gateway/daemon/health_host.hpp - which Host the health listener answers to. It asks nobody who they are, so a page in
// the browser of somebody on this machine could read the figures by a name of its own that it lets stand for our
// address (DNS rebinding). Such a name is in Host.
#pragma once

#include <string_view>

#include "gateway/adapters/http/http_message.hpp"

namespace caseway {

/// True for localhost and for `configured`, the address of the listener, with or without a port; and for a request
/// without Host (HTTP/1.0), which no browser sends. Any literal address will do where the listener has no one address:
/// a literal cannot be made to stand for another.
bool isHealthHost(const RequestHead& head, std::string_view configured);

}  // namespace caseway
