package io.mlog.storage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The last offset of each key, in memory of a fixed size: 24 bytes a key, whatever its length. Two
 * keys count as the same when the first 16 bytes of their SHA-256 are, which nobody can bring about
 * and does not happen by chance. Owned by the thread that compacts.
 *
 * <p>An open table; a slot is 16 bytes of hash and the offset plus one, 0 when the slot is free. At
 * four fifths it is full: a new key is then refused.
 */
final class KeyOffsets {
    private static final int SLOT_LONGS = 3;
    private static final int SLOT_BYTES = SLOT_LONGS * Long.BYTES;
    private static final int LEAST_SLOTS = 64;

    private final int mostSlots;
    private final MessageDigest digest;
    private final byte[] hash = new byte[32];
    private final ByteBuffer hashLongs = ByteBuffer.wrap(hash);
    private long[] table = new long[0];
    private int slots;
    private int mostKeys;
    private int keys;

    /**
     * @param maxBytes memory it may take
     */
    KeyOffsets(long maxBytes) {
        mostSlots = Math.clamp(maxBytes / SLOT_BYTES, 2, Integer.MAX_VALUE / SLOT_LONGS - 8);
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Forgets all.
     *
     * @param expectedKeys most keys to come, which spares memory when they are few
     */
    void reset(long expectedKeys) {
        long wanted = Math.max(LEAST_SLOTS, expectedKeys + expectedKeys / 4 + 1);
        slots = (int) Math.min(mostSlots, wanted);
        if (table.length < slots * SLOT_LONGS) {
            table = new long[slots * SLOT_LONGS];
        } else {
            Arrays.fill(table, 0, slots * SLOT_LONGS, 0);
        }
        mostKeys = Math.max(1, (int) (slots * 4L / 5));
        keys = 0;
    }

    int size() {
        return keys;
    }

    /**
     * Notes the offset of a key, which replaces the one before.
     *
     * @return false, and nothing is noted, when the key is new and there is no room
     */
    boolean put(ByteBuffer key, long offset) {
        int slot = find(key);
        if (table[slot + 2] == 0) {
            if (keys == mostKeys) {
                return false;
            }
            table[slot] = hashLongs.getLong(0);
            table[slot + 1] = hashLongs.getLong(Long.BYTES);
            keys++;
        }
        table[slot + 2] = offset + 1;
        return true;
    }

    /** The last offset of a key, -1 when it is not known. */
    long get(ByteBuffer key) {
        return keys == 0 ? -1 : table[find(key) + 2] - 1;
    }

    /** Index of the key's slot, or of the free one where it belongs. */
    private int find(ByteBuffer key) {
        digest.update(key.duplicate());
        try {
            digest.digest(hash, 0, hash.length);
        } catch (java.security.DigestException e) {
            throw new IllegalStateException("32 bytes hold a SHA-256", e);
        }
        long high = hashLongs.getLong(0);
        long low = hashLongs.getLong(Long.BYTES);
        int slot = (int) Long.remainderUnsigned(high, slots);
        while (true) {
            int at = slot * SLOT_LONGS;
            boolean free = table[at + 2] == 0;
            if (free || (table[at] == high && table[at + 1] == low)) {
                return at;
            }
            slot = slot + 1 == slots ? 0 : slot + 1;
        }
    }
}
