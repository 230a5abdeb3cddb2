// tests/bench/mapping/floor_xml.cpp - the floor of XML mapping: libxml2's SAX2 push parser with empty callbacks, 64 KiB pieces.
// Usage: bench_mapping_floor_xml FILE. Prints the number of elements, so that the loop cannot be thought away.
#include <libxml/parser.h>

#include <cstdio>
#include <vector>

namespace {
void onStart(void* count, const xmlChar*, const xmlChar*, const xmlChar*, int, const xmlChar**, int, int, const xmlChar**) {
    ++*static_cast<long*>(count);
}
void onEnd(void*, const xmlChar*, const xmlChar*, const xmlChar*) {}
void onText(void*, const xmlChar*, int) {}
}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    std::FILE* file = std::fopen(argv[1], "rb");
    if (file == nullptr) return 1;
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = onStart;
    sax.endElementNs = onEnd;
    sax.characters = onText;
    sax.ignorableWhitespace = onText;
    long count = 0;
    xmlParserCtxt* parser = xmlCreatePushParserCtxt(&sax, &count, nullptr, 0, nullptr);
    std::vector<char> piece(64 * 1024);
    for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), file)) > 0;) {
        if (xmlParseChunk(parser, piece.data(), static_cast<int>(got), 0) != 0) return 1;
    }
    const int failed = xmlParseChunk(parser, nullptr, 0, 1);
    xmlFreeParserCtxt(parser);
    std::fclose(file);
    std::printf("%ld\n", count);
    return failed == 0 ? 0 : 1;
}
