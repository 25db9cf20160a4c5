package io.mlog.systemtests.disk;

import io.mlog.broker.BrokerServer;
import io.mlog.broker.config.BrokerConfig;
import io.mlog.storage.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code mlog server} with its flags, on a disk that misbehaves. The first argument says which:
 *
 * <table>
 * <caption>Disks</caption>
 * <tr><td>{@code lossy}</td><td>forgets at a kill what was not forced</td></tr>
 * <tr><td>{@code deaf}</td><td>the same, and takes no notice when records are forced</td></tr>
 * <tr><td>{@code small:BYTES}</td><td>has room for so many</td></tr>
 * </table>
 */
public final class DiskServer {
    private DiskServer() {}

    /** Runs the broker until the process is killed. */
    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        BrokerConfig config = BrokerConfig.read(words.subList(1, words.size()), System.getenv());
        FileStore disk = disk(words.getFirst(), config.storage().dataDir());
        try (BrokerServer broker = BrokerServer.start(config, disk)) {
            broker.awaitTermination();
        }
    }

    private static FileStore disk(String kind, Path dataDir) throws IOException {
        if (kind.startsWith("small:")) {
            return new SmallFileStore(dataDir, Long.parseLong(kind.substring(6)));
        }
        return switch (kind) {
            case "lossy" -> LossyFileStore.on(dataDir, false);
            case "deaf" -> LossyFileStore.on(dataDir, true);
            default -> throw new IllegalArgumentException("no disk is called " + kind);
        };
    }
}
