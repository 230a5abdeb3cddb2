// connectors/sdk/answer_reader.hpp - what a connector must know of an answer without mapping it: is it data at all, how
// many records, the source's own count, where the next page is. Expressions are those of mappings: JSONPath, XPath 1.0.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/sdk/settings_tree.hpp"

namespace caseway {

struct AnswerFacts {
    std::uint64_t records = 0;
    std::optional<std::uint64_t> total{};  ///< the source's own count
    std::string
        no_total{};        ///< why the configured `total` gave none, value masked; empty: it did, or none is configured
    std::string next{};    ///< the cursor of the next page; empty where there is none
    std::string digest{};  ///< of the records, 32 hex digits: equal pages have equal ones
    std::vector<std::string> times{};   ///< of each record that has one
    std::uint64_t untimed = 0;          ///< records that have no member of that name, be it empty
    std::vector<std::string> fields{};  ///< names in the first record
    std::vector<std::string> marks{};   ///< of each record, 16 hex digits: equal records have equal ones
    std::string columns{};              ///< RecordColumns::digests, where pages are compared
    /// Of an empty list behind the first page: that it failed, in its own words. With some services the end says so.
    std::string said_failure{};
};

class AnswerForm;

/// Not for two threads at once.
class AnswerReader {
public:
    /// Members of a schema's `properties`: `format`, `records`, `total`, `success`, `namespaces`.
    static std::string settingsMembers(const std::string& usual_format);

    /// `next` and `time` (relative to a record) may be empty. Throws ConnectorFault{Config, bad_setting} for an
    /// expression that is none, or where an empty page could not be told from an error page. `compares_pages`: whether
    /// AnswerFacts::columns are wanted, for which each record is read once more; not of the last page, where `next`
    /// tells it.
    AnswerReader(const SettingsTree& settings, const std::string& next, const std::string& time, bool compares_pages);
    ~AnswerReader();
    AnswerReader(AnswerReader&&) noexcept;

    /// Throws ConnectorFault: answer_malformed, source_failed (its own error member), records_missing, all transient.
    /// `where`: for the fault. `is_first`: of a pass; some services give a code of failure behind their last page.
    AnswerFacts read(std::string_view body, const std::string& where, bool is_first = true);
    /// A document from its begin to its end, whatever is wrong inside it: no error page, nothing that broke off.
    bool looksWhole(std::string_view body) const;
    /// `application/json` or `application/xml`.
    const std::string& mediaType() const { return media_type_; }

private:
    void mustSucceed(const std::string& where);

    std::unique_ptr<AnswerForm> form_;
    std::string media_type_;
    bool is_xml_ = false;
    bool has_success_ = false, has_total_ = false;
    std::vector<std::string> good_values_;
};

}  // namespace caseway
