package io.mlog.cli.group;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about consumer groups. */
@Command(
        name = "group",
        description = "List, describe and delete consumer groups.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ListGroupsCommand.class,
            DescribeGroupCommand.class,
            DeleteGroupCommand.class
        })
public final class GroupCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? see mlog group --help");
    }
}
