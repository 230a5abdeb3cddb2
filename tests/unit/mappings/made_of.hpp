// tests/unit/mappings/made_of.hpp - what a mapping makes of one record, as one line.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/record/patch_json.hpp"

namespace caseway::samples {

/// The records as their history has them, the mistakes as "code where;".
class Told final : public RecordSink {
public:
    bool record(const CasePatch& patch) override {
        appendHistoryJson(patch, text);
        return true;
    }
    bool refused(const Refusal& refusal) override {
        forEachMistake(refusal, [this](const Refusal& one) { text += one.code + ' ' + one.where + ';'; });
        return true;
    }
    std::string text;
};

inline std::string madeBy(const std::string& mapping, const std::string& payload) {
    auto spec = loadMappingSpec(mapping, "mapping.yaml");
    BOOST_REQUIRE(spec.ok());
    const auto compiled = Mapping::compile(*std::move(spec));
    BOOST_REQUIRE(compiled.ok());
    MemorySource source(payload);
    Told told;
    BOOST_TEST((*compiled)->run(source, {}, told).ok());
    return told.text;
}

/// Of one record `<R>` with `inside`, by a mapping with these fields.
inline std::string madeOf(const std::string& fields, const std::string& inside) {
    return madeBy("mapping: a\nsource: {format: xml, records: /L/R}\nfields:\n  source_case_no: No\n" + fields,
                  "<L><R><No>1</No>" + inside + "</R></L>");
}

/// Of one object with `inside`, by a mapping with these fields.
inline std::string madeOfJson(const std::string& fields, const std::string& inside) {
    return madeBy("mapping: a\nsource: {format: json, records: \"$[*]\"}\nfields:\n  source_case_no: no\n" + fields,
                  R"([{"no":"1",)" + inside + "}]");
}

struct Sample {
    const char* fields;
    const char* inside;
    const char* expected;
};

inline void check(const std::vector<Sample>& samples) {
    for (const Sample& one : samples)
        BOOST_TEST(madeOf(one.fields, one.inside) == one.expected,
                   one.fields << ": " << madeOf(one.fields, one.inside));
}

inline void checkJson(const std::vector<Sample>& samples) {
    for (const Sample& one : samples)
        BOOST_TEST(madeOfJson(one.fields, one.inside) == one.expected,
                   one.fields << " " << one.inside << ": " << madeOfJson(one.fields, one.inside));
}

}  // namespace caseway::samples
