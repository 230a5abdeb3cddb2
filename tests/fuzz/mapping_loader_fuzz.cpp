// tests/fuzz/mapping_loader_fuzz.cpp - any text as a mapping.yaml: a spec or mistakes, and values that compile or do
// not.
#include <cstdint>
#include <string_view>

#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/normalize/value_rule.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caseway;
    const auto loaded = loadMappingSpec({reinterpret_cast<const char*>(data), size}, "mapping.yaml");
    if (!loaded) return 0;
    std::vector<MappingMistake> mistakes;
    for (const KindSpec& kind : loaded->kinds)
        for (const FieldSpec& field : kind.fields) ValueRule::compile(field, "mapping.yaml", mistakes);
    return 0;
}
