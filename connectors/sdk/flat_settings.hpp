// connectors/sdk/flat_settings.hpp - the settings of a connector without objects in them, member by member. The gateway
// has held them against the schema before; this says the same again in one place, so that a connector never works with
// what it did not check.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway {

/// Reads each member at most once. Every call throws ConnectorFault{Config, bad_setting} with the member's JSON
/// pointer; no value is shown, for it may be a secret.
class FlatSettings {
public:
    explicit FlatSettings(const std::string& json);
    ~FlatSettings();
    FlatSettings(FlatSettings&&) noexcept;
    FlatSettings& operator=(FlatSettings&&) noexcept;

    bool has(const std::string& name) const;
    /// Without NUL and at most 64 KiB.
    std::string text(const std::string& name);
    std::string text(const std::string& name, const std::string& otherwise);
    /// One of `known`.
    std::string choice(const std::string& name, const std::string& otherwise, const std::vector<std::string>& known);
    bool flag(const std::string& name, bool otherwise);
    std::uint64_t number(const std::string& name, std::uint64_t otherwise, std::uint64_t least, std::uint64_t most);
    /// At most 100, none empty.
    std::vector<std::string> texts(const std::string& name, const std::vector<std::string>& otherwise);
    /// Throws where a member is left that nobody asked for.
    void noMore() const;
    /// For what a member's value alone does not tell.
    [[noreturn]] static void bad(const std::string& name, const std::string& message, const std::string& next_step);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace caseway
