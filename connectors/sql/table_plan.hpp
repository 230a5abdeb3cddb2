// connectors/sql/table_plan.hpp - the settings held against the catalogue: which columns there are, in which order rows
// come, and the statements made of quoted names. Values are parameters, always.
#pragma once

#include <string>
#include <vector>

#include "connectors/sql/sql_dialect.hpp"
#include "connectors/sql/sql_settings.hpp"

namespace caseway {

class TablePlan {
public:
    /// Throws ConnectorFault{Config}: table_not_found, column_not_found, with what there is instead.
    TablePlan(OdbcConnection& connection, const SqlSettings& settings);

    const std::vector<SqlColumn>& columns() const { return columns_; }  ///< what a statement selects
    bool isShown(std::size_t column) const { return shown_[column]; }   ///< in the document
    const std::vector<std::size_t>& order() const { return order_; }    ///< watermark, then key
    const std::vector<std::size_t>& key() const { return key_; }
    const SqlColumn& flag() const { return columns_[flag_]; }
    bool isFlag(std::size_t column) const { return has_flag_ && column == flag_; }

    /// Rows behind `after` in order (all, where it is empty), of those that are to be read; at most `rows`.
    std::string selectPage(bool has_after, bool has_from, std::uint64_t rows) const;
    std::vector<SqlParameter> pageParameters(const SqlFlag* flag, const std::vector<std::string>& after,
                                             const std::string* from) const;
    /// One unread row by its key, locked where the database can; then the flag, set where it still is unread.
    std::string selectUnread() const;
    std::string markDone() const;
    std::vector<SqlParameter> keyParameters(const std::vector<std::string>& key) const;

    /// The database's local time; empty: it is not known how to ask.
    std::string clock() const { return dialect_.clock; }
    /// The highest watermark of all rows.
    std::string highest() const { return "SELECT MAX(" + quoted_[order_.front()] + ") FROM " + table_; }

    /// The highest of those below a parameter.
    std::string highestBelow() const { return highest() + " WHERE " + quoted_[order_.front()] + " < ?"; }

    std::string countAll() const { return "SELECT COUNT(*) FROM " + table_; }
    /// A key that two rows have; rows whose order is not known.
    std::string selectDoubleKey() const;
    std::string countWithoutOrder() const;
    /// The same of those that are to be read; parameters as pageParameters() gives them without `after`.
    std::string countUnreadWithoutOrder() const;
    /// Changes nothing and needs the right to change.
    std::string changeNothing() const;

private:
    std::size_t need(OdbcConnection& connection, const std::vector<SqlColumn>& all, const std::string& name,
                     bool shown);
    std::string keyEquals() const;
    std::string unread() const;
    std::string behind(std::size_t from) const;

    SqlDialect dialect_;
    std::string table_;
    std::vector<SqlColumn> columns_;
    std::vector<std::string> quoted_;
    std::vector<bool> shown_;
    std::vector<std::size_t> order_, key_;
    std::size_t flag_ = 0;
    bool has_flag_ = false, null_is_unread_ = false;
};

}  // namespace caseway
