// connectors/sdk/flat_settings.cpp - on RapidJSON.
#include "connectors/sdk/flat_settings.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <set>

#include "connectors/sdk/faults.hpp"

namespace caseway {
namespace {
constexpr std::size_t kTextBytesMost = 64 * 1024;
constexpr std::size_t kTextsMost = 100;
}  // namespace

struct FlatSettings::State {
    rapidjson::Document json;
    std::set<std::string> asked;

    const rapidjson::Value* find(const std::string& name) {
        asked.insert(name);
        const rapidjson::Document& read = json;
        const auto member = read.FindMember(name.c_str());
        return member == read.MemberEnd() ? nullptr : &member->value;
    }
};

void FlatSettings::bad(const std::string& name, const std::string& message, const std::string& next_step) {
    throw configFault("bad_setting", "/" + name, message, next_step);
}

FlatSettings::FlatSettings(const std::string& json) : state_(std::make_unique<State>()) {
    state_->json.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(json.c_str(),
                                                                                               json.size());
    if (state_->json.HasParseError() || !state_->json.IsObject())
        throw configFault("bad_setting", "", "the settings are no JSON object", "write them as one object of members");
}
FlatSettings::~FlatSettings() = default;
FlatSettings::FlatSettings(FlatSettings&&) noexcept = default;
FlatSettings& FlatSettings::operator=(FlatSettings&&) noexcept = default;

bool FlatSettings::has(const std::string& name) const {
    return state_->json.HasMember(name.c_str());
}

std::string FlatSettings::text(const std::string& name) {
    const rapidjson::Value* value = state_->find(name);
    if (value == nullptr) bad(name, "is missing", "give it");
    if (!value->IsString()) bad(name, "is no text", "write it as a text");
    std::string text(value->GetString(), value->GetStringLength());
    if (text.size() > kTextBytesMost || text.find('\0') != std::string::npos)
        bad(name, fmt::format("is longer than {} bytes, or has a NUL", kTextBytesMost), "shorten it");
    return text;
}

std::string FlatSettings::text(const std::string& name, const std::string& otherwise) {
    return has(name) ? text(name) : otherwise;
}

std::string FlatSettings::choice(const std::string& name, const std::string& otherwise,
                                 const std::vector<std::string>& known) {
    const std::string found = text(name, otherwise);
    if (std::find(known.begin(), known.end(), found) == known.end())
        bad(name, "is none of " + fmt::format("{}", fmt::join(known, ", ")), "take one of them");
    return found;
}

bool FlatSettings::flag(const std::string& name, bool otherwise) {
    const rapidjson::Value* value = state_->find(name);
    if (value != nullptr && !value->IsBool()) bad(name, "is neither true nor false", "write true or false");
    return value == nullptr ? otherwise : value->GetBool();
}

std::uint64_t FlatSettings::number(const std::string& name, std::uint64_t otherwise, std::uint64_t least,
                                   std::uint64_t most) {
    const rapidjson::Value* value = state_->find(name);
    if (value == nullptr) return otherwise;
    if (!value->IsUint64() || value->GetUint64() < least || value->GetUint64() > most)
        bad(name, fmt::format("is no whole number from {} to {}", least, most), "give one");
    return value->GetUint64();
}

std::vector<std::string> FlatSettings::texts(const std::string& name, const std::vector<std::string>& otherwise) {
    const rapidjson::Value* value = state_->find(name);
    if (value == nullptr) return otherwise;
    if (!value->IsArray() || value->Size() > kTextsMost)
        bad(name, fmt::format("is no list of at most {} texts", kTextsMost), "write [\"…\", \"…\"]");
    std::vector<std::string> texts;
    for (const auto& item : value->GetArray()) {
        if (!item.IsString() || item.GetStringLength() == 0 || item.GetStringLength() > kTextBytesMost)
            bad(name, "has an item that is no text, or an empty one", "write [\"…\", \"…\"]");
        texts.emplace_back(item.GetString(), item.GetStringLength());
    }
    return texts;
}

void FlatSettings::noMore() const {
    const rapidjson::Document& read = state_->json;
    for (const auto& member : read.GetObject()) {
        const std::string name(member.name.GetString(), member.name.GetStringLength());
        if (state_->asked.count(name) == 0)
            bad(name.substr(0, 100), "is no setting of this connector", "take it out, or see the connector's README");
    }
}

}  // namespace caseway
