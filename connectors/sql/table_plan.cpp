// connectors/sql/table_plan.cpp - statements of one table.
#include "connectors/sql/table_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/faults.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

std::string namesOf(const std::vector<SqlColumn>& columns) {
    std::string names;
    for (const SqlColumn& column : columns) names += (names.empty() ? "" : ", ") + column.name;
    return names.substr(0, 1000);
}

/// As it is written, else the only one that differs in case alone (Oracle and DM write names in capitals).
const SqlColumn* find(const std::vector<SqlColumn>& columns, const std::string& name) {
    const SqlColumn* near = nullptr;
    for (const SqlColumn& column : columns) {
        if (column.name == name) return &column;
        if (lowerCase(column.name) != lowerCase(name)) continue;
        if (near != nullptr) return nullptr;
        near = &column;
    }
    return near;
}

}  // namespace

TablePlan::TablePlan(OdbcConnection& connection, const SqlSettings& settings)
    : dialect_(SqlDialect::of(connection.product())) {
    const std::vector<SqlColumn> all = connection.columns(settings.table);
    if (all.empty()) {
        std::string there;
        for (const SqlTableName& one : connection.tables(30)) there += (there.empty() ? "" : ", ") + one.text();
        throw configFault("table_not_found", settings.table.text(),
                          there.empty() ? "this user sees no table at all" : "this user sees: " + there,
                          "check `schema` and `table`, in small and capital letters, and the right to read it");
    }
    table_ = settings.table.schema.empty() ? "" : connection.quoted(settings.table.schema) + ".";
    table_ += connection.quoted(settings.table.name);
    if (settings.columns.empty())
        for (const SqlColumn& column : all) need(connection, all, column.name, true);
    for (const std::string& name : settings.columns) need(connection, all, name, true);
    if (settings.watermark) order_.push_back(need(connection, all, settings.watermark->column, false));
    for (const std::string& name : settings.key) {
        key_.push_back(need(connection, all, name, false));
        order_.push_back(key_.back());
    }
    if (!settings.flag) return;
    flag_ = need(connection, all, settings.flag->column, false);
    has_flag_ = true;
    null_is_unread_ = settings.flag->null_is_unread;
}

std::size_t TablePlan::need(OdbcConnection& connection, const std::vector<SqlColumn>& all, const std::string& name,
                            bool shown) {
    const SqlColumn* column = find(all, name);
    if (column == nullptr) {
        throw configFault("column_not_found", name, "the table has: " + namesOf(all),
                          "correct the name, or ask the department to add the column");
    }
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (columns_[i].name == column->name) return i;
    columns_.push_back(*column);
    quoted_.push_back(connection.quoted(column->name));
    shown_.push_back(shown);
    return columns_.size() - 1;
}

std::string TablePlan::unread() const {
    const std::string& flag = quoted_[flag_];
    return null_is_unread_ ? fmt::format("({0} = ? OR {0} IS NULL)", flag) : flag + " = ?";
}

/// (a > ? OR (a = ? AND (b > ? …))): row values, which not every database compares.
std::string TablePlan::behind(std::size_t from) const {
    const std::string& name = quoted_[order_[from]];
    if (from + 1 == order_.size()) return name + " > ?";
    return fmt::format("({0} > ? OR ({0} = ? AND {1}))", name, behind(from + 1));
}

std::string TablePlan::selectPage(bool has_after, bool has_from, std::uint64_t rows) const {
    std::vector<std::string> conditions;
    for (const std::size_t column : order_) conditions.push_back(quoted_[column] + " IS NOT NULL");
    if (has_flag_) conditions.push_back(unread());
    if (has_after) conditions.push_back(behind(0));
    if (has_from) conditions.push_back(quoted_[order_.front()] + " >= ?");
    std::string order;
    for (const std::size_t column : order_) order += (order.empty() ? "" : ", ") + quoted_[column];
    return dialect_.selectSome(fmt::format("{} FROM {}{}{} ORDER BY {}", fmt::join(quoted_, ", "), table_,
                                           conditions.empty() ? "" : " WHERE ", fmt::join(conditions, " AND "), order),
                               rows);
}

std::vector<SqlParameter> TablePlan::pageParameters(const SqlFlag* flag, const std::vector<std::string>& after,
                                                    const std::string* from) const {
    std::vector<SqlParameter> parameters;
    if (flag != nullptr) parameters.push_back({&columns_[flag_], flag->unread});
    CASEWAY_CHECK(after.empty() || after.size() == order_.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        parameters.push_back({&columns_[order_[i]], after[i]});
        if (i + 1 < after.size()) parameters.push_back({&columns_[order_[i]], after[i]});
    }
    if (from != nullptr) parameters.push_back({&columns_[order_.front()], *from});
    return parameters;
}

std::string TablePlan::keyEquals() const {
    std::string text;
    for (const std::size_t column : key_) text += (text.empty() ? "" : " AND ") + quoted_[column] + " = ?";
    return text;
}

std::string TablePlan::selectUnread() const {
    return fmt::format("SELECT {} FROM {}{} WHERE {} AND {}{}", fmt::join(quoted_, ", "), table_, dialect_.lock_hint,
                       keyEquals(), unread(), dialect_.lock);
}

std::string TablePlan::markDone() const {
    return fmt::format("UPDATE {} SET {} = ? WHERE {} AND {}", table_, quoted_[flag_], keyEquals(), unread());
}

std::vector<SqlParameter> TablePlan::keyParameters(const std::vector<std::string>& key) const {
    std::vector<SqlParameter> parameters;
    for (std::size_t i = 0; i < key_.size(); ++i) parameters.push_back({&columns_[key_[i]], key[i]});
    return parameters;
}

std::string TablePlan::selectDoubleKey() const {
    std::string names;
    for (const std::size_t column : key_) names += (names.empty() ? "" : ", ") + quoted_[column];
    return dialect_.selectSome(fmt::format("COUNT(*) FROM {} GROUP BY {} HAVING COUNT(*) > 1", table_, names), 1);
}

std::string TablePlan::countWithoutOrder() const {
    std::string text;
    for (const std::size_t column : order_) text += (text.empty() ? "" : " OR ") + quoted_[column] + " IS NULL";
    return countAll() + " WHERE " + text;
}

std::string TablePlan::countUnreadWithoutOrder() const {
    std::string text;
    for (const std::size_t column : order_) text += (text.empty() ? "" : " OR ") + quoted_[column] + " IS NULL";
    return countAll() + " WHERE (" + text + ")" + (has_flag_ ? " AND " + unread() : std::string());
}

std::string TablePlan::changeNothing() const {
    return fmt::format("UPDATE {0} SET {1} = {1} WHERE 1 = 0", table_, quoted_[flag_]);
}

}  // namespace caseway
