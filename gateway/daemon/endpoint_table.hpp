// gateway/daemon/endpoint_table.hpp - every address that the gateway serves, in one place. The makers of the endpoints
// take theirs from here, the gateway checks at its start that each is made once, and a test holds the table against
// docs/formats/openapi.json and docs/formats/admin-openapi.json.
#pragma once

#include <array>
#include <string_view>

namespace caseway {

struct EndpointAddress {
    std::string_view listener;  ///< "public", "health" or "admin"
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

inline constexpr EndpointAddress kGetAdminDepartments{"admin", "GET", "/admin/v1/departments"};
inline constexpr EndpointAddress kGetAdminSystems{"admin", "GET", "/admin/v1/systems"};
inline constexpr EndpointAddress kGetAdminSystem{"admin", "GET", "/admin/v1/systems/{path}"};
inline constexpr EndpointAddress kGetAdminCertificates{"admin", "GET", "/admin/v1/certificates"};
inline constexpr EndpointAddress kGetAdminAuthorities{"admin", "GET", "/admin/v1/authorities"};
inline constexpr EndpointAddress kGetAdminConnectors{"admin", "GET", "/admin/v1/connectors"};
inline constexpr EndpointAddress kGetAdminConnector{"admin", "GET", "/admin/v1/connectors/{path}"};
inline constexpr EndpointAddress kGetAdminConnectorTypes{"admin", "GET", "/admin/v1/connector-types"};
inline constexpr EndpointAddress kGetAdminMappings{"admin", "GET", "/admin/v1/mappings"};
inline constexpr EndpointAddress kGetAdminMapping{"admin", "GET", "/admin/v1/mappings/{path}"};
inline constexpr EndpointAddress kGetAdminSecrets{"admin", "GET", "/admin/v1/secrets"};
inline constexpr EndpointAddress kPostAdminChange{"admin", "POST", "/admin/v1/changes"};
inline constexpr EndpointAddress kGetAdminSync{"admin", "GET", "/admin/v1/sync"};
inline constexpr EndpointAddress kPostAdminSync{"admin", "POST", "/admin/v1/sync"};
inline constexpr EndpointAddress kGetAdminRuns{"admin", "GET", "/admin/v1/runs"};
inline constexpr EndpointAddress kGetAdminDifferences{"admin", "GET", "/admin/v1/differences/{path}"};
inline constexpr EndpointAddress kGetAdminRun{"admin", "GET", "/admin/v1/runs/{path}"};
inline constexpr EndpointAddress kGetAdminReport{"admin", "GET", "/admin/v1/reports/{night}"};
inline constexpr EndpointAddress kGetAdminDescription{"admin", "GET", "/admin/v1/openapi.json"};

inline constexpr std::array kEndpointTable{kPostMessage,
                                           kGetMessage,
                                           kGetCases,
                                           kGetCase,
                                           kGetChanges,
                                           kGetCheckpoint,
                                           kGetTile,
                                           kGetDescription,
                                           kGetHealth,
                                           kGetReadiness,
                                           kGetMetrics,
                                           kGetAdminDepartments,
                                           kGetAdminSystems,
                                           kGetAdminSystem,
                                           kGetAdminCertificates,
                                           kGetAdminAuthorities,
                                           kGetAdminConnectors,
                                           kGetAdminConnector,
                                           kGetAdminConnectorTypes,
                                           kGetAdminMappings,
                                           kGetAdminMapping,
                                           kGetAdminSecrets,
                                           kPostAdminChange,
                                           kGetAdminSync,
                                           kPostAdminSync,
                                           kGetAdminRuns,
                                           kGetAdminRun,
                                           kGetAdminReport,
                                           kGetAdminDifferences,
                                           kGetAdminDescription};

}  // namespace caseway
