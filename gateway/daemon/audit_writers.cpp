// gateway/daemon/audit_writers.cpp - the two ways of an audit leaf into the log.
#include "gateway/daemon/audit_writers.hpp"

#include <future>

#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/daemon/folder_rights.hpp"

namespace caseway {
namespace {

class AuditJob final : public CommitJob {
public:
    AuditJob(const AuditDocument& document, const std::string& snapshot) : document_(document), snapshot_(snapshot) {}
    std::future<LogIndex> result() { return result_.get_future(); }
    void apply(CommitContext& context) override {
        index_ = appendAudit(context.writer, context.log, document_, snapshot_, context.now);
    }
    void committed(MessageLog&, StoreReader&) override {}
    void release() override { result_.set_value(index_); }
    void failed(const Fault& fault) override { result_.set_exception(std::make_exception_ptr(fault)); }

private:
    AuditDocument document_;
    std::string snapshot_;
    LogIndex index_ = 0;
    std::promise<LogIndex> result_;
};

}  // namespace

LogIndex appendThrough(Committer& committer, const AuditDocument& document, const std::string& snapshot) {
    auto job = std::make_unique<AuditJob>(document, snapshot);
    std::future<LogIndex> result = job->result();
    std::unique_ptr<CommitJob> submitted = std::move(job);
    if (!committer.submit(submitted))
        throw Fault(FaultCode::StoreUnavailable, "the writer takes no more now", "try again");
    return result.get();
}

std::unique_ptr<Store> openStoreForWriting(const Settings& settings) {
    requireOwnFolder(settings);
    SqliteOptions options;
    options.folder = settings.data.string();
    auto store = openSqliteStore(options);
    if (!store->reader().meta(kRestoredHeadMeta).value_or("").empty())
        throw Fault(FaultCode::ConfigurationBad, "a restore of this data folder was not finished",
                    "run `caseway restore FILE --replace` again: the log must not go on under its old origin");
    return store;
}

std::string originOf(StoreReader& reader, const Settings& settings) {
    const auto stored = reader.meta(kLogOriginMeta);
    return stored && stored->starts_with(settings.logOrigin() + "/") ? *stored : settings.logOrigin();
}

bool hasCases(StoreReader& reader, const std::string& department_code) {
    CaseFilter filter;
    filter.departments = {department_code};
    filter.include_deleted = true;
    filter.limit = 1;
    return !reader.cases(filter).empty();
}

OfflineRegistrar::OfflineRegistrar(const Settings& settings, const Clock& clock)
    : clock_(clock),
      types_(installedConnectorTypes(settings)),
      signer_(settings.path(settings.log_key)),
      store_(openStoreForWriting(settings)) {
    log_ = MessageLog::open(store_->reader(), signer_, originOf(store_->reader(), settings));
    registrar_ = std::make_unique<Registrar>(Registrar::Parts{
        settings, clock_,
        [this](const AuditDocument& document, const std::string& snapshot) { return append(document, snapshot); },
        [this](std::string_view name) { return store_->reader().meta(name); }, [] {}, &types_,
        [this](const std::string& code) { return hasCases(store_->reader(), code); }});
    registrar_->recover();
}

LogIndex OfflineRegistrar::append(const AuditDocument& document, const std::string& snapshot) {
    const auto writer = store_->beginWrite();
    log_->begin();
    const LogIndex index = appendAudit(*writer, *log_, document, snapshot, clock_.now());
    log_->seal(*writer);
    writer->commit();
    return index;
}

}  // namespace caseway
