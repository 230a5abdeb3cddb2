// gateway/cli/admin_client.hpp - one request to the running gateway's admin socket.
#pragma once

#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>

#include <map>
#include <string>

#include "gateway/base/refusal.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

struct AdminAnswer {
    int status = 0;
    std::string body;
};

/// Throws Fault{NetworkUnavailable}, also where nothing comes for as long as `patience`. `fields`: header fields beside
/// Host and Content-Type.
AdminAnswer askAdmin(const Poco::Net::StreamSocket& socket, const std::string& method, const std::string& target,
                     const std::string& body = {}, const std::map<std::string, std::string>& fields = {},
                     Poco::Timespan patience = Poco::Timespan(60, 0));

/// The text of a member of an object; empty where it has none.
std::string textIn(const JsonValue& object, std::string_view name);

/// What it was refused for, with its further mistakes. Throws Fault{NetworkUnavailable} where the answer is none, or
/// the gateway's own fault.
Refusal problemIn(const AdminAnswer& answer);

}  // namespace caseway
