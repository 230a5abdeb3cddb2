// gateway/daemon/connector_judge.cpp - one file, every mistake.
#include "gateway/daemon/connector_judge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/daemon/settings_judgement.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/settings/check_settings.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/sync/schedule_of.hpp"

namespace caseway {
namespace {

/// "draft.yaml:7"
std::string placeIn(const std::string& file, const ConnectorHead& head, std::string_view key) {
    return fmt::format("{}:{}", file, head.lineOf(key));
}

/// A part of a schedule as its place in the file. Lines of a calendar stand in a block below their key.
std::string placeOfPart(const std::string& file, const ConnectorHead& head, const std::string& part) {
    constexpr std::string_view kCalendar = "calendar, line ";
    int line = head.lineOf("schedule/" + part.substr(0, part.find_first_of(", ")));
    if (part.starts_with(kCalendar) && head.schedule->calendar.find('\n') != std::string::npos)
        line += std::stoi(part.substr(kCalendar.size()));
    return fmt::format("{}:{} /schedule/{}", file, line, part);
}

Refusal unknownType(const ConnectorTypes& types, const std::string& file, const std::string& type) {
    std::vector<std::string_view> known;
    for (const auto& [name, installed] : types.all()) known.push_back(name);
    return {"connector_type_unknown",
            file,
            type,
            "no connector of this type is installed",
            hintOfNearest(type, known, "caseway connector types lists them"),
            {}};
}

/// `/auth/kind` of "draft.yaml:7 /settings/auth/kind".
std::string pointerIn(const Refusal& mistake) {
    constexpr std::string_view kRoot = " /settings";
    const std::size_t at = mistake.where.find(kRoot);
    return at == std::string::npos ? std::string() : mistake.where.substr(at + kRoot.size());
}

enum class AskType { No, Yes };

std::vector<Refusal> judged(const ConnectorTypes& types, const std::string& file, std::string_view yaml,
                            const std::string& name, AskType asks) {
    std::vector<Refusal> mistakes;
    const ConnectorDocument document = readConnectorParts(file, yaml, mistakes);
    const ConnectorHead& head = document.head;
    const auto add = [&mistakes](std::vector<Refusal> more) {
        mistakes.insert(mistakes.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    };
    const InstalledType* const type = types.find(head.type);
    if (type == nullptr && !head.type.empty())
        mistakes.push_back(unknownType(types, placeIn(file, head, "type"), head.type));
    if (type != nullptr) {
        const bool is_pull = head.direction == ExchangeDirection::Pull;
        const ConnectorSpec& spec = type->type->spec();
        if (is_pull ? !spec.reads : !spec.writes)
            mistakes.push_back({"connector_not_good",
                                placeIn(file, head, head.lines.contains("direction") ? "direction" : "type"),
                                {},
                                fmt::format("{} cannot {}", head.type, is_pull ? "read" : "write"),
                                fmt::format("write direction: {}", is_pull ? "push" : "pull"),
                                {}});
        auto unfit = checkSettings(type->schema, document.settings, file, document.settings_line);
        if (asks == AskType::Yes) {
            std::vector<UnfitSetting> places;
            for (const Refusal& mistake : unfit)
                places.push_back({pointerIn(mistake), mistake.code == "setting_unknown"});
            auto said = judgeSettings(*type, document.settings, file, places);
            unfit.insert(unfit.end(), std::make_move_iterator(said.begin()), std::make_move_iterator(said.end()));
        }
        add(std::move(unfit));
    }
    if (head.schedule) {
        ConnectorSchedule written = *head.schedule;
        if (written.cron.empty()) written.cron = "0 0 * * *";  // that it is missing was told
        auto schedule = scheduleOf(written, name);
        if (!schedule)
            for (Refusal& mistake : schedule.error()) {
                mistake.where = placeOfPart(file, head, mistake.where);
                mistakes.push_back(std::move(mistake));
            }
    }
    return mistakes;
}

}  // namespace

std::vector<Refusal> judgeConnectorFile(const ConnectorTypes& types, const std::string& file, std::string_view yaml,
                                        const std::string& name) {
    return judged(types, file, yaml, name, AskType::Yes);
}

bool mayBearSecret(const ConnectorTypes& types, std::string_view yaml) {
    const auto mistakes = judged(types, "draft.yaml", yaml, "", AskType::No);
    return std::any_of(mistakes.begin(), mistakes.end(), [](const Refusal& mistake) {
        return mistake.code != "setting_missing" && mistake.where.find("/schedule/") == std::string::npos;
    });
}

bool mayBearSecret(const ConnectorTypes* types, std::string_view path, std::string_view text) {
    if (!path.starts_with("systems/") || path.find("/connectors/") == std::string_view::npos) return false;
    const bool is_draft = path.ends_with("/draft.yaml");
    const bool is_version = path.find("/versions/") != std::string_view::npos && !path.ends_with(".mapping.yaml");
    if (!is_draft && !is_version) return false;
    if (types == nullptr) return is_draft;
    if (!mayBearSecret(*types, text)) return false;
    std::vector<Refusal> mistakes;
    return is_draft || types->find(readConnectorParts("", text, mistakes).head.type) != nullptr;
}

std::string withoutSecret(const ConnectorTypes* types, std::string_view path, const std::string& text) {
    constexpr std::string_view kMark = "sha256:";
    constexpr std::size_t kSize = 64 + kMark.size();
    const bool is_digest = text.starts_with(kMark) && text.size() == kSize &&
                           text.find_first_not_of("0123456789abcdef", kMark.size()) == std::string::npos;
    if (is_digest || !mayBearSecret(types, path, text)) return text;
    return std::string(kMark) + toHex(sha256(text));
}

}  // namespace caseway
