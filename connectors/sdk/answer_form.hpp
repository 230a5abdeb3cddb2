// connectors/sdk/answer_form.hpp - an answer in JSON or in XML as the few questions that a connector has about it.
// Private to answer_reader.cpp and the two forms.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/sdk/answer_reader.hpp"
#include "gateway/base/result.hpp"

namespace caseway {

struct AnswerExpressions {
    std::string records, total, success, message, next, time;
    std::vector<std::pair<std::string, std::string>> namespaces{};
    bool compares_pages = false;  ///< AnswerFacts::columns are wanted
};
enum class AnswerQuestion { Total, Success, Message, Next };

/// Expressions that are compiled once, and the document that was looked at last.
class AnswerForm {
public:
    virtual ~AnswerForm() = default;
    /// True where an empty list can be told from none: `records` ends in a step that can be taken off.
    virtual bool knowsList() const = 0;
    /// `utf8`: of the largest answer. Refusal: it is no document of this form.
    virtual Result<Done> look(std::string_view utf8) = 0;
    /// Of a document that was looked at. The place where the records stand is there.
    virtual bool hasList() = 0;
    /// Text or number; nothing where there is none, or null.
    virtual std::optional<std::string> text(AnswerQuestion question) = 0;
    /// That it failed, in the words that services use whatever they are asked ("code":500, "success":false), where
    /// nobody said where it would stand; empty where it says nothing of the kind. `may_be_end`: an empty list may be
    /// what stands behind the last page.
    virtual std::string saidFailure(bool /*may_be_end*/) { return {}; }
    /// Count, digest, times and fields; columns where pages are compared, unless it is the last one: `next` is there.
    virtual void describeRecords(AnswerFacts& facts) = 0;
};

/// Called where an expression is none: setting, what is wrong with it. Does not return.
using RefuseExpression = std::function<void(const char* setting, const std::string& why)>;

std::unique_ptr<AnswerForm> makeJsonForm(const AnswerExpressions& expressions, const RefuseExpression& refuse);
std::unique_ptr<AnswerForm> makeXmlForm(const AnswerExpressions& expressions, const RefuseExpression& refuse);

/// 32 hex digits of SHA-256.
std::string shortDigest(std::string_view text);

}  // namespace caseway
