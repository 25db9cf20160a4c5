package io.mlog.broker;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Opens the metadata log of a node: Raft in production, in memory in a simulation. */
@FunctionalInterface
public interface MetadataLogs {
    /**
     * Opens the log, founding a quorum of this node alone when the directory is empty, and waits
     * until commands can be submitted.
     *
     * @param self this node with its data directory
     * @param images told each new image, in order, on the apply thread
     * @param fatal told once when the log cannot go on
     * @throws IOException when the directory cannot be used; the message says what to do
     */
    MetadataLog open(
            Path directory,
            PeerId self,
            String clusterId,
            Consumer<MetadataImage> images,
            Consumer<Throwable> fatal)
            throws IOException;
}
