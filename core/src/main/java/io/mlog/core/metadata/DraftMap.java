package io.mlog.core.metadata;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map of an image while it changes: the original until the first change, then a copy of it. */
final class DraftMap<K, V> {
    private Map<K, V> map;
    private boolean copied;

    DraftMap(Map<K, V> original) {
        map = original;
    }

    @Nullable V find(K key) {
        return map.get(key);
    }

    void put(K key, V value) {
        copy().put(key, value);
    }

    void remove(K key) {
        copy().remove(key);
    }

    /** The map as it is now; not to be changed. */
    Map<K, V> map() {
        return map;
    }

    private Map<K, V> copy() {
        if (!copied) {
            map = new HashMap<>(map);
            copied = true;
        }
        return map;
    }
}
