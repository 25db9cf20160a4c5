package io.mlog.cli.group;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.cli.terminal.Output;
import io.mlog.client.AdminClient;
import io.mlog.protocol.ListGroups;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the consumer groups by name. */
@Command(
        name = "list",
        description = "List the consumer groups.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  mlog group list", "  mlog group list --output json"})
final class ListGroupsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Option(
            names = "--output",
            paramLabel = "plain|json",
            description = "json writes an object for each group.")
    private Output output = Output.PLAIN;

    @Override
    public Integer call() {
        List<ListGroups.Group> groups;
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            groups = admin.listGroups();
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case PLAIN -> out.print(GroupText.list(groups));
            case JSON -> groups.forEach(group -> out.println(GroupJson.of(group)));
        }
        out.flush();
        return 0;
    }
}
