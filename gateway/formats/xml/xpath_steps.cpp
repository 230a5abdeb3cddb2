// gateway/formats/xml/xpath_steps.cpp - a walk over the tokens of an expression, path by path, that writes it anew.
#include "gateway/formats/xml/xpath_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "gateway/formats/xml/xpath_rewrite.hpp"
#include "gateway/formats/xml/xpath_tokens.hpp"

namespace caseway {
namespace {

using Kind = XPathToken::Kind;

constexpr std::string_view kAllBelow = "descendant-or-self::node()";

/// From different nodes these find different ones.
bool isDisjoint(std::string_view axis) {
    return axis == "child" || axis == "attribute" || axis == "self";
}

class StepWriter {
public:
    StepWriter(const std::string& expression, const std::function<std::size_t(const std::string&)>& number)
        : expression_(expression), tokens_(tokensOfXPath(expression)), number_(number) {}

    /// libxml2 reads a pattern in one walk that finds each node once.
    bool isNothingToDo() const {
        return isXPathPattern(tokens_) || std::any_of(tokens_.begin(), tokens_.end(), [](const XPathToken& token) {
                   return token.kind == Kind::Bad || (token.kind == Kind::Axis && token.text == "namespace");
               });
    }

    /// What stands between parentheses or brackets, or the whole expression.
    std::string contents() {
        std::string out;
        while (at_ < tokens_.size() && !sees(Kind::Close) && !sees(Kind::CloseBracket)) {
            const bool joins = sees(Kind::Operator) || sees(Kind::Comma);
            out += joins ? fmt::format(" {} ", take()) : path();
        }
        return out;
    }

private:
    /// A path so far.
    struct Walked {
        std::string text;
        bool is_single = true;  ///< it surely finds one node at most
    };
    struct Step {
        std::string text;
        std::string axis;
    };

    bool sees(Kind kind) const { return at_ < tokens_.size() && tokens_[at_].kind == kind; }
    bool seesStep() const {
        static constexpr std::array kKinds = {Kind::Name, Kind::NodeType, Kind::Axis,    Kind::Dot,
                                              Kind::At,   Kind::DotDot,   Kind::Wildcard};
        return at_ < tokens_.size() && std::find(kKinds.begin(), kKinds.end(), tokens_[at_].kind) != kKinds.end();
    }
    std::string_view take() { return tokens_[at_++].text; }

    std::string enclosed() {
        std::string out(take());
        out += contents();
        if (at_ < tokens_.size()) out += take();
        return out;
    }
    std::string predicates() {
        std::string out;
        while (sees(Kind::OpenBracket)) out += enclosed();
        return out;
    }

    Step step() {
        if (sees(Kind::Dot)) return {std::string(take()), "self"};
        if (sees(Kind::DotDot)) return {std::string(take()), "parent"};
        Step step{{}, "child"};
        if (sees(Kind::At)) {
            take();
            step.axis = "attribute";
        } else if (sees(Kind::Axis)) {
            step.axis = take();
        }
        if (step.axis != "child") step.text = step.axis + "::";
        const bool has_parentheses = sees(Kind::NodeType);
        step.text += take();
        if (has_parentheses) step.text += enclosed();
        step.text += predicates();
        return step;
    }

    /// A number, a text, a call, or an expression in parentheses.
    Walked primary() {
        Walked walked{{}, false};
        if (sees(Kind::Function)) walked.text = take();
        walked.text += sees(Kind::Open) ? enclosed() : std::string(take());
        walked.text += predicates();
        return walked;
    }

    std::string path() {
        Walked walked;
        if (!sees(Kind::Slash) && !sees(Kind::DoubleSlash)) {
            if (seesStep())
                add(walked, {}, step());
            else
                walked = primary();
        }
        while (sees(Kind::Slash) || sees(Kind::DoubleSlash)) {
            const std::string_view separator = take();
            if (!seesStep()) {
                walked.text += separator;  // the document
                break;
            }
            add(walked, separator, step());
        }
        return walked.text;
    }

    void add(Walked& walked, std::string_view separator, const Step& step) {
        const bool overlaps = !isDisjoint(step.axis);
        const bool goes_below = separator == "//";
        if (goes_below && overlaps) add(walked, "/", {std::string(kAllBelow), "descendant-or-self"});
        if (walked.is_single || (!overlaps && !goes_below))
            walked.text.append(goes_below && overlaps ? "/" : separator).append(step.text);
        else if (goes_below && !overlaps)
            walked.text = called(walked.text, fmt::format("{}/{}", kAllBelow, step.text));
        else
            walked.text = called(walked.text, step.text);
        walked.is_single = walked.is_single && !goes_below && (step.axis == "self" || step.axis == "parent");
    }

    std::string called(const std::string& path, const std::string& step) {
        return fmt::format("each-step({}, {})", path, number_(step));
    }

    const std::string& expression_;
    std::vector<XPathToken> tokens_;
    const std::function<std::size_t(const std::string&)>& number_;
    std::size_t at_ = 0;
};

}  // namespace

std::string withSteps(const std::string& expression, const std::function<std::size_t(const std::string&)>& number) {
    StepWriter writer(expression, number);
    return writer.isNothingToDo() ? expression : writer.contents();
}

}  // namespace caseway
