// tests/unit/daemon/masked_sample_test.cpp - what of a document is shown to somebody who gave no reason to see it.
#include "gateway/daemon/masked_sample.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/normalize/mapping_loader.hpp"

using namespace caseway;

namespace {

struct Case {
    const char *text, *shown;
};

// clang-format off
const Case kCases[] = {
    {R"j({"id": "110101199003074477", "s": "10", "n": 5})j", R"j({"id": "1***7 (18)", "s": "10", "n": 5})j"},
    {R"j({"a":null,"b":[true,false],"tel":13800138000})j", R"j({"a":null,"b":[true,false],"tel":1***0 (11)})j"},
    {R"j([{"name":"赵六","Name":"Zhao Liu"}])j", R"j([{"name":"*** (2)","Name":"Z***u (8)"}])j"},
    {R"j({"110101199003074477" : {"x":1}})j", R"j({"1***7 (18)" : {"x":1}})j"},
    {R"j([{"名称":"赵六"},{"名称":"赵七"}])j", R"j([{"名称":"*** (2)"},{"名称":"*** (2)"}])j"},
    {R"j([{"赵六":"a"},{"赵七":"b"}])j", R"j([{"*** (2)":"a"},{"*** (2)":"b"}])j"},
    // A name that stands in two records of six is no column's.
    {R"j([{"号":"a","赵六":"a"},{"号":"b","赵六":"b"},{"号":"c"},{"号":"d"},{"号":"e"},{"号":"f"}])j",
     R"j([{"号":"a","*** (2)":"a"},{"号":"b","*** (2)":"b"},{"号":"c"},{"号":"d"},{"号":"e"},{"号":"f"}])j"},
    {R"j([{"１３８００１３８０００":"a"},{"１３８００１３８０００":"b"}])j", R"j([{"１***０ (11)":"a"},{"１***０ (11)":"b"}])j"},
    {R"j([{"赵1":"a"},{"赵1":"b"}])j", R"j([{"*** (2)":"a"},{"*** (2)":"b"}])j"},
    {R"j({"a":"say \"Zhao\" now","b":1})j", R"j({"a":"s***w (16)","b":1})j"},
    {R"j([{"name":"Zha)j", R"j([{"name":"*** (3))j"},
    {R"j([{"name":"Zhao\)j", R"j([{"name":"Z***\ (5))j"},
    {R"j([{"na)j", R"j([{"*** (2))j"},
    {"<a><name>Zhao Liu</name><s>10</s></a>", "<a><name>Z***u (8)</name><s>10</s></a>"},
    {"<a name='Zhao Liu' s=\"10\"/>", "<a name='Z***u (8)' s=\"10\"/>"},
    {"<a>\n  <b>  Zhao\n  </b>\n</a>", "<a>\n  <b>  Z***o (4)\n  </b>\n</a>"},
    {"<a><!-- Zhao Liu --><![CDATA[Zhao <Liu>]]></a>", "<a><!-- Z***u (8) --><![CDATA[Z***> (10)]]></a>"},
    {"<a><name>Zhao Li", "<a><name>Z***i (7)"},
    {"<a name='Zhao Li", "<a name='Z***i (7)"},
    {"<a><![CDATA[Zhao", "<a><![CDATA[Z***o (4)"},
    {"<a 110101199003074477", "<a 1***7 (18)"},
    {"<?xml version=\"1.0\" encoding=\"GBK\"?><a>Zhao</a>", "<?xml version=\"1.0\" encoding=\"GBK\"?><a>Z***o (4)</a>"},
    {"<?xml version='1.0' 赵六?><a/>", "<?xml version='1.0' *** (2)?><a/>"},
    {"<办件><人 名='Zhao'/><人 名='Liu'/></办件>", "<*** (2)><人 名='Z***o (4)'/><人 名='*** (3)'/></*** (2)>"},
    {"<a><赵六/><赵七/></a>", "<a><*** (2)/><*** (2)/></a>"},
    {"<a 赵='<赵>' b='1'/><a b='赵 赵'/>", "<a *** (1)='*** (3)' b='1'/><a b='*** (3)'/>"},
    {"\xEF\xBB\xBF <a>Zhao</a>", " <a>Z***o (4)</a>"},
    {"name;tel\nZhao;13800138000\n", "n***e (4);*** (3)\nZ***o (4);1***0 (11)\n"},
    {"", ""},
};
// clang-format on

}  // namespace

BOOST_AUTO_TEST_SUITE(MaskedSamples)

BOOST_AUTO_TEST_CASE(show_the_form_and_no_value_that_may_be_somebodys) {
    for (const Case& one : kCases) BOOST_TEST(maskedSample(one.text) == one.shown);
}

BOOST_AUTO_TEST_CASE(show_no_name_wherever_a_document_breaks_off) {
    for (const Case& one : kCases) {
        const std::string_view text = one.text;
        for (std::size_t length = 0; length <= text.size(); ++length) {
            const std::string shown = maskedSample(text.substr(0, length));
            for (const char* const name : {"Zhao", "Liu", "11010119", "13800"})
                BOOST_TEST(shown.find(name) == std::string::npos, shown);
        }
    }
}

BOOST_AUTO_TEST_CASE(show_the_names_that_settings_and_mapping_speak_of_and_no_value) {
    constexpr const char* kSettings =
        "records: \"$.数据['办件.列表'][*]\"\ntotal: $.数据.总数1234567\npaths: [\"/办件库/x:办件\"]\n"
        "password: {secret: \"store:赵六\"}\n";
    std::vector<YamlMistake> mistakes;
    WrittenNames written;
    addNamesOf(readYaml(kSettings, mistakes).root, written);
    BOOST_TEST(mistakes.empty());
    const auto spec = loadMappingSpec(
        "mapping: a.b\nsource: {format: json, records: \"$.数据['办件.列表'][*]\"}\nfields:\n  source_case_no: 编号\n"
        "  address: {from: 地址.街道, when: {from: 类别, in: [赵七]}}\n",
        "mapping.yaml");
    BOOST_REQUIRE(spec.ok());
    addNamesOf(*spec, written);
    BOOST_TEST(
        maskedSample(
            R"j({"数据":{"总数1234567":1,"办件.列表":[{"编号":"赵六","地址":{"街道":"赵七"},"类别":"y","赵六":"z","赵七":1}]}})j",
            written) ==
        R"j({"数据":{"总数1234567":1,"办件.列表":[{"编号":"*** (2)","地址":{"街道":"*** (2)"},"类别":"y","*** (2)":"z","*** (2)":1}]}})j");
    BOOST_TEST(maskedSample("<办件库><x:办件 赵='数据'>数据</x:办件></办件库>", written) ==
               "<办件库><x:办件 *** (1)='*** (2)'>*** (2)</x:办件></办件库>");
}

BOOST_AUTO_TEST_SUITE_END()
