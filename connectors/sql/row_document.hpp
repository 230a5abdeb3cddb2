// connectors/sql/row_document.hpp - rows as a JSON array of objects: numbers as the database writes them, dates as
// texts.
#pragma once

#include <string>

#include "connectors/sql/table_plan.hpp"

namespace caseway {

class RowDocument {
public:
    RowDocument(const TablePlan& plan, const SqlSettings& settings) : plan_(plan), settings_(settings) {}

    /// The row as one object. One that cannot be read whole, or is `refused` for a reason: its short values that can be
    /// read, and why (kUnreadableMember).
    std::string object(const SqlRow& row, const std::string& refused = {}) const;
    /// 16 characters that change when anything in the row but its flag does.
    std::string digest(const SqlRow& row) const;

private:
    /// Why it cannot be told; empty where it was appended.
    std::string appendValue(const SqlColumn& column, const SqlCell& cell, std::string& json) const;
    void appendMember(std::size_t column, const SqlRow& row, std::string& json, std::string& unreadable) const;

    const TablePlan& plan_;
    const SqlSettings& settings_;
};

}  // namespace caseway
