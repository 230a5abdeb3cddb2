// gateway/audit/row_reading.hpp - reading a row that somebody may have damaged, and telling where two rows differ.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/fault.hpp"
#include "gateway/log/verifier.hpp"

namespace caseway {

/// What `read` returns; nothing, and a finding `what`, where the stored bytes can no longer be read.
template <class Read>
auto readable(Findings& findings, std::string_view what, const std::string& where, Read read)
    -> std::optional<decltype(read())> {
    try {
        return read();
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        findings.add(what, where, "a row that can be read", fault.what(), "compare with a backup");
        return std::nullopt;
    }
}

/// Compares the columns of one row; each difference is a finding.
class RowComparison {
public:
    RowComparison(Findings& findings, std::string_view what, std::string where, std::string_view hint)
        : findings_(findings), what_(what), where_(std::move(where)), hint_(hint) {}
    void column(std::string_view name, const std::string& expected, const std::string& found) {
        if (expected != found) findings_.add(what_, where_, std::string(name) + " " + expected, found, hint_);
    }

private:
    Findings& findings_;
    std::string_view what_;
    std::string where_;
    std::string_view hint_;
};

}  // namespace caseway
