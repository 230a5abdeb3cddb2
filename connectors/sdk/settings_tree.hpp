// connectors/sdk/settings_tree.hpp - settings with objects in them (flat ones: settings.hpp), held against their own
// schema and then asked by name: what is absent has the schema's default, so that a default stands in one place.
// RapidJSON's schema validator stays behind.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/formats/json/document.hpp"

namespace caseway {

/// One object of the settings; copies are views of the same document.
class SettingsTree {
public:
    /// Throws ConnectorFault{Config, bad_setting}, `where` the JSON pointer, for what is no JSON or does not fit.
    static SettingsTree read(const std::string& json, const std::string& schema);

    bool has(std::string_view name) const;
    /// Of the members that are there, in their order.
    std::vector<std::string> names() const;
    /// The value, else the schema's default, else nothing ("", 0, false). A member of another type is a config fault.
    std::string text(std::string_view name) const;
    std::int64_t number(std::string_view name) const;
    double decimal(std::string_view name) const;
    bool flag(std::string_view name) const;
    std::vector<std::string> texts(std::string_view name) const;
    /// The object of that name; one without members where it is absent.
    SettingsTree in(std::string_view name) const;
    std::vector<SettingsTree> objects(std::string_view name) const;
    /// The value as JSON, names in order, numbers as they were written; `null` where it is absent.
    std::string json(std::string_view name) const;

    /// `/tls/key`: for faults.
    std::string pointer(std::string_view name) const;
    /// Throws ConnectorFault{Config, bad_setting} about that member.
    [[noreturn]] void refuse(std::string_view name, const std::string& message, const std::string& next_step) const;

private:
    struct Trees;
    const JsonValue* find(std::string_view name) const;
    const JsonValue* member(std::string_view name, JsonValue::Type type, const char* called) const;
    const JsonValue* schemaOf(std::string_view name) const;

    std::shared_ptr<const Trees> trees_;
    const JsonValue* value_ = nullptr;
    const JsonValue* schema_ = nullptr;
    std::string pointer_;
};

}  // namespace caseway
