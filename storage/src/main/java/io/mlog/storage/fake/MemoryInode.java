package io.mlog.storage.fake;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A file's bytes in memory, with every change since the last force, so that a crash can lose some.
 * Guarded by its store's lock.
 */
final class MemoryInode {
    /** What a disk writes whole or not at all. */
    private static final int PAGE_BYTES = 4096;

    /** A change that is not durable yet: the file was {@code sizeBefore} bytes long. */
    private sealed interface Change {
        int sizeBefore();

        record Write(int sizeBefore, int position, ByteBuffer before, ByteBuffer after)
                implements Change {}

        record Cut(int sizeBefore, int size, ByteBuffer tail) implements Change {}
    }

    private final List<Change> changes = new ArrayList<>();
    private byte[] bytes = new byte[256];
    private int size;
    private long modifiedMs;
    private boolean evicted;

    /** Whether the system holds none of it in memory any more. */
    boolean isEvicted() {
        return evicted;
    }

    void evict(boolean gone) {
        evicted = gone;
    }

    int size() {
        return size;
    }

    long modifiedMs() {
        return modifiedMs;
    }

    void modifiedMs(long timeMs) {
        modifiedMs = timeMs;
    }

    boolean isForced() {
        return changes.isEmpty();
    }

    void write(ByteBuffer source, int count, int position, long nowMs) {
        byte[] after = new byte[count];
        source.get(after);
        byte[] before =
                position < size
                        ? Arrays.copyOfRange(bytes, position, Math.min(size, position + count))
                        : new byte[0];
        changes.add(
                new Change.Write(size, position, ByteBuffer.wrap(before), ByteBuffer.wrap(after)));
        put(position, after, count);
        modifiedMs = nowMs;
    }

    private void put(int position, byte[] source, int count) {
        if (position + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(position + count, bytes.length * 2));
        }
        System.arraycopy(source, 0, bytes, position, count);
        size = Math.max(size, position + count);
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.min(target.remaining(), size - position);
        if (count <= 0) {
            return 0;
        }
        target.put(bytes, (int) position, count);
        return count;
    }

    void truncate(int newSize, long nowMs) {
        if (newSize < size) {
            ByteBuffer tail = ByteBuffer.wrap(Arrays.copyOfRange(bytes, newSize, size));
            changes.add(new Change.Cut(size, newSize, tail));
            Arrays.fill(bytes, newSize, size, (byte) 0);
            size = newSize;
            modifiedMs = nowMs;
        }
    }

    void force() {
        changes.clear();
    }

    ByteBuffer copy(int count) {
        return ByteBuffer.wrap(Arrays.copyOf(bytes, count)).asReadOnlyBuffer();
    }

    /** Changes one bit, as a rotting disk does: nobody is told. */
    void flip(int position, int bit) {
        bytes[position] ^= (byte) (1 << bit);
    }

    /** Goes back to what was forced. */
    void loseUnforced() {
        for (int i = changes.size() - 1; i >= 0; i--) {
            undo(changes.get(i));
        }
        changes.clear();
    }

    /**
     * Goes back to what was forced and takes some of the lost changes in again: whole, not at all,
     * or a part of the pages with the size already grown.
     */
    void loseSome(RandomGenerator random) {
        List<Change> lost = List.copyOf(changes);
        loseUnforced();
        for (Change change : lost) {
            switch (random.nextInt(3)) {
                case 0 -> redo(change, Integer.MAX_VALUE, random);
                case 1 -> redo(change, random.nextInt(1 + length(change)), random);
                default -> {}
            }
        }
        changes.clear();
    }

    private static int length(Change change) {
        return switch (change) {
            case Change.Write write -> write.after().capacity();
            case Change.Cut _ -> 0;
        };
    }

    private void undo(Change change) {
        switch (change) {
            case Change.Write write ->
                    put(write.position(), write.before().array(), write.before().capacity());
            case Change.Cut cut -> put(cut.size(), cut.tail().array(), cut.tail().capacity());
        }
        Arrays.fill(bytes, change.sizeBefore(), Math.max(size, change.sizeBefore()), (byte) 0);
        size = change.sizeBefore();
    }

    private void redo(Change change, int most, RandomGenerator random) {
        switch (change) {
            case Change.Write write -> {
                int count = Math.min(most, write.after().capacity());
                put(write.position(), write.after().array(), count);
                boolean sizeFirst = count < write.after().capacity() && random.nextBoolean();
                if (sizeFirst) {
                    int zeros = Math.min(PAGE_BYTES, write.after().capacity() - count);
                    put(write.position() + count, new byte[zeros], zeros);
                }
            }
            case Change.Cut cut -> {
                if (cut.size() < size) {
                    Arrays.fill(bytes, cut.size(), size, (byte) 0);
                    size = cut.size();
                }
            }
        }
    }
}
