// gateway/formats/register/connector_document.cpp - reading a connector's file, with all its mistakes. Its state:
// connector_state.cpp.
#include "gateway/formats/register/connector_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/register_document.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

using Kind = YamlNode::Kind;

class DocumentReader {
public:
    DocumentReader(const std::string& file, ConnectorDocument& document) : file_(file), document_(document) {}
    void read(const YamlNode& root);
    void tell(int line, std::string rule, std::string hint, std::string value = {}) {
        mistakes.push_back({"connector_not_good",
                            line > 0 ? fmt::format("{}:{}", file_, line) : file_,
                            std::move(value),
                            std::move(rule),
                            std::move(hint),
                            {}});
    }

    std::vector<Refusal> mistakes;

private:
    void tellValue(const YamlMember& member, std::string rule, std::string hint) {
        tell(member.value.line, std::move(rule), std::move(hint),
             member.value.text.empty() ? std::string() : masked(member.value.text));
    }
    bool holdsKeys(const YamlMember& member, std::string hint);
    void noteLines(const std::string& place, int line, const YamlNode& value);
    void readKey(const YamlMember& member);
    void readSchedule(const YamlMember& member);
    void readLimits(const YamlMember& member);
    void readReconcile(const YamlMember& member);
    void readMark(const YamlMember& member);
    std::string textOf(const YamlMember& member);
    std::vector<std::string> listOf(const YamlMember& member);
    std::uint64_t numberOf(const YamlMember& member, std::uint64_t least, std::uint64_t most, std::uint64_t otherwise);
    void unknown(const YamlMember& member, const std::vector<std::string_view>& known) {
        const std::string_view name = nameBeforeLookAlike(member.key), seen = hintOfLookAlike(member.key);
        tell(member.line, fmt::format("unknown key \"{}\"; known are {}", name, fmt::join(known, ", ")),
             !seen.empty() ? std::string(seen) : hintOfNearest(member.key, known, "correct the key, or take it out"));
    }

    const std::string& file_;
    ConnectorDocument& document_;
};

/// A text in their place may be one of them, with a colon that is none.
bool DocumentReader::holdsKeys(const YamlMember& member, std::string hint) {
    if (member.value.kind == Kind::Map) return true;
    const std::string_view seen = hintOfLookAlike(member.value.text);
    tell(seen.empty() ? member.line : member.value.line, member.key + " must hold keys and values",
         seen.empty() ? std::move(hint) : std::string(seen));
    return false;
}

/// Of each key and item but the settings', whose places their own check tells.
void DocumentReader::noteLines(const std::string& place, int line, const YamlNode& value) {
    document_.head.lines.emplace(place, line);
    if (place == "settings") return;
    for (const YamlMember& member : value.members) noteLines(place + "/" + member.key, member.line, member.value);
    for (std::size_t i = 0; i < value.items.size(); ++i)
        noteLines(fmt::format("{}/{}", place, i), value.items[i].line, value.items[i]);
}

std::string DocumentReader::textOf(const YamlMember& member) {
    if (member.value.kind == Kind::Text && !member.value.text.empty()) return member.value.text;
    tell(member.line, member.key + " must be a text", "write " + member.key + ": …");
    return {};
}

std::vector<std::string> DocumentReader::listOf(const YamlMember& member) {
    std::vector<std::string> texts;
    if (member.value.kind == Kind::List)
        for (const YamlNode& item : member.value.items) texts.push_back(item.text);
    else
        tell(member.line, member.key + " must be a list", "write " + member.key + ": [one, two]");
    return texts;
}

std::uint64_t DocumentReader::numberOf(const YamlMember& member, std::uint64_t least, std::uint64_t most,
                                       std::uint64_t otherwise) {
    std::uint64_t number = 0;
    const std::string& text = member.value.text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= least && number <= most) return number;
    tellValue(member, fmt::format("{} must be a whole number from {} to {}", member.key, least, most),
              fmt::format("write {}: {}", member.key, otherwise));
    return otherwise;
}

void DocumentReader::readSchedule(const YamlMember& member) {
    ConnectorSchedule& schedule = document_.head.schedule.emplace();
    if (!holdsKeys(member, "write cron: \"30 1 * * *\" below it")) return;
    for (const YamlMember& inner : member.value.members) {
        if (inner.key == "cron")
            schedule.cron = textOf(inner);
        else if (inner.key == "zone")
            schedule.zone = textOf(inner);
        else if (inner.key == "days")
            schedule.days = textOf(inner);
        else if (inner.key == "jitter")
            schedule.jitter = textOf(inner);
        else if (inner.key == "missed")
            schedule.missed = textOf(inner);
        else if (inner.key == "calendar")
            schedule.calendar = textOf(inner);
        else if (inner.key == "windows")
            schedule.windows = listOf(inner);
        else if (inner.key == "blackout")
            schedule.blackout = listOf(inner);
        else
            unknown(inner, {"cron", "zone", "windows", "days", "blackout", "calendar", "jitter", "missed"});
    }
    if (schedule.cron.empty()) tell(member.line, "schedule has no cron", "write cron: \"30 1 * * *\" below it");
}

void DocumentReader::readLimits(const YamlMember& member) {
    ConnectorLimits& limits = document_.head.limits;
    const bool says_nothing = member.value.kind == Kind::Null;  // all of it as comments
    if (says_nothing || !holdsKeys(member, "write page_records: 1000 below it")) return;
    for (const YamlMember& inner : member.value.members) {
        if (inner.key == "page_records")
            limits.page_records = static_cast<std::uint32_t>(numberOf(inner, 1, 100'000, 1000));
        else if (inner.key == "page_bytes")
            limits.page_bytes = numberOf(inner, 1024, 1ULL << 30, 16 << 20);
        else if (inner.key == "deadline_seconds")
            limits.deadline = std::chrono::seconds(numberOf(inner, 1, 600, 60));
        else if (inner.key == "attempts")
            limits.attempts = static_cast<std::uint32_t>(numberOf(inner, 1, 20, 6));
        else if (inner.key == "refused_percent")
            limits.refused_percent = static_cast<std::uint32_t>(numberOf(inner, 1, 100, 90));
        else
            unknown(inner, {"page_records", "page_bytes", "deadline_seconds", "attempts", "refused_percent"});
    }
}

void DocumentReader::readReconcile(const YamlMember& member) {
    ReconcileOrder& order = document_.head.reconcile;
    if (!holdsKeys(member, "write repair: both below it")) return;
    for (const YamlMember& inner : member.value.members) {
        if (inner.key == "repair") {
            const auto repair = parseRepair(textOf(inner));
            if (!repair)
                tellValue(inner, fmt::format("repair is one of {}", fmt::join(kRepairNames, ", ")),
                          "write repair: both");
            order.repair = repair.value_or(order.repair);
        } else if (inner.key == "vanished_at_most") {
            const auto share = Share::parse(textOf(inner));
            if (!share)
                tellValue(inner, "vanished_at_most is a share from 0% to 100%, with one decimal at most",
                          "write vanished_at_most: 5%");
            order.vanished_at_most = share.value_or(order.vanished_at_most);
        } else {
            unknown(inner, {"repair", "vanished_at_most"});
        }
    }
}

void DocumentReader::readMark(const YamlMember& member) {
    TestedMark& mark = document_.tested.emplace();
    for (const YamlMember& inner : member.value.members) {
        if (inner.key == "type_version")
            mark.type_version = textOf(inner);
        else if (inner.key == "digest")
            mark.digest = textOf(inner);
        else if (inner.key == "at")
            mark.at = textOf(inner);
        else
            unknown(inner, {"type_version", "digest", "at"});
    }
}

void DocumentReader::readKey(const YamlMember& member) {
    if (member.key == "type") {
        document_.head.type = textOf(member);
    } else if (member.key == "direction") {
        const std::string direction = textOf(member);
        document_.head.direction = direction == "push" ? ExchangeDirection::Push : ExchangeDirection::Pull;
        if (direction != "push" && direction != "pull" && !direction.empty())
            tellValue(member, "direction is pull or push", "write direction: pull");
    } else if (member.key == "mapping") {
        document_.head.mapping = textOf(member);
    } else if (member.key == "signature") {
        const std::string rule = textOf(member);
        document_.head.signature = rule == "required" ? SignatureRule::Required : SignatureRule::IfPresent;
        if (rule != "required" && rule != "if_present" && !rule.empty())
            tellValue(member, "signature is if_present or required", "write signature: if_present");
    } else if (member.key == "settings") {
        document_.settings = member.value;
        document_.settings_line = member.line;
    } else if (member.key == "schedule") {
        readSchedule(member);
    } else if (member.key == "limits") {
        readLimits(member);
    } else if (member.key == "reconcile") {
        readReconcile(member);
    } else if (member.key == "tested") {
        readMark(member);
    } else {
        unknown(member, {"type", "direction", "mapping", "settings", "signature", "schedule", "limits", "reconcile"});
    }
}

void DocumentReader::read(const YamlNode& root) {
    const std::string_view seen = hintOfLookAlike(root.text);
    if (root.kind != Kind::Map)
        return tell(std::max(root.line, 1), "must hold keys and values",
                    seen.empty() ? "caseway connector sample TYPE shows how" : std::string(seen));
    for (const YamlMember& member : root.members) {
        noteLines(member.key, member.line, member.value);
        readKey(member);
    }
    if (root.find("type") == nullptr) tell(1, "type is missing", "write type: …; caseway connector types lists them");
    if (root.find("mapping") == nullptr && document_.head.direction == ExchangeDirection::Pull)
        tell(1, "mapping is missing", "write mapping: NAME; caseway mapping list shows them");
}

/// Where the line `tested:` begins.
std::size_t placeOfMark(std::string_view yaml) {
    constexpr std::string_view kKey = "\ntested:";
    const std::size_t at = yaml.rfind(kKey);
    return at == std::string_view::npos ? yaml.size() : at + 1;
}

void appendForDigest(const YamlNode& node, std::string& out) {
    if (node.kind == Kind::Text) {
        out += node.quoted ? 'q' : 'p';
        appendJsonString(node.text, out);
    } else if (node.kind == Kind::List) {
        out += '[';
        for (const YamlNode& item : node.items) appendForDigest(item, out += ',');
        out += ']';
    } else if (node.kind == Kind::Map) {
        std::vector<const YamlMember*> members;
        for (const YamlMember& member : node.members) members.push_back(&member);
        std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
        out += '{';
        for (const YamlMember* member : members) {
            appendJsonString(member->key, out += ',');
            appendForDigest(member->value, out += ':');
        }
        out += '}';
    } else {
        out += '~';
    }
}

/// A full-width colon breaks a document off, and is told; with plain ones the rest of its mistakes can be told too.
void readBehindColons(std::string_view yaml, YamlFile& read, std::vector<YamlMistake>& broken) {
    std::vector<int> lines;
    const std::string plain = withPlainColons(yaml, lines);
    if (lines.empty()) return;
    std::vector<YamlMistake> further;
    YamlFile whole = readYaml(plain, further);
    if (whole.cut) return;
    broken.clear();
    for (const int line : lines)
        broken.push_back({line, "the colon of this key is full-width", std::string(hintOfLookAlike("\uFF1A"))});
    broken.insert(broken.end(), std::make_move_iterator(further.begin()), std::make_move_iterator(further.end()));
    read = std::move(whole);
}

}  // namespace

ConnectorDocument readConnectorParts(const std::string& file, std::string_view yaml, std::vector<Refusal>& mistakes) {
    ConnectorDocument document;
    DocumentReader reader(file, document);
    if (isUtf8(yaml)) {
        std::vector<YamlMistake> broken;
        YamlFile read = readYaml(yaml, broken);
        if (read.cut) readBehindColons(yaml, read, broken);
        for (YamlMistake& mistake : broken) reader.tell(mistake.line, std::move(mistake.rule), std::move(mistake.hint));
        if (!read.cut) reader.read(read.root);
    } else {
        reader.tell(0, "is not UTF-8", "save it as UTF-8, not as ANSI or GBK");
    }
    document.mark_at = document.tested ? placeOfMark(yaml) : yaml.size();
    mistakes.insert(mistakes.end(), std::make_move_iterator(reader.mistakes.begin()),
                    std::make_move_iterator(reader.mistakes.end()));
    return document;
}

Result<ConnectorDocument, std::vector<Refusal>> readConnectorDocument(const std::string& file, std::string_view yaml) {
    std::vector<Refusal> mistakes;
    ConnectorDocument document = readConnectorParts(file, yaml, mistakes);
    if (!mistakes.empty()) return mistakes;
    return document;
}

std::string textForDigest(const YamlNode& node) {
    std::string text;
    appendForDigest(node, text);
    return text;
}

std::string versionFileName(int version) {
    return fmt::format("{:04}", version);
}

std::string connectorDigest(const ConnectorDocument& document, std::string_view mapping,
                            std::string_view type_version) {
    std::string text = "caseway connector 1\n";
    for (const std::string_view part : {std::string_view(document.head.type), type_version,
                                        nameOf(document.head.direction), std::string_view(document.head.mapping)})
        appendJsonString(part, text);
    text += toHex(sha256(mapping).bytes);
    appendForDigest(document.settings, text);
    if (document.head.signature == SignatureRule::Required) text += "signature: required";  // none: as it ever was
    return toHex(sha256(text).bytes);
}

Refusal joined(std::vector<Refusal> mistakes) {
    Refusal first = std::move(mistakes.front());
    first.also.assign(std::make_move_iterator(mistakes.begin() + 1), std::make_move_iterator(mistakes.end()));
    return first;
}

std::string connectorSample(const std::string& type, const std::string& title, bool reads,
                            const std::string& settings) {
    return fmt::format(
        "# {}\n# Fill in, then: caseway connector add DEPARTMENT/SYSTEM/NAME FILE\ntype: {}\ndirection: "
        "{}\n{}settings:{}\n{}"
        "# When it runs (caseway sync preview EXPRESSION shows the next runs)\n# schedule:\n#   cron: \"30 1 * * *\"\n"
        "#   zone: Asia/Shanghai\n#   windows: [\"22:00-06:00\"]\n#   jitter: 10m\n#   missed: once\n"
        "# limits:\n#   page_records: 1000\n#   page_bytes: 16777216\n#   deadline_seconds: 60\n"
        "#   attempts: 6\n#   refused_percent: 90\n{}",
        title, type, reads ? "pull" : "push",
        reads ? "# The mapping that makes records of what is read: caseway mapping list\nmapping: NAME\n"
                "# What bears no signature of the department is refused: signature: required\n"
                "# signature: if_present\n"
              : "",
        settings.empty() ? " {}" : "", settings,
        reads ? "# What caseway sync run --reconcile may put right by itself, and how many cases it may mark as "
                "vanished\n"
                "# reconcile:\n#   repair: both\n#   vanished_at_most: 5%\n"
              : "");
}

}  // namespace caseway
