package io.mlog.cli.topic;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.client.AdminClient;
import io.mlog.protocol.ListReassignments;
import io.mlog.protocol.ReassignPartitions;
import io.mlog.protocol.ReassignPartitions.Moved;
import io.mlog.protocol.ReassignPartitions.Target;
import io.mlog.protocol.Refusal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Moves a topic's replicas to other nodes, or changes how many there are. */
@Command(
        name = "reassign",
        description = {
            "Move a topic's replicas to other nodes, or change how many there are.",
            "New replicas copy while the old ones serve; those go once the new ones are in sync."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog topic reassign --topic orders --to node-4,node-2,node-3 --wait 600",
            "  mlog topic reassign --topic orders --partition 0 --to node-4,node-5",
            "  mlog topic reassign --topic orders --replicas 2",
            "  mlog topic reassign --topic orders --cancel"
        })
final class ReassignTopicCommand implements Callable<Integer> {
    private static final long LOOK_MS = 500;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();
    @Mixin private TopicOption topic = new TopicOption();

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "One partition (default: all of the topic).")
    private Optional<Integer> partition = Optional.empty();

    @ArgGroup private Wish wish = new Wish();

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Wait until the new replicas are in sync and the old ones gone.")
    private Optional<Integer> waitSeconds = Optional.empty();

    /** One of three. */
    private static final class Wish {
        @Option(
                names = "--to",
                paramLabel = "NODES",
                split = ",",
                description = "Nodes that are to have the replicas, with commas, the leader first.")
        private List<String> nodes = new ArrayList<>();

        @Option(
                names = "--replicas",
                paramLabel = "N",
                description = "So many replicas; the cluster chooses the nodes.")
        private Optional<Integer> count = Optional.empty();

        @Option(names = "--cancel", description = "Go back to where they were.")
        private boolean cancel;

        boolean isEmpty() {
            return nodes.isEmpty() && count.isEmpty() && !cancel;
        }

        Target target() {
            if (cancel) {
                return new Target.Cancel();
            }
            return count.<Target>map(Target.Count::new).orElseGet(() -> new Target.Nodes(nodes));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (wish.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "one of --to, --replicas and --cancel is needed");
        }
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            ReassignPartitions.Response response =
                    admin.reassign(
                            new ReassignPartitions.Request(
                                    topic.name(),
                                    CreateTopicCommand.number(partition),
                                    wish.target()));
            boolean refused = print(response);
            boolean underWay = response.partitions().stream().anyMatch(Moved::underWay);
            if (waitSeconds.isPresent() && underWay) {
                refused |= !await(admin, waitSeconds.get());
            }
            return refused ? 1 : 0;
        }
    }

    /** Whether any partition was refused. */
    private boolean print(ReassignPartitions.Response response) {
        boolean refused = false;
        for (Moved moved : response.partitions()) {
            String name = response.topic() + "-" + moved.partition();
            if (moved.error().isPresent()) {
                Refusal refusal = moved.error().get();
                err().println(name + ": " + refusal.message());
                refused = true;
            } else {
                out().println(name + ": " + TopicText.moved(moved));
            }
        }
        out().flush();
        err().flush();
        return refused;
    }

    private boolean await(AdminClient admin, int seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int told = -1;
        while (true) {
            List<ListReassignments.Move> left = admin.reassignments(Optional.of(topic.name()));
            if (left.size() != told) {
                told = left.size();
                out().println(
                                told == 0
                                        ? "all replicas are where they should be"
                                        : told + " partitions are moving");
                out().flush();
            }
            if (told == 0) {
                return true;
            }
            if (System.nanoTime() - deadline > 0) {
                err().println(
                                "%d partitions of %s are still moving after %d s; they go on"
                                        .formatted(told, topic.name(), seconds));
                err().flush();
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
