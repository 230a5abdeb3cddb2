// connectors/sdk/contract_settings.cpp - promises about the spec, the settings, check() and discover().
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "connectors/sdk/contract_session.hpp"

namespace caseway::contract {
namespace {

using rapidjson::Document;
using rapidjson::Value;

std::string written(const Value& value) {
    rapidjson::StringBuffer out;
    rapidjson::Writer<rapidjson::StringBuffer> writer(out);
    value.Accept(writer);
    return out.GetString();
}

bool isOf(const Value& value, const char* name, const char* text) {
    const auto member = value.FindMember(name);
    return member != value.MemberEnd() && member->value.IsString() && member->value.GetString() == std::string(text);
}

Document schemaOf(const Session& session) {
    Document schema;
    schema.Parse(session.subject.type.spec().settings_schema.c_str());
    if (schema.HasParseError() || !schema.IsObject()) throw Broken("settings_schema is not a JSON object");
    return schema;
}

std::string specIsComplete(const Session& session) {
    const ConnectorSpec& spec = session.subject.type.spec();
    const bool named = !spec.type.empty() &&
                       spec.type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
    if (!named) throw Broken(fmt::format("the type `{}` is no name of lower-case letters, digits, _ and -", spec.type));
    if (std::count(spec.version.begin(), spec.version.end(), '.') != 2)
        throw Broken(fmt::format("the version `{}` is not of the form 1.2.0", spec.version));
    if (spec.title.empty() || spec.title.find('\n') != std::string::npos) throw Broken("the title is not one line");
    if (!spec.reads && !spec.writes) throw Broken("it neither reads nor writes");
    return fmt::format("{} {}, {}", spec.type, spec.version,
                       !spec.writes ? "reads"
                       : spec.reads ? "reads and writes"
                                    : "writes");
}

std::string schemaIsOneClosedObject(const Session& session) {
    const Document schema = schemaOf(session);
    if (!isOf(schema, "type", "object")) throw Broken("the schema's type is not object");
    const auto more = schema.FindMember("additionalProperties");
    if (more == schema.MemberEnd() || !more->value.IsBool() || more->value.GetBool())
        throw Broken("the schema lets members through that it does not name");
    const auto members = schema.FindMember("properties");
    if (members == schema.MemberEnd() || !members->value.IsObject()) throw Broken("the schema has no properties");
    for (const auto& member : members->value.GetObject()) {
        if (!member.value.IsObject() || !member.value.HasMember("description"))
            throw Broken(fmt::format("the setting `{}` has no description", member.name.GetString()));
        const std::string name = member.name.GetString();
        const bool sounds_secret = name.find("password") != std::string::npos || name.find("secret") == 0;
        if (sounds_secret && !isOf(member.value, "format", "secret"))
            throw Broken(fmt::format("the setting `{}` is not marked \"format\":\"secret\"", name));
    }
    return fmt::format("{} settings", members->value.MemberCount());
}

/// Throws Broken unless open(), or check() after it, says that the settings are at fault.
void mustBeConfigFault(const Session& session, const std::string& settings, const std::string& what) {
    try {
        const auto connector = session.subject.type.open(settings, session.subject.surroundings);
        const std::vector<CheckStep> steps = connector->check();
        if (!steps.empty() && !steps.back().good) return;
    } catch (const ConnectorFault& fault) {
        if (fault.kind() != ConnectorFaultKind::Config) throw Broken(what + ": " + describe(fault));
        if (fault.parts().next_step.empty()) throw Broken(what + ": the fault has no next step: " + describe(fault));
        return;
    }
    throw Broken(what + " were taken");
}

std::string rubbishSettingsAreRefused(const Session& session) {
    for (const char* settings : {"", "no JSON", "[]", "null", "{\"a\":"})
        mustBeConfigFault(session, settings, fmt::format("the settings `{}`", settings));
    Document good;
    good.Parse(session.subject.settings.c_str());
    if (good.HasParseError() || !good.IsObject()) throw Broken("the good settings are no JSON object");
    const Document schema = schemaOf(session);
    std::size_t tried = 6;
    Document unknown;
    unknown.CopyFrom(good, unknown.GetAllocator());
    unknown.AddMember("no_such_setting", 1, unknown.GetAllocator());
    mustBeConfigFault(session, written(unknown), "settings with a member that the schema does not name");
    for (const auto& member : schema["properties"].GetObject()) {
        Document wrong;
        wrong.CopyFrom(good, wrong.GetAllocator());
        wrong.RemoveMember(member.name.GetString());
        // No setting is an object in an array in an array.
        Value rubbish(rapidjson::kArrayType);
        Value inner(rapidjson::kArrayType);
        inner.PushBack(Value(rapidjson::kObjectType), wrong.GetAllocator());
        rubbish.PushBack(inner, wrong.GetAllocator());
        wrong.AddMember(Value(member.name, wrong.GetAllocator()), rubbish, wrong.GetAllocator());
        mustBeConfigFault(session, written(wrong),
                          fmt::format("settings where `{}` has a wrong type", member.name.GetString()));
        ++tried;
    }
    return fmt::format("{} kinds of rubbish refused", tried);
}

std::string badSettingsAreRefused(const Session& session) {
    if (session.subject.bad_settings.empty()) throw NotTried("no bad settings were given");
    for (const auto& bad : session.subject.bad_settings)
        mustBeConfigFault(session, bad.settings, "the settings with " + bad.what);
    return fmt::format("{} refused", session.subject.bad_settings.size());
}

std::string checkIsGoodAndChangesNothing(const Session& session) {
    session.someSet(3);
    const std::string before = session.subject.other_side != nullptr ? session.subject.other_side->state() : "";
    const std::vector<CheckStep> steps = session.open()->check();
    if (steps.empty()) throw Broken("check() took no step");
    for (const CheckStep& step : steps) {
        if (step.name.empty()) throw Broken("a step of check() has no name");
        if (!step.good)
            throw Broken(fmt::format("the step `{}` was bad: {}; {}", step.name, step.detail, step.next_step));
    }
    if (session.subject.other_side != nullptr && session.subject.other_side->state() != before)
        throw Broken("check() changed something on the other side");
    return fmt::format("{} steps, the last `{}`", steps.size(), steps.back().name);
}

std::string discoverNamesWhatCanBeRead(const Session& session) {
    session.needSource();
    session.someSet(3);
    const std::string before = session.subject.other_side != nullptr ? session.subject.other_side->state() : "";
    const std::vector<SourceObject> objects = session.open()->discover();
    if (objects.size() > 1000) throw Broken(fmt::format("{} objects, at most 1,000 are shown", objects.size()));
    for (const SourceObject& object : objects)
        if (object.name.empty()) throw Broken("an object has no name");
    if (session.subject.other_side != nullptr && session.subject.other_side->state() != before)
        throw Broken("discover() changed something on the other side");
    return fmt::format("{} objects", objects.size());
}

}  // namespace

std::vector<Promise> settingsPromises() {
    return {
        {"the spec is complete", "fill ConnectorSpec: a type, a version of three numbers, a title, what it can do",
         specIsComplete},
        {"the schema of the settings is one closed object with descriptions",
         "\"type\":\"object\", \"additionalProperties\":false, a description for each member, \"format\":\"secret\" "
         "for "
         "secrets",
         schemaIsOneClosedObject},
        {"settings that are rubbish are a config fault", "check every member in open() before it is used",
         rubbishSettingsAreRefused},
        {"bad settings are a config fault", "throw ConnectorFault{Config} with the member and the next step",
         badSettingsAreRefused},
        {"check is good with good settings and changes nothing",
         "check() reads only; what it needs to prove by writing it does not prove", checkIsGoodAndChangesNothing},
        {"discover names what can be read and changes nothing", "at most 1,000 objects, each with a name",
         discoverNamesWhatCanBeRead},
    };
}

}  // namespace caseway::contract
