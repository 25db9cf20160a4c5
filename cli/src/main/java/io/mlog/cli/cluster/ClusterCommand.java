package io.mlog.cli.cluster;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.cli.terminal.Output;
import io.mlog.client.AdminClient;
import io.mlog.protocol.DescribeCluster;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells who is in the cluster. */
@Command(
        name = "cluster",
        description = "Tell who is in the cluster, who leads it, and whether replicas are in sync.",
        mixinStandardHelpOptions = true,
        subcommands = LeaveCommand.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog cluster",
            "  mlog cluster --addrs 127.0.0.1:9094,127.0.0.1:9097",
            "  mlog cluster --output json"
        })
public final class ClusterCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Option(names = "--output", paramLabel = "plain|json", description = "json writes one object.")
    private Output output = Output.PLAIN;

    @Override
    public Integer call() {
        DescribeCluster.Response cluster;
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            cluster = admin.describeClusterByAll();
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case PLAIN -> out.print(ClusterText.describe(cluster));
            case JSON -> out.println(ClusterJson.of(cluster));
        }
        out.flush();
        return 0;
    }
}
