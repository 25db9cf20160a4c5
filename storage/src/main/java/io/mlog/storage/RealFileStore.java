package io.mlog.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The operating system's files. Without state but for the locks of this process. */
public final class RealFileStore implements FileStore {
    /**
     * Files this process holds as locks. Process-wide as the locks are: the system drops a
     * process's lock when <em>any</em> of its descriptors of that file is closed, so a second
     * attempt must not even open it.
     */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    @Override
    public StoreFile open(Path file, Open how) throws IOException {
        try {
            return new RealStoreFile(file, openChannel(file, how));
        } catch (IOException e) {
            throw RealStoreFile.named(file, 1, e);
        }
    }

    private static FileChannel openChannel(Path file, Open how) throws IOException {
        return switch (how) {
            case READ -> FileChannel.open(file, StandardOpenOption.READ);
            case WRITE -> FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            case CREATE ->
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE_NEW);
        };
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long lastModifiedMs(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @Override
    public void lastModifiedMs(Path file, long timeMs) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(timeMs));
    }

    @Override
    public long usableBytes(Path path) {
        // Files.getFileStore would read the table of mounts each time; this is one system call.
        return path.toFile().getUsableSpace();
    }

    @Override
    public long totalBytes(Path path) {
        return path.toFile().getTotalSpace();
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        Path key = file.toAbsolutePath().normalize();
        if (!LOCKED.add(key)) {
            throw new IOException(key + " is held by another broker of this process");
        }
        try {
            return lockInSystem(key);
        } catch (IOException e) {
            LOCKED.remove(key);
            throw e;
        }
    }

    private static Closeable lockInSystem(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            String holder = readAll(channel);
            channel.close();
            throw new IOException(
                    file + " is held by another process" + (holder.isEmpty() ? "" : ", " + holder));
        }
        String self = "process " + ProcessHandle.current().pid();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(self.getBytes(StandardCharsets.UTF_8)), 0);
        return () -> {
            channel.close();
            LOCKED.remove(file);
        };
    }

    private static String readAll(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        channel.read(bytes, 0);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
    }
}
