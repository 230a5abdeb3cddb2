// gateway/adapters/files/real_path.cpp - a look at a path by a thread that may be left behind.
#include "gateway/adapters/files/real_path.hpp"

#include <future>
#include <memory>
#include <thread>

namespace caseway {

std::optional<RealPath> realPathWithin(std::chrono::milliseconds patience, const std::string& path) {
    auto look = std::make_shared<std::packaged_task<RealPath()>>([path] {
        RealPath real;
        real.path = std::filesystem::weakly_canonical(path, real.error);
        return real;
    });
    auto answer = look->get_future();
    std::thread([look] { (*look)(); }).detach();
    if (answer.wait_for(patience) != std::future_status::ready) return std::nullopt;
    return answer.get();
}

}  // namespace caseway
