// connectors/sql/odbc_handles.hpp - ODBC's handles, freed in their order, and its UTF-16. For sources of this folder
// only.
#pragma once

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caseway {

template <SQLSMALLINT kType>
class OdbcHandle {
public:
    OdbcHandle() = default;
    explicit OdbcHandle(SQLHANDLE handle) : handle_(handle) {}
    OdbcHandle(OdbcHandle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    OdbcHandle& operator=(OdbcHandle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~OdbcHandle() {
        if (handle_ != nullptr) SQLFreeHandle(kType, handle_);
    }
    SQLHANDLE get() const { return handle_; }
    static constexpr SQLSMALLINT type() { return kType; }

private:
    SQLHANDLE handle_ = nullptr;
};
using OdbcEnvironment = OdbcHandle<SQL_HANDLE_ENV>;
using OdbcLink = OdbcHandle<SQL_HANDLE_DBC>;
using OdbcStatement = OdbcHandle<SQL_HANDLE_STMT>;

/// Without a terminator. `utf8` is valid.
std::vector<SQLWCHAR> toUtf16(std::string_view utf8);
/// False where a surrogate stands alone.
bool appendUtf16(const SQLWCHAR* text, std::size_t units, std::string& utf8);

}  // namespace caseway
