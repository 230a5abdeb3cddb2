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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
