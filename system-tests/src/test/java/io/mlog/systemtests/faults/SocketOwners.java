package io.mlog.systemtests.faults;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Finds out which process of this machine made a connection: the kernel names the inode of each
 * socket, and a process its sockets' (Linux only). All connections on one machine come from one
 * address, so nothing else tells nodes apart.
 */
final class SocketOwners implements Door.Callers {
    private static final Path PROC = Path.of("/proc");
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private final Supplier<Map<Integer, Long>> processes;

    /**
     * @param processes the process of each node that has one, at the moment
     */
    SocketOwners(Supplier<Map<Integer, Long>> processes) {
        this.processes = processes;
    }

    @Override
    public int of(Socket accepted) throws IOException {
        long inode = inode("tcp6", accepted);
        if (inode == 0) {
            inode = inode("tcp", accepted);
        }
        if (inode == 0) {
            return GONE;
        }
        Path socket = Path.of("socket:[" + inode + "]");
        for (var node : processes.get().entrySet()) {
            if (has(node.getValue(), socket)) {
                return node.getKey();
            }
        }
        return FaultyNetwork.CLIENTS;
    }

    /** The inode of the caller's socket; 0 when it has none. */
    private static long inode(String table, Socket accepted) throws IOException {
        String local = ":%04X".formatted(accepted.getPort());
        String remote = ":%04X".formatted(accepted.getLocalPort());
        for (String line : Files.readAllLines(PROC.resolve("net").resolve(table))) {
            String[] fields = line.strip().split(" +", INODE + 2);
            if (fields.length > INODE
                    && fields[LOCAL].endsWith(local)
                    && fields[REMOTE].endsWith(remote)) {
                return Long.parseLong(fields[INODE]);
            }
        }
        return 0;
    }

    private static boolean has(long pid, Path socket) {
        Path descriptors = PROC.resolve(Long.toString(pid)).resolve("fd");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors)) {
            for (Path file : files) {
                if (is(file, socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // the process has ended
        }
    }

    private static boolean is(Path descriptor, Path socket) {
        try {
            return Files.readSymbolicLink(descriptor).equals(socket);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
