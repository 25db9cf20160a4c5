package io.mlog.cli.topic;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about topics. */
@Command(
        name = "topic",
        description = "Create, delete, list, describe and alter topics; move their replicas.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CreateTopicCommand.class,
            DeleteTopicCommand.class,
            ListTopicsCommand.class,
            DescribeTopicCommand.class,
            AlterTopicCommand.class,
            ReassignTopicCommand.class,
            ReassignmentsCommand.class,
            ElectTopicCommand.class
        })
public final class TopicCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? see mlog topic --help");
    }
}
