// tests/unit/case_schema/case_schema_test.cpp - the table of fields against docs/formats/case-record.schema.json, field
// by field.
#include "gateway/domain/case_schema.hpp"

#include <rapidjson/document.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>

using namespace caseway;

namespace {

const rapidjson::Document& schema() {
    static const auto document = [] {
        std::ifstream file(CASEWAY_SOURCE_DIR "/docs/formats/case-record.schema.json");
        std::stringstream text;
        text << file.rdbuf();
        rapidjson::Document parsed;
        parsed.Parse(text.str().c_str());
        BOOST_REQUIRE(parsed.IsObject());
        return parsed;
    }();
    return document;
}

FieldType typeOf(const rapidjson::Value& property) {
    const std::string type = property["type"].GetString();
    if (type == "integer") return FieldType::Integer;
    if (type == "boolean") return FieldType::Boolean;
    if (type == "array") return FieldType::TextList;
    if (property.HasMember("enum")) return FieldType::Code;
    if (property.HasMember("format"))
        return std::string(property["format"].GetString()) == "date" ? FieldType::Date : FieldType::DateTime;
    if (property.HasMember("pattern"))
        return std::string(property["pattern"].GetString()).starts_with("^-?") ? FieldType::Money : FieldType::Digits;
    return FieldType::Text;
}

void holdAgainst(FieldId id, const rapidjson::Value& property) {
    const FieldInfo& info = infoOf(id);
    BOOST_TEST(info.title == property["title"].GetString());
    BOOST_TEST(static_cast<int>(info.type) == static_cast<int>(typeOf(property)));
    BOOST_TEST(info.max_length == (property.HasMember("maxLength") ? property["maxLength"].GetUint() : 0U));
    BOOST_TEST(info.minimum == (property.HasMember("minimum") ? property["minimum"].GetInt64() : 0));
    BOOST_TEST(info.maximum == (property.HasMember("maximum") ? property["maximum"].GetInt64() : 0));
    std::vector<std::string> codes;
    if (property.HasMember("enum"))
        for (const auto& code : property["enum"].GetArray()) codes.emplace_back(code.GetString());
    BOOST_TEST(std::vector<std::string>(info.codes.begin(), info.codes.end()) == codes,
               boost::test_tools::per_element());
}

/// Calls `each(section, name, property)` for every field of the schema, `extra` left out.
template <class Each>
void forEachProperty(Each each) {
    for (const auto& member : schema()["properties"].GetObject()) {
        const std::string name = member.name.GetString();
        const std::string type = member.value["type"].GetString();
        if (name == "extra") continue;
        if (type != "object" && type != "array") {
            each(Section::Case, name, member.value);
            continue;
        }
        const auto section = sectionNamed(name);
        BOOST_REQUIRE(section);
        const auto& holder = type == "object" ? member.value : member.value["items"];
        for (const auto& inner : holder["properties"].GetObject()) each(*section, inner.name.GetString(), inner.value);
    }
}

FieldId field(std::string_view name) {
    const auto id = fieldNamed(name);
    BOOST_REQUIRE_MESSAGE(id, std::string(name));
    return *id;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CaseSchema)

BOOST_AUTO_TEST_CASE(holds_every_field_of_the_schema_and_no_other) {
    std::set<std::size_t> seen;
    forEachProperty([&](Section section, const std::string& name, const rapidjson::Value& property) {
        BOOST_TEST_CONTEXT(nameOf(section) << "." << name) {
            const auto id = fieldNamed(section, name);
            BOOST_REQUIRE(id);
            holdAgainst(*id, property);
            seen.insert(static_cast<std::size_t>(*id));
        }
    });
    BOOST_TEST(seen.size() == caseFields().size());
}

BOOST_AUTO_TEST_CASE(stands_in_the_order_of_canonical_json) {
    std::string before;
    for (const FieldInfo& info : caseFields()) {
        std::string path = info.section == Section::Case ? "" : std::string(nameOf(info.section)) + ".";
        path += info.name;
        BOOST_TEST((before < path), before << " stands before " << path);
        before = path;
    }
}

BOOST_AUTO_TEST_CASE(finds_each_field_by_its_dotted_name) {
    for (std::size_t id = 0; id < caseFields().size(); ++id) {
        const FieldInfo& info = caseFields()[id];
        std::string path = info.section == Section::Case ? "" : std::string(nameOf(info.section)) + ".";
        path += info.name;
        BOOST_TEST(static_cast<std::size_t>(field(path)) == id);
    }
    for (const char* unknown :
         {"", "nothing", "accept", "accept.", "accept.nothing", ".status", "extra.a", "steps.seq.seq"})
        BOOST_TEST(!fieldNamed(unknown), unknown);
}

BOOST_AUTO_TEST_CASE(takes_natural_keys_from_the_schema) {
    for (const char* name : {"steps", "corrections", "suspensions", "deliveries", "materials", "fees"}) {
        const Section list = *sectionNamed(name);
        const auto& expected = schema()["properties"][name]["items"]["x-key"];
        const auto keys = naturalKeysOf(list);
        BOOST_REQUIRE_EQUAL(keys.size(), expected.Size());
        for (rapidjson::SizeType i = 0; i < expected.Size(); ++i) {
            BOOST_REQUIRE_EQUAL(keys[i].size(), expected[i].Size());
            for (rapidjson::SizeType j = 0; j < expected[i].Size(); ++j) {
                BOOST_TEST(infoOf(keys[i][j]).name == expected[i][j].GetString());
                BOOST_TEST((infoOf(keys[i][j]).section == list));
            }
        }
    }
    BOOST_TEST(naturalKeysOf(Section::Accept).empty());
}

BOOST_AUTO_TEST_CASE(marks_personal_data) {
    for (const char* name : {"applicant_name", "applicant_id_no", "legal_rep_name", "contact_name", "contact_id_no",
                             "contact_mobile", "address", "deliveries.taker_name", "deliveries.taker_id_no"})
        BOOST_TEST(infoOf(field(name)).personal, name);
    for (const char* name : {"case_no", "item_name", "dept_name", "status"})
        BOOST_TEST(!infoOf(field(name)).personal, name);
}

struct Sample {
    const char* field;
    std::string text;
    bool fits;
};

BOOST_AUTO_TEST_CASE(refuses_what_the_schema_refuses) {
    std::string fifty_han;
    for (int i = 0; i < 50; ++i) fifty_han += "𠮷";
    const std::vector<Sample> samples = {
        {"case_no", fifty_han, true},
        {"case_no", fifty_han + "1", false},
        {"case_no", "", true},
        {"source_case_no", "", false},
        {"source_case_no", "1", true},
        {"operation", "D", true},
        {"operation", "d", false},
        {"status", "90", true},
        {"status", "91", false},
        {"region_code", "440232000000", true},
        {"region_code", "44023", false},
        {"region_code", "44023X", false},
        {"materials.sm3", std::string(64, 'a'), true},
        {"materials.sm3", std::string(64, 'A'), false},
        {"data_version", "1", true},
        {"data_version", "0", false},
        {"data_version", "1000000", false},
        {"data_version", "01", false},
        {"data_version", "1.0", false},
        {"data_version", "1e3", false},
        {"materials.size_bytes", "9007199254740991", true},
        {"materials.size_bytes", "9007199254740992", false},
        {"materials.copies", "-0", false},
        {"materials.copies", "0", true},
        {"materials.copies", "-1", false},
        {"result.fee", "12.50", true},
        {"result.fee", "-0.5", true},
        {"result.fee", "12.505", false},
        {"result.fee", "123456789012345", false},
        {"result.fee", ".5", false},
        {"result.fee", "1,200", false},
        {"result.fee", "", false},
        {"result.fee", "1.", false},
        {"apply_time", "2020-02-29T23:59:59+08:00", true},
        {"apply_time", "2021-02-29T00:00:00+08:00", false},
        {"apply_time", "2020-02-29 23:59:59", false},
        {"result.cert_valid_to", "2030-12-31", true},
        {"result.cert_valid_to", "2030-02-30", false},
        {"result.cert_valid_to", "20301231", false},
        {"result.is_fee", "true", true},
        {"result.is_fee", "1", false},
        {"corrections.material_list", R"(["a","b\"]"])", true},
        {"corrections.material_list", "[]", true},
        {"corrections.material_list", "[1]", false},
        {"corrections.material_list", R"(["a")", false},
        {"corrections.material_list", R"(["a",])", false},
        {"corrections.material_list", R"(["a"]])", false},
    };
    for (const Sample& sample : samples)
        BOOST_TEST(ruleBrokenBy(field(sample.field), sample.text).empty() == sample.fits,
                   sample.field << " " << sample.text);
    BOOST_TEST(ruleBrokenBy(field("case_no"), fifty_han + "1") == "at most 50 characters");
    BOOST_TEST(ruleBrokenBy(field("operation"), "X") == "one of I, U, D");
}

BOOST_AUTO_TEST_SUITE_END()
