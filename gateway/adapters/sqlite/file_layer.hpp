// gateway/adapters/sqlite/file_layer.hpp - a file layer before SQLite's own, for what it leaves to be done about the
// two files of a store: gathered_wal.hpp, early_writeback.hpp. Source: sqlite.org/vfs.html.
#pragma once

namespace caseway {

/// The name of the file layer, registered on the first call; nullptr where SQLite does not take it.
const char* fileLayer();

}  // namespace caseway
