// gateway/adapters/plugin/manifest.cpp - one table of keys reads the manifest.
#include "gateway/adapters/plugin/manifest.hpp"

#include <connector_protocol/connector_constants.h>
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <sstream>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {
namespace {

constexpr std::size_t kFileBytesMax = 256 * 1024;

[[noreturn]] void bad(const std::string& where, const std::string& what, const std::string& next_step) {
    throw ConnectorFault(ConnectorFaultKind::System, {"connector_manifest_bad", where, what, next_step});
}

std::string readSmall(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(kFileBytesMax + 1, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    if (bytes.empty())
        bad(file.string(), "missing, empty or not readable", "`caseway connector new` shows a whole plug-in");
    if (bytes.size() > kFileBytesMax) bad(file.string(), "larger than 256 KiB", "make it smaller");
    if (utf8Prefix(bytes).valid != bytes.size()) bad(file.string(), "not UTF-8", "save it as UTF-8");
    return bytes;
}

/// A name of a folder, of a member: letters, digits, underscore.
bool isName(const std::string& text) {
    return !text.empty() && text.size() <= 60 && text.front() >= 'a' && text.front() <= 'z' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

/// Reads one value; what was expected where it does not fit, else nothing.
using ReadValue = std::function<std::string(PluginManifest&, const YAML::Node&)>;
struct Key {
    std::string name;
    bool required;
    ReadValue read;
};

ReadValue text(std::function<std::string(PluginManifest&, const std::string&)> take) {
    return [take](PluginManifest& manifest, const YAML::Node& node) {
        return node.IsScalar() ? take(manifest, node.Scalar()) : std::string("a text");
    };
}
template <class Access>
ReadValue number(std::uint64_t least, std::uint64_t most, Access access) {
    return text([=](PluginManifest& manifest, const std::string& value) {
        std::uint64_t found = 0;
        const auto end = std::from_chars(value.data(), value.data() + value.size(), found);
        if (end.ec != std::errc() || end.ptr != value.data() + value.size() || found < least || found > most)
            return fmt::format("a whole number from {} to {}", least, most);
        auto& target = access(manifest);
        target = static_cast<std::decay_t<decltype(target)>>(found);
        return std::string();
    });
}
template <class Access>
ReadValue flag(Access access) {
    return text([=](PluginManifest& manifest, const std::string& value) {
        access(manifest) = value == "true";
        return value == "true" || value == "false" ? std::string() : std::string("true or false");
    });
}

std::string readFolders(PluginManifest& manifest, const YAML::Node& node) {
    const std::string expected = "a list of members of the settings, e.g. [folder]";
    if (!node.IsSequence() || node.size() > 10) return expected;
    for (const YAML::Node& one : node) {
        if (!one.IsScalar() || !isName(one.Scalar())) return expected;
        manifest.folders.push_back(one.Scalar());
    }
    return {};
}

const std::vector<Key>& keys() {
    static const std::vector<Key> kKeys = {
        {"connector", true, text([](PluginManifest& m, const std::string& value) {
             m.spec.type = value;
             return isName(value) && value == m.folder.filename() ? std::string()
                                                                  : "the name of its folder, a-z, 0-9, _";
         })},
        {"version", true, text([](PluginManifest& m, const std::string& value) {
             m.spec.version = value;
             return value.empty() || value.size() > 30 ? std::string("a version such as 1.0.0") : std::string();
         })},
        {"title", true, text([](PluginManifest& m, const std::string& value) {
             m.spec.title = value;
             return value.empty() || value.size() > 200 ? std::string("one line, at most 200 bytes") : std::string();
         })},
        {"protocol", true,
         number(
             1, 1000, [](PluginManifest & m) -> auto& { return m.protocol; })},
        {"language", true, text([](PluginManifest& m, const std::string& value) {
             m.language = value == "python" ? PluginLanguage::Python
                          : value == "node" ? PluginLanguage::Node
                                            : PluginLanguage::Executable;
             return value == "python" || value == "node" || value == "executable"
                        ? std::string()
                        : std::string("python, node or executable");
         })},
        {"main", true, text([](PluginManifest& m, const std::string& value) {
             m.main = value;
             const bool plain = !value.empty() && value.size() <= 100 && value.find('/') == std::string::npos &&
                                value.front() != '.' && value.front() != '-';
             return plain ? std::string() : std::string("a file in the folder itself");
         })},
        {"reads", false, flag([](PluginManifest & m) -> auto& { return m.spec.reads; })},
        {"writes", false, flag([](PluginManifest & m) -> auto& { return m.spec.writes; })},
        {"network", false, flag([](PluginManifest & m) -> auto& { return m.network; })},
        {"folders", false, readFolders},
        {"memory_mib", false,
         number(
             32, 4096, [](PluginManifest & m) -> auto& { return m.limits.memory_mib; })},
        {"cpu_seconds", false,
         number(
             1, 3600, [](PluginManifest & m) -> auto& { return m.limits.cpu_seconds; })},
        {"open_files", false,
         number(
             16, 1024, [](PluginManifest & m) -> auto& { return m.limits.open_files; })},
        {"page_mib", false,
         number(
             1, 4096, [](PluginManifest & m) -> auto& { return m.limits.page_mib; })}};
    return kKeys;
}

std::vector<std::string_view> names() {
    std::vector<std::string_view> all;
    for (const Key& key : keys()) all.push_back(key.name);
    return all;
}

void readKeys(const YAML::Node& root, const std::string& file, PluginManifest& manifest) {
    if (!root.IsMap()) bad(file, "not a map of keys", "`caseway connector new` writes one");
    std::string first_place, told, first_step;
    const auto tell = [&](const std::string& place, const std::string& what, const std::string& next_step) {
        if (told.empty()) {
            first_place = place.empty() ? file : file + " " + place;
            first_step = next_step;
        }
        told += (told.empty() ? "" : "; " + (place.empty() ? "" : place + ": ")) + what;
    };
    for (const auto& member : root) {
        const std::string place = fmt::format("line {}", member.first.Mark().line + 1);
        const std::string name = member.first.Scalar();
        const auto key = std::find_if(keys().begin(), keys().end(), [&](const Key& one) { return one.name == name; });
        if (key == keys().end()) {
            tell(place, "unknown key '" + name + "'",
                 hintOfNearest(name, names(), fmt::format("known are {}", fmt::join(names(), ", "))));
            continue;
        }
        const std::string expected = key->read(manifest, member.second);
        if (!expected.empty()) tell(place, name + ": expected " + expected, "correct it");
    }
    for (const Key& key : keys())
        if (key.required && !root[key.name]) tell({}, "no key '" + std::string(key.name) + "'", "add it");
    if (!told.empty()) bad(first_place, told, first_step);
}

/// Where Debian's Node looks too, besides the plug-in's own node_modules.
constexpr std::string_view kNodePlaces[] = {"/usr/share/nodejs", "/usr/lib/nodejs"};

/// What its package.json names; without one the module that our own part of it needs.
std::vector<std::string> modulesOf(const std::filesystem::path& folder) {
    std::error_code ignored;
    const std::filesystem::path package = folder / "package.json";
    if (!std::filesystem::exists(package, ignored))
        return std::filesystem::exists(folder / "caseway_connector.js", ignored) ? std::vector<std::string>{"thrift"}
                                                                                 : std::vector<std::string>();
    JsonTree tree;
    const std::string text = readSmall(package);
    const auto parsed = parseJson(text, JsonLimits{}, tree);
    if (!parsed) bad(package.string() + " " + parsed.error().where, parsed.error().rule, parsed.error().hint);
    const JsonValue* const needed =
        (*parsed)->type == JsonValue::Type::Object ? (*parsed)->find("dependencies") : nullptr;
    std::vector<std::string> names;
    if (needed != nullptr && needed->type == JsonValue::Type::Object)
        for (std::uint32_t i = 0; i < needed->count; ++i) names.emplace_back(needed->members[i].name);
    return names;
}

/// One that brings all it needs in files of its own names none.
void mustHaveModules(const std::filesystem::path& folder, const std::string& file) {
    std::error_code ignored;
    std::string missing;
    for (const std::string& name : modulesOf(folder)) {
        bool is_there = std::filesystem::exists(folder / "node_modules" / name, ignored);
        for (const std::string_view place : kNodePlaces)
            is_there = is_there || std::filesystem::exists(std::filesystem::path(place) / name, ignored);
        if (!is_there) missing += (missing.empty() ? "" : ", ") + name;
    }
    if (missing.empty()) return;
    const bool has_package = std::filesystem::exists(folder / "package.json", ignored);
    bad(file, "modules that it needs are not there: " + missing,
        (has_package ? "npm ci in " + folder.string()
                     : "put the package.json of `caseway connector new --lang node` there, then npm install in " +
                           folder.string()) +
            "; without internet copy node_modules from where that was done");
}

/// What has to lie in the folder before anything can start.
void mustBeWhole(const PluginManifest& manifest, const std::string& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(manifest.folder / manifest.main, ignored))
        bad(file, "its main is not there: " + manifest.main,
            manifest.language == PluginLanguage::Executable ? "build it, or correct `main`"
                                                            : "put it there, or correct `main`");
    if (manifest.language == PluginLanguage::Node) mustHaveModules(manifest.folder, file);
}

}  // namespace

PluginManifest readPluginManifest(const std::filesystem::path& folder) {
    PluginManifest manifest;
    manifest.folder = folder;
    const std::string file = (folder / kManifestFile).string();
    try {
        manifest.text = readSmall(file);
        readKeys(YAML::Load(manifest.text), file, manifest);
    } catch (const YAML::Exception& error) {
        bad(fmt::format("{} line {}", file, error.mark.line + 1), error.msg, "correct the YAML");
    }
    if (const std::int32_t ours = plugin::g_connector_constants.PROTOCOL; manifest.protocol != ours)
        bad(file, fmt::format("it is written for protocol {}, the gateway speaks {}", manifest.protocol, ours),
            manifest.protocol > ours ? "install a release of it for this gateway, or a newer gateway"
                                     : "install a newer release of it, or bring it up to this protocol: "
                                       "docs/connectors/writing-a-plugin.md");
    if (!manifest.spec.reads && !manifest.spec.writes) bad(file, "neither reads nor writes", "set one of them to true");
    mustBeWhole(manifest, file);
    const std::filesystem::path schema = folder / kSchemaFile;
    manifest.spec.settings_schema = readSmall(schema);
    JsonTree tree;
    const auto parsed = parseJson(manifest.spec.settings_schema, JsonLimits{}, tree);
    if (!parsed) bad(schema.string() + " " + parsed.error().where, parsed.error().rule, parsed.error().hint);
    if ((*parsed)->type != JsonValue::Type::Object) bad(schema.string(), "not a JSON object", "write a JSON schema");
    return manifest;
}

}  // namespace caseway
