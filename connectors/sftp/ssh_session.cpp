// connectors/sftp/ssh_session.cpp - on libssh.
#include "connectors/sftp/ssh_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sftp/dial.hpp"

namespace caseway {
namespace {

constexpr std::size_t kErrorBytesMost = 200;
constexpr int kPromptRoundsMost = 5;
constexpr std::chrono::seconds kGoodbye{2};

void add(std::vector<CheckStep>* steps, std::string name, std::string detail) {
    if (steps != nullptr) steps->push_back({std::move(name), true, std::move(detail)});
}

/// The algorithms that a server may prove itself with, where every pin says its type.
std::string algorithmsOf(const std::vector<std::string>& host_keys) {
    std::string names;
    for (const std::string& pin : host_keys) {
        if (pin.starts_with("SHA256:")) return "";
        std::string type = pin.substr(0, pin.find(' '));
        if (type == "ssh-rsa") type = "rsa-sha2-512,rsa-sha2-256";
        names += (names.empty() ? "" : ",") + type;
    }
    return names;
}

bool isPinned(ssh_key key, const std::string& fingerprint, const std::string& pin) {
    if (pin.starts_with("SHA256:")) return pin == fingerprint;
    const std::size_t space = pin.find(' ');
    const std::string base64 = pin.substr(space + 1, pin.find(' ', space + 1) - space - 1);
    ssh_key read = nullptr;
    const std::string type = pin.substr(0, space);
    if (ssh_pki_import_pubkey_base64(base64.c_str(), ssh_key_type_from_name(type.c_str()), &read) != SSH_OK)
        return false;
    const SshKeyHandle pinned(read);
    return ssh_key_cmp(pinned.get(), key, SSH_KEY_CMP_PUBLIC) == 0;
}

ConnectorFault unreadableKey(const std::string& key) {
    const auto begins = [&](std::string_view text) { return key.starts_with(text); };
    if (begins("PuTTY-User-Key-File"))
        return configFault("key_unreadable", "/key", "is a key in the form of PuTTY",
                           "in PuTTYgen: Conversions, Export OpenSSH key; then caseway secret set again");
    if (begins("ssh-") || begins("ecdsa-") || begins("---- BEGIN SSH2 PUBLIC") || begins("-----BEGIN PUBLIC"))
        return configFault("key_unreadable", "/key", "is the public key",
                           "give the private one: the file of the same name without .pub");
    return configFault("key_unreadable", "/key", "the private key cannot be read, or its passphrase is wrong",
                       "give the whole file as ssh-keygen wrote it, and key_passphrase where it has one");
}

}  // namespace

std::string SshSettings::where() const {
    return fmt::format("{}:{}", host, port);
}

SshSession::SshSession(const SshSettings& settings, const ConnectorSurroundings& surroundings, const CallBudget& budget,
                       std::vector<CheckStep>* steps)
    : settings_(settings),
      socket_(settings.proxy.url.empty()
                  ? dial(settings.host, settings.port, settings.connect_timeout, budget, surroundings)
                  : dialByProxy(settings.proxy, settings.host, settings.port, settings.connect_timeout, budget,
                                surroundings)),
      watch_(socket_.duplicate(), surroundings.stopping) {
    add(steps, "connect to " + settings_.where(),
        settings_.proxy.url.empty() ? "connected" : "connected by " + settings_.proxy.url);
    const Awaiting awaiting = await(budget);
    handShake(budget);
    add(steps, "check the server's key", checkHostKey());
    logIn(budget);
    add(steps, "log in as " + settings_.user, "logged in");
    sftp_.reset(sftp_new(session_.get()));
    if (!sftp_ || sftp_init(sftp_.get()) != SSH_OK) {
        if (!isUsable()) throw lost(budget);
        throw configFault("access_refused", settings_.where(),
                          "the server lets the user in, but gives no SFTP: " + lastError(),
                          "let the department open the sftp subsystem for this user");
    }
    add(steps, "start SFTP", fmt::format("version {}", sftp_server_version(sftp_.get())));
}

SshSession::~SshSession() {
    watch_.await(kGoodbye);  // until the handles are freed
}

Awaiting SshSession::await(const CallBudget& budget) {
    const std::chrono::milliseconds left = budget.left();
    call_ends_first_ = left < settings_.silence_timeout;
    return {watch_, std::min(settings_.silence_timeout, left)};
}

void SshSession::handShake(const CallBudget& budget) {
    session_.reset(ssh_new());
    if (!session_)
        throw systemFault("ssh_failed", settings_.where(), "libssh gave no session", "is there memory left?");
    ssh_session session = session_.get();
    const unsigned port = settings_.port;
    const bool no_config = false;
    // Beyond any call: the watch alone decides, and one clock is enough.
    const long seconds = 24 * 3600;
    ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no_config);
    ssh_options_set(session, SSH_OPTIONS_HOST, settings_.host.c_str());
    ssh_options_set(session, SSH_OPTIONS_PORT, &port);
    ssh_options_set(session, SSH_OPTIONS_USER, settings_.user.c_str());
    ssh_options_set(session, SSH_OPTIONS_TIMEOUT, &seconds);
    ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
    ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    if (const std::string names = algorithmsOf(settings_.host_keys);
        !names.empty() && ssh_options_set(session, SSH_OPTIONS_HOSTKEYS, names.c_str()) != SSH_OK)
        throw configFault("bad_setting", "/host_keys", "has a type of key that no server may use any more",
                          "ask the department for its Ed25519, ECDSA or RSA key");
    const socket_t socket = socket_.get();
    ssh_options_set(session, SSH_OPTIONS_FD, &socket);
    if (ssh_connect(session) == SSH_OK) return;
    if (watch_.wasSilent()) throw lost(budget);
    throw transientFault("ssh_failed", settings_.where(), "no SSH connection came about: " + lastError(),
                         "is it an SSH server, with algorithms of today?");
}

std::string SshSession::checkHostKey() {
    ssh_key got = nullptr;
    if (ssh_get_server_publickey(session_.get(), &got) != SSH_OK)
        throw transientFault("ssh_failed", settings_.where(), "the server showed no key: " + lastError(), "try again");
    const SshKeyHandle key(got);
    unsigned char* bytes = nullptr;
    std::size_t length = 0;
    if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &bytes, &length) != SSH_OK)
        throw transientFault("ssh_failed", settings_.where(), "the server's key has no digest", "try again");
    const SshHashHandle hash(bytes);
    const SshTextHandle text(ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash.get(), length));
    const std::string fingerprint = text ? text.get() : "";
    const std::string shown = fmt::format("{} {}", ssh_key_type_to_char(ssh_key_type(key.get())), fingerprint);
    for (const std::string& pin : settings_.host_keys)
        if (isPinned(key.get(), fingerprint, pin)) return shown;
    throw configFault(
        "host_key_unknown", settings_.where(),
        fmt::format("the server shows the key {}, which is none of the {} in host_keys", shown,
                    settings_.host_keys.size()),
        fmt::format("ask the department, not over this network, whether it is theirs; if so, set host_keys: [\"{}\"]",
                    fingerprint));
}

void SshSession::logIn(const CallBudget& budget) {
    std::string tried;
    int outcome = ssh_userauth_none(session_.get(), nullptr);
    if (outcome != SSH_AUTH_SUCCESS && !settings_.key.empty()) tryKey(tried, outcome);
    if (outcome != SSH_AUTH_SUCCESS && !settings_.password.empty()) tryPassword(tried, outcome);
    if (outcome == SSH_AUTH_SUCCESS) return;
    if (!isUsable()) throw lost(budget);
    throw configFault(
        "access_refused", settings_.where(),
        fmt::format("the user {} is not let in with {}", settings_.user, tried.empty() ? "nothing" : tried),
        "check user, key and password, and that the department has entered the public key");
}

void SshSession::tryKey(std::string& tried, int& outcome) {
    ssh_key read = nullptr;
    const char* passphrase = settings_.key_passphrase.empty() ? nullptr : settings_.key_passphrase.c_str();
    // Without a call-back an encrypted key would ask at a terminal.
    const auto nobody = [](const char*, char*, std::size_t, int, int, void*) { return -1; };
    if (ssh_pki_import_privkey_base64(settings_.key.c_str(), passphrase, nobody, nullptr, &read) != SSH_OK)
        throw unreadableKey(settings_.key);
    const SshKeyHandle key(read);
    outcome = ssh_userauth_publickey(session_.get(), nullptr, key.get());
    tried += fmt::format("a key of the type {}", ssh_key_type_to_char(ssh_key_type(key.get())));
}

void SshSession::tryPassword(std::string& tried, int& outcome) {
    tried += tried.empty() ? "a password" : " and a password";
    const int methods = ssh_userauth_list(session_.get(), nullptr);
    if ((methods & SSH_AUTH_METHOD_PASSWORD) != 0)
        outcome = ssh_userauth_password(session_.get(), nullptr, settings_.password.c_str());
    if (outcome != SSH_AUTH_SUCCESS && (methods & SSH_AUTH_METHOD_INTERACTIVE) != 0) outcome = answerPrompts();
}

/// Servers that ask for the password in a dialogue: one prompt that is not echoed.
int SshSession::answerPrompts() {
    int outcome = ssh_userauth_kbdint(session_.get(), nullptr, nullptr);
    for (int round = 0; outcome == SSH_AUTH_INFO && round < kPromptRoundsMost; ++round) {
        const int prompts = ssh_userauth_kbdint_getnprompts(session_.get());
        char echo = 1;
        if (prompts > 1 || (prompts == 1 && (ssh_userauth_kbdint_getprompt(session_.get(), 0, &echo), echo != 0)))
            return SSH_AUTH_DENIED;
        if (prompts == 1) ssh_userauth_kbdint_setanswer(session_.get(), 0, settings_.password.c_str());
        outcome = ssh_userauth_kbdint(session_.get(), nullptr, nullptr);
    }
    return outcome;
}

std::string SshSession::lastError() const {
    const char* text = session_ ? ssh_get_error(session_.get()) : "";
    return shownName(std::string_view(text).substr(0, kErrorBytesMost));
}

bool SshSession::isUsable() const {
    return session_ && ssh_is_connected(session_.get()) != 0 && !watch_.wasSilent();
}

ConnectorFault SshSession::lost(const CallBudget& budget) {
    if (watch_.wasSilent() && budget.stopping()) return CallBudget::stopped(settings_.where());
    if (budget.passed() || (watch_.wasSilent() && call_ends_first_))
        return transientFault("deadline_passed", settings_.where(), "the call took longer than it may",
                              "find out why the other side is slow, or give the connector a longer deadline");
    if (watch_.wasSilent())
        return transientFault("timed_out", settings_.where(),
                              fmt::format("the server was silent for {} s", settings_.silence_timeout.count() / 1000),
                              "ask the department why it is slow, or give timeout_seconds more");
    return transientFault("connection_lost", settings_.where(), lastError(),
                          "if it happens again, see the server's log");
}

}  // namespace caseway
