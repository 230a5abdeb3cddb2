// tests/fuzz/http_envelope_fuzz.cpp - any field lines as a signed request; any bytes as a stored one, a media type, a
// signature input.
#include "gateway/base/check.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/media_type.hpp"
#include "gateway/formats/envelope/stored_http.hpp"
#include "tests/fuzz/envelope_keys.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caseway;
    const std::string_view text = textOf({data, size});
    HttpRequest request{"POST", "/v1/messages", {}};
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        const std::size_t colon = line.find(": ");
        if (colon != std::string_view::npos)
            request.fields.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
        at = end + 1;
    }
    CASEWAY_CHECK(!openHttpHead(request, fuzz::anyKey()));
    request.method = "GET";
    CASEWAY_CHECK(!openHttpRead(request, fuzz::anyKey()));
    static_cast<void>(parseMediaType(text));
    if (const auto stored = readStoredHttp(text)) static_cast<void>(openHttpHead(stored->request, fuzz::anyKey()));
    if (const auto input = parseSignatureInput(text))
        CASEWAY_CHECK(parseSignatureInput(input->label + '=' + input->parameters).has_value());
    return 0;
}
