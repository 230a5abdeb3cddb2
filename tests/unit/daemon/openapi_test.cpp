// tests/unit/daemon/openapi_test.cpp - the published description and the table of endpoints say the same.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "gateway/daemon/endpoint_table.hpp"
#include "gateway/daemon/openapi_document.hpp"
#include "gateway/daemon/router.hpp"
#include "gateway/formats/json/document.hpp"

using namespace caseway;

namespace {

struct Description {
    Description() : root(parseJson(openApiDocument(), JsonLimits{}, tree)) {}

    /// Each operation as "GET /v1/cases", with its description.
    template <typename Action>
    void eachOperation(Action action) const {
        BOOST_REQUIRE(root.ok());
        const JsonValue* paths = (*root)->find("paths");
        BOOST_REQUIRE(paths != nullptr);
        for (std::uint32_t i = 0; i < paths->count; ++i) {
            const JsonValue& methods = paths->members[i].value;
            for (std::uint32_t m = 0; m < methods.count; ++m) {
                std::string method(methods.members[m].name);
                std::transform(method.begin(), method.end(), method.begin(), [](char c) { return c & ~0x20; });
                action(method + " " + std::string(paths->members[i].name), methods.members[m].value);
            }
        }
    }

    JsonTree tree;
    Result<const JsonValue*> root;
};

std::string nameOf(const EndpointAddress& address) {
    return std::string(address.method) + " " + std::string(address.pattern);
}

std::set<std::string> operationsInTable() {
    std::set<std::string> names;
    for (const EndpointAddress& address : kEndpointTable) names.insert(nameOf(address));
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(OpenApiDocument)

BOOST_AUTO_TEST_CASE(is_the_file_in_the_documents) {
    std::ifstream file(std::string(CASEWAY_SOURCE_DIR) + "/docs/formats/openapi.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    BOOST_TEST(!text.empty());
    BOOST_TEST((text == openApiDocument()));
}

BOOST_AUTO_TEST_CASE(describes_every_endpoint_and_no_other) {
    std::set<std::string> described;
    Description().eachOperation([&](const std::string& name, const JsonValue&) { described.insert(name); });
    const std::set<std::string> served = operationsInTable();
    BOOST_TEST(described == served, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(declares_the_argument_of_each_path) {
    Description().eachOperation([](const std::string& name, const JsonValue& operation) {
        std::set<std::string> braces, declared;
        const std::size_t begin = name.find('{'), end = name.find('}');
        if (begin != std::string::npos) braces.insert(name.substr(begin + 1, end - begin - 1));
        const JsonValue* parameters = operation.find("parameters");
        for (std::uint32_t i = 0; parameters != nullptr && i < parameters->count; ++i)
            if (parameters->items[i].find("in")->text == "path")
                declared.insert(std::string(parameters->items[i].find("name")->text));
        BOOST_TEST((braces == declared), name);
    });
}

BOOST_AUTO_TEST_CASE(gives_each_operation_a_name_of_its_own) {
    std::set<std::string> ids;
    std::size_t count = 0;
    Description().eachOperation([&](const std::string& name, const JsonValue& operation) {
        const JsonValue* id = operation.find("operationId");
        BOOST_TEST_REQUIRE((id != nullptr), name);
        ids.insert(std::string(id->text));
        ++count;
    });
    BOOST_TEST(ids.size() == count);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(EndpointTable)

BOOST_AUTO_TEST_CASE(names_each_address_once) {
    BOOST_TEST(operationsInTable().size() == kEndpointTable.size());
}

BOOST_AUTO_TEST_CASE(is_served_only_by_one_endpoint_for_each_address) {
    std::vector<Endpoint> endpoints;
    for (const EndpointAddress& address : kEndpointTable) endpoints.push_back({address, {}});
    BOOST_TEST(Router(endpoints).servesTheTable());
    std::vector<Endpoint> short_of_one(endpoints.begin(), endpoints.end() - 1);
    BOOST_TEST(!Router(short_of_one).servesTheTable());
    std::vector<Endpoint> twice = short_of_one;
    twice.push_back(twice.front());
    BOOST_TEST(!Router(twice).servesTheTable());
    std::vector<Endpoint> other = endpoints;
    other.push_back({{"public", "GET", "/other"}, {}});
    BOOST_TEST(!Router(other).servesTheTable());
}

BOOST_AUTO_TEST_SUITE_END()
