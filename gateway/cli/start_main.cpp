// gateway/cli/start_main.cpp - bin/caseway: becomes the program that holds the command, ../lib/caseway/caseway-all, or
// for a few commands ../lib/caseway/caseway-quick. Uses the C library alone: every command waits for it.
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <initializer_list>

namespace {

bool isOneOf(const char* word, std::initializer_list<const char*> words) {
    for (const char* one : words)
        if (word != nullptr && std::strcmp(word, one) == 0) return true;
    return false;
}

/// Whether caseway-quick holds the command; an option before the command's words leaves it to the other, which holds
/// all.
bool isQuick(char** words) {
    if (isOneOf(words[0], {"mapping"})) return isOneOf(words[1], {"check", "run", "test"});
    return isOneOf(words[0], {"explain", "--version"});
}

}  // namespace

int main(int argc, char** argv) {
    char path[PATH_MAX];
    const ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    path[size < 0 ? 0 : size] = '\0';
    for (int levels = 0; levels < 2; ++levels)
        if (char* const end = std::strrchr(path, '/')) *end = '\0';
    char program[PATH_MAX + 32];
    std::snprintf(program, sizeof program, "%s/lib/caseway/%s", path,
                  argc > 1 && isQuick(argv + 1) ? "caseway-quick" : "caseway-all");
    execv(program, argv);
    std::fprintf(
        stderr,
        "error: %s: %s\n  what to do: bin/caseway goes nowhere without ../lib/caseway beside it: install both\n",
        program, std::strerror(errno));
    return 1;
}
