// connectors/soap/soap_version.hpp - what differs between SOAP 1.1 and 1.2. Sources: W3C NOTE-SOAP-20000508, SOAP 1.2.
#pragma once

#include <string_view>

namespace caseway {

enum class SoapVersion { V11, V12 };
constexpr std::string_view namespaceOf(SoapVersion version) {
    return version == SoapVersion::V11 ? "http://schemas.xmlsoap.org/soap/envelope/"
                                       : "http://www.w3.org/2003/05/soap-envelope";
}

}  // namespace caseway
