package io.mlog.broker.topics;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataMachine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A metadata log of one node that keeps nothing: applies on the caller's thread. */
public final class InMemoryMetadataLog implements MetadataLog {
    private final MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);
    private final Consumer<MetadataImage> images;
    private volatile MetadataImage image = MetadataImage.EMPTY;

    public InMemoryMetadataLog(Consumer<MetadataImage> images) {
        this.images = images;
    }

    @Override
    public synchronized CompletableFuture<CommandResult> submit(MetadataCommand command) {
        CommandResult result = machine.apply(image.appliedIndex() + 1, command);
        image = machine.image();
        images.accept(image);
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public CompletableFuture<Long> barrier() {
        return CompletableFuture.completedFuture(image.appliedIndex());
    }

    @Override
    public MetadataImage image() {
        return image;
    }

    @Override
    public Leadership leadership() {
        return new Leadership(Optional.of("node-1"), 1, List.of("node-1"));
    }

    @Override
    public void close() {}
}
