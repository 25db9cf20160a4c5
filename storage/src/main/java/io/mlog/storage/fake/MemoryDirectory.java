package io.mlog.storage.fake;

import java.util.Map;
import java.util.TreeMap;

/**
 * A directory in memory: the names as they are, and as the disk has them. Guarded by its store's
 * lock.
 */
final class MemoryDirectory {
    /** What a name stands for: a {@link MemoryInode} or a {@link MemoryDirectory}. */
    private final TreeMap<String, Object> names = new TreeMap<>();

    private final TreeMap<String, Object> durable = new TreeMap<>();

    Map<String, Object> names() {
        return names;
    }

    void sync() {
        durable.clear();
        durable.putAll(names);
    }

    boolean isSynced() {
        return durable.equals(names);
    }

    void loseUnsynced() {
        names.clear();
        names.putAll(durable);
    }
}
