// gateway/adapters/sqlite/gathered_wal.hpp - a file layer before SQLite's own that writes the frames of a commit to the
// write-ahead log in one system call. SQLite writes each frame in two, none of them aligned to a page of the kernel's:
// at full load that was a sixth of a message's cost. Source: sqlite.org/vfs.html, sqlite.org/fileformat.html §4.
#pragma once

namespace caseway {

/// The name of the file layer, registered on the first call. What it holds back reaches the file before a sync, a read
/// of them, a change of size, and before SQLite tells other connections of it: frames become visible after their sync.
/// A failure of what was held back is reported by that call and by every later one, until SQLite begins at that place
/// anew; a commit cannot succeed on lost frames. Rests on synchronous=FULL: each commit ends with a sync.
const char* gatheredWalLayer();

}  // namespace caseway
