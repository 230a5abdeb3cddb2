// tests/fuzz/json_reader_fuzz.cpp - any bytes as JSON: memory and stream agree, and what is accepted has a canonical
// form that is accepted again and is its own canonical form.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "gateway/base/check.hpp"
#include "gateway/formats/json/document.hpp"

namespace {

using namespace caseway;

class DrippingSource final : public ByteSource {
public:
    DrippingSource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}
    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = std::min({piece_, buffer.size(), bytes_.size() - at_});
        if (count != 0) std::memcpy(buffer.data(), bytes_.data() + at_, count);
        at_ += count;
        return count;
    }
    void rewind() override { at_ = 0; }

private:
    std::string_view bytes_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = data[0] % 17 + 1;
    const std::string_view json(reinterpret_cast<const char*>(data) + 1, size - 1);
    const JsonLimits limits{.depth = 100, .number_bytes = 100};
    JsonTree tree;
    const auto value = parseJson(json, limits, tree);

    JsonTree streamed;
    JsonTreeBuilder builder(streamed);
    DrippingSource source(json, piece);
    const auto read = readJson(source, limits, builder);
    CASEWAY_CHECK(read.ok() == value.ok());
    if (!value) {
        CASEWAY_CHECK(read.error().code == value.error().code);
        return 0;
    }
    std::string once;
    appendCanonical(**value, once);
    std::string twice;
    appendCanonical(*streamed.root(), twice);
    CASEWAY_CHECK(once == twice);
    JsonTree again;
    const auto reparsed = parseJson(once, JsonLimits{.depth = 100, .number_bytes = 1000}, again);
    CASEWAY_CHECK(reparsed.ok());
    twice.clear();
    appendCanonical(**reparsed, twice);
    CASEWAY_CHECK(once == twice);
    return 0;
}
