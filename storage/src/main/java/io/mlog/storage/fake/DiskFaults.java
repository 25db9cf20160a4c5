package io.mlog.storage.fake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What goes wrong with a disk. All switches are off at first; any thread sets them, the store asks.
 */
public final class DiskFaults {
    private static final Predicate<Path> NEVER = DiskFaults::never;

    private volatile long capacityBytes = Long.MAX_VALUE;
    private volatile Predicate<Path> failedForces = NEVER;
    private volatile Predicate<Path> failedReads = NEVER;
    private volatile Predicate<Path> failedWrites = NEVER;
    private volatile Predicate<Path> failedTruncations = NEVER;
    private volatile int bytesBeforeFailure;
    private volatile Runnable duringForce = () -> {};
    private final AtomicLong changesLeft = new AtomicLong(Long.MAX_VALUE);

    /** Bytes the disk holds in all. */
    public void capacityBytes(long bytes) {
        capacityBytes = bytes;
    }

    long capacityBytes() {
        return capacityBytes;
    }

    /** Forces of these files and directories fail. */
    public void failForces(Predicate<Path> files) {
        failedForces = files;
    }

    /** Reads of these files fail. */
    public void failReads(Predicate<Path> files) {
        failedReads = files;
    }

    /** Writes to these files fail after {@code bytes} of them were written. */
    public void failWrites(Predicate<Path> files, int bytes) {
        bytesBeforeFailure = bytes;
        failedWrites = files;
    }

    /** Cuts of these files fail. */
    public void failTruncations(Predicate<Path> files) {
        failedTruncations = files;
    }

    /** The disk takes {@code count} more changes (of bytes, names and times) and then none. */
    public void breakAfterChanges(long count) {
        changesLeft.set(count);
    }

    /** How many more it takes. */
    public long changesLeft() {
        return Math.max(0, changesLeft.get());
    }

    /** Whether the disk has refused a change since it was told to break. */
    public boolean hasBroken() {
        return changesLeft.get() < 0;
    }

    void beforeChange(Path path) throws IOException {
        if (changesLeft.getAndUpdate(left -> Math.max(-1, left - 1)) <= 0) {
            throw new IOException("the disk is gone, changing " + path);
        }
    }

    /** Runs inside every force, before it takes effect. */
    public void duringForce(Runnable action) {
        duringForce = action;
    }

    void beforeForce(Path path) throws IOException {
        duringForce.run();
        fail(failedForces, path, "forcing");
    }

    void beforeRead(Path path) throws IOException {
        fail(failedReads, path, "reading");
    }

    void beforeTruncate(Path path) throws IOException {
        fail(failedTruncations, path, "cutting");
    }

    int fits(Path path, int wanted) {
        return failedWrites.test(path) ? Math.min(wanted - 1, bytesBeforeFailure) : wanted;
    }

    private static boolean never(Path file) {
        return false;
    }

    private static void fail(Predicate<Path> files, Path path, String what) throws IOException {
        if (files.test(path)) {
            throw new IOException("input/output error " + what + " " + path);
        }
    }
}
