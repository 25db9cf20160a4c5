package io.mlog.storage.fake;

import io.mlog.storage.FileStore;
import io.mlog.storage.NoSpaceException;
import io.mlog.storage.StoreFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps apart what was written and what would survive a loss of power, and
 * that fails as it is told to. Deterministic. Any thread; one lock.
 *
 * <p>After {@link #crash} the store and all files opened from it refuse everything: what survived
 * is in the store that was returned.
 */
public final class MemoryFileStore implements FileStore {
    /** What a crash leaves of the bytes and names that were not forced. */
    public enum Crash {
        /** All: the process died, the system did not. */
        PROCESS,
        /** Nothing. */
        POWER,
        /** For each file and directory some, torn anywhere; by the random generator. */
        TORN
    }

    private final MemoryDirectory root;
    private final DiskFaults faults;
    private final LongSupplier clockMs;
    private final Set<Path> locked = new HashSet<>();
    private boolean crashed;
    private long readBytes;

    /** An empty disk; {@code clockMs} gives the times of writes. */
    public MemoryFileStore(LongSupplier clockMs) {
        this(new MemoryDirectory(), new DiskFaults(), clockMs);
    }

    private MemoryFileStore(MemoryDirectory root, DiskFaults faults, LongSupplier clockMs) {
        this.root = root;
        this.faults = faults;
        this.clockMs = clockMs;
    }

    /** What goes wrong with this disk; a crash leaves it to the store that follows. */
    public DiskFaults faults() {
        return faults;
    }

    /** Ends this store; what survived is in the one returned. */
    public synchronized MemoryFileStore crash(Crash kind, RandomGenerator random) {
        crashed = true;
        locked.clear();
        lose(root, kind, random);
        return new MemoryFileStore(root, faults, clockMs);
    }

    private static void lose(MemoryDirectory directory, Crash kind, RandomGenerator random) {
        switch (kind) {
            case PROCESS -> {}
            case POWER -> directory.loseUnsynced();
            case TORN -> {
                if (random.nextBoolean()) {
                    directory.loseUnsynced();
                }
            }
        }
        if (kind != Crash.PROCESS) {
            directory.sync();
        }
        for (Object child : directory.names().values()) {
            if (child instanceof MemoryDirectory inner) {
                lose(inner, kind, random);
            } else if (child instanceof MemoryInode inode) {
                lose(inode, kind, random);
            }
        }
    }

    private static void lose(MemoryInode inode, Crash kind, RandomGenerator random) {
        switch (kind) {
            case PROCESS -> {}
            case POWER -> inode.loseUnforced();
            case TORN -> inode.loseSome(random);
        }
    }

    /** Bytes read from files so far, mappings not counted. */
    public synchronized long readBytes() {
        return readBytes;
    }

    /** Changes one bit of a file without a trace, as a rotting disk does. */
    public synchronized void flipBit(Path file, long position, int bit) throws IOException {
        inode(file).flip(Math.toIntExact(position), bit);
    }

    /** Lets the system forget what it holds of a file in memory; the next read brings it back. */
    public synchronized void evict(Path file) throws IOException {
        inode(file).evict(true);
    }

    @Override
    public synchronized StoreFile open(Path file, Open how) throws IOException {
        alive();
        MemoryDirectory parent = parent(file);
        Object present = parent.names().get(name(file));
        if (how == Open.CREATE) {
            changing(file);
            if (present != null) {
                throw new FileAlreadyExistsException(file.toString());
            }
            if (room() <= 0) {
                throw new NoSpaceException("no space left to write " + file);
            }
            MemoryInode made = new MemoryInode();
            parent.names().put(name(file), made);
            return new MemoryFile(file, made);
        }
        return new MemoryFile(file, inode(file));
    }

    @Override
    public synchronized boolean exists(Path path) {
        return find(path) != null;
    }

    @Override
    public synchronized boolean isDirectory(Path path) {
        return find(path) instanceof MemoryDirectory;
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        alive();
        return directory(directory).names().keySet().stream().map(directory::resolve).toList();
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        alive();
        MemoryDirectory at = root;
        for (Path part : normal(directory)) {
            Object next =
                    at.names().computeIfAbsent(part.toString(), name -> new MemoryDirectory());
            if (!(next instanceof MemoryDirectory inner)) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            at = inner;
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        changing(from);
        Object moved = parent(from).names().get(name(from));
        if (moved == null) {
            throw new NoSuchFileException(from.toString());
        }
        if (parent(to).names().get(name(to)) instanceof MemoryDirectory inTheWay
                && !inTheWay.names().isEmpty()) {
            throw new DirectoryNotEmptyException(to.toString());
        }
        parent(from).names().remove(name(from));
        parent(to).names().put(name(to), moved);
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        changing(path);
        if (find(path) instanceof MemoryDirectory full && !full.names().isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        Path above = normal(path).getParent();
        if ((above == null ? root : find(above)) instanceof MemoryDirectory parent) {
            parent.names().remove(name(path));
        }
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        changing(directory);
        faults.beforeForce(directory);
        directory(directory).sync();
    }

    @Override
    public synchronized long lastModifiedMs(Path file) throws IOException {
        alive();
        return inode(file).modifiedMs();
    }

    @Override
    public synchronized void lastModifiedMs(Path file, long timeMs) throws IOException {
        changing(file);
        inode(file).modifiedMs(timeMs);
    }

    @Override
    public synchronized long usableBytes(Path path) throws IOException {
        alive();
        return Math.max(0, room());
    }

    @Override
    public synchronized long totalBytes(Path path) throws IOException {
        alive();
        return faults.capacityBytes();
    }

    @Override
    public synchronized Closeable lock(Path file) throws IOException {
        alive();
        Path key = normal(file);
        if (!locked.add(key)) {
            throw new IOException(file + " is held by another broker of this process");
        }
        parent(file).names().computeIfAbsent(name(file), name -> new MemoryInode());
        return () -> unlock(key);
    }

    private synchronized void unlock(Path key) {
        locked.remove(key);
    }

    /** Bytes of all files. */
    public synchronized long usedBytes() {
        return usedBytes(root);
    }

    /** Whether everything written is durable: no byte and no name would be lost. */
    public synchronized boolean isAllDurable() {
        return isDurable(root);
    }

    private static boolean isDurable(MemoryDirectory directory) {
        return directory.isSynced()
                && directory.names().values().stream()
                        .allMatch(child ->
                                child instanceof MemoryDirectory inner
                                        ? isDurable(inner)
                                        : ((MemoryInode) child).isForced());
    }

    private long room() {
        long capacity = faults.capacityBytes();
        return capacity == Long.MAX_VALUE ? capacity : capacity - usedBytes(root);
    }

    private static long usedBytes(MemoryDirectory directory) {
        long used = 0;
        for (Object child : directory.names().values()) {
            used +=
                    child instanceof MemoryDirectory inner
                            ? usedBytes(inner)
                            : ((MemoryInode) child).size();
        }
        return used;
    }

    /** To be called before anything is changed. */
    private void changing(Path path) throws IOException {
        alive();
        faults.beforeChange(path);
    }

    private void alive() throws IOException {
        if (crashed) {
            throw new IOException("the machine has crashed");
        }
    }

    private MemoryInode inode(Path file) throws NoSuchFileException {
        if (find(file) instanceof MemoryInode inode) {
            return inode;
        }
        throw new NoSuchFileException(file.toString());
    }

    private MemoryDirectory directory(Path path) throws NoSuchFileException {
        if (find(path) instanceof MemoryDirectory directory) {
            return directory;
        }
        throw new NoSuchFileException(path.toString());
    }

    private MemoryDirectory parent(Path path) throws NoSuchFileException {
        Path above = normal(path).getParent();
        return above == null ? root : directory(above);
    }

    private @Nullable Object find(Path path) {
        Object at = root;
        for (Path part : normal(path)) {
            at = at instanceof MemoryDirectory inner ? inner.names().get(part.toString()) : null;
        }
        return at;
    }

    private static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** An open file; lives on its inode, whatever becomes of the name. */
    private final class MemoryFile implements StoreFile {
        private final Path path;
        private final MemoryInode inode;
        private boolean closed;

        MemoryFile(Path path, MemoryInode inode) {
            this.path = path;
            this.inode = inode;
        }

        private void usable() throws IOException {
            alive();
            if (closed) {
                throw new IOException(path + " is closed");
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (MemoryFileStore.this) {
                usable();
                return inode.size();
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (MemoryFileStore.this) {
                usable();
                changing(path);
                int at = Math.toIntExact(position);
                int fits = faults.fits(path, source.remaining());
                long growth = Math.max(0, position + source.remaining() - inode.size());
                long room = room();
                boolean full = growth > room;
                if (full) {
                    fits = (int) Math.max(0, source.remaining() - (growth - Math.max(0, room)));
                }
                boolean whole = fits >= source.remaining();
                inode.write(source, Math.min(fits, source.remaining()), at, clockMs.getAsLong());
                if (full) {
                    throw new NoSpaceException("no space left to write " + path);
                }
                if (!whole) {
                    throw new IOException("input/output error writing " + path);
                }
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (MemoryFileStore.this) {
                usable();
                faults.beforeRead(path);
                inode.evict(false);
                int count = inode.read(target, position);
                readBytes += count;
                return count;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (MemoryFileStore.this) {
                usable();
                changing(path);
                faults.beforeTruncate(path);
                inode.truncate(Math.toIntExact(size), clockMs.getAsLong());
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (MemoryFileStore.this) {
                usable();
                changing(path);
                faults.beforeForce(path);
                inode.force();
            }
        }

        @Override
        public ByteBuffer map(long size) throws IOException {
            synchronized (MemoryFileStore.this) {
                usable();
                return inode.copy(Math.toIntExact(size));
            }
        }

        @Override
        public boolean isInMemory(long position, int bytes) throws IOException {
            synchronized (MemoryFileStore.this) {
                usable();
                return !inode.isEvicted();
            }
        }

        @Override
        public @Nullable FileChannel channel() {
            return null;
        }

        @Override
        public void close() {
            synchronized (MemoryFileStore.this) {
                closed = true;
            }
        }
    }
}
