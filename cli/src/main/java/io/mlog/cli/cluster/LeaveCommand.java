package io.mlog.cli.cluster;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.client.AdminClient;
import io.mlog.protocol.LeaveCluster;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a node out of the cluster for good. */
@Command(
        name = "leave",
        description = {
            "Take a node out of the cluster for good, alive or dead.",
            "Its replicas are copied to other nodes first; then it is forgotten, and its process"
                    + " ends by itself. Stopped half-way, the command goes on when it is run again."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog cluster leave --node node-4",
            "  mlog cluster leave --addrs 127.0.0.1:9094 --node node-3 --fewer-replicas"
        })
final class LeaveCommand implements Callable<Integer> {
    private static final long ASK_AGAIN_MS = 500;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Option(
            names = "--node",
            paramLabel = "ID",
            required = true,
            description = "The node that is to leave, as mlog cluster names it.")
    private String node = "";

    @Option(
            names = "--fewer-replicas",
            description = "Let partitions have fewer replicas when no other node is there for one.")
    private boolean fewerReplicas;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Override
    public Integer call() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        String told = "";
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            boolean known =
                    admin.describeCluster().nodes().stream()
                            .anyMatch(each -> each.id().equals(node));
            while (true) {
                LeaveCluster.Response progress = admin.leave(node, fewerReplicas);
                String now = text(progress, known);
                if (!now.equals(told)) {
                    told = now;
                    say(spec.commandLine().getOut(), now);
                }
                if (progress.phase() == LeaveCluster.Phase.LEFT) {
                    return 0;
                }
                if (System.nanoTime() - deadline > 0) {
                    say(
                            spec.commandLine().getErr(),
                            "%s has not left after %d s; run this again to go on"
                                    .formatted(node, timeoutSeconds));
                    return 1;
                }
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MS);
            }
        }
    }

    private static void say(PrintWriter to, String line) {
        to.println(line);
        to.flush();
    }

    private static String text(LeaveCluster.Response progress, boolean known) {
        return switch (progress.phase()) {
            case MOVING ->
                    "%s: replicas of %d partitions are being copied to other nodes"
                            .formatted(progress.node(), progress.partitions());
            case LEAVING ->
                    progress.node() + ": has no replicas any more, leaves the metadata quorum";
            case LEFT ->
                    progress.node()
                            + (known
                                    ? " has left the cluster"
                                    : " is no node of the cluster; nothing was to be done");
        };
    }
}
