// gateway/adapters/sqlite/page_cache.cpp - every call goes to SQLite's own cache but a truncation that would find
// nothing. Source: sqlite.org/c3ref/pcache_methods2.html.
#include "gateway/adapters/sqlite/page_cache.hpp"

#include <sqlite3.h>

#include <memory>
#include <new>

namespace caseway {
namespace {

sqlite3_pcache_methods2& own() {
    static sqlite3_pcache_methods2 methods{};
    return methods;
}

/// What SQLite sees as its cache.
struct SparedCache {
    sqlite3_pcache* real;
    HeldPages held;

    static SparedCache& of(sqlite3_pcache* cache) { return *reinterpret_cast<SparedCache*>(cache); }
};

int initCaches(void*) {
    return own().xInit(own().pArg);
}
void endCaches(void*) {
    own().xShutdown(own().pArg);
}
sqlite3_pcache* createCache(int page_bytes, int extra_bytes, int is_purgeable) {
    std::unique_ptr<SparedCache> made(new (std::nothrow) SparedCache{nullptr, {}});
    if (made) made->real = own().xCreate(page_bytes, extra_bytes, is_purgeable);
    if (!made || made->real == nullptr) return nullptr;
    return reinterpret_cast<sqlite3_pcache*>(made.release());
}
void setSize(sqlite3_pcache* cache, int pages) {
    own().xCachesize(SparedCache::of(cache).real, pages);
}
int countPages(sqlite3_pcache* cache) {
    return own().xPagecount(SparedCache::of(cache).real);
}
sqlite3_pcache_page* fetchPage(sqlite3_pcache* cache, unsigned key, int creates) {
    SparedCache& spared = SparedCache::of(cache);
    if (creates != 0) spared.held.fetched(key);
    return own().xFetch(spared.real, key, creates);
}
void unpinPage(sqlite3_pcache* cache, sqlite3_pcache_page* page, int discards) {
    own().xUnpin(SparedCache::of(cache).real, page, discards);
}
void movePage(sqlite3_pcache* cache, sqlite3_pcache_page* page, unsigned from, unsigned to) {
    SparedCache& spared = SparedCache::of(cache);
    own().xRekey(spared.real, page, from, to);
    spared.held.moved(from, to);
}
void truncateCache(sqlite3_pcache* cache, unsigned limit) {
    SparedCache& spared = SparedCache::of(cache);
    if (!spared.held.mayHoldFrom(limit)) return;
    own().xTruncate(spared.real, limit);
    spared.held.truncated(limit);
}
void destroyCache(sqlite3_pcache* cache) {
    const std::unique_ptr<SparedCache> spared(&SparedCache::of(cache));
    own().xDestroy(spared->real);
}
void shrinkCache(sqlite3_pcache* cache) {
    own().xShrink(SparedCache::of(cache).real);
}

}  // namespace

void installPageCache() {
    if (sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &own()) != SQLITE_OK) return;
    sqlite3_pcache_methods2 spared{1,          nullptr,   initCaches, endCaches, createCache,   setSize,
                                   countPages, fetchPage, unpinPage,  movePage,  truncateCache, destroyCache,
                                   shrinkCache};
    sqlite3_config(SQLITE_CONFIG_PCACHE2, &spared);
}

}  // namespace caseway
