// gateway/formats/jsonpath/i_regexp.cpp - I-Regexp checked and rewritten for RE2: every literal becomes a code point,
// so that no character has a meaning there that it does not have here (`^` and `$` are plain characters in an
// I-Regexp).
#include "gateway/formats/jsonpath/i_regexp.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <optional>
#include <string>

#include "gateway/formats/text/utf8.hpp"

namespace caseway {

namespace {

constexpr int kMostDepth = 100;
constexpr std::size_t kMostPatternBytes = 64 * 1024;
constexpr std::int64_t kMostMemory = 4 * 1024 * 1024;
constexpr int kSmallProgram = 200;          ///< instructions of RE2: its automaton fits into the memory
constexpr std::uint64_t kWorkPerStep = 16;  ///< instructions looked at, of a large one
/// Categories but "other" (C); what none of them and no other C holds is unassigned (Cn), which RE2 has no name for.
constexpr std::string_view kNamed = "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Z}";
constexpr std::string_view kAssigned = "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Z}\\p{Cc}\\p{Cf}\\p{Co}";

bool isIn(std::string_view set, char c) {
    return c != '\0' && set.find(c) != set.npos;
}

class Translator {
public:
    explicit Translator(std::string_view pattern) : in_(pattern) {}

    std::optional<std::string> run() {
        if (!alternatives(0) || at_ != in_.size()) return std::nullopt;
        return std::move(out_);
    }

private:
    char peek() const { return at_ < in_.size() ? in_[at_] : '\0'; }
    bool more() const { return at_ < in_.size(); }
    bool take(char c) {
        if (!more() || in_[at_] != c) return false;
        ++at_;
        return true;
    }

    /// branch *( "|" branch )
    bool alternatives(int depth) {
        if (depth > kMostDepth) return false;
        while (true) {
            while (more() && peek() != '|' && peek() != ')') {
                if (!atom(depth) || !quantifier()) return false;
            }
            if (!take('|')) return true;
            out_ += '|';
        }
    }

    bool atom(int depth) {
        const char c = peek();
        if (c == '(') {
            ++at_;
            out_ += "(?:";
            if (!alternatives(depth + 1) || !take(')')) return false;
            out_ += ')';
            return true;
        }
        if (c == '.') {
            ++at_;
            out_ += "[^\\n\\r]";
            return true;
        }
        if (c == '[') return charClass();
        if (c == '\\') return isCategory() ? lonelyCategory() : literal();
        if (isIn("*+?)]{}|", c)) return false;
        if (c == '^' || c == '$') {
            // The grammar takes them for plain characters, the standard's own mappings (§5.3, §5.4) leave them anchors,
            // and so does every implementation that passes the JSONPath compliance suite.
            out_ += c;
            ++at_;
            return true;
        }
        return literal();
    }

    bool quantifier() {
        const char c = peek();
        if (isIn("*+?", c)) {
            out_ += c;
            ++at_;
            return true;
        }
        if (c != '{') return true;
        const std::size_t start = at_++;
        if (!digits()) return false;
        if (take(',') && peek() != '}' && !digits()) return false;
        if (!take('}')) return false;
        out_ += in_.substr(start, at_ - start);
        return true;
    }

    bool digits() {
        const std::size_t start = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return at_ != start;
    }

    bool literal() {
        char32_t point = 0;
        if (!character(point)) return false;
        append(point, out_);
        return true;
    }

    /// One character, maybe escaped (SingleCharEsc).
    bool character(char32_t& point) {
        if (!take('\\')) {
            point = nextCodePoint(in_, at_);
            return true;
        }
        const char c = peek();
        if (c == 'n' || c == 'r' || c == 't') {
            point = c == 'n' ? U'\n' : c == 'r' ? U'\r' : U'\t';
        } else if (isIn("()*+-.?[\\]^{|}", c)) {
            point = static_cast<char32_t>(c);
        } else {
            return false;
        }
        ++at_;
        return true;
    }

    static void append(char32_t point, std::string& out) {
        fmt::format_to(std::back_inserter(out), "\\x{{{:x}}}", static_cast<std::uint32_t>(point));
    }

    bool isCategory() const { return at_ + 1 < in_.size() && (in_[at_ + 1] == 'p' || in_[at_ + 1] == 'P'); }

    /// \p{..} or \P{..}: its name, or nothing.
    std::optional<std::string_view> category(bool& negative) {
        negative = in_[at_ + 1] == 'P';
        at_ += 2;
        if (!take('{')) return std::nullopt;
        const std::size_t start = at_;
        while (more() && peek() != '}') ++at_;
        const std::string_view name = in_.substr(start, at_ - start);
        if (!take('}') || name.empty() || name.size() > 2) return std::nullopt;
        if (name.size() == 1) return isIn("LMNPZSC", name[0]) ? std::optional(name) : std::nullopt;
        constexpr std::string_view kSecond[] = {"Llmotu", "Mcen", "Ndlo", "Pcdefios", "Zlps", "Sckmo", "Ccfno"};
        for (const std::string_view row : kSecond) {
            if (row[0] == name[0]) return isIn(row.substr(1), name[1]) ? std::optional(name) : std::nullopt;
        }
        return std::nullopt;
    }

    bool lonelyCategory() {
        bool negative = false;
        const auto name = category(negative);
        if (!name) return false;
        if (*name == "C" || *name == "Cn") {
            out_ += fmt::format("[{}{}]", negative ? "" : "^", *name == "C" ? kNamed : kAssigned);
        } else {
            out_ += fmt::format("\\{}{{{}}}", negative ? 'P' : 'p', *name);
        }
        return true;
    }

    /// Inside a class: what can stand there goes to `body`, the complement of a set beside the class goes to `beside`.
    bool categoryInClass(bool complement, std::string& body, std::string& beside) {
        bool negative = false;
        const auto name = category(negative);
        if (!name) return false;
        const bool all = *name == "C";
        if (!all && *name != "Cn") {
            body += fmt::format("\\{}{{{}}}", negative ? 'P' : 'p', *name);
        } else if (negative) {
            body += all ? kNamed : kAssigned;
        } else if (!complement) {
            beside += fmt::format("|[^{}]", all ? kNamed : kAssigned);
        } else if (all) {
            body += "\\p{C}";  // without the unassigned: RE2 cannot say "neither these nor those"
        }
        return true;
    }

    /// CCchar [ "-" CCchar ]
    bool range(std::string& body) {
        char32_t from = 0;
        if (!classCharacter(from)) return false;
        append(from, body);
        if (peek() != '-' || (at_ + 1 < in_.size() && in_[at_ + 1] == ']')) return true;
        ++at_;
        char32_t to = 0;
        if (!classCharacter(to) || to < from) return false;
        body += '-';
        append(to, body);
        return true;
    }

    bool classCharacter(char32_t& point) {
        if (!more() || isIn("-[]", peek()) || (peek() == '\\' && isCategory())) return false;
        return character(point);
    }

    bool charClass() {
        ++at_;
        const bool complement = peek() == '^' && !in_.substr(at_).starts_with("^]");
        if (complement) ++at_;
        std::string body;
        std::string beside;
        if (take('-')) body += "\\-";
        while (more() && peek() != ']') {
            if (peek() == '-') {
                if (in_.substr(at_).starts_with("-]") && (!body.empty() || !beside.empty())) {
                    ++at_;
                    body += "\\-";
                    break;
                }
                return false;
            }
            const bool is_category = peek() == '\\' && isCategory();
            if (is_category ? !categoryInClass(complement, body, beside) : !range(body)) return false;
            any_ = true;
        }
        const bool empty = body.empty() && beside.empty() && !any_;
        any_ = false;
        if (empty || !take(']')) return false;
        if (body.empty()) {
            out_ += complement ? fmt::format("[{}]", kAssigned) : fmt::format("(?:{})", beside.substr(1));
        } else {
            out_ += fmt::format("(?:[{}{}]{})", complement ? "^" : "", body, beside);
        }
        return true;
    }

    std::string_view in_;
    std::size_t at_ = 0;
    bool any_ = false;  ///< the class being read has an item that left no trace in its body
    std::string out_;
};

}  // namespace

IRegexp::IRegexp(std::unique_ptr<re2::RE2> regexp) : regexp_(std::move(regexp)) {}
IRegexp::~IRegexp() = default;

bool IRegexp::isPattern(std::string_view pattern) {
    return Translator(pattern).run().has_value();
}

std::unique_ptr<IRegexp> IRegexp::compile(std::string_view pattern) {
    if (pattern.size() > kMostPatternBytes) return nullptr;
    const std::optional<std::string> translated = Translator(pattern).run();
    if (!translated) return nullptr;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(kMostMemory);
    auto regexp = std::make_unique<re2::RE2>(*translated, options);
    if (!regexp->ok()) return nullptr;
    return std::unique_ptr<IRegexp>(new IRegexp(std::move(regexp)));
}

std::uint64_t IRegexp::stepsFor(std::size_t bytes) const {
    const int program = regexp_->ProgramSize();
    return program <= kSmallProgram ? bytes / kBytesPerStep
                                    : bytes * static_cast<std::uint64_t>(program) / kWorkPerStep;
}

bool IRegexp::matches(std::string_view text) const {
    return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *regexp_);
}

bool IRegexp::isFoundIn(std::string_view text) const {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regexp_);
}

}  // namespace caseway
