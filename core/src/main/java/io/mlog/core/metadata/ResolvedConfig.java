package io.mlog.core.metadata;

/** The value that holds for a topic, and where it comes from. */
public record ResolvedConfig(TopicConfig config, String value, Source source) {
    /** Where a value comes from. */
    public enum Source {
        /** Set for the topic. */
        TOPIC,
        /** The broker's setting for topics without their own. */
        BROKER,
        /** The table's. */
        DEFAULT
    }
}
