package io.mlog.cli.group;

import picocli.CommandLine.Option;

/** The group that a command is about. */
final class GroupOption {
    @Option(names = "--group", paramLabel = "NAME", required = true, description = "The group.")
    private String name = "";

    String name() {
        return name;
    }
}
