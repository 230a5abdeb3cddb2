// connectors/sql/sql_dialect.hpp - the few words in which databases differ here, by what ODBC calls the product.
#pragma once

#include <cstdint>
#include <string>

namespace caseway {

struct SqlDialect {
    enum class Limit { Limit, Fetch, Top } limit = Limit::Fetch;  ///< Fetch is the standard's
    const char* lock = "";                                        ///< behind a SELECT of a row that is to be changed
    const char* lock_hint = "";                                   ///< or behind its table
    const char* clock = "";  ///< statement that tells the database's local time in whole seconds; empty: not known

    /// Databases that nobody named are taken to know the standard.
    static SqlDialect of(const std::string& product);
    /// `rest`: from the column list on.
    std::string selectSome(const std::string& rest, std::uint64_t rows) const;
};

}  // namespace caseway
