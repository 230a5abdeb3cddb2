// gateway/formats/yaml/yaml_tree.cpp - the tree is built from events, so that no alias is ever expanded and no scalar
// interpreted.
#include "gateway/formats/yaml/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <initializer_list>
#include <sstream>
#include <unordered_set>

namespace caseway {
namespace {

constexpr std::size_t kMostDepth = 32;
constexpr std::size_t kMostMistakes = 100;
constexpr std::string_view kWideColon = "：";

class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(std::vector<YamlMistake>& mistakes) : mistakes_(mistakes) {}
    YamlNode take() { return std::move(root_); }
    /// After the text broke off. What a bracket opened and did not close may have swallowed anything, so it goes.
    YamlNode takeComplete() {
        for (; !frames_.empty();) {
            if (frames_.back().flow || (frames_.back().node.members.empty() && frames_.back().node.items.empty())) {
                frames_.pop_back();
            } else {
                close();
            }
        }
        return take();
    }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuseAnchor(mark, anchor);
        add(node(YamlNode::Kind::Null, mark));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        mistake(mark, "aliases are not taken", "write the value out, or use code_tables");
        add(node(YamlNode::Kind::Null, mark));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuseAnchor(mark, anchor);
        refuseTag(mark, tag);
        YamlNode made = node(YamlNode::Kind::Text, mark);
        made.text = value;
        made.quoted = tag == "!";
        add(std::move(made));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        open(YamlNode::Kind::List, mark, tag, anchor, style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        open(YamlNode::Kind::Map, mark, tag, anchor, style);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        YamlNode node;
        bool flow = false;  ///< in brackets
        bool has_key = false;
        std::string key{};
        int key_line = 0;
        std::unordered_set<std::string> seen{};
    };

    static YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) {
        YamlNode made;
        made.kind = kind;
        made.line = mark.line + 1;
        return made;
    }
    void mistake(const YAML::Mark& mark, std::string rule, std::string hint) {
        if (mistakes_.size() < kMostMistakes) mistakes_.push_back({mark.line + 1, std::move(rule), std::move(hint)});
    }
    void refuseAnchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0) mistake(mark, "anchors are not taken", "leave out the &name");
    }
    void refuseTag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!") mistake(mark, "tags are not taken", "leave out " + tag);
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              YAML::EmitterStyle::value style) {
        if (frames_.size() >= kMostDepth) throw YAML::ParserException(mark, "nested too deep");
        refuseAnchor(mark, anchor);
        refuseTag(mark, tag);
        frames_.push_back({node(kind, mark), style == YAML::EmitterStyle::Flow});
    }
    void close() {
        YamlNode closed = std::move(frames_.back().node);
        frames_.pop_back();
        add(std::move(closed));
    }
    void add(YamlNode made) {
        if (frames_.empty()) {
            root_ = std::move(made);
            return;
        }
        Frame& frame = frames_.back();
        if (frame.node.kind == YamlNode::Kind::List)
            frame.node.items.push_back(std::move(made));
        else if (!frame.has_key)
            takeKey(frame, made);
        else
            addMember(frame, std::move(made));
    }
    void takeKey(Frame& frame, const YamlNode& made) {
        frame.has_key = true;
        frame.key = made.text;
        frame.key_line = made.line;
        YAML::Mark mark;
        mark.line = made.line - 1;
        if (made.kind != YamlNode::Kind::Text) mistake(mark, "a key must be a text", "quote it, as in \"null\": …");
    }
    void addMember(Frame& frame, YamlNode made) {
        frame.has_key = false;
        if (frame.seen.insert(frame.key).second) {
            frame.node.members.push_back({frame.key, frame.key_line, std::move(made)});
            return;
        }
        YAML::Mark mark;
        mark.line = frame.key_line - 1;
        mistake(mark, "'" + frame.key + "' stands here twice", "keep one of them");
    }

    std::vector<YamlMistake>& mistakes_;
    std::vector<Frame> frames_;
    YamlNode root_;
};

bool holdsOneOf(std::string_view text, std::initializer_list<std::string_view> signs) {
    return std::any_of(signs.begin(), signs.end(),
                       [text](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

/// What is likely wrong in a line; empty where nothing shows.
std::string_view hintOfLine(std::string_view text) {
    if (holdsOneOf(text, {kWideColon}))
        return "a colon near here is full-width (全角冒号 ：): type : and a space behind it";
    if (text.substr(0, text.find_first_not_of(" \t")).find('\t') != std::string_view::npos)
        return "a tab stands before the text near here: YAML is indented with spaces alone";
    if (holdsOneOf(text, {"，", "“", "”", "｛", "｝", "［", "］"}))
        return "a sign near here is full-width (全角标点): type , \" { } [ ] in half width";
    if (holdsOneOf(text, {": @", ": %", ": *", ": &", ": !", ": `"}))
        return "a text that begins with @ % * & ! or ` must be quoted";
    if (text.find('{') != std::string_view::npos)
        return "inside { } a text that holds [ ] { } or , must be quoted, as in \"$.list[*]\"; mind that each { \" has "
               "its end";
    const std::size_t colon = text.find(": ");
    if (colon != std::string_view::npos && text.find(": ", colon + 2) != std::string_view::npos)
        return "a text that holds a colon and a blank must be quoted";
    return {};
}

/// What breaks a line is told of it, or of the one behind it.
std::string hintOf(std::string_view yaml, std::size_t line, std::string_view problem) {
    if (problem.find("anchor is not defined") != std::string_view::npos)
        return "a text that begins with * stands in quotes, such as \"*.xml\"";
    // Of a sign that begins no token the line is exact, of all else it may be the one behind the mistake.
    const bool is_exact = problem.find("unknown token") != std::string_view::npos;
    std::string_view hint;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= line && begin < yaml.size(); ++at) {
        const std::size_t end = std::min(yaml.find('\n', begin), yaml.size());
        if (at + (is_exact ? 0 : 1) >= line && hint.empty()) hint = hintOfLine(yaml.substr(begin, end - begin));
        begin = end + 1;
    }
    return std::string(hint.empty() ? "mind indentation (entries of one map begin in the same column) and quotes"
                                    : hint);
}

}  // namespace

YamlNode* YamlNode::find(std::string_view key) {
    for (YamlMember& member : members)
        if (member.key == key) return &member.value;
    return nullptr;
}

const YamlNode* YamlNode::find(std::string_view key) const {
    for (const YamlMember& member : members)
        if (member.key == key) return &member.value;
    return nullptr;
}

std::string_view hintOfLookAlike(std::string_view key) {
    if (key.find(kWideColon) != std::string_view::npos)
        return "its colon is full-width (全角冒号 ：): type : and a space behind it";
    const std::size_t colon = key.find(':');
    if (colon != std::string_view::npos && key.substr(colon, 3) != "://") return "a space must stand behind the colon";
    if (key.starts_with("\u3000") || key.starts_with("\u00A0"))
        return "a full-width or no-break space (全角空格) stands before it: YAML is indented with ordinary spaces";
    return {};
}

std::string_view nameBeforeLookAlike(std::string_view key) {
    return key.substr(0, std::min(key.find(kWideColon), key.find(':')));
}

std::string withPlainColons(std::string_view yaml, std::vector<int>& lines) {
    constexpr std::string_view kOfKey = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    std::string plain;
    for (int line = 1; !yaml.empty(); ++line) {
        const std::size_t end = std::min(yaml.find('\n'), yaml.size() - 1) + 1;
        const std::string_view text = yaml.substr(0, end);
        yaml.remove_prefix(end);
        std::size_t key = text.find_first_not_of(' ');
        if (key != text.npos && text.substr(key).starts_with("- ")) key = text.find_first_not_of(' ', key + 1);
        const std::size_t colon = key == text.npos ? text.npos : text.find_first_not_of(kOfKey, key);
        if (colon == text.npos || colon == key || !text.substr(colon).starts_with(kWideColon)) {
            plain += text;
            continue;
        }
        lines.push_back(line);
        plain += text.substr(0, colon);
        plain += ": ";
        plain += text.substr(colon + kWideColon.size());
    }
    return plain;
}

YamlFile readYaml(std::string_view yaml, std::vector<YamlMistake>& mistakes) {
    TreeBuilder builder(mistakes);
    std::istringstream text{std::string(yaml)};
    try {
        YAML::Parser parser(text);
        parser.HandleNextDocument(builder);
        YamlNode root = builder.take();
        TreeBuilder second(mistakes);
        if (parser.HandleNextDocument(second))
            mistakes.push_back({0, "one document a file", "leave out the second ---"});
        return {std::move(root), false};
    } catch (const YAML::Exception& problem) {
        mistakes.push_back({problem.mark.line + 1, "not YAML: " + problem.msg,
                            hintOf(yaml, static_cast<std::size_t>(problem.mark.line), problem.msg)});
    }
    return {builder.takeComplete(), true};
}

}  // namespace caseway
