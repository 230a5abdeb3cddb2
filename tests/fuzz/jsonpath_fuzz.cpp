// tests/fuzz/jsonpath_fuzz.cpp - a query, a line feed, a document: no query or document ends the process or works
// without bound, and a path that can be streamed takes nothing but names, indexes and wildcards.
#include <cstdint>
#include <string_view>

#include "gateway/base/check.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/jsonpath/jsonpath.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caseway;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = input.find('\n');
    const std::string_view query = input.substr(0, line);
    const auto path = JsonPath::compile(query);
    if (!path) {
        CASEWAY_CHECK(path.error().at <= query.size());
        CASEWAY_CHECK(!path.error().rule.empty());
        return 0;
    }
    const std::string_view json =
        line == input.npos ? "[{\"a\":[1,\"ab\",null]},{\"b\":{\"a\":2}}]" : input.substr(line + 1);
    JsonTree tree;
    const auto root = parseJson(json, {}, tree);
    if (!root) return 0;
    constexpr std::size_t kSteps = 20'000;
    std::vector<const JsonValue*> nodes;
    const bool whole = path->evaluate(**root, nodes, kSteps);
    CASEWAY_CHECK(nodes.size() <= kSteps);
    if (whole && path->simpleSteps() && nodes.size() == 1)
        CASEWAY_CHECK(jsonPointer(**root, *nodes.front()).has_value());
    return 0;
}
