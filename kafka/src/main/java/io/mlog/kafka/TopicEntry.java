package io.mlog.kafka;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.TopicId;
import org.jspecify.annotations.Nullable;

/** One topic of a metadata answer. */
sealed interface TopicEntry {
    /** It exists. */
    record Known(TopicImage topic) implements TopicEntry {}

    /** It cannot be told, by {@code code}; the name is null when the client named an id. */
    record Unknown(@Nullable String name, TopicId id, short code) implements TopicEntry {}
}
