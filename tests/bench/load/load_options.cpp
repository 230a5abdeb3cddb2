// tests/bench/load/load_options.cpp - see load_options.hpp.
#include "tests/bench/load/load_options.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace caseway::load {

Options parseOptions(int argc, char** argv) {
    Options options;
    CLI::App app("Sends prepared HTTP requests over keep-alive connections and measures the answers.");
    app.add_option("--host", options.host, "IPv4 address");
    app.add_option("--port", options.port);
    app.add_option("--requests", options.request_file, "file of length-prefixed requests")->required();
    app.add_option("--connections", options.connections)->check(CLI::Range(1, 20000));
    app.add_option("--seconds", options.seconds);
    app.add_option("--count", options.count, "stop after so many requests");
    app.add_flag("--plain", options.plain, "no TLS");
    app.add_flag("--once", options.once, "send each request once");
    app.add_option("--cert", options.certificate_file, "client certificate, PEM");
    app.add_option("--key", options.key_file, "its key, PEM");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error) == 0 ? 0 : 2);
    }
    return options;
}

RequestFile::RequestFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    for (std::string_view rest = bytes_; !rest.empty();) {
        if (rest.size() < 4) throw std::runtime_error(path + " is cut off");
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(rest[i]);
        if (rest.size() - 4 < length || length == 0) throw std::runtime_error(path + " is cut off");
        requests_.push_back(rest.substr(4, length));
        rest.remove_prefix(4 + length);
    }
    if (requests_.empty()) throw std::runtime_error(path + " holds no request");
}

}  // namespace caseway::load
