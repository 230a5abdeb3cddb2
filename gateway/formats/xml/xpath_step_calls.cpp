// gateway/formats/xml/xpath_step_calls.cpp - the function that takes a step from each node of a set; each node that it
// finds is looked up by its number in the document, not by comparing.
#include <libxml/xpathInternals.h>

#include <cstdint>
#include <vector>

#include "gateway/base/check.hpp"
#include "gateway/formats/xml/xpath_order.hpp"
#include "gateway/formats/xml/xpath_steps.hpp"

namespace caseway {
namespace {

/// The context node of an evaluation within another; put back at the end.
class AtNode {
public:
    explicit AtNode(xmlXPathContext& context)
        : context_(context),
          node_(context.node),
          doc_(context.doc),
          size_(context.contextSize),
          position_(context.proximityPosition) {}
    ~AtNode() {
        context_.node = node_;
        context_.doc = doc_;
        context_.contextSize = size_;
        context_.proximityPosition = position_;
    }
    AtNode(const AtNode&) = delete;
    AtNode& operator=(const AtNode&) = delete;

    void go(xmlNode* node) {
        context_.node = node;
        context_.contextSize = 1;
        context_.proximityPosition = 1;
    }

private:
    xmlXPathContext& context_;
    xmlNode* node_;
    xmlDoc* doc_;
    int size_;
    int position_;
};

/// Keeps each of the nodes that come once. Few are sorted; a bit for each node of the document is worth its memory only
/// where many come, and come again.
class Joined {
public:
    void add(const xmlNodeSet& found) {
        for (int i = 0; i < found.nodeNr; ++i) {
            if (isFresh(found.nodeTab[i])) nodes_.push_back(found.nodeTab[i]);
            if (nodes_.size() == kMany && seen_.empty()) beginToMark();
        }
    }
    XPathObjectHandle take() {
        keepOnce(nodes_);
        return setOf(nodes_);
    }

private:
    static constexpr std::size_t kMany = 4096;

    void beginToMark() {
        keepOnce(nodes_);
        for (const xmlNode* node : nodes_) mark(numberOf(node));
    }
    void mark(std::uintptr_t number) {
        if (number >= seen_.size()) seen_.resize(number + number / 2 + 64);
        seen_[number] = true;
    }
    bool isFresh(const xmlNode* node) {
        if (seen_.empty()) return true;
        const std::uintptr_t number = numberOf(node);
        if (number < seen_.size() && seen_[number]) return false;
        mark(number);
        return true;
    }

    std::vector<bool> seen_;
    std::vector<xmlNode*> nodes_;
};

/// Null: the evaluation has failed.
XPathObjectHandle stepFrom(xmlXPathParserContext* parser, const xmlNodeSet& from, xmlXPathCompExpr* step) {
    xmlXPathContext& context = *parser->context;
    AtNode at(context);
    Joined joined;
    for (int i = 0; i < from.nodeNr; ++i) {
        at.go(from.nodeTab[i]);
        XPathObjectHandle found(xmlXPathCompiledEval(step, &context));
        if (found == nullptr || from.nodeNr == 1) return found;
        if (found->nodesetval == nullptr || found->nodesetval->nodeNr == 0) continue;
        numberOnce(found->nodesetval->nodeTab[0]->doc);
        joined.add(*found->nodesetval);
    }
    return joined.take();
}

void eachStep(xmlXPathParserContext* parser, int count) {
    CASEWAY_CHECK(count == 2 && parser->valueNr >= 2);
    const XPathObjectHandle number(valuePop(parser));
    const XPathObjectHandle from(valuePop(parser));
    if (from->type != XPATH_NODESET) return failXPath(parser, XPATH_INVALID_TYPE);
    const auto& steps = *static_cast<const XPathSteps*>(parser->context->extra);
    const auto& step = steps.at(static_cast<std::size_t>(number->floatval));
    withinMemory(parser, [&] {
        XPathObjectHandle found =
            from->nodesetval == nullptr ? setOf({}) : stepFrom(parser, *from->nodesetval, step.get());
        if (found == nullptr) return failXPath(parser, XPATH_OP_LIMIT_EXCEEDED);
        valuePush(parser, found.release());
    });
}

}  // namespace

void registerSteps(xmlXPathContext* context, const XPathSteps& steps) {
    context->extra = const_cast<XPathSteps*>(&steps);
    const auto* const name = reinterpret_cast<const xmlChar*>("each-step");
    CASEWAY_CHECK(xmlXPathRegisterFunc(context, name, eachStep) == 0);
}

}  // namespace caseway
