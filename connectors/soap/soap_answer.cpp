// connectors/soap/soap_answer.cpp - one pass of events over the envelope finds the element; then it is cut out.
#include "connectors/soap/soap_answer.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "connectors/soap/element_cut.hpp"
#include "gateway/formats/xml/events.hpp"

namespace caseway {
namespace {

constexpr std::size_t kDepthMax = 200;
constexpr std::string_view kSignature = "http://www.w3.org/2000/09/xmldsig#";

std::string_view viewOf(XmlChars text) {
    return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

class EnvelopeReader final : public XmlHandler {
public:
    EnvelopeReader(SoapVersion version, const SoapPayloadRule& rule) : envelope_(namespaceOf(version)), rule_(rule) {}

    void begin(XmlNames&) override {}

    bool start(const XmlStart& start) override {
        const std::string_view name = viewOf(start.local), uri = viewOf(start.uri);
        path_.emplace_back(name);
        const std::size_t depth = path_.size();
        if (depth == 1) is_soap_ = name == "Envelope" && uri == envelope_;
        if (!is_soap_) return false;
        if (depth == 4 && path_[1] == "Header" && path_[2] == "Security" && name == "Signature" && uri == kSignature)
            is_signed_ = true;
        if (depth == 2) in_body_ = name == "Body" && uri == envelope_;
        if (depth == 3 && in_body_ && name == "Fault" && uri == envelope_) fault_.emplace();
        if (payload_depth_ != 0) ++elements_inside_;
        if (!fault_ && in_body_ && depth >= 3 && payload_depth_ == 0 && isPayload(depth, name, uri)) {
            if (found_) return is_single_ = false;
            found_ = true;
            payload_depth_ = depth;
            ordinal_ = elements_;
            noteScope(start);
        }
        for (const XmlNamespace& one : start.namespaces)
            scope_.push_back({depth, std::string(viewOf(one.prefix)), std::string(viewOf(one.uri))});
        ++elements_;
        return true;
    }

    bool text(std::string_view piece) override {
        if (fault_) return faultText(piece);
        if (payload_depth_ != 0 && rule_.is_text) text_ += piece;
        return true;
    }

    bool end() override {
        if (path_.size() == payload_depth_) payload_depth_ = 0;
        while (!scope_.empty() && scope_.back().depth == path_.size()) scope_.pop_back();
        path_.pop_back();
        return true;
    }

    Result<SoapAnswer> answer(std::string_view utf8) {
        if (!is_soap_) return Refusal{"not_soap", "line 1", {}, "an Envelope of the configured version of SOAP", {}};
        if (!is_single_)
            return Refusal{"payload_not_single",
                           rule_.name,
                           {},
                           "one element of this name in the body: the others would be lost",
                           rule_.is_text
                               ? "a page is one document: ask the department for one text that holds the whole "
                                 "list, or for elements instead of texts (then `payload.name` is the element "
                                 "around them, with `content: element`)"
                               : "set `payload.name` to the element around them, with `content: element`"};
        if (fault_) {
            const std::size_t colon = fault_->code.rfind(':');
            fault_->code = fault_->code.substr(colon == std::string::npos ? 0 : colon + 1);
            return SoapAnswer{*fault_, {}, is_signed_};
        }
        if (!found_) return Refusal{"payload_missing", rule_.name, {}, "the payload's element in the body", {}};
        if (!rule_.is_text) return SoapAnswer{{}, cutElement(utf8, ordinal_, declare_), is_signed_};
        if (elements_inside_ != 0)
            return Refusal{"payload_has_elements",
                           rule_.name,
                           {},
                           "a text that is a document",
                           "set `payload.content` to element"};
        const std::size_t begin = text_.find_first_not_of(" \t\r\n");
        return SoapAnswer{{}, begin == std::string::npos ? std::string() : text_.substr(begin), is_signed_};
    }

private:
    struct Declared {
        std::size_t depth;
        std::string prefix, uri;
    };

    bool isPayload(std::size_t depth, std::string_view name, std::string_view uri) const {
        return rule_.name.empty() ? depth == 3 : name == rule_.name && uri == rule_.name_space;
    }
    /// The namespaces around the element that it does not declare itself, the innermost of each prefix.
    void noteScope(const XmlStart& start) {
        for (auto one = scope_.rbegin(); one != scope_.rend(); ++one) {
            const bool own = std::any_of(start.namespaces.begin(), start.namespaces.end(),
                                         [&](const XmlNamespace& ns) { return viewOf(ns.prefix) == one->prefix; });
            const bool known = std::any_of(declare_.begin(), declare_.end(),
                                           [&](const auto& given) { return given.first == one->prefix; });
            if (!own && !known) declare_.emplace_back(one->prefix, one->uri);
        }
        // xmlns="" inside a default namespace needs no line of its own at the top of a document.
        std::erase_if(declare_, [](const auto& given) { return given.second.empty(); });
    }
    bool faultText(std::string_view piece) {
        constexpr std::size_t kMost = 1000;
        const std::size_t depth = path_.size();
        const bool code =
            (depth == 4 && path_[3] == "faultcode") || (depth == 5 && path_[3] == "Code" && path_[4] == "Value");
        const bool reason =
            (depth == 4 && path_[3] == "faultstring") || (depth == 5 && path_[3] == "Reason" && path_[4] == "Text");
        std::string& to = code ? fault_->code : fault_->reason;
        if ((code || reason) && to.size() < kMost) to += piece.substr(0, kMost);
        return true;
    }

    std::string_view envelope_;
    const SoapPayloadRule& rule_;
    std::vector<std::string> path_;
    std::vector<Declared> scope_;
    bool is_soap_ = false, in_body_ = false, found_ = false, is_single_ = true, is_signed_ = false;
    std::optional<SoapFault> fault_;
    std::size_t payload_depth_ = 0;
    std::uint64_t elements_ = 0, ordinal_ = 0, elements_inside_ = 0;
    NamespacesInScope declare_;
    std::string text_;
};

}  // namespace

bool SoapFault::blamesSender() const {
    static constexpr std::string_view kSenders[] = {"Client",
                                                    "Sender",
                                                    "VersionMismatch",
                                                    "MustUnderstand",
                                                    "DataEncodingUnknown",
                                                    "FailedAuthentication",
                                                    "InvalidSecurityToken",
                                                    "InvalidSecurity"};
    const std::string_view first = std::string_view(code).substr(0, code.find('.'));
    return std::find(std::begin(kSenders), std::end(kSenders), first) != std::end(kSenders);
}

Result<SoapAnswer> readSoapAnswer(std::string_view utf8, SoapVersion version, const SoapPayloadRule& rule) {
    EnvelopeReader reader(version, rule);
    MemorySource source(utf8);
    const auto read = readXml(source, kDepthMax, reader);
    if (!read) return read.error();
    return reader.answer(utf8);
}

}  // namespace caseway
