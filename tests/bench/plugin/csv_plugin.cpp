// tests/bench/plugin/csv_plugin.cpp - the same connector as a program of its own.
#include "connectors/sdk/plugin/serve_plugin.hpp"
#include "tests/bench/plugin/csv_records.hpp"

int main() {
    return caseway::servePlugin(caseway::bench::CsvRecords());
}
