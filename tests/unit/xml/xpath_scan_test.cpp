// tests/unit/xml/xpath_scan_test.cpp - which expressions scanXPath takes: names and axes; syntax is libxml2's to judge.
#include <boost/test/unit_test.hpp>
#include <string>

#include "gateway/formats/xml/xpath_scan.hpp"

namespace caseway {

BOOST_AUTO_TEST_SUITE(XPathScanning)

/// A declaration that nothing uses can be added to a signed document: exclusive canonicalization leaves it out.
BOOST_AUTO_TEST_CASE(refuses_the_namespace_axis_wherever_it_stands) {
    for (const std::string expression :
         {"string(namespace::p)", "count(//namespace::*)", "a[namespace ::node()]/b", "concat('x', ../namespace::q)"}) {
        const auto scan = scanXPath(expression, {});
        BOOST_TEST_REQUIRE(!scan.ok(), expression);
        BOOST_TEST(scan.error().rule.find("namespace::") != std::string::npos);
        BOOST_TEST(!scan.error().hint.empty());
    }
    for (const std::string expression : {"namespace", "a/namespace/b", "'namespace::p'", "namespace-uri(a)"})
        BOOST_TEST(scanXPath(expression, {}).ok(), expression);
}

BOOST_AUTO_TEST_CASE(knows_what_its_paths_end_at) {
    const auto finds = [](const char* text) { return scanXPath(text, {})->finds_values; };
    for (const char* text : {"//@a", "/L/R/text()[1]", "/L/R | /L/@x", "(//@a)[2]", "/L/@*", "/L/attribute::node()",
                             "/L/R/comment()", "(/L/R | (/L/@x))", "/L/@x/.", "/L/R[@a]/@b"})
        BOOST_TEST(finds(text), text);
    for (const char* text : {"/L/R", "/L/R[@a]", "/L/R[text()]", "//@a/..", "(//@a)/parent::R", "/L/R[a | @b]", "/L/*",
                             "/L/R/text()/..", "/L/R[contains(@a, 'x')]", "/L/R/node()", "/L/descendant::R[last()]"})
        BOOST_TEST(!finds(text), text);
}

BOOST_AUTO_TEST_CASE(says_what_a_predicate_searches) {
    const auto why = [](const char* text) { return scanXPath(text, {})->costly; };
    for (const char* text : {"a[.//b]", "a[*//b]", "a[c//b]", "a[c[1]//b]"}) BOOST_TEST(why(text) == "", text);
    for (const char* text : {"a[//b]", "a[1 = //b]"})
        BOOST_TEST(why(text) == "a predicate searches the whole document with // for every node", text);
    BOOST_TEST(why("a[..//b]") == "a predicate searches around every node with //");
}

BOOST_AUTO_TEST_CASE(refuses_what_follows_an_attribute) {
    for (const char* text : {"R/@a/following::B", "@*/following::B", "R/@a[. = 1][2]/following::node()",
                             "attribute::a/following::B[1]", "x[@a/following::B]"})
        BOOST_TEST(!scanXPath(text, {}).ok(), text);
    for (const char* text : {"R[@a]/following::B", "R/@a/../following::B", "R/@a/preceding::B", "following::B",
                             "/following::B", "R[1]/following::B", "R/@a/following-sibling::B"})
        BOOST_TEST(scanXPath(text, {}).ok(), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
