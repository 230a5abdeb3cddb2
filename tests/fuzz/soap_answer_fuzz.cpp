// tests/fuzz/soap_answer_fuzz.cpp - envelopes from any bytes: what is cut out of one that parses is a document itself.
// Link fields, the other small codec of connectors, go along.
#include "connectors/http/link_field.hpp"
#include "connectors/soap/element_cut.hpp"
#include "connectors/soap/soap_answer.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/xml/document.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = textOf({data, size});
    static const SoapPayloadRule kElement, kText{{}, {}, true};
    for (const SoapVersion version : {SoapVersion::V11, SoapVersion::V12}) {
        static_cast<void>(readSoapAnswer(text, version, kText));
        const auto answer = readSoapAnswer(text, version, kElement);
        if (answer.ok() && !answer->fault) CASEWAY_CHECK(parseXml(bytesOf(answer->document), {}).ok());
    }
    static_cast<void>(cutElement(text, size % 3, {{"", "urn:a"}}));
    static_cast<void>(nextOfLinkField(text));
    return 0;
}
