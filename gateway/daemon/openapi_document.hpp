// gateway/daemon/openapi_document.hpp - the published description of the endpoints, as served under /openapi.json.
#pragma once

#include <string_view>

namespace caseway {

/// OpenAPI 3.1, JSON; the text of docs/formats/openapi.json.
std::string_view openApiDocument();
/// The same for the admin socket; the text of docs/formats/admin-openapi.json.
std::string_view adminOpenApiDocument();

}  // namespace caseway
