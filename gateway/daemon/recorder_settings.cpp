// gateway/daemon/recorder_settings.cpp - from settings to the recorder's configuration; the description endpoint.
#include "gateway/daemon/recorder_settings.hpp"

#include "gateway/base/ids.hpp"
#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/daemon/openapi_document.hpp"

namespace caseway {

RecorderConfig recorderConfig(const Settings& settings) {
    RecorderConfig config;
    config.reserved_prefix = settings.case_no_prefix;
    if (const auto id = SystemId::parse(settings.gateway_id)) config.gateway_short = std::string(id->department());
    config.required = settings.required_fields;
    return config;
}

std::vector<Endpoint> descriptionEndpoints() {
    return {{kGetDescription, [](Request, std::string, Responder responder) {
                 responder.answer(jsonResponse(std::string(openApiDocument())));
             }}};
}

}  // namespace caseway
