// tests/support/dead_mount.hpp - a network share whose server does not answer, as a file system in user space (FUSE)
// that nobody serves: whoever looks at it waits. It needs root and /dev/fuse.
#pragma once

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

class DeadMount {
public:
    DeadMount() : device_(::open("/dev/fuse", O_RDWR | O_CLOEXEC)) {
        const std::string words = "fd=" + std::to_string(device_) + ",rootmode=40000,user_id=0,group_id=0";
        is_mounted_ = device_ >= 0 && ::mount("dead", path().c_str(), "fuse", 0, words.c_str()) == 0;
    }
    ~DeadMount() {
        release();
        if (is_mounted_) ::umount2(path().c_str(), MNT_DETACH);
    }
    DeadMount(const DeadMount&) = delete;
    DeadMount& operator=(const DeadMount&) = delete;

    /// False where this machine does not let us.
    bool isMounted() const { return is_mounted_; }
    std::string path() const { return folder_.path(); }
    /// Whoever waits gets an error.
    void release() {
        if (device_ >= 0) ::close(device_);
        device_ = -1;
    }

private:
    TemporaryFolder folder_;
    int device_;
    bool is_mounted_ = false;
};

/// A precondition of tests: where it is not met, the report says that they were skipped, and why.
inline boost::test_tools::assertion_result canMountDeadShares(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result can(DeadMount().isMounted());
    if (!can) can.message() << "a dead network share needs root and /dev/fuse";
    return can;
}

}  // namespace caseway::fixture
