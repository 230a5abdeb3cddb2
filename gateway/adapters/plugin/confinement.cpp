// gateway/adapters/plugin/confinement.cpp - Landlock by its system calls (glibc wraps none of them), seccomp by
// libseccomp. Sources: landlock(7), seccomp(2).
#include "gateway/adapters/plugin/confinement.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <sstream>
#include <string_view>

#include "gateway/adapters/plugin/linkless_open.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

// Newer than the headers of Debian 12; each asked for only where the kernel knows it.
constexpr std::uint64_t kTruncate = 1ULL << 14;   ///< ABI 3
constexpr std::uint64_t kIoctlDev = 1ULL << 15;   ///< ABI 5
constexpr std::uint64_t kBindTcp = 1ULL << 0;     ///< ABI 4
constexpr std::uint64_t kConnectTcp = 1ULL << 1;  ///< ABI 4
constexpr std::uint64_t kScopes = 3;              ///< ABI 6: abstract Unix sockets, signals
struct RulesetAttributes {
    std::uint64_t files = 0;
    std::uint64_t network = 0;
    std::uint64_t scoped = 0;
};

constexpr std::uint64_t kReading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kRunning = kReading | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr std::uint64_t kWriting = kReading | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                   LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REFER | kTruncate;
constexpr std::uint64_t kOfFiles =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE | kTruncate | kIoctlDev;

/// What an interpreter, its libraries, name look-up and TLS read. Nothing of the gateway's own lies below them.
constexpr const char* kSystemFolders[] = {"/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin"};
constexpr const char* kSystemFiles[] = {
    "/etc/ld.so.cache", "/etc/ssl",           "/etc/ca-certificates", "/etc/localtime", "/etc/resolv.conf",
    "/etc/hosts",       "/etc/nsswitch.conf", "/etc/host.conf",       "/etc/gai.conf",  "/etc/services",
    "/etc/python3",     "/etc/python3.11",    "/dev/urandom",         "/dev/random",    "/dev/zero"};

std::uint64_t filesOf(int abi) {
    std::uint64_t all = (1ULL << 13) - 1;
    if (abi >= 2) all |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3) all |= kTruncate;
    if (abi >= 5) all |= kIoctlDev;
    return all;
}

[[noreturn]] void unprotected(const char* what) {
    throw ConnectorFault(ConnectorFaultKind::System, {"connector_unprotected", what, std::strerror(errno),
                                                      "`caseway doctor` says which protections this machine offers"});
}

/// False where nothing was opened.
bool allow(int ruleset, int opened, std::uint64_t access) {
    if (opened < 0) return false;
    struct stat status {};
    if (::fstat(opened, &status) == 0 && !S_ISDIR(status.st_mode)) access &= kOfFiles;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = access;
    rule.parent_fd = opened;
    const long added = ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U);
    ::close(opened);
    if (added != 0) unprotected("Landlock: a rule");
    return true;
}

struct FilterDeleter {
    void operator()(void* context) const { seccomp_release(context); }
};
using FilterHandle = std::unique_ptr<void, FilterDeleter>;

void denyNumber(void* context, int number, int error, const std::vector<scmp_arg_cmp>& when = {}) {
    errno = -seccomp_rule_add_array(context, SCMP_ACT_ERRNO(static_cast<unsigned>(error)), number,
                                    static_cast<unsigned>(when.size()), when.data());
    if (errno != 0) unprotected(fmt::format("seccomp: call {}", number).c_str());
}

void deny(void* context, const char* name, int error, const std::vector<scmp_arg_cmp>& when = {}) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number >= 0) denyNumber(context, number, error, when);  // else not of this architecture
}

/// Processes, signals, other processes' memory, keys, mounts, modules, memory that no limit counts; owners, modes,
/// times and attributes of files, which Landlock does not look at; priorities, also of others.
constexpr std::string_view kNever =
    "fork vfork kill tkill tgkill pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo "
    "ptrace process_vm_readv process_vm_writev pidfd_getfd bpf perf_event_open userfaultfd "
    "keyctl add_key request_key mount umount2 pivot_root chroot unshare setns open_by_handle_at "
    "open_tree move_mount fsopen fsmount mount_setattr shmget msgget semget mq_open "
    "kexec_load init_module finit_module delete_module reboot swapon swapoff "
    "chmod fchmod fchmodat chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr "
    "fremovexattr utime utimes utimensat futimesat truncate mknod mknodat setpriority ioprio_set";
/// Likewise, newer than the libseccomp of Debian 12, which knows no names for them; one number on all architectures.
constexpr int kNeverByNumber[] = {452 /* fchmodat2 */, 463 /* setxattrat */, 466 /* removexattrat */,
                                  469 /* file_setattr */};
/// Allowed for the caller itself alone: a process of the same user could slow down or pin another.
constexpr std::string_view kOfItselfAlone =
    "prlimit64 sched_setscheduler sched_setparam sched_setaffinity sched_setattr";
/// "Not there" lets libraries fall back to what the filter can look into.
constexpr std::string_view kNotThere = "clone3 io_uring_setup memfd_create memfd_secret";

void denyAll(void* context, std::string_view names, int error, const std::vector<scmp_arg_cmp>& when = {}) {
    std::istringstream words{std::string(names)};
    for (std::string name; words >> name;) deny(context, name.c_str(), error, when);
}

/// The gateway's end comes to it as the death of its parent; a datagram socket of a pair would reach any Unix socket.
void denyWaysOut(void* context) {
    constexpr std::uint64_t kInt = 0xffffffff;  ///< the kernel reads no more of it
    deny(context, "prctl", EPERM, {SCMP_A0(SCMP_CMP_MASKED_EQ, kInt, PR_SET_PDEATHSIG)});
    for (const int type : {SOCK_DGRAM, SOCK_RAW})  // of Unix sockets the same
        deny(context, "socketpair", EACCES, {SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, static_cast<scmp_datum_t>(type))});
    deny(context, "socketpair", EACCES, {SCMP_A0(SCMP_CMP_NE, AF_UNIX)});
}

/// The kernel signals the owner of a descriptor when something comes in, with a signal of the caller's choice; any
/// process of the same user could be made one.
void denySignalsByOwner(void* context) {
    constexpr std::uint64_t kInt = 0xffffffff;
    for (const int command : {F_SETOWN, F_SETOWN_EX, F_SETSIG})
        deny(context, "fcntl", EPERM, {SCMP_A1(SCMP_CMP_MASKED_EQ, kInt, static_cast<scmp_datum_t>(command))});
    for (const int command : {FIOSETOWN, SIOCSPGRP})
        deny(context, "ioctl", EPERM, {SCMP_A1(SCMP_CMP_MASKED_EQ, kInt, static_cast<scmp_datum_t>(command))});
}

/// One process, which signals nobody, has no memory that its limits do not count, and dials only if it may.
void denyCalls(void* context, bool network) {
    denyAll(context, kNever, EPERM);
    for (const int number : kNeverByNumber) denyNumber(context, number, EPERM);
    denyAll(context, kNotThere, ENOSYS);
    denyAll(context, kOfItselfAlone, EPERM, {SCMP_A0(SCMP_CMP_NE, 0)});
    denyWaysOut(context);
    denySignalsByOwner(context);
    deny(context, "clone", EPERM, {SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)});
    constexpr int kSharedWithNobody = MAP_SHARED | MAP_ANONYMOUS;
    deny(context, "mmap", ENOMEM, {SCMP_A3(SCMP_CMP_MASKED_EQ, kSharedWithNobody, kSharedWithNobody)});
    deny(context, "mmap", ENOMEM, {SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_GROWSDOWN, MAP_GROWSDOWN)});
    if (!network) return deny(context, "socket", EACCES);
    // Netlink: name look-up asks which families the machine has
    for (unsigned family = 0; family <= AF_NETLINK; ++family)
        if (family != AF_INET && family != AF_INET6 && family != AF_NETLINK)
            deny(context, "socket", EACCES, {SCMP_A0(SCMP_CMP_EQ, family)});
    deny(context, "socket", EACCES, {SCMP_A0(SCMP_CMP_GT, AF_NETLINK)});
}

std::vector<char> filterProgram(bool network) {
    const FilterHandle context(seccomp_init(SCMP_ACT_ALLOW));
    if (!context) unprotected("seccomp");
    denyCalls(context.get(), network);
    const int file = ::memfd_create("filter", MFD_CLOEXEC);
    if (file < 0) unprotected("memfd");
    const int exported = seccomp_export_bpf(context.get(), file);
    struct stat status {};
    std::vector<char> program;
    if (exported == 0 && ::fstat(file, &status) == 0) program.resize(static_cast<std::size_t>(status.st_size));
    const bool read = !program.empty() && ::pread(file, program.data(), program.size(), 0) == status.st_size;
    ::close(file);
    if (!read) unprotected("seccomp");
    return program;
}

}  // namespace

std::vector<fs::path> systemPlaces() {
    std::vector<fs::path> places;
    std::error_code ignored;
    for (const char* place : kSystemFolders) places.push_back(fs::weakly_canonical(place, ignored));
    for (const char* place : kSystemFiles) places.push_back(fs::weakly_canonical(place, ignored));
    return places;
}

KernelProtections kernelProtections() {
    KernelProtections found;
    const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    found.landlock_abi = abi > 0 ? static_cast<int>(abi) : 0;
    const unsigned action = SECCOMP_RET_ERRNO;
    found.seccomp = ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    return found;
}

Confinement::Confinement(const ConfinementPlan& plan) : filter_(filterProgram(plan.network)) {
    try {
        allowFiles(plan);
    } catch (...) {
        if (ruleset_ >= 0) ::close(ruleset_);
        throw;
    }
}

void Confinement::allowFiles(const ConfinementPlan& plan) {
    const int abi = kernelProtections().landlock_abi;
    if (abi == 0) return;
    RulesetAttributes attributes;
    attributes.files = filesOf(abi);
    if (abi >= 4) attributes.network = kBindTcp | (plan.network ? 0 : kConnectTcp);
    if (abi >= 6) attributes.scoped = kScopes;
    const std::size_t known = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    ruleset_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, known, 0U));
    if (ruleset_ < 0) unprotected("Landlock: the ruleset");
    const auto system = [](const char* path) { return ::open(path, O_PATH | O_CLOEXEC); };  // some are links
    for (const char* folder : kSystemFolders) allow(ruleset_, system(folder), kRunning & attributes.files);
    for (const char* file : kSystemFiles) allow(ruleset_, system(file), kReading & attributes.files);
    allow(ruleset_, system("/dev/null"), (kReading | LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate) & attributes.files);
    // These were checked as they really are. What the rules name from here on is the folder itself, whatever becomes of
    // its path.
    if (!allow(ruleset_, openWithoutLinks(plan.plugin_folder), kRunning & attributes.files))
        throw ConnectorFault(ConnectorFaultKind::Config, {"connector_folder_unsafe", plan.plugin_folder.string(),
                                                          "a part of its path became a link",
                                                          "look who changes it: only its owner should be able to"});
    for (const fs::path& folder : plan.open_folders)
        if (!allow(ruleset_, openWithoutLinks(folder), kWriting & attributes.files))
            throw ConnectorFault(ConnectorFaultKind::Config,
                                 {"connector_folder_missing", folder.string(),
                                  "is not there, cannot be opened, or became a link meanwhile",
                                  "make the folder, or correct the setting"});
}

Confinement::~Confinement() {
    if (ruleset_ >= 0) ::close(ruleset_);
}

bool Confinement::moveAbove(int least) noexcept {
    if (ruleset_ < 0) return true;
    ruleset_ = ::fcntl(ruleset_, F_DUPFD_CLOEXEC, least);
    return ruleset_ >= least;
}

bool Confinement::moveTo(int number) noexcept {
    if (ruleset_ < 0) return true;
    ruleset_ = ::dup3(ruleset_, number, O_CLOEXEC);
    return ruleset_ == number;
}

bool Confinement::putOn() const noexcept {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (ruleset_ >= 0 && ::syscall(SYS_landlock_restrict_self, ruleset_, 0U) != 0) return false;
    sock_fprog program{};
    program.len = static_cast<unsigned short>(filter_.size() / sizeof(sock_filter));
    program.filter = reinterpret_cast<sock_filter*>(const_cast<char*>(filter_.data()));
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace caseway
