// connectors/sftp/sftp_files.hpp - the files of an exchange folder behind SFTP. Connects when it is first asked for
// something, keeps the connection for the next calls, and makes a new one when that is broken.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "connectors/sdk/exchange_folder/file_side.hpp"
#include "connectors/sdk/request_pace.hpp"
#include "connectors/sftp/ssh_session.hpp"

namespace caseway {

class SftpFiles final : public FileSide {
public:
    struct Paths {
        std::string in;
        std::string archive;
        std::string error;
        std::string out;
    };
    SftpFiles(SshSettings ssh, ConnectorSurroundings surroundings, Paths paths);

    void begin(const CallBudget& budget) override;
    std::string describe(Place place) const override;
    void list(Place place, const std::function<bool(FileEntry)>& each) override;
    std::optional<FileEntry> look(Place place, const std::string& name) override;
    std::unique_ptr<FileReader> open(Place place, const std::string& name) override;
    Moved move(Place from, const std::string& name, Place to, const std::string& new_name) override;
    bool create(Place place, const std::string& name, std::string_view bytes) override;
    std::vector<CheckStep> check(const std::vector<Place>& places) override;

private:
    std::string path(Place place, const std::string& name) const;
    SshSession& session();
    std::optional<FileEntry> lookAt(const std::string& full, const std::string& name);
    bool createNew(const std::string& full, std::string_view bytes);
    bool rename(const std::string& from, const std::string& to);
    void remove(const std::string& full);
    /// Throws what the last failure is: of the connection, of rights, of the server's disk.
    [[noreturn]] void fail(Place place, const std::string& what);
    [[noreturn]] void failWithout(const std::string& part, Place place, const std::string& what);
    using Doubts = std::array<std::string, 4>;  ///< by place
    CheckStep checkPlace(Place place, std::optional<std::uint32_t>& of_files, Doubts& doubts);
    CheckStep tryMoveTo(Place place, const std::string& doubt);
    std::string doubtOfForeign(const std::string& own);

    SshSettings ssh_;
    ConnectorSurroundings surroundings_;
    std::array<std::string, 4> paths_;
    std::optional<CallBudget> budget_;
    RequestPace files_pace_;
    std::shared_ptr<RequestPace> bytes_pace_;  ///< of all files together; readers have it
    std::shared_ptr<SshSession> session_;
};

}  // namespace caseway
