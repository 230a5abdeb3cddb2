// gateway/daemon/report_sender.hpp - sends the morning report at its time, on each configured way, until it is taken:
// with growing waits, on a thread a way, so that no run, no message and no other way waits for a mail server. What
// became of it is a note in the store, so that a restart sends nothing twice.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gateway/ports/clock.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/report/morning_report.hpp"

namespace caseway {

/// After this a report is no longer sent: the next one is nearer.
inline constexpr std::chrono::hours kReportTriedFor{12};
inline constexpr std::chrono::minutes kFirstReportWait{1};
inline constexpr std::chrono::minutes kLongestReportWait{30};

/// How a way stands: its note, and figures.
struct ReportSending {
    std::string way;                   ///< `mail`, `webhook`
    std::string night;                 ///< of the last report that was due; empty: none yet
    bool is_sent = false;              ///< that one
    std::uint64_t failed = 0;          ///< attempts at it
    std::uint64_t given_up = 0;        ///< reports, ever
    std::optional<Instant> sent_at{};  ///< the last one that was
    std::string error{};               ///< of the last attempt that failed
    std::string refused{};             ///< whom the other side refused of the last one that was sent, and why

    std::string text() const;
    /// Of a note; nothing where it is none.
    static std::optional<ReportSending> read(std::string_view way, std::string_view note);
};
std::string sendingNoteOf(std::string_view way);

/// The last report that should have gone out by now, and when.
struct DueReport {
    std::chrono::local_days date;  ///< of its night's morning
    Instant at{};
};
DueReport lastDueReport(Instant now, const TimeZone& zone, std::chrono::minutes send_at);

class ReportSender {
public:
    struct Way {
        std::string name;
        /// Returns once it was taken: which of its receivers were refused, and why; empty: none was. Throws Fault or
        /// ConnectorFault: tried again.
        std::function<std::string(const MorningReport& report, const std::function<bool()>& stopping)> send;
    };
    struct Parts {
        const Clock& clock;
        StoreReader& reader;
        TimeZone zone;
        std::chrono::minutes send_at;
        std::function<MorningReport(std::chrono::local_days date)> make;  ///< callable concurrently, as is the next
        std::function<void(const std::string& name, const std::string& body)> keep;  ///< a note; throws Fault
        std::vector<Way> ways;
    };
    explicit ReportSender(Parts parts);
    ~ReportSender() { stop(); }

    /// From now on looks once a second, each way on its own thread.
    void start();
    /// An attempt under way ends soon. Idempotent.
    void stop();
    /// Sends what is due now. For one thread.
    void look();
    /// How each way stands. Callable concurrently.
    std::vector<ReportSending> standing() const;

private:
    using ReportMaker = std::function<const MorningReport&(std::chrono::local_days date)>;
    void lookAt(const Way& way, const ReportMaker& report);
    bool isWanted(const Way& way, const DueReport& due, Instant now, ReportSending& sending);
    void attempt(const Way& way, const std::function<const MorningReport&()>& report, ReportSending& sending);
    void setNextTry(const std::string& way, std::chrono::minutes wait);
    void keep(const std::string& way);
    void tell(const ReportSending& sending);

    Parts parts_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::map<std::string, ReportSending> standing_;
    std::map<std::string, Instant> next_try_;
    std::set<std::string> not_kept_;  ///< ways whose note the store has not taken yet
    std::vector<std::thread> threads_;
};

}  // namespace caseway
