// tests/bench/plugin/csv_records.cpp - getline, split, escape.
#include "tests/bench/plugin/csv_records.hpp"

#include <charconv>
#include <fstream>

namespace caseway::bench {
namespace {

void appendText(std::string_view text, std::string& out) {
    out += '"';
    for (const char one : text) {
        if (one == '"' || one == '\\') out += '\\';
        out += one;
    }
    out += '"';
}

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (std::size_t at = line.find(','); at != std::string::npos; from = at + 1, at = line.find(',', from))
        parts.push_back(line.substr(from, at - from));
    parts.push_back(line.substr(from));
    return parts;
}

class Reading final : public Connector {
public:
    explicit Reading(std::string file) : file_(std::move(file)) {}
    std::vector<CheckStep> check() override { return {{"open the file", std::ifstream(file_).good()}}; }
    std::vector<SourceObject> discover() override { return {{"rows", "application/json"}}; }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        std::ifstream stream(file_, std::ios::binary);
        std::string line;
        std::getline(stream, line);
        const std::vector<std::string> header = split(line);
        std::uint64_t offset = line.size() + 1;
        if (!from.empty()) std::from_chars(from.data(), from.data() + from.size(), offset);
        stream.seekg(static_cast<std::streamoff>(offset));
        std::string json = "{\"records\":[";
        std::uint64_t records = 0;
        while (records < limits.records && std::getline(stream, line)) {
            offset += line.size() + 1;
            appendRecord(header, split(line), records++ != 0, json);
        }
        sink.payload({"rows", "application/json", records});
        sink.bytes(json += "]}");
        return {std::to_string(offset), records < limits.records, records};
    }
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override {
        return std::vector<WriteAnswer>(items.size());
    }

private:
    static void appendRecord(const std::vector<std::string>& header, const std::vector<std::string>& row, bool next,
                             std::string& json) {
        json += next ? ",{" : "{";
        for (std::size_t column = 0; column < header.size() && column < row.size(); ++column) {
            if (column != 0) json += ',';
            appendText(header[column], json);
            json += ':';
            appendText(row[column], json);
        }
        json += '}';
    }
    std::string file_;
};

}  // namespace

std::unique_ptr<Connector> CsvRecords::open(const std::string& settings, const ConnectorSurroundings&) const {
    const std::size_t from = settings.find(":\"") + 2;
    return std::make_unique<Reading>(settings.substr(from, settings.find('"', from) - from));
}

}  // namespace caseway::bench
