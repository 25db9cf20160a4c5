package io.mlog.core.metadata;

/** One change of a topic's configuration. */
public sealed interface ConfigEdit {
    /** Name of the config, see {@link TopicConfigs}. */
    String name();

    /** Sets the value. */
    record Put(String name, String value) implements ConfigEdit {}

    /** Goes back to the default. */
    record Reset(String name) implements ConfigEdit {}

    /** Adds comma-separated items to a list; those already in it stay once. */
    record Append(String name, String items) implements ConfigEdit {}

    /** Takes comma-separated items out of a list; those not in it are ignored. */
    record Subtract(String name, String items) implements ConfigEdit {}
}
