package io.mlog.cli.topic;

import picocli.CommandLine.Option;

/** The topic that a command is about. */
public final class TopicOption {
    @Option(
            names = "--topic",
            paramLabel = "NAME",
            required = true,
            description = "The topic's name.")
    private String topic = "";

    /** The topic's name. */
    public String name() {
        return topic;
    }
}
