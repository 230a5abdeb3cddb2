// gateway/adapters/plugin/launch.cpp - fork and exec. Between them the child makes system calls only: other threads of
// the gateway may hold any lock at that moment.
#include "gateway/adapters/plugin/launch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace caseway {
namespace {

constexpr int kReport = 5;  ///< 0 to 4 are the plug-in's; these two go with exec
constexpr int kProtections = 6;
constexpr int kHigh = 16;                          ///< above all of them
constexpr int kSocketBytes = 1024 * 1024;          ///< wished for: a page in one go; the system may give less
constexpr rlim_t kFileBytesMax = 1ULL << 30;       ///< that it may write in one file
constexpr rlim_t kProcessesMax = 1024;             ///< threads of its user, all plug-ins together
constexpr unsigned kSecureBitsLocked = 0x3 | 0xc;  ///< SECBIT_NOROOT, NO_SETUID_FIXUP, both locked

/// A descriptor until somebody takes it.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(other.take()) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        close();
        number_ = other.take();
        return *this;
    }
    int number() const { return number_; }
    int take() {
        const int taken = number_;
        number_ = -1;
        return taken;
    }
    void close() {
        if (number_ >= 0) ::close(take());
    }

private:
    int number_;
};

[[noreturn]] void notStarted(const std::string& program, const std::string& step, int error) {
    throw ConnectorFault(ConnectorFaultKind::System,
                         {"connector_not_started", program, step + ": " + std::strerror(error),
                          "`caseway doctor` checks plug-ins and protections; `caseway connector verify DIR` this one"});
}

/// Everything that the child needs, made before the fork.
struct ChildPlan {
    std::array<int, 5> descriptors;  ///< become 0 to 4
    int report;                      ///< closed by exec; gets {step, errno} where a step fails
    int go, go_writing;              ///< it waits for a byte here, as the user that it was
    const char* folder;
    char* const* arguments;
    char* const* environment;
    const std::optional<UnixUser>* run_as;
    PluginLimits limits;
    Confinement* confinement;
};

constexpr const char* kSteps[] = {"descriptors", "folder", "limits", "user", "protections", "exec"};
enum class Step : int { Descriptors, Folder, Limits, User, Protections, Exec };

void setLimit(__rlimit_resource_t which, rlim_t most) noexcept {
    const rlimit limit{most, most};
    ::setrlimit(which, &limit);
}

/// First out of the way of each other, then to their places; all others are closed.
bool placeDescriptors(const ChildPlan& plan) noexcept {
    std::array<int, 6> high{};
    for (std::size_t i = 0; i < high.size(); ++i) {
        high[i] = ::fcntl(i < plan.descriptors.size() ? plan.descriptors[i] : plan.report, F_DUPFD, kHigh);
        if (high[i] < 0) return false;
    }
    if (!plan.confinement->moveAbove(kHigh)) return false;
    for (std::size_t i = 0; i < high.size(); ++i)
        if (::dup3(high[i], static_cast<int>(i), i == kReport ? O_CLOEXEC : 0) < 0) return false;
    if (!plan.confinement->moveTo(kProtections)) return false;
    const int first_closed = plan.confinement->hasRuleset() ? kProtections + 1 : kProtections;
    return ::syscall(SYS_close_range, first_closed, ~0U, 0U) == 0;
}

void setLimits(const PluginLimits& limits) noexcept {
    setLimit(RLIMIT_DATA, limits.memory_mib << 20);
    setLimit(RLIMIT_NOFILE, limits.open_files);
    setLimit(RLIMIT_FSIZE, kFileBytesMax);
    setLimit(RLIMIT_NPROC, kProcessesMax);
    setLimit(RLIMIT_CORE, 0);
    setLimit(RLIMIT_MEMLOCK, 0);
    setLimit(RLIMIT_MSGQUEUE, 0);
    const int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score >= 0) {
        [[maybe_unused]] const ssize_t ignored = ::write(score, "1000", 4);
        ::close(score);
    }
}

/// Its user, and none of the gateway's capabilities, whatever user it is.
bool becomeUser(const std::optional<UnixUser>& run_as) noexcept {
    for (unsigned long one = 0; ::prctl(PR_CAPBSET_READ, one, 0, 0, 0) >= 0; ++one)
        ::prctl(PR_CAPBSET_DROP, one, 0, 0, 0);
    if (run_as) {
        if (::syscall(SYS_setgroups, 0, nullptr) != 0 ||
            ::syscall(SYS_setresgid, run_as->group, run_as->group, run_as->group) != 0 ||
            ::syscall(SYS_setresuid, run_as->user, run_as->user, run_as->user) != 0)
            return false;
    }
    ::prctl(PR_SET_SECUREBITS, kSecureBitsLocked, 0, 0, 0);
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[2] = {};
    return ::syscall(SYS_capset, &header, none) == 0;
}

Step becomePlugin(const ChildPlan& plan) noexcept {
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    sigset_t nothing;
    ::sigemptyset(&nothing);
    ::sigprocmask(SIG_SETMASK, &nothing, nullptr);
    ::setsid();
    ::umask(077);
    ::close(plan.go_writing);
    char byte = 0;
    if (::read(plan.go, &byte, 1) != 1) ::_exit(127);  // the gateway ended
    if (!placeDescriptors(plan)) return Step::Descriptors;
    setLimits(plan.limits);
    if (!becomeUser(*plan.run_as)) return Step::User;
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return Step::User;
    if (::chdir(plan.folder) != 0) return Step::Folder;
    if (!plan.confinement->putOn()) return Step::Protections;
    ::execve(plan.arguments[0], plan.arguments, plan.environment);
    return Step::Exec;
}

[[noreturn]] void child(const ChildPlan& plan) noexcept {
    const Step failed = becomePlugin(plan);
    const int report[2] = {static_cast<int>(failed), errno};
    const int to = failed == Step::Descriptors ? plan.report : kReport;
    [[maybe_unused]] const ssize_t ignored = ::write(to, report, sizeof report);
    ::_exit(127);
}

void makePair(Descriptor& ours, Descriptor& theirs) {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) notStarted("", "socketpair", errno);
    for (const int one : pair) ::setsockopt(one, SOL_SOCKET, SO_SNDBUF, &kSocketBytes, sizeof kSocketBytes);
    ours = Descriptor(pair[0]);
    theirs = Descriptor(pair[1]);
}
void makePipe(Descriptor& reading, Descriptor& writing) {
    int pair[2];
    if (::pipe2(pair, O_CLOEXEC) != 0) notStarted("", "pipe", errno);
    reading = Descriptor(pair[0]);
    writing = Descriptor(pair[1]);
}

/// To be opened before the child becomes another user: where /proc hides what others run, it could not be afterwards.
Descriptor statusOf(pid_t pid) {
    return Descriptor(::open(fmt::format("/proc/{}/status", pid).c_str(), O_RDONLY | O_CLOEXEC));
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& one : texts) pointers.push_back(one.data());
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

UnixUser findUser(const std::string& name) {
    std::array<char, 16 * 1024> buffer;
    passwd entry{};
    passwd* found = nullptr;
    ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found == nullptr || found->pw_uid == 0)
        throw ConnectorFault(
            ConnectorFaultKind::Config,
            {"connector_user_unknown", "connectors.run_as", found == nullptr ? "no user " + name : name + " is root",
             "adduser --system --no-create-home caseway-plugin, and name that"});
    return {found->pw_uid, found->pw_gid};
}

LaunchedChild launch(const LaunchPlan& plan) {
    Confinement confinement(plan.confinement);
    Descriptor calls, their_calls, questions, their_questions, output, their_output, report, their_report, go,
        go_writing;
    makePair(calls, their_calls);
    makePair(questions, their_questions);
    makePipe(output, their_output);
    makePipe(report, their_report);
    makePipe(go, go_writing);
    const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    ::fcntl(output.number(), F_SETFL, O_NONBLOCK);
    std::vector<std::string> arguments = plan.command;
    std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
    const std::vector<char*> argument_pointers = pointersTo(arguments);
    const std::vector<char*> environment_pointers = pointersTo(environment);
    const std::string folder = plan.folder.string();
    const ChildPlan child_plan{{nothing.number(), their_output.number(), their_output.number(), their_calls.number(),
                                their_questions.number()},
                               their_report.number(),
                               go.number(),
                               go_writing.number(),
                               folder.c_str(),
                               argument_pointers.data(),
                               environment_pointers.data(),
                               &plan.run_as,
                               plan.limits,
                               &confinement};
    LaunchedChild launched;
    launched.pid = ::fork();
    if (launched.pid == 0) child(child_plan);
    if (launched.pid < 0) notStarted(plan.command.front(), "fork", errno);
    their_report.close();
    Descriptor status = statusOf(launched.pid);
    if (status.number() < 0) {
        const int error = errno;
        ::kill(launched.pid, SIGKILL);
        ::waitpid(launched.pid, nullptr, 0);
        notStarted(plan.command.front(), "/proc", error);
    }
    [[maybe_unused]] const ssize_t gone = ::write(go_writing.number(), "g", 1);
    int failure[2] = {0, 0};
    const ssize_t told = ::read(report.number(), failure, sizeof failure);
    if (told != 0) {
        ::waitpid(launched.pid, nullptr, 0);
        notStarted(plan.command.front(), kSteps[failure[0]], told == sizeof failure ? failure[1] : EPIPE);
    }
    launched.handle = static_cast<int>(::syscall(SYS_pidfd_open, launched.pid, 0U));
    if (launched.handle < 0) {
        const int error = errno;
        ::kill(launched.pid, SIGKILL);
        ::waitpid(launched.pid, nullptr, 0);
        notStarted(plan.command.front(), "pidfd", error);
    }
    launched.calls = calls.take();
    launched.questions = questions.take();
    launched.output = output.take();
    launched.status = status.take();
    return launched;
}

}  // namespace caseway
