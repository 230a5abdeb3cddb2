// tests/unit/case_schema/patch_json_test.cpp - the canonical JSON of a patch.
#include <rapidjson/document.h>

#include <boost/test/unit_test.hpp>

#include "gateway/domain/case_patch.hpp"

using namespace caseway;

namespace {

FieldValue value(std::string_view name, std::string_view text, ValueKind kind = ValueKind::String) {
    return {*fieldNamed(name), kind, text};
}

std::string jsonOf(const CasePatch& patch) {
    std::string out;
    appendJson(patch, out);
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PatchJson)

BOOST_AUTO_TEST_CASE(writes_sections_lists_and_extra_where_their_names_stand) {
    CasePatch patch;
    patch.fields = {value("accept.accept_time", "2020-01-01T00:00:00+08:00"),
                    value("address", "a"),
                    value("data_version", "2", ValueKind::Number),
                    value("dept_org_code", "083372204"),
                    value("result.is_fee", "false", ValueKind::Boolean),
                    value("source_case_no", "S-1"),
                    value("window_no", "7")};
    patch.item_fields = {value("steps.seq", "1", ValueKind::Number), value("steps.step_name", "受理"),
                         value("fees.amount", "3.5"), value("corrections.material_list", R"(["x"])", ValueKind::Array)};
    patch.items = {{Section::Steps, 0, 2}, {Section::Fees, 2, 1}, {Section::Corrections, 3, 1}, {Section::Steps, 0, 1}};
    patch.extra = {{"a b", ValueKind::Number, "1.5"}, {"z", ValueKind::String, "\"q\""}};
    BOOST_TEST(
        jsonOf(patch) ==
        R"({"accept":{"accept_time":"2020-01-01T00:00:00+08:00"},"address":"a",)"
        R"("corrections":[{"material_list":["x"]}],"data_version":2,"dept_org_code":"083372204",)"
        R"("extra":{"a b":1.5,"z":"\"q\""},"fees":[{"amount":"3.5"}],"result":{"is_fee":false},"source_case_no":"S-1",)"
        R"("steps":[{"seq":1,"step_name":"受理"},{"seq":1}],"window_no":"7"})");
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_cleared_or_empty) {
    CasePatch patch;
    BOOST_TEST(jsonOf(patch) == "{}");
    patch.fields = {value("accept.accept_user", "", ValueKind::Cleared), value("source_case_no", "1"),
                    value("status", "", ValueKind::Cleared)};
    patch.extra = {{"a", ValueKind::Cleared, ""}};
    BOOST_TEST(jsonOf(patch) == R"({"source_case_no":"1"})");
}

BOOST_AUTO_TEST_CASE(escapes_as_rfc_8785_says_at_every_offset) {
    for (int c = 0; c < 0x80; ++c) {
        for (int offset = 0; offset < 18; ++offset) {
            std::string text(18, 'a');
            text[static_cast<std::size_t>(offset)] = static_cast<char>(c);
            CasePatch patch;
            patch.fields = {value("address", text)};
            const std::string json = jsonOf(patch);
            rapidjson::Document parsed;
            parsed.Parse(json.data(), json.size());
            BOOST_REQUIRE_MESSAGE(!parsed.HasParseError(), json);
            BOOST_TEST(std::string(parsed["address"].GetString(), parsed["address"].GetStringLength()) == text);
        }
    }
    CasePatch patch;
    patch.fields = {value("address", "\b\t\n\f\r\x1f\x7f/é€𠮷\\")};
    BOOST_TEST(jsonOf(patch) == "{\"address\":\"\\b\\t\\n\\f\\r\\u001f\x7f/é€𠮷\\\\\"}");
}

BOOST_AUTO_TEST_SUITE_END()
