package io.mlog.cli.group;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.client.AdminClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Deletes a consumer group without members. */
@Command(
        name = "delete",
        description = "Delete a consumer group that has no members, with its offsets.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  mlog group delete --group billing")
final class DeleteGroupCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();
    @Mixin private GroupOption group = new GroupOption();

    @Override
    public Integer call() {
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            admin.deleteGroup(group.name());
        }
        spec.commandLine().getOut().println("deleted " + group.name());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
