// gateway/cli/diagnosis.hpp - findings of `caseway doctor` as they are told: a line each, or a JSON object each.
#pragma once

#include <fmt/format.h>

#include <iostream>
#include <set>
#include <string>
#include <string_view>

#include "gateway/base/counted.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/refusal_text.hpp"

namespace caseway {

class Diagnosis {
public:
    explicit Diagnosis(CommandContext& context) : context_(context) {}
    void bad(const std::string& what, const std::string& hint) {
        context_.exit_code = kRefused;
        tell("bad", what, hint);
    }
    void warn(const std::string& what, const std::string& hint) { tell("warning", what, hint); }
    void good(const std::string& what) { tell("good", what, {}); }
    /// Runs a check; a fault becomes a finding, and one finding where it stands in the way of other checks, too.
    template <class Check>
    void run(const std::string& what, Check check) {
        try {
            check();
        } catch (const Fault& fault) {
            if (faults_.insert(fault.what()).second) bad(what + ": " + fault.what(), fault.hint());
        }
    }

private:
    void tell(std::string_view verdict, const std::string& what, const std::string& hint) {
        if (context_.json) {
            std::string out = "{";
            appendMember("verdict", verdict, out);
            appendMember("what", what, out);
            appendMember("hint", hint, out);
            std::cout << out << "}\n";
        } else {
            say(fmt::format("{:<8} {}{}", verdict, what, hint.empty() ? "" : "\n         what to do: " + hint));
        }
    }
    CommandContext& context_;
    std::set<std::string> faults_;  ///< told
};

}  // namespace caseway
