// tests/fuzz/xml_document_fuzz.cpp - any bytes as an XML document: refused or parsed, never more; what is parsed can be
// walked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateway/formats/xml/document.hpp"
#include "gateway/formats/xml/events.hpp"

namespace {

/// Nesting must be even, and every name must be there.
class Walker final : public caseway::XmlHandler {
public:
    void begin(caseway::XmlNames&) override {}
    bool start(const caseway::XmlStart& start) override {
        if (start.local == nullptr) std::abort();
        std::string value;
        for (const caseway::XmlAttribute& one : start.attributes) caseway::appendValue(start, one, value);
        ++depth_;
        return true;
    }
    bool text(std::string_view) override { return true; }
    bool end() override {
        --depth_;
        return true;
    }
    int depth() const { return depth_; }

private:
    int depth_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = caseway::parseXml({data, size}, {.document_bytes = 1 << 20, .depth = 50});
    if (!document) return 0;
    Walker walker;
    caseway::walkXml(*document, *document->root(), walker);
    if (walker.depth() != 0) std::abort();
    return 0;
}
