// tests/unit/xml/document_test.cpp - what parseXml takes and what it refuses.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "gateway/formats/xml/document.hpp"

namespace caseway {
namespace {

struct RefusedCase {
    const char* name;
    std::string bytes;
    const char* code;
};

std::string wide(int attributes, const char* form) {
    std::string text = "<a";
    for (int i = 0; i < attributes; ++i) text += " a" + std::to_string(i) + form;
    return text + "/>";
}

std::string nested(int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "<a>";
    for (int i = 0; i < depth; ++i) text += "</a>";
    return text;
}

/// So many empty elements, each with a name of its own.
std::string ofNames(int count) {
    std::string text = "<a>";
    for (int i = 0; i < count; ++i) text += "<b" + std::to_string(i) + "/>";
    return text + "</a>";
}

/// Little-endian, with its mark; of ASCII.
std::string utf16(std::string_view ascii) {
    std::string text = "\xFF\xFE";
    for (const char c : ascii) text += {c, '\0'};
    return text;
}

const std::vector<RefusedCase>& refusedCases() {
    static const std::vector<RefusedCase> cases = {
        {"empty", "", "malformed_xml"},
        {"only white space", " \n", "malformed_xml"},
        {"truncated", "<a><b>", "malformed_xml"},
        {"two roots", "<a/><b/>", "malformed_xml"},
        {"doctype", "<!DOCTYPE a><a/>", "doctype_forbidden"},
        {"doctype with external id", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "doctype_forbidden"},
        {"second byte order mark", "\xEF\xBB\xBF\xEF\xBB\xBF<a/>", "malformed_xml"},
        {"entity bomb", "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>", "doctype_forbidden"},
        {"unknown entity", "<a>&nbsp;</a>", "malformed_xml"},
        {"undeclared prefix", "<x:a/>", "malformed_xml"},
        {"duplicate attribute", "<a b=\"1\" b=\"2\"/>", "malformed_xml"},
        {"too deep", nested(201), "too_deep"},
        {"too many attributes", wide(513, "=''"), "too_wide"},
        {"a namespace of a long name", "<a xmlns:p='" + std::string(1025, 'n') + "'/>", "too_wide"},
        {"so many attributes that their check alone would hang", wide(500000, " = ''"), "too_wide"},
        {"so many names that looking them up would hang", ofNames(100'010), "too_wide"},
        {"not UTF-8", "<a>\xC4\xE3</a>", "wrong_encoding"},
        {"wrong mark", "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"GBK\"?><a/>", "wrong_encoding"},
        {"unknown label", "<?xml version=\"1.0\" encoding=\"no-such\"?><a/>", "wrong_encoding"},
        {"a mark of UTF-8, said to be UTF-16", "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
         "wrong_encoding"},
        {"a mark of UTF-16, said to be GBK", utf16("<?xml version=\"1.0\" encoding=\"GBK\"?><a/>"), "wrong_encoding"},
        {"a mark of UTF-16, said to be the other one", utf16("<?xml version=\"1.0\" encoding=\"UTF-16BE\"?><a/>"),
         "wrong_encoding"},
        {"ASCII by its word alone", "<?xml version=\"1.0\" encoding=\"us-ascii\"?><a>\xE5\xBC\xA0</a>",
         "wrong_encoding"},
        {"a declaration behind much space",
         "<?xml version=\"1.0\"" + std::string(300, ' ') + "encoding=\"GBK\"?><a>\xE5\xBC\xA0</a>", "wrong_encoding"},
        {"NUL inside", std::string("<a>\0</a>", 8), "malformed_xml"},
    };
    return cases;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(XmlParse)

BOOST_AUTO_TEST_CASE(takes_what_is_written_as_it_says) {
    for (const char* declaration : {"", "<?xml version=\"1.0\"?>", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
                                    "<?xml version=\"1.0\" encoding=\"utf-16le\"?>"})
        BOOST_TEST(parseXml(bytesOf(utf16(std::string(declaration) + "<a/>")), {}).ok(), declaration);
    BOOST_TEST(parseXml(bytesOf("<?xml version=\"1.0\" encoding=\"us-ascii\"?><a>a</a>"), {}).ok());
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_safe_document) {
    for (const RefusedCase& one : refusedCases()) {
        BOOST_TEST_CONTEXT(one.name) {
            const auto document = parseXml(bytesOf(one.bytes), {});
            BOOST_REQUIRE(!document.ok());
            BOOST_TEST(document.error().code == one.code);
        }
    }
}

BOOST_AUTO_TEST_CASE(takes_many_names) {
    BOOST_TEST(parseXml(bytesOf(ofNames(50'000)), {}).ok());
}

BOOST_AUTO_TEST_CASE(names_the_line_of_the_first_error) {
    const auto document = parseXml(bytesOf("<a>\n<b>\n</c>\n</a>"), {});
    BOOST_REQUIRE(!document.ok());
    BOOST_TEST(document.error().where == "line 3");
}

BOOST_AUTO_TEST_CASE(quotes_no_name_that_may_be_a_persons) {
    for (const std::string name : {"_350203199003070049", "x13800013800", "韦青禾"}) {
        for (const std::string& bytes :
             {"<" + name + "><b></" + name + ">", "<a>&" + name + ";</a>", "<" + name + ":a/>",
              "<a " + name + "='1' " + name + "='2'/>", "<a " + name + "/>", "<a><b></" + name + "></a>"}) {
            const auto document = parseXml(bytesOf(bytes), {});
            BOOST_TEST_REQUIRE(!document.ok(), bytes);
            BOOST_TEST(document.error().code == "malformed_xml");
            BOOST_TEST(document.error().rule.find(name) == std::string::npos, document.error().rule);
        }
    }
    const auto plain = parseXml(bytesOf("<a><case></other></a>"), {});
    BOOST_TEST(plain.error().rule.find("case") != std::string::npos, plain.error().rule);
}

BOOST_AUTO_TEST_CASE(takes_the_deepest_allowed_nesting) {
    const std::string text = nested(200);
    BOOST_TEST(parseXml(bytesOf(text), {}).ok());
}

BOOST_AUTO_TEST_CASE(refuses_a_document_over_its_size) {
    const auto document = parseXml(bytesOf("<a>12345678</a>"), {.document_bytes = 10, .depth = 200});
    BOOST_REQUIRE(!document.ok());
    BOOST_TEST(document.error().code == "too_large");
}

/// The bounds of libxml2 that docs/mapping-reference.md tells.
BOOST_AUTO_TEST_CASE(refuses_texts_attributes_and_names_beyond_the_parsers_bounds) {
    for (const std::size_t beyond : {0U, 1U}) {
        const std::string text(9'999'000 + beyond * 1001, 'k'), name(50'000 + beyond, 'k');
        for (const std::string& document : {"<a>" + text + "</a>", "<a v=\"" + text + "\"/>", "<" + name + "/>"}) {
            const auto read = parseXml(bytesOf(document), {.document_bytes = 20'000'000, .depth = 200});
            BOOST_TEST(read.ok() == (beyond == 0), document.substr(0, 6) << beyond);
            if (!read.ok()) BOOST_TEST(read.error().code == "malformed_xml");
        }
    }
}

BOOST_AUTO_TEST_CASE(reads_every_gb_label_as_gb18030) {
    for (const std::string label : {"gb2312", "GB2312", "gbk", "GBK", "cp936", "GB18030", "gb18030"}) {
        BOOST_TEST_CONTEXT(label) {
            const std::string text =
                "<?xml version=\"1.0\" encoding=\"" + label + "\"?><a>\xE9\x46\x95\x32\x82\x36</a>";
            BOOST_TEST(parseXml(bytesOf(text), {}).ok());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
