// gateway/daemon/secret_lookup.cpp - three places, each with a part for the department and one for all.
#include "gateway/daemon/secret_lookup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/daemon/opened_entries.hpp"

namespace caseway {
namespace {

Result<std::string> fromEnvironment(const Settings& settings, const std::string& department, const std::string& name) {
    const auto refused = [&](const char* code, std::string rule, std::string hint) {
        return Refusal{code, "secret", "env:" + name, std::move(rule), std::move(hint), {}};
    };
    const auto open = openedEntries("connectors.secret_variables", settings.connectors.secret_variables);
    const bool may = std::any_of(open.all.begin(), open.all.end(), [&](const OpenedEntry& entry) {
        return entry.isFor(department) && entry.text == name;
    });
    if (!may)
        return refused(
            "secret_not_allowed", "a variable that the center gives to the connectors of " + department,
            fmt::format("the center adds {}={} to connectors.secret_variables, if it is theirs", department, name));
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0')
        return refused("secret_unknown", "the gateway has no such variable",
                       "set it where the gateway is started, and start it anew");
    return std::string(value);
}

Result<std::string> fromFile(const Settings& settings, const std::string& department, const std::string& name) {
    if (settings.connectors.secret_files.empty())
        return Refusal{"secret_not_allowed",
                       "secret",
                       "file:" + name,
                       "no folder of secrets is configured",
                       "set connectors.secret_files, or use caseway secret set",
                       {}};
    const std::filesystem::path folder = settings.path(settings.connectors.secret_files);
    auto own = secretInFile(folder / department, name);
    if (own || own.error().code != "secret_unknown") return own;
    auto shared = secretInFile(folder / kAllDepartments, name);
    return shared || shared.error().code != "secret_unknown" ? std::move(shared) : std::move(own);
}

}  // namespace

SecretLookup secretLookup(const Settings& settings, const std::string& department) {
    return [&settings, department](const SecretReference& reference) -> Result<std::string> {
        switch (reference.place) {
            case SecretReference::Place::Environment:
                return fromEnvironment(settings, department, reference.name);
            case SecretReference::Place::File:
                return fromFile(settings, department, reference.name);
            case SecretReference::Place::Store:
                break;
        }
        const SecretFolder store(settings.data);
        const SecretId shared{std::string(kAllDepartments), reference.name};
        return store.get(store.has(shared) && !store.has({department, reference.name})
                             ? shared
                             : SecretId{department, reference.name});
    };
}

}  // namespace caseway
