// gateway/formats/xml/xpath_charges.cpp - built-in functions behind a toll.
#include "gateway/formats/xml/xpath_charges.hpp"

#include <libxml/xpathInternals.h>

#include <cstring>

#include "gateway/base/check.hpp"
#include "gateway/formats/xml/xpath_numbers.hpp"
#include "gateway/formats/xml/xpath_order.hpp"

namespace caseway {
namespace {

/// Text below `node` and the nodes that hold it, as operations. Walks without recursion.
unsigned long costOfText(const xmlNode* node) {
    unsigned long nodes = 1;
    std::size_t bytes = 0;
    const xmlNode* at = node;
    while (at != nullptr) {
        const bool holds_text = at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE;
        if (holds_text && at->content != nullptr) bytes += std::strlen(reinterpret_cast<const char*>(at->content));
        ++nodes;
        const bool enters =
            at->type == XML_ELEMENT_NODE || at->type == XML_DOCUMENT_NODE || at->type == XML_ATTRIBUTE_NODE;
        if (enters && at->children != nullptr) {
            at = at->children;
            continue;
        }
        while (at != node && at->next == nullptr) at = at->parent;
        at = at == node ? nullptr : at->next;
    }
    return nodes + static_cast<unsigned long>(bytes / kTextBytesPerOperation);
}

/// False, and the evaluation fails, where the limit is passed.
bool charge(xmlXPathParserContext* parser, unsigned long operations) {
    xmlXPathContext& context = *parser->context;
    if (context.opLimit == 0 || operations <= context.opLimit - context.opCount) {
        context.opCount += operations;
        return true;
    }
    context.opCount = context.opLimit;
    xmlXPatherror(parser, __FILE__, __LINE__, XPATH_OP_LIMIT_EXCEEDED);
    parser->error = XPATH_OP_LIMIT_EXCEEDED;
    return false;
}

/// Charges what the arguments on the stack will cost as text. `all`: every node of a set, not only the first.
bool chargeArguments(xmlXPathParserContext* parser, int count, bool all) {
    for (int i = parser->valueNr - count; i < parser->valueNr; ++i) {
        if (i < 0) return true;  // too few: the function itself says so
        const xmlXPathObject& object = *parser->valueTab[i];
        if (object.type == XPATH_STRING && object.stringval != nullptr) {
            const auto bytes = std::strlen(reinterpret_cast<const char*>(object.stringval));
            if (!charge(parser, 1 + static_cast<unsigned long>(bytes / kTextBytesPerOperation))) return false;
        }
        if ((object.type != XPATH_NODESET && object.type != XPATH_XSLT_TREE) || object.nodesetval == nullptr) continue;
        if (!all) keepFirst(*object.nodesetval);
        for (int n = 0; n < object.nodesetval->nodeNr; ++n) {
            const xmlNode* node = object.nodesetval->nodeTab[n];
            if (node->type != XML_NAMESPACE_DECL && !charge(parser, costOfText(node))) return false;
        }
    }
    return true;
}

/// Without an argument these read the context node.
template <void (*Function)(xmlXPathParserContext*, int), bool All = false>
void charged(xmlXPathParserContext* parser, int count) {
    const xmlNode* node = parser->context->node;
    if (count == 0 && node != nullptr && !charge(parser, costOfText(node))) return;
    if (chargeArguments(parser, count, All)) Function(parser, count);
}

/// These read the name of the first node of their argument, and no text.
void keepFirstNamed(const xmlXPathParserContext* parser, int count) {
    const xmlXPathObject* value = parser->value;
    const bool is_set = count == 1 && value != nullptr && value->type == XPATH_NODESET;
    if (is_set && value->nodesetval != nullptr) keepFirst(*value->nodesetval);
}
template <void (*Function)(xmlXPathParserContext*, int)>
void named(xmlXPathParserContext* parser, int count) {
    keepFirstNamed(parser, count);
    Function(parser, count);
}
/// libxml2's own name(), which no header shows, stands under this name.
const xmlChar* builtInName() {
    return reinterpret_cast<const xmlChar*>("built-in-name");
}
void name(xmlXPathParserContext* parser, int count) {
    keepFirstNamed(parser, count);
    xmlXPathFunctionLookup(parser->context, builtInName())(parser, count);
}

constexpr int kAll = 1'000'000;

/// Numbers among the first `Texts` arguments become texts as the standard writes them, not as libxml2 does.
template <void (*Function)(xmlXPathParserContext*, int), int Texts = kAll>
void withTexts(xmlXPathParserContext* parser, int count) {
    numbersToTexts(parser, count, Texts);
    Function(parser, count);
}

std::size_t lengthOf(const xmlXPathObject* object) {
    if (object == nullptr || object->type != XPATH_STRING || object->stringval == nullptr) return 0;
    return std::strlen(reinterpret_cast<const char*>(object->stringval));
}

/// Where the cost is known only once every argument is a text. `Cost`: of the texts of the arguments.
template <void (*Function)(xmlXPathParserContext*, int), std::size_t (*Cost)(xmlXPathObject**, int)>
void chargedByTexts(xmlXPathParserContext* parser, int count) {
    if (!chargeArguments(parser, count, false)) return;
    if (count > 0 && count <= parser->valueNr) {
        numbersToTexts(parser, count, kAll);
        xmlXPathObject** const values = parser->valueTab + (parser->valueNr - count);
        for (int i = 0; i < count; ++i) values[i] = xmlXPathConvertString(values[i]);
        parser->value = values[count - 1];
        if (!charge(parser, static_cast<unsigned long>(Cost(values, count) / kTextBytesPerOperation))) return;
    }
    Function(parser, count);
}

/// libxml2 looks for each character of the first text along the second, or for the second at each place of the first.
std::size_t bytePairs(xmlXPathObject** values, int count) {
    return count < 2 ? 0 : lengthOf(values[0]) * lengthOf(values[1]);
}

/// libxml2 joins from the end and copies what it has so far for each text before it.
std::size_t bytesCopied(xmlXPathObject** values, int count) {
    std::size_t joined = 0, copied = 0;
    for (int i = count; i-- > 0;) copied += joined += lengthOf(values[i]);
    return copied;
}

struct Named {
    const char* name;
    xmlXPathFunction function;
};

constexpr Named kFunctions[] = {
    {"string", charged<withTexts<xmlXPathStringFunction>>},
    {"concat", chargedByTexts<xmlXPathConcatFunction, bytesCopied>},
    {"starts-with", charged<withTexts<xmlXPathStartsWithFunction>>},
    {"contains", chargedByTexts<xmlXPathContainsFunction, bytePairs>},
    {"substring-before", chargedByTexts<xmlXPathSubstringBeforeFunction, bytePairs>},
    {"substring-after", chargedByTexts<xmlXPathSubstringAfterFunction, bytePairs>},
    {"substring", charged<withTexts<xmlXPathSubstringFunction, 1>>},
    {"string-length", charged<withTexts<xmlXPathStringLengthFunction>>},
    {"normalize-space", charged<withTexts<xmlXPathNormalizeFunction>>},
    {"translate", chargedByTexts<xmlXPathTranslateFunction, bytePairs>},
    {"number", charged<xmlXPathNumberFunction>},
    {"sum", charged<xmlXPathSumFunction, true>},
    {"id", charged<xmlXPathIdFunction, true>},
    {"lang", charged<xmlXPathLangFunction>},
    {"floor", charged<xmlXPathFloorFunction>},
    {"ceiling", charged<xmlXPathCeilingFunction>},
    {"round", charged<xmlXPathRoundFunction>},
    {"name", name},
    {"local-name", named<xmlXPathLocalNameFunction>},
    {"namespace-uri", named<xmlXPathNamespaceURIFunction>},
};

}  // namespace

void registerChargedFunctions(xmlXPathContext* context) {
    const xmlXPathFunction built_in = xmlXPathFunctionLookup(context, reinterpret_cast<const xmlChar*>("name"));
    CASEWAY_CHECK(xmlXPathRegisterFunc(context, builtInName(), built_in) == 0);
    for (const Named& one : kFunctions) {
        const auto* const name = reinterpret_cast<const xmlChar*>(one.name);
        xmlXPathRegisterFunc(context, name, nullptr);  // one that is there already is not replaced
        CASEWAY_CHECK(xmlXPathRegisterFunc(context, name, one.function) == 0);
    }
}

unsigned long comparingCharge(unsigned long operations) {
    constexpr unsigned long kComparisonsPerOperation = 256;
    return operations * operations / kComparisonsPerOperation;
}

}  // namespace caseway
