// gateway/cli/given_file.cpp - files that the command line names: read within bounds, and told for what they are before
// anything is made of them.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {
namespace {

std::string sizeText(std::size_t bytes) {
    return bytes % (1024 * 1024) == 0 ? fmt::format("{} MiB", bytes >> 20) : fmt::format("{} KiB", bytes >> 10);
}

std::string readStream(std::istream& stream, const std::string& name, std::size_t most) {
    std::string bytes;
    std::string part(64 * 1024, '\0');
    while (stream.good() && bytes.size() <= most) {
        stream.read(part.data(), static_cast<std::streamsize>(std::min(part.size(), most + 1 - bytes.size())));
        bytes.append(part, 0, static_cast<std::size_t>(stream.gcount()));
    }
    if (bytes.size() > most)
        throw Fault(FaultCode::FileUnavailable, fmt::format("{} is larger than {}", name, sizeText(most)),
                    "name the file that is meant; no more of it was read");
    if (stream.bad() || !stream.eof())
        throw Fault(FaultCode::FileUnavailable, "cannot read " + name, "check the name and the rights of the file");
    return bytes;
}

}  // namespace

std::string readFile(const std::filesystem::path& file, std::size_t most) {
    std::ifstream stream(file, std::ios::binary);
    return readStream(stream, file.string(), most);
}

std::string readStandardInput(std::size_t most) {
    return readStream(std::cin, "standard input", most);
}

std::string readTextFile(const std::filesystem::path& file) {
    std::string text = readFile(file);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw Fault(FaultCode::ConfigurationBad, file.string() + " is UTF-16, as Windows calls Unicode",
                    "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW");
    for (std::size_t begin = 0, line = 1; begin < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (!isUtf8(std::string_view(text).substr(begin, end - begin)))
            throw Fault(FaultCode::ConfigurationBad, fmt::format("{}:{} is not UTF-8", file.string(), line),
                        "save it as UTF-8, not as ANSI or GBK: iconv -f GB18030 -t UTF-8 FILE > NEW");
        begin = end + 1;
    }
    return text;
}

}  // namespace caseway
