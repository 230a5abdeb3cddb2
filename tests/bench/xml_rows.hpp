// tests/bench/xml_rows.hpp - what the floors of runs and of reconciliations share: the rows of a document in two
// levels, by libxml2's SAX parse alone; what is done with a row is the floor's own.
#pragma once

#include <libxml/parser.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace caseway::bench {

constexpr int kColumns = 16;

inline void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) throw std::runtime_error(sqlite3_errstr(code));
}

/// The row that is being read: the texts of its elements, in their order.
struct XmlRow {
    std::string values[kColumns];
    int column = -1, depth = 0;
};

/// Calls `rows.record()` for each row; `Rows` is an XmlRow. Throws std::runtime_error: not well-formed.
template <class Rows>
void readXmlRows(const char* path, Rows& rows) {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = [](void* context, const xmlChar*, const xmlChar*, const xmlChar*, int, const xmlChar**, int,
                            int, const xmlChar**) {
        auto& row = *static_cast<Rows*>(context);
        if (++row.depth == 2) row.column = -1;
        if (row.depth == 3) ++row.column;
    };
    sax.endElementNs = [](void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
        auto& row = *static_cast<Rows*>(context);
        if (row.depth-- == 2) row.record();
    };
    sax.characters = [](void* context, const xmlChar* text, int length) {
        auto& row = *static_cast<Rows*>(context);
        if (row.depth == 3 && row.column < kColumns)
            row.values[row.column].append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
    };
    std::ifstream file(path, std::ios::binary);
    std::vector<char> buffer(64 * 1024);
    file.read(buffer.data(), 4);
    xmlParserCtxt* const parser = xmlCreatePushParserCtxt(&sax, &rows, buffer.data(), 4, nullptr);
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), file.gcount() > 0)
        if (xmlParseChunk(parser, buffer.data(), static_cast<int>(file.gcount()), 0) != 0)
            throw std::runtime_error("not well-formed");
    xmlParseChunk(parser, nullptr, 0, 1);
    xmlFreeParserCtxt(parser);
}

inline double cpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace caseway::bench
