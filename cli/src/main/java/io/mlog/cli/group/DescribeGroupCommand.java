package io.mlog.cli.group;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.cli.terminal.Output;
import io.mlog.client.AdminClient;
import io.mlog.client.why.GroupOverview;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells everything about a consumer group. */
@Command(
        name = "describe",
        description =
                "Tell everything about a consumer group: members, offsets, lag, what happened to it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog group describe --group billing",
            "  mlog group describe --group billing --output json"
        })
final class DescribeGroupCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();
    @Mixin private GroupOption group = new GroupOption();

    @Option(names = "--output", paramLabel = "plain|json", description = "json writes one object.")
    private Output output = Output.PLAIN;

    @Override
    public Integer call() {
        GroupOverview description;
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            description = admin.describeGroup(group.name());
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case PLAIN -> out.print(GroupText.describe(description));
            case JSON -> out.println(GroupJson.of(description));
        }
        out.flush();
        return 0;
    }
}
