package io.mlog.broker;

import io.mlog.cluster.raft.RaftSettings;
import io.mlog.cluster.raft.RatisMetadataLog;
import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Metadata in Raft, on a port that is taken before anything else is begun. */
final class RaftMetadataLogs implements MetadataLogs, AutoCloseable {
    private static final long LEADER_WAIT_S = 60;

    private final RaftPort port;

    private RaftMetadataLogs(RaftPort port) {
        this.port = port;
    }

    /**
     * Takes the port.
     *
     * @throws IOException when it cannot be had, naming the flag
     */
    static RaftMetadataLogs bind(HostPort address) throws IOException {
        return new RaftMetadataLogs(RaftPort.bind(address));
    }

    @Override
    public MetadataLog open(
            Path directory,
            PeerId self,
            String clusterId,
            Consumer<MetadataImage> images,
            Consumer<Throwable> fatal)
            throws IOException {
        RatisMetadataLog log =
                RatisMetadataLog.start(
                        RaftSettings.of(
                                self,
                                clusterId,
                                directory,
                                port.address(),
                                RaftSettings.Start.FOUND),
                        port,
                        Map::of,
                        images,
                        fatal);
        try {
            log.leaderReady().get(LEADER_WAIT_S, TimeUnit.SECONDS);
            return log;
        } catch (InterruptedException e) {
            log.close();
            Thread.currentThread().interrupt();
            throw new IOException("the start was interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            log.close();
            throw new IOException(
                    "the metadata log in %s did not become ready within %d s: %s"
                            .formatted(directory, LEADER_WAIT_S, e),
                    e);
        }
    }

    /** Gives the port back; again, or after the log was closed, does nothing. */
    @Override
    public void close() throws IOException {
        port.close();
    }
}
