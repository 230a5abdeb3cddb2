// gateway/daemon/endpoint_table.hpp - every address that the gateway serves, in one place. The makers of the endpoints
// take theirs from here, the gateway checks at its start that each is made once, and a test holds the table against
// docs/formats/openapi.json.
#pragma once

#include <array>
#include <string_view>

namespace caseway {

struct EndpointAddress {
    std::string_view listener;  ///< "public" or "health"
    std::string_view method;
    std::string_view pattern;  ///< "/v1/cases/{no}"; a last {path} takes the rest, slashes included

    bool operator==(const EndpointAddress&) const = default;
};

inline constexpr EndpointAddress kPostMessage{"public", "POST", "/v1/messages"};
inline constexpr EndpointAddress kGetMessage{"public", "GET", "/v1/messages/{id}"};
inline constexpr EndpointAddress kGetCases{"public", "GET", "/v1/cases"};
inline constexpr EndpointAddress kGetCase{"public", "GET", "/v1/cases/{no}"};
inline constexpr EndpointAddress kGetChanges{"public", "GET", "/v1/changes"};
inline constexpr EndpointAddress kGetCheckpoint{"public", "GET", "/v1/log/checkpoint"};
inline constexpr EndpointAddress kGetTile{"public", "GET", "/v1/log/tile/{path}"};
inline constexpr EndpointAddress kGetDescription{"public", "GET", "/openapi.json"};
inline constexpr EndpointAddress kGetHealth{"health", "GET", "/healthz"};
inline constexpr EndpointAddress kGetReadiness{"health", "GET", "/readyz"};
inline constexpr EndpointAddress kGetMetrics{"health", "GET", "/metrics"};

inline constexpr std::array kEndpointTable{kPostMessage, kGetMessage,    kGetCases,  kGetCase,
                                           kGetChanges,  kGetCheckpoint, kGetTile,   kGetDescription,
                                           kGetHealth,   kGetReadiness,  kGetMetrics};

}  // namespace caseway
