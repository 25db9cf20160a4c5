package io.mlog.broker;

import io.mlog.core.metadata.MetadataImage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes images on to whoever follows; nobody does until the broker is registered, since it acts on
 * nothing older. Guarded by its monitor.
 */
final class ImageRelay implements Consumer<MetadataImage> {
    private @Nullable Consumer<MetadataImage> follower; // guarded by this

    @Override
    public synchronized void accept(MetadataImage image) {
        if (follower != null) {
            follower.accept(image);
        }
    }

    /** Passes every later image on to {@code newFollower}, which must not block. */
    synchronized void follow(Consumer<MetadataImage> newFollower) {
        follower = newFollower;
    }
}
