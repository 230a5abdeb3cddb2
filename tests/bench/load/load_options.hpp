// tests/bench/load/load_options.hpp - the command line of the load generator, and its file of prepared requests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caseway::load {

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8443;
    std::string request_file;
    std::size_t connections = 32;
    double seconds = 5;
    std::uint64_t count = 0;  ///< 0: as many as `seconds` allow
    bool plain = false;
    bool once = false;
    std::string certificate_file;
    std::string key_file;
};

/// Ends the program with 0 (help) or 2 (usage).
Options parseOptions(int argc, char** argv);

/// All requests of a file, as views into one text that lives as long as the object.
class RequestFile {
public:
    /// Throws std::runtime_error if the file is missing, empty or cut off.
    explicit RequestFile(const std::string& path);
    std::string_view operator[](std::size_t i) const { return requests_[i]; }
    std::size_t size() const { return requests_.size(); }

private:
    std::string bytes_;
    std::vector<std::string_view> requests_;
};

}  // namespace caseway::load
