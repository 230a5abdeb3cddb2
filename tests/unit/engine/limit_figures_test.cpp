// tests/unit/engine/limit_figures_test.cpp - a refusal by a limit says how much is taken and what changes that.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

BOOST_AUTO_TEST_SUITE(LimitFigures)

BOOST_AUTO_TEST_CASE(stand_in_the_refusal_with_their_setting) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n"), field("extra.x", "x")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    Limits limits;
    limits.record_bytes = 1000;
    limits.field_bytes = 100;
    const std::string payload = "<d><r><n>1</n><x>" + std::string(101, 'a') + "</x></r><r><n>2</n><y>" +
                                std::string(1001, 'a') + "</y></r></d>";
    MemorySource source(payload);
    Lines lines;
    BOOST_TEST(mapping->run(source, limits, lines).ok());
    std::string said;
    for (const Refusal& one : lines.refusals) said += one.code + ": " + one.rule + "; " + one.hint + "\n";
    for (const char* part : {"field_too_large: at most 100 bytes", "raise limits.field_bytes",
                             "record_too_large: at most 1000 bytes", "raise limits.record_bytes"})
        BOOST_TEST(said.find(part) != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()
