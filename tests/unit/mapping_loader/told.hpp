// tests/unit/mapping_loader/told.hpp - a mapping.yaml, and what is told of it.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/mapping_loader.hpp"

namespace caseway {

inline MappingSpec loaded(const std::string& yaml) {
    auto result = loadMappingSpec(yaml, "mapping.yaml");
    if (!result)
        for (const auto& mistake : result.error())
            BOOST_ERROR(mistake.line << " " << mistake.where << ": " << mistake.rule);
    return std::move(result).value();
}

/// "line where" of each mistake; each has a rule and a hint.
inline std::vector<std::string> mistakesOf(const std::string& yaml) {
    auto spec = loadMappingSpec(yaml, "mapping.yaml");
    std::vector<MappingMistake> mistakes;
    if (!spec) {
        mistakes = spec.error();
    } else if (const auto mapping = Mapping::compile(std::move(*spec)); !mapping) {
        mistakes = mapping.error();
    }
    std::vector<std::string> places;
    for (const auto& mistake : mistakes) {
        BOOST_TEST(mistake.file == "mapping.yaml");
        BOOST_TEST(!mistake.rule.empty());
        BOOST_TEST(!mistake.hint.empty(), mistake.where);
        places.push_back(std::to_string(mistake.line) + " " + mistake.where);
    }
    return places;
}

inline std::string hintOf(const std::string& yaml) {
    const auto result = loadMappingSpec(yaml, "mapping.yaml");
    return result || result.error().empty() ? "" : result.error().front().hint;
}

/// Also of what only the compiler finds.
inline std::string hintOfFirst(const std::string& yaml) {
    auto spec = loadMappingSpec(yaml, "mapping.yaml");
    if (!spec) return spec.error().front().hint;
    const auto mapping = Mapping::compile(*std::move(spec));
    return mapping ? "" : mapping.error().front().hint;
}

inline const std::string kHead = "mapping: a.b\nsource: {format: xml, records: /R}\nfields:\n  source_case_no: No\n";

}  // namespace caseway
