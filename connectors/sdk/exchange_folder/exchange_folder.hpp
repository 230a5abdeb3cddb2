// connectors/sdk/exchange_folder/exchange_folder.hpp - a connector over an exchange folder (前置机): reads the files
// that are ready, one payload a file, and archives them when the gateway says that they are durable; writes items as
// files. Knows nothing of where the files are: FileSide does. At least once, both ways.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "connectors/sdk/exchange_folder/broken_reads.hpp"
#include "connectors/sdk/exchange_folder/choice.hpp"
#include "connectors/sdk/exchange_folder/exchange_settings.hpp"
#include "connectors/sdk/exchange_folder/file_side.hpp"
#include "connectors/sdk/exchange_folder/read_marks.hpp"
#include "connectors/sdk/exchange_folder/set_aside_name.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

using WallClock = std::function<std::chrono::system_clock::time_point()>;

class ExchangeFolder final : public Connector {
public:
    ExchangeFolder(ExchangeSettings settings, ConnectorSurroundings surroundings, std::unique_ptr<FileSide> files,
                   WallClock now, std::shared_ptr<BrokenReads> broken = std::make_shared<BrokenReads>());

    std::vector<CheckStep> check() override;
    std::vector<SourceObject> discover() override;
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override;
    void acknowledge(const Cursor& durable) override;
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override;

private:
    CallBudget begin();
    std::vector<FileEntry> listing(const CallBudget& budget);
    std::optional<WaitingFiles> filesAside(const CallBudget& budget);
    void lookAround(const CallBudget& budget, ReadMarks& marks);
    std::string brokenName(const FileEntry& entry) const;
    bool isBroken(const FileEntry& entry) const { return broken_->has(brokenName(entry)); }
    bool areOnlyBrokenLeft() const { return queue_.empty() || isBroken(queue_.front()); }
    bool markRefused(ReadMarks& marks) const;
    bool give(const FileEntry& entry, const CallBudget& budget, PageSink& sink);
    void giveBytes(const FileEntry& entry, FileReader& reader, const CallBudget& budget, PageSink& sink,
                   bool& is_at_sink);
    void setAside(const std::string& name, const std::string& mark, Place to, std::chrono::system_clock::time_point now,
                  int tried);
    struct Told {
        std::string reason;
        int number;  ///< of its name, which the file gets, too
    };
    Told tellWhy(const FileEntry& entry, std::chrono::system_clock::time_point now);
    bool stands(Place place, const std::string& name, std::string_view text);
    std::string refusedNames() const;
    ConnectorFault brokenFault(const FileEntry& entry, const ConnectorFault& fault);
    ConnectorFault refusedFault(std::size_t count, const std::string& names, std::string next_step) const;
    std::string withheld() const;
    std::string mediaTypeOf(const std::string& name) const;
    WriteAnswer writeOne(const OutgoingItem& item);

    ExchangeSettings settings_;
    ConnectorSurroundings surroundings_;
    std::unique_ptr<FileSide> files_;
    WallClock now_;
    std::shared_ptr<BrokenReads> broken_;

    // What one listing gave, kept while reading goes on from where the last page ended: a cursor alone is enough, but a
    // listing a page would be quadratic.
    std::deque<FileEntry> queue_;
    std::vector<RefusedFile> refused_;
    std::size_t waiting_ = 0, gone_before_ = 0;  ///< files that are not ready; that were no more as their turn came
    std::string waiting_such_;                   ///< the first of them, each with what it waits for
    std::optional<WaitingFiles> aside_;          ///< what lay in the error folder then
    std::optional<WaitingFiles> new_waiting_;    ///< of the first, those that were not read before
    Cursor queue_at_;
    std::unordered_map<std::string, FileEntry> given_;  ///< by mark: acknowledging needs no listing for these
    std::unordered_set<std::string> gone_;              ///< marks of what was set aside since the listing
    std::size_t put_aside_ = 0;                         ///< files that went to the error folder and are not told yet
    std::string put_aside_names_;                       ///< the first few, with their reasons
};

}  // namespace caseway
