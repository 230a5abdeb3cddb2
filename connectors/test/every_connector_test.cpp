// connectors/test/every_connector_test.cpp - what is told of each compiled-in connector is what it takes: the sample
// opens, and the README.md names every setting and the guarantee.
#include <yaml-cpp/yaml.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "connectors/registry.hpp"
#include "gateway/formats/json/document.hpp"

using namespace caseway;

namespace {

std::string fileOf(const ConnectorType& type, const std::string& name) {
    std::ifstream in(CASEWAY_SOURCE_DIR "/connectors/" + type.spec().type + "/" + name);
    BOOST_REQUIRE_MESSAGE(in.good(), type.spec().type << " has no " << name);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// YAML as JSON: a plain scalar that is a number or a truth value is one; a reference to a secret is its text.
std::string asJson(const YAML::Node& node) {
    std::string json;
    if (node.IsMap()) {
        if (node.size() == 1 && node["secret"]) return "\"hush\"";
        for (const auto& member : node) {
            json += json.empty() ? "{" : ",";
            appendJsonString(member.first.Scalar(), json);
            json += ":" + asJson(member.second);
        }
        return json.empty() ? "{}" : json + "}";
    }
    if (node.IsSequence()) {
        for (const auto& item : node) json += (json.empty() ? "[" : ",") + asJson(item);
        return json.empty() ? "[]" : json + "]";
    }
    JsonTree tree;
    const auto plain = parseJson(node.Scalar(), {}, tree);
    const bool is_plain = node.Tag() == "?" && plain.ok() &&
                          ((*plain)->type == JsonValue::Type::Number || (*plain)->type == JsonValue::Type::True ||
                           (*plain)->type == JsonValue::Type::False);
    if (is_plain) return node.Scalar();
    appendJsonString(node.Scalar(), json);
    return json;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(EveryConnector)

BOOST_AUTO_TEST_CASE(stands_in_the_order_of_names) {
    std::string before;
    for (const auto& type : compiledInConnectors()) {
        BOOST_TEST((before < type->spec().type), before << " stands before " << type->spec().type);
        before = type->spec().type;
    }
}

BOOST_AUTO_TEST_CASE(opens_its_sample) {
    for (const auto& type : compiledInConnectors()) {
        const YAML::Node sample = YAML::Load(fileOf(*type, "sample.yaml"));
        BOOST_TEST(sample["type"].Scalar() == type->spec().type);
        const std::string settings = asJson(sample["settings"]);
        try {
            type->open(settings, {});
        } catch (const ConnectorFault& fault) {
            BOOST_ERROR(type->spec().type << ": " << fault.parts().where << ": " << fault.what() << " in " << settings);
        }
    }
}

BOOST_AUTO_TEST_CASE(tells_its_settings_and_its_guarantee) {
    for (const auto& type : compiledInConnectors()) {
        std::string readme = fileOf(*type, "README.md");
        for (const char* part : {"## Delivery guarantee", "## Limits", "## Settings"})
            BOOST_TEST(readme.find(part) != std::string::npos, type->spec().type << ": no " << part);
        for (const auto& other : compiledInConnectors())  // what is the same there may be told there
            if (readme.find("](../" + other->spec().type + "/README.md") != std::string::npos)
                readme += fileOf(*other, "README.md");
        JsonTree tree;
        const auto schema = parseJson(type->spec().settings_schema, {}, tree);
        BOOST_REQUIRE(schema.ok());
        const JsonValue* properties = (*schema)->find("properties");
        BOOST_REQUIRE(properties != nullptr);
        for (std::uint32_t i = 0; i < properties->count; ++i) {
            const std::string name(properties->members[i].name);
            const bool told = readme.find("`" + name + "`") != std::string::npos ||
                              readme.find("`" + name + ".") != std::string::npos;
            BOOST_TEST(told, type->spec().type << ": README.md does not name `" << name << "`");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
