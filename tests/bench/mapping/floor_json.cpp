// tests/bench/mapping/floor_json.cpp - the floor of JSON mapping: RapidJSON's SAX parse with empty callbacks, 64 KiB
// pieces. Usage: bench_mapping_floor_json FILE. Prints the number of strings, so that the loop cannot be thought away.
#include <rapidjson/filereadstream.h>
#include <rapidjson/reader.h>

#include <cstdio>
#include <vector>

namespace {
struct Counting : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Counting> {
    long count = 0;
    bool String(const char*, rapidjson::SizeType, bool) {
        ++count;
        return true;
    }
};
}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    std::FILE* file = std::fopen(argv[1], "rb");
    if (file == nullptr) return 1;
    std::vector<char> piece(64 * 1024);
    rapidjson::FileReadStream stream(file, piece.data(), piece.size());
    rapidjson::Reader reader;
    Counting handler;
    const bool done = !reader.Parse(stream, handler).IsError();
    std::fclose(file);
    std::printf("%ld\n", handler.count);
    return done ? 0 : 1;
}
