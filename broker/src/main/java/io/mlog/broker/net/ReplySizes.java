package io.mlog.broker.net;

import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/**
 * How much a queued reply counts against a connection's bound: regions of files count like bytes,
 * for a peer that does not read must not gather them without limit (Netty's own counts them as 0).
 */
final class ReplySizes implements MessageSizeEstimator {
    static final ReplySizes INSTANCE = new ReplySizes();

    private final Handle handle;

    private ReplySizes() {
        Handle ordinary = DefaultMessageSizeEstimator.DEFAULT.newHandle();
        handle =
                message ->
                        message instanceof FileRegion region
                                ? (int) Math.min(region.count(), Integer.MAX_VALUE)
                                : ordinary.size(message);
    }

    @Override
    public Handle newHandle() {
        return handle;
    }
}
