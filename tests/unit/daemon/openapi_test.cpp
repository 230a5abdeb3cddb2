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
#include "gateway/register/operation.hpp"

using namespace caseway;

namespace {

struct Description {
    explicit Description(std::string_view document = openApiDocument())
        : root(parseJson(document, JsonLimits{}, tree)) {}

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

std::set<std::string> operationsInTable(bool of_admin) {
    std::set<std::string> names;
    for (const EndpointAddress& address : kEndpointTable)
        if ((address.listener == "admin") == of_admin) names.insert(nameOf(address));
    return names;
}

std::string fileOf(const char* name) {
    std::ifstream file(std::string(CASEWAY_SOURCE_DIR) + "/docs/formats/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Both documents, each with its part of the table.
struct Published {
    std::string_view document;
    bool of_admin;
};
const Published kPublished[] = {{openApiDocument(), false}, {adminOpenApiDocument(), true}};

/// The members of one operation as the document's schema has them: "system mappings[] …", sorted.
std::set<std::string> membersOf(const JsonValue& schema) {
    std::set<std::string> names;
    const JsonValue& properties = *schema.find("properties");
    for (std::uint32_t i = 0; i < properties.count; ++i) {
        const std::string name(properties.members[i].name);
        const JsonValue* type = properties.members[i].value.find("type");
        if (type == nullptr) continue;  // "operation", a constant
        const std::string_view form = type->text == "array"     ? "[]"
                                      : type->text == "object"  ? "{}"
                                      : type->text == "boolean" ? "?"
                                                                : "";
        names.insert(name + std::string(form));
    }
    return names;
}

std::set<std::string> wordsOf(std::string_view text) {
    std::set<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.emplace(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    words.erase("");
    return words;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(OpenApiDocument)

BOOST_AUTO_TEST_CASE(is_the_file_in_the_documents) {
    BOOST_TEST(!fileOf("openapi.json").empty());
    BOOST_TEST((fileOf("openapi.json") == openApiDocument()));
    BOOST_TEST((fileOf("admin-openapi.json") == adminOpenApiDocument()));
}

BOOST_AUTO_TEST_CASE(describes_every_endpoint_and_no_other) {
    for (const Published& published : kPublished) {
        std::set<std::string> described;
        Description(published.document).eachOperation([&](const std::string& name, const JsonValue&) {
            described.insert(name);
        });
        const std::set<std::string> served = operationsInTable(published.of_admin);
        BOOST_TEST(described == served, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(describes_every_operation_of_the_register_with_its_members) {
    const Description description(adminOpenApiDocument());
    const JsonValue& operation =
        *(*description.root)->find("components")->find("schemas")->find("Operation")->find("oneOf");
    BOOST_TEST_REQUIRE(operation.count == kOperationKinds.size());
    for (std::uint32_t i = 0; i < operation.count; ++i) {
        const OperationKind* kind = operationNamed(operation.items[i].find("title")->text);
        BOOST_REQUIRE(kind != nullptr);
        const std::string all = std::string(kind->required) + " " + std::string(kind->optional);
        BOOST_TEST((membersOf(operation.items[i]) == wordsOf(all)), kind->name);
        BOOST_TEST(operation.items[i].find("required")->count == wordsOf(kind->required).size() + 1, kind->name);
    }
}

BOOST_AUTO_TEST_CASE(declares_the_argument_of_each_path) {
    for (const Published& published : kPublished)
        Description(published.document).eachOperation([](const std::string& name, const JsonValue& operation) {
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
    for (const Published& published : kPublished)
        Description(published.document).eachOperation([&](const std::string& name, const JsonValue& operation) {
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
    BOOST_TEST(operationsInTable(false).size() + operationsInTable(true).size() == kEndpointTable.size());
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
