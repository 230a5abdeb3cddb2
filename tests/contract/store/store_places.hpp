// tests/contract/store/store_places.hpp - the adapters that are held to the contract; a new one joins by one more line
// in placeOf().
#pragma once

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/fault.hpp"
#include "tests/support/store_rows.hpp"
#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

/// Where one store's data lie: opened, closed and opened again, they are the same data.
class StorePlace {
public:
    virtual ~StorePlace() = default;
    virtual std::unique_ptr<Store> open() = 0;
    /// Opens a copy that Store::backupTo() made at `file`.
    virtual std::unique_ptr<Store> openBackup(const std::string& file) = 0;
};

class SqlitePlace final : public StorePlace {
public:
    std::unique_ptr<Store> open() override { return openIn(folder_ / "data"); }
    std::unique_ptr<Store> openBackup(const std::string& file) override {
        const std::string restored = folder_ / "restored";  // not by restoreFrom(), which numbers on from elsewhere
        std::filesystem::create_directory(restored);
        std::filesystem::copy_file(file, databaseFileIn(restored));
        return openIn(restored);
    }

private:
    static std::unique_ptr<Store> openIn(const std::string& folder) {
        SqliteOptions options;
        options.folder = folder;
        options.busy_timeout_ms = 60'000;  // turns are not fair
        return openSqliteStore(options);
    }
    TemporaryFolder folder_;
};

inline const std::vector<std::string> kAdapters = {"sqlite"};

inline std::unique_ptr<StorePlace> placeOf(const std::string& adapter) {
    if (adapter == "sqlite") return std::make_unique<SqlitePlace>();
    throw std::invalid_argument(adapter);
}

/// One committed transaction.
template <class Write>
void written(Store& store, Write&& write) {
    const auto writer = store.beginWrite();
    write(*writer);
    writer->commit();
}

/// `code` of the fault that `action` throws; none where it throws none.
template <class Action>
std::optional<FaultCode> faultOf(Action&& action) {
    try {
        action();
    } catch (const Fault& fault) {
        return fault.code();
    }
    return std::nullopt;
}

}  // namespace caseway::fixture

#define STORE_CASE(name) BOOST_DATA_TEST_CASE(name, boost::unit_test::data::make(caseway::fixture::kAdapters), adapter)
