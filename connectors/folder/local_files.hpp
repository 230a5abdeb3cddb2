// connectors/folder/local_files.hpp - the files of an exchange folder on this machine. Every path is walked from /
// without following a link, then only names inside the opened folders are used: what the department changes meanwhile
// cannot lead elsewhere.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>

#include "connectors/sdk/descriptor.hpp"
#include "connectors/sdk/exchange_folder/file_side.hpp"

namespace caseway {

class LocalFiles final : public FileSide {
public:
    struct Paths {
        std::string in;
        std::string archive;
        std::string error;
        std::string out;
    };
    explicit LocalFiles(Paths paths)
        : paths_{std::move(paths.in), std::move(paths.archive), std::move(paths.error), std::move(paths.out)} {}

    void begin(const CallBudget& budget) override;
    std::string describe(Place place) const override { return pathOf(place); }
    void list(Place place, const std::function<bool(FileEntry)>& each) override;
    std::optional<FileEntry> look(Place place, const std::string& name) override;
    std::unique_ptr<FileReader> open(Place place, const std::string& name) override;
    Moved move(Place from, const std::string& name, Place to, const std::string& new_name) override;
    bool create(Place place, const std::string& name, std::string_view bytes) override;
    std::vector<CheckStep> check(const std::vector<Place>& places) override;

private:
    static constexpr std::size_t kPlaces = 4;
    const std::string& pathOf(Place place) const { return paths_[static_cast<std::size_t>(place)]; }
    int folder(Place place);
    CheckStep checkPlace(Place place);

    std::array<std::string, kPlaces> paths_;
    std::array<Descriptor, kPlaces> folders_;  ///< opened when first used in a call
    std::array<uid_t, kPlaces> owners_{};      ///< of those
};

}  // namespace caseway
