// gateway/daemon/router.hpp - which endpoint a request is for. All addresses: endpoint_table.hpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/adapters/http/request_handler.hpp"
#include "gateway/daemon/endpoint_table.hpp"

namespace caseway {

/// `argument`: the decoded text of the pattern's {…}, empty where it has none.
using EndpointAction = std::function<void(Request request, std::string argument, Responder responder)>;

struct Endpoint {
    EndpointAddress address;
    EndpointAction action;
    std::function<BodyPlan(const RequestHead&)> plan{};  ///< none: no body is taken
};

struct RouteMatch {
    const Endpoint* endpoint = nullptr;
    std::string argument;
    int status = 0;     ///< 204 (OPTIONS *), 404 or 405 where there is no endpoint
    std::string allow;  ///< 405: the methods that the path has; 204: all of the listener
};

class Router {
public:
    explicit Router(std::vector<Endpoint> endpoints) : endpoints_(std::move(endpoints)) {}
    /// HEAD counts as GET.
    RouteMatch match(const RequestHead& head) const;
    const std::vector<Endpoint>& endpoints() const { return endpoints_; }
    /// Whether each address of kEndpointTable has exactly one endpoint, and there are no others.
    bool servesTheTable() const;

private:
    /// `OPTIONS *`. Source: RFC 9110 §9.3.7.
    RouteMatch ofServer(std::string_view listener) const;

    std::vector<Endpoint> endpoints_;
};

/// Percent-decodes one path segment or query value; nothing for a broken escape, a control character or a NUL.
std::optional<std::string> percentDecoded(std::string_view text);

/// The parameters of a query, decoded, in their order; nothing where one is broken or a name comes twice.
std::optional<std::vector<std::pair<std::string, std::string>>> queryParameters(std::string_view query);

}  // namespace caseway
