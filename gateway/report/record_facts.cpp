// gateway/report/record_facts.cpp - a walk over the record by the table of its fields.
#include "gateway/report/record_facts.hpp"

#include <algorithm>

#include "gateway/domain/case_schema.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

class Walk {
public:
    Walk(Instant now, std::set<std::string>& codes, std::optional<Instant>& newest)
        : now_(now), codes_(codes), newest_(newest) {}

    void object(const JsonValue& object, Section section) {
        for (std::uint32_t i = 0; i < object.count; ++i) {
            const auto& [name, value] = object.members[i];
            const auto inner = section == Section::Case ? sectionNamed(name) : std::nullopt;
            if (inner && *inner != Section::Extra)
                nested(value, *inner);
            else if (value.type == JsonValue::Type::String)
                text(section, name, value.text);
        }
    }

private:
    void nested(const JsonValue& value, Section section) {
        if (value.type == JsonValue::Type::Object) return object(value, section);
        if (value.type != JsonValue::Type::Array) return;
        for (std::uint32_t i = 0; i < value.count; ++i)
            if (value.items[i].type == JsonValue::Type::Object) object(value.items[i], section);
    }

    void text(Section section, std::string_view name, std::string_view text) {
        const auto id = fieldNamed(section, name);
        if (!id) return;
        const FieldInfo& info = infoOf(*id);
        // Only what the schema lists: never a text that somebody typed.
        if (info.type == FieldType::Code && std::find(info.codes.begin(), info.codes.end(), text) != info.codes.end()) {
            const std::string_view prefix = nameOf(section);
            codes_.insert(std::string(prefix) + (prefix.empty() ? "" : ".") + std::string(name) + "=" +
                          std::string(text));
        } else if (info.type == FieldType::DateTime && name.find("due") == std::string_view::npos) {
            const auto at = parseRfc3339(text);
            if (at && *at <= now_ && (!newest_ || *at > *newest_)) newest_ = at;
        }
    }

    const Instant now_;
    std::set<std::string>& codes_;
    std::optional<Instant>& newest_;
};

}  // namespace

void addRecordFacts(std::string_view patch, Instant now, std::set<std::string>& codes, std::optional<Instant>& newest) {
    thread_local JsonTree tree;
    const auto root = parseJson(patch, JsonLimits{}, tree);
    if (root && (*root)->type == JsonValue::Type::Object) Walk(now, codes, newest).object(**root, Section::Case);
}

}  // namespace caseway
