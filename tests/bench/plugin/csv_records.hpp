// tests/bench/plugin/csv_records.hpp - one connector, compiled in here and a plug-in there: rows of a CSV file as JSON
// records, about what a real one does with a page.
#pragma once

#include "gateway/ports/connector.hpp"

namespace caseway::bench {

/// Settings: {"file": PATH}. A row has ten columns, the file a header. The cursor is an offset in the file.
class CsvRecords final : public ConnectorType {
public:
    const ConnectorSpec& spec() const override { return spec_; }
    std::unique_ptr<Connector> open(const std::string& settings, const ConnectorSurroundings&) const override;

private:
    ConnectorSpec spec_{"csv_records", "1.0.0", "rows of a CSV file", true, false, R"({"type": "object"})"};
};

}  // namespace caseway::bench
