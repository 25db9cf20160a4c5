package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataCommand.CompareImage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of the image after every {@link #INTERVAL}-th command, and their comparison with the
 * leader's. Remembers the latest few: a comparison with an older one, or with one from before this
 * node's snapshot, proves nothing and passes. Owned by the apply thread.
 */
final class ImageCheckpoints {
    /** Commands between two hashes. */
    static final int INTERVAL = 1000;

    private static final int KEPT = 4;

    private final Deque<CompareImage> latest = new ArrayDeque<>(KEPT + 1);
    private @Nullable CompareImage due;

    /** Looks at the image after every command. */
    void passed(MetadataImage image) {
        if (image.commandCount() % INTERVAL != 0) {
            return;
        }
        due = new CompareImage(image.commandCount(), ImageCodec.hash(image));
        latest.addLast(due);
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
    }

    /** The last hash, once. */
    Optional<CompareImage> takeDue() {
        Optional<CompareImage> taken = Optional.ofNullable(due);
        due = null;
        return taken;
    }

    /** Holds the leader's hash against ours. */
    void compare(CompareImage leaders) {
        for (CompareImage ours : latest) {
            if (ours.commandCount() == leaders.commandCount()
                    && ours.imageHash() != leaders.imageHash()) {
                throw new IllegalStateException(
                        "this node's metadata is not the leader's: after command %d the image hashes to %016x here and to %016x there; remove this node's data directory and let it join again"
                                .formatted(
                                        ours.commandCount(),
                                        ours.imageHash(),
                                        leaders.imageHash()));
            }
        }
    }
}
