// connectors/sql/row_document.hpp - rows as a JSON array of objects: numbers as the database writes them, dates as
// texts.
#pragma once

#include <string>

#include "connectors/sql/table_plan.hpp"

namespace caseway {

class RowDocument {
public:
    RowDocument(const TablePlan& plan, const SqlSettings& settings) : plan_(plan), settings_(settings) {}

    /// The row as one object. Throws ConnectorFault{Config, text_not_readable}.
    std::string object(const SqlRow& row) const;
    /// 16 characters that change when anything in the row but its flag does.
    std::string digest(const SqlRow& row) const;

private:
    void appendValue(const SqlColumn& column, const SqlCell& cell, std::string& json) const;

    const TablePlan& plan_;
    const SqlSettings& settings_;
};

}  // namespace caseway
