// connectors/sftp/sftp_reader.hpp - a file on the server, read with several requests on the way at once: one after the
// other, a slow line would carry 32 KiB a round trip.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "connectors/sdk/exchange_folder/file_side.hpp"
#include "connectors/sdk/request_pace.hpp"
#include "connectors/sftp/ssh_session.hpp"

namespace caseway {

FileEntry entryOf(std::string name, const sftp_attributes_struct& found);

class SftpReader final : public FileReader {
public:
    /// `file` is open for reading in `session`; its bytes are asked for at the pace.
    SftpReader(std::shared_ptr<SshSession> session, const CallBudget& budget, SftpFileHandle file, std::string name,
               std::shared_ptr<RequestPace> pace);
    /// Where answers are still on their way, the connection is cut: nobody would wait for them.
    ~SftpReader() override;

    FileEntry entry() override;
    std::string_view next() override;

private:
    struct Request {
        std::uint32_t id = 0;
        std::uint64_t offset = 0;
    };
    void ask();
    int answer(const Request& request);

    std::shared_ptr<SshSession> session_;
    CallBudget budget_;
    SftpFileHandle file_;
    std::string name_;
    std::shared_ptr<RequestPace> pace_;
    std::string piece_;
    std::deque<Request> asked_;
    std::uint64_t bytes_ = 0;  ///< the size when it was opened: more is not asked for
    std::uint64_t ask_at_ = 0;
};

}  // namespace caseway
