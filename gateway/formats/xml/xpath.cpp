// gateway/formats/xml/xpath.cpp - libxml2's XPath behind bounded work: an evaluation may take so many operations of its
// caller's budget, not more, and what libxml2 does not count is charged to it.
#include "gateway/formats/xml/xpath.hpp"

#include <fmt/format.h>
#include <libxml/xpathInternals.h>

#include <algorithm>

#include "gateway/formats/xml/libxml_handles.hpp"
#include "gateway/formats/xml/xpath_charges.hpp"
#include "gateway/formats/xml/xpath_numbers.hpp"
#include "gateway/formats/xml/xpath_order.hpp"
#include "gateway/formats/xml/xpath_rewrite.hpp"
#include "gateway/formats/xml/xpath_steps.hpp"

namespace caseway {
namespace {

constexpr unsigned long kCompileOperations = 1'000'000;

/// The first mistake that libxml2 tells; `at`: the byte where an expression breaks.
struct Told {
    std::string text;
    std::optional<std::size_t> at;

    void clear() { *this = {}; }
    void breaksAt(std::size_t byte, const std::string& expression) {
        at = byte;
        text = fmt::format("it breaks at byte {} of {}", byte, expression);
    }
};

void noteFirst(void* first, xmlError* error) {
    auto& told = *static_cast<Told*>(first);
    if (!told.text.empty()) return;
    if (error->message == nullptr && error->str1 != nullptr)  // so libxml2 tells where an expression breaks
        told.breaksAt(static_cast<std::size_t>(std::max(error->int1, 0)), onOneLine(error->str1));
    else
        told.text = onOneLine(error->message);
}

/// Which byte of `written` stands at byte `at` of `named`, the same text with `./` put in (withRootsNamed).
std::size_t byteAsWritten(std::string_view written, std::string_view named, std::size_t at) {
    std::size_t byte = 0;
    for (const char sign : named.substr(0, at))
        if (byte < written.size() && written[byte] == sign) ++byte;
    return byte;
}

void appendChars(xmlChar* owned, std::string& out) {
    if (owned == nullptr) return;
    out.append(reinterpret_cast<const char*>(owned));
    xmlFree(owned);
}

void take(xmlXPathObject& object, XPathValue& value) {
    value.nodes.clear();
    value.text.clear();
    value.boolean = xmlXPathCastToBoolean(&object) != 0;
    if (object.type != XPATH_NODESET) {
        value.kind = object.type == XPATH_BOOLEAN ? XPathValue::Kind::Boolean : XPathValue::Kind::Other;
        if (object.type == XPATH_NUMBER)
            value.text = xpathNumberText(object.floatval);
        else
            appendChars(xmlXPathCastToString(&object), value.text);
        return;
    }
    value.kind = XPathValue::Kind::Nodes;
    if (object.nodesetval == nullptr) return;
    sortNodes(*object.nodesetval);
    for (int i = 0; i < object.nodesetval->nodeNr; ++i) {
        const xmlNode* node = object.nodesetval->nodeTab[i];
        if (node->type != XML_NAMESPACE_DECL) value.nodes.push_back(ourNode(node));
    }
    if (!value.nodes.empty()) return appendText(*value.nodes.front(), value.text);
    if (object.nodesetval->nodeNr == 0) return;
    // Namespace nodes only, which are no nodes of ours: the string-value of the first.
    value.kind = XPathValue::Kind::Other;
    appendChars(xmlXPathCastNodeToString(object.nodesetval->nodeTab[0]), value.text);
}

}  // namespace

struct XPathSet::Set {
    XPathSteps steps;
    XPathContextHandle context;
    struct One {
        XPathExpressionHandle compiled;
        bool compares_sets = false;
    };
    std::vector<One> expressions;
    Told told;
};

XPathSet::XPathSet(XmlNamespaceMap namespaces) : set_(std::make_unique<Set>()) {
    initLibxml();
    set_->context.reset(xmlXPathNewContext(nullptr));
    CASEWAY_CHECK(set_->context != nullptr);
    set_->context->error = noteFirst;
    set_->context->userData = &set_->told;
    registerChargedFunctions(set_->context.get());
    registerOrder(set_->context.get());
    registerSteps(set_->context.get(), set_->steps);
    for (const auto& [prefix, uri] : namespaces) {
        xmlXPathRegisterNs(set_->context.get(), reinterpret_cast<const xmlChar*>(prefix.c_str()),
                           reinterpret_cast<const xmlChar*>(uri.c_str()));
    }
}
XPathSet::~XPathSet() = default;
XPathSet::XPathSet(XPathSet&&) noexcept = default;

Result<std::size_t, XPathError> XPathSet::add(const std::string& expression) {
    set_->told.clear();
    set_->context->opLimit = kCompileOperations;
    set_->context->opCount = 0;
    const auto compileAsItIs = [this](const std::string& text) {
        return XPathExpressionHandle(
            xmlXPathCtxtCompile(set_->context.get(), reinterpret_cast<const xmlChar*>(text.c_str())));
    };
    const auto compile = [&](const std::string& text) {
        XPathExpressionHandle done = compileAsItIs(text);
        if (done != nullptr) return done;
        const std::string named = withRootsNamed(text);
        if (named == text) return done;
        set_->told.clear();  // where the text broke for libxml2 it is no mistake
        done = compileAsItIs(named);
        if (done == nullptr && set_->told.at)
            set_->told.breaksAt(byteAsWritten(text, named, *set_->told.at), onOneLine(text.c_str()));
        return done;
    };
    XPathExpressionHandle compiled = compile(expression);  // as it is written: mistakes are told of its own text
    const bool is_good = compiled != nullptr;
    bool steps_are_good = true;
    if (is_good) {
        const std::string written = withSteps(withOrder(expression), [&](const std::string& step) {
            set_->steps.push_back(compile(step));
            steps_are_good = steps_are_good && set_->steps.back() != nullptr;
            return set_->steps.size() - 1;
        });
        if (written != expression) compiled = compile(written);
    }
    if (is_good && (compiled == nullptr || !steps_are_good))  // what is told is of a text that nobody wrote
        return XPathError{"an expression of fewer steps and parentheses",
                          "write it shorter, or make alternatives or several fields of it"};
    if (!is_good) {
        return XPathError{"an expression of XPath 1.0",
                          set_->told.text.empty() ? "invalid expression" : set_->told.text};
    }
    set_->expressions.push_back({std::move(compiled), comparesSets(expression)});
    return set_->expressions.size() - 1;
}

bool XPathSet::evaluate(std::size_t expression, const XmlDocument& document, const XmlNode& node, XPathValue& value,
                        std::uint64_t& operations_left) {
    if (operations_left == 0) return false;  // 0 would mean no limit
    xmlXPathContext& context = *set_->context;
    const Set::One& one = set_->expressions.at(expression);
    context.doc = docOf(document);
    context.node = libxmlNode(&node);
    context.contextSize = 1;
    context.proximityPosition = 1;
    const std::uint64_t most = one.compares_sets ? std::min(operations_left, kMostComparingSteps) : operations_left;
    context.opLimit = static_cast<unsigned long>(most);
    context.opCount = 0;
    set_->told.clear();
    const XPathObjectHandle object(xmlXPathCompiledEval(one.compiled.get(), &context));
    const std::uint64_t used = context.opCount + (one.compares_sets ? comparingCharge(context.opCount) : 0);
    operations_left -= std::min(operations_left, used);
    context.doc = nullptr;
    context.node = nullptr;
    if (object == nullptr || !set_->told.text.empty()) return false;
    take(*object, value);
    const std::uint64_t taken = value.nodes.size() + value.text.size() / kTextBytesPerOperation;
    operations_left -= std::min(operations_left, taken);
    return true;
}

bool XPathSet::evaluateFromDocument(std::size_t expression, const XmlDocument& document, XPathValue& value,
                                    std::uint64_t& operations_left) {
    const XmlNode& root = *ourNode(reinterpret_cast<const xmlNode*>(docOf(document)));
    return evaluate(expression, document, root, value, operations_left);
}

void numberNodes(const XmlDocument& document) {
    xmlXPathOrderDocElems(docOf(document));
}

void appendText(const XmlNode& node, std::string& out) {
    const xmlNode* one = libxmlNode(&node);
    if (one->type == XML_TEXT_NODE || one->type == XML_CDATA_SECTION_NODE) {
        if (one->content != nullptr) out.append(reinterpret_cast<const char*>(one->content));
        return;
    }
    appendChars(xmlXPathCastNodeToString(const_cast<xmlNode*>(one)), out);
}

bool isElement(const XmlNode& node) {
    return libxmlNode(&node)->type == XML_ELEMENT_NODE;
}

std::uint64_t lineOf(const XmlNode& node) {
    const xmlNode* element = libxmlNode(&node);
    if (element->type != XML_ELEMENT_NODE) element = element->parent;
    if (element == nullptr || element->type != XML_ELEMENT_NODE) return 0;
    // libxml2's own field ends at 65535: the trees that we build note the line where a schema would note its types.
    if (element->psvi != nullptr) return reinterpret_cast<std::uintptr_t>(element->psvi);
    const long line = xmlGetLineNo(element);
    return line > 0 ? static_cast<std::uint64_t>(line) : 0;
}

}  // namespace caseway
