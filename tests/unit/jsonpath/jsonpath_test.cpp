// tests/unit/jsonpath/jsonpath_test.cpp - what the door promises beside the language: places of mistakes, bounds,
// simple steps, threads.
#include "gateway/formats/jsonpath/jsonpath.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

namespace caseway {
namespace {

/// "3 a closing quote…" → 3; npos where the query is valid.
std::size_t mistakeAt(std::string_view query) {
    const auto path = JsonPath::compile(query);
    return path ? std::string::npos : path.error().at;
}

std::string stepsOf(std::string_view query) {
    const auto steps = JsonPath::compile(query)->simpleSteps();
    if (!steps) return "none";
    std::string text;
    for (const SimpleStep& step : *steps) {
        if (step.kind == SimpleStep::Kind::Name) text += "/" + step.name;
        if (step.kind == SimpleStep::Kind::Index) text += "/#" + std::to_string(step.index);
        if (step.kind == SimpleStep::Kind::Wildcard) text += "/*";
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonPathDoor)

BOOST_AUTO_TEST_CASE(says_where_a_query_breaks) {
    BOOST_TEST(mistakeAt("$.a") == std::string::npos);
    BOOST_TEST(mistakeAt("") == 0U);
    BOOST_TEST(mistakeAt("a") == 0U);
    BOOST_TEST(mistakeAt("$.a ") == 3U);
    BOOST_TEST(mistakeAt("$.1") == 2U);
    BOOST_TEST(mistakeAt("$['a'") == 5U);
    BOOST_TEST(mistakeAt("$['a") == 2U);
    BOOST_TEST(mistakeAt("$[01]") == 2U);
    BOOST_TEST(mistakeAt("$['\\uD800']") == 3U);
    BOOST_TEST(mistakeAt("$[?@.a==]") == 8U);
    BOOST_TEST(mistakeAt("$[?@.*==1]") == 3U);
    BOOST_TEST(mistakeAt("$[?@.a && 1]") == 10U);
    BOOST_TEST(mistakeAt("$[?foo(@.a)]") == 3U);
    BOOST_TEST(mistakeAt("$[?length(@.*)==1]") == 10U);
    BOOST_TEST(mistakeAt("$.a\xFF") == 3U);
    BOOST_TEST(mistakeAt("$" + std::string(70'000, ' ') + ".a") == 65'536U);
    BOOST_TEST(!JsonPath::compile("$[?@.a==]").error().rule.empty());
}

BOOST_AUTO_TEST_CASE(gives_the_steps_of_a_path_that_can_be_streamed) {
    BOOST_TEST(stepsOf("$") == "");
    BOOST_TEST(stepsOf("$.a['b'][\"c\"]") == "/a/b/c");
    BOOST_TEST(stepsOf("$.a[*].b[0].*") == "/a/*/b/#0/*");
    for (const char* query : {"$..a", "$.a[-1]", "$.a[0:2]", "$.a['b','c']", "$.a[?@.b]", "$.a[*,*]"}) {
        BOOST_TEST(stepsOf(query) == "none");
    }
}

BOOST_AUTO_TEST_CASE(bounds_the_work_of_an_evaluation) {
    std::string json = "[";
    for (int i = 0; i < 1'000; ++i) json += (i != 0 ? "," : "") + std::to_string(i);
    json += "]";
    JsonTree tree;
    const JsonValue& root = **parseJson(json, {}, tree);
    std::vector<const JsonValue*> nodes;
    const auto all = JsonPath::compile("$[*]");
    BOOST_TEST(all->evaluate(root, nodes));
    BOOST_TEST(nodes.size() == 1'000U);
    nodes.clear();
    BOOST_TEST(!all->evaluate(root, nodes, 100));
    // Every item against every item against every item.
    nodes.clear();
    BOOST_TEST(!JsonPath::compile("$[?count($[?count($[*])>0])>0]")->evaluate(root, nodes, 1'000'000));
    BOOST_TEST(nodes.size() < 1'000U);
    BOOST_TEST(!JsonPath::compile("$[?$ == $]")->evaluate(root, nodes, 100'000));
    BOOST_TEST(!JsonPath::compile("$[?search($.x, $.y) || length($) == count($..*)]")->evaluate(root, nodes, 100'000));
}

BOOST_AUTO_TEST_CASE(charges_a_large_regular_expression_by_its_size) {
    const std::string json = "[\"" + std::string(64'000, 'a') + "\"]";
    JsonTree tree;
    const JsonValue& root = **parseJson(json, {}, tree);
    std::vector<const JsonValue*> nodes;
    BOOST_TEST(JsonPath::compile("$[?search(@, 'a{10}b')]")->evaluate(root, nodes, 2'000));
    BOOST_TEST(!JsonPath::compile("$[?search(@, 'a{1000}b')]")->evaluate(root, nodes, 1'000'000));
    BOOST_TEST(JsonPath::compile("$[?search(@, 'a{1000}b')]")->evaluate(root, nodes, 10'000'000));
}

BOOST_AUTO_TEST_CASE(bounds_the_depth_of_an_evaluation) {
    const std::string json = std::string(1'000, '[') + std::string(1'000, ']');
    JsonTree tree;
    const JsonValue& root = **parseJson(json, {.depth = 1'000}, tree);
    std::vector<const JsonValue*> nodes;
    BOOST_TEST(JsonPath::compile("$..*")->evaluate(root, nodes));
    BOOST_TEST(nodes.size() == 999U);
    nodes.clear();
    std::string chain;
    for (int i = 0; i < 900; ++i) chain += "[0]";
    std::string query = "@";
    for (int i = 0; i < 10; ++i) query = "$" + chain + "[?" + query + "]";
    BOOST_TEST(!JsonPath::compile(query)->evaluate(root, nodes));
    BOOST_TEST(JsonPath::compile("$" + chain + "[?$" + chain + "]")->evaluate(root, nodes));
    BOOST_TEST(!JsonPath::compile("$..[?$..[?$..[?$..[?$..[?$..x]]]]]")->evaluate(root, nodes, 100'000'000));
}

BOOST_AUTO_TEST_CASE(gives_nodes_of_the_tree_itself) {
    JsonTree tree;
    const JsonValue& root = **parseJson(R"({"a":[{"b":1},{"b":2}]})", {}, tree);
    std::vector<const JsonValue*> nodes;
    BOOST_TEST(JsonPath::compile("$.a[?@.b==2].b")->evaluate(root, nodes));
    BOOST_REQUIRE(nodes.size() == 1U);
    BOOST_TEST(*jsonPointer(root, *nodes.front()) == "/a/1/b");
}

BOOST_AUTO_TEST_CASE(is_evaluated_by_many_threads_at_once) {
    JsonTree tree;
    const JsonValue& root = **parseJson(R"([{"t":"ab","p":"a."},{"t":"xx","p":"x"},{"t":"b","p":"[ab]"}])", {}, tree);
    const auto path = JsonPath::compile("$[?match(@.t, @.p) && search(@.t, '[abx]')].t");
    std::vector<std::size_t> found(4);
    std::vector<std::thread> threads;
    for (std::size_t& count : found) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                std::vector<const JsonValue*> nodes;
                if (path->evaluate(root, nodes)) count += nodes.size();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::size_t count : found) BOOST_TEST(count == 400U);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace caseway
