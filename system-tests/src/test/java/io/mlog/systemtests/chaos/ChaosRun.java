package io.mlog.systemtests.chaos;

import io.mlog.systemtests.chaos.Fault.Neighbour;
import io.mlog.systemtests.faults.FaultyCluster;
import io.mlog.systemtests.faults.FaultyNetwork;
import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.ObservedTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Carries out a schedule against a cluster: each fault for its time, then all is made well again,
 * and after the calm every writer must get on. One thread.
 */
final class ChaosRun {
    private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(60);
    private static final Duration IN_SYNC_LIMIT = Duration.ofSeconds(90);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

    private final FaultyCluster cluster;
    private final ObservedTopic topic;
    private final long beganNanos = System.nanoTime();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int steps;
    private Duration longestRecovery = Duration.ZERO;

    ChaosRun(FaultyCluster cluster, ObservedTopic topic) {
        this.cluster = cluster;
        this.topic = topic;
    }

    /** Begins steps until the time is over; stops early when the topic has a violation. */
    void run(Schedule schedule, Duration duration) throws Exception {
        while (passed().compareTo(duration) < 0 && topic.violations().isEmpty()) {
            carryOut(schedule.next());
        }
    }

    private void carryOut(Step step) throws Exception {
        steps++;
        counts.merge(step.fault().getClass().getSimpleName(), 1, Integer::sum);
        switch (step.fault()) {
            case Fault.Kill(Target target) -> kill(step, List.of(resolve(target)));
            case Fault.KillAll() -> kill(step, cluster.nodes());
            case Fault.Restart(Target target) -> restart(step, List.of(resolve(target)));
            case Fault.RollingRestart() -> restart(step, cluster.nodes());
            case Fault.Pause(Target target) -> pause(step, resolve(target));
            case Fault.Isolate(Target target) -> isolate(step, resolve(target));
            case Fault.Cut(Target target, Neighbour neighbour) -> {
                int node = resolve(target);
                int other = neighbour(node, neighbour);
                tell(step, "nothing passes between node-" + node + " and node-" + other);
                cluster.network().cut(node, other);
                hold(step);
            }
            case Fault.CutOneWay(Target target, Neighbour neighbour, boolean fromTarget) -> {
                int node = resolve(target);
                int other = neighbour(node, neighbour);
                int from = fromTarget ? node : other;
                int to = fromTarget ? other : node;
                tell(step, "what node-" + from + " sends does not arrive at node-" + to);
                cluster.network().cutOneWay(from, to);
                hold(step);
            }
            case Fault.Delay(Target target, Duration by) -> delay(step, resolve(target), by);
            case Fault.Reset(Target target) -> reset(step, resolve(target));
            case Fault.Wipe(Target target) -> wipe(step, target);
        }
        cluster.network().heal();
        TimeUnit.MILLISECONDS.sleep(step.calm().toMillis());
        awaitProgress();
    }

    private void kill(Step step, List<Integer> nodes) throws Exception {
        tell(step, "kill -9 of " + names(nodes));
        for (int node : nodes) {
            cluster.kill9(node);
        }
        hold(step);
        cluster.startAgain(nodes);
    }

    private void restart(Step step, List<Integer> nodes) throws Exception {
        tell(step, "SIGTERM to " + names(nodes));
        for (int node : nodes) {
            cluster.stop(node);
            cluster.startAgain(List.of(node));
        }
    }

    private void pause(Step step, int node) throws Exception {
        tell(step, "node-" + node + " is paused");
        cluster.pause(node);
        try {
            hold(step);
        } finally {
            cluster.resume(node);
        }
    }

    private void isolate(Step step, int node) throws Exception {
        tell(step, "node-" + node + " is cut off from the others");
        cluster.network().isolate(node);
        hold(step);
    }

    private void delay(Step step, int node, Duration by) throws Exception {
        tell(step, "everything from and to node-" + node + " is " + by.toMillis() + " ms late");
        for (int other : cluster.othersThan(node)) {
            cluster.network().delay(node, other, by);
        }
        cluster.network().delay(node, FaultyNetwork.CLIENTS, by);
        hold(step);
    }

    private void reset(Step step, int node) {
        int count = cluster.network().reset(node, FaultyNetwork.CLIENTS);
        for (int other : cluster.othersThan(node)) {
            count += cluster.network().reset(node, other);
        }
        tell(step, count + " connections of node-" + node + " are reset");
    }

    /** One at a time: a disk may only be lost while the others have what was on it. */
    private void wipe(Step step, Target target) throws Exception {
        for (int node : cluster.nodes()) {
            cluster.view().awaitAllInSync(IN_SYNC_LIMIT, node, topic.name());
        }
        int node = resolve(target);
        tell(step, "kill -9 of node-" + node + ", and its disk is lost");
        cluster.kill9(node);
        cluster.wipe(node);
        hold(step);
        cluster.startAgain(List.of(node));
        cluster.view().awaitAllInSync(IN_SYNC_LIMIT, node, topic.name());
    }

    private static void hold(Step step) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(step.lasts().toMillis());
    }

    private void awaitProgress() {
        long began = System.nanoTime();
        topic.awaitProgress(PROGRESS_LIMIT);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        longestRecovery = took.compareTo(longestRecovery) > 0 ? took : longestRecovery;
    }

    private int resolve(Target target) {
        return switch (target) {
            case NODE_1 -> 1;
            case NODE_2 -> 2;
            case NODE_3 -> 3;
            case PARTITION_LEADER ->
                    whoever(
                            "leads " + topic.name(),
                            asked -> cluster.view().leader(asked, topic.name(), 0));
            case METADATA_LEADER ->
                    whoever("leads the metadata", asked -> cluster.view().raftLeader(asked));
        };
    }

    /** Tells a node's number, as another one knows it. */
    private interface Question {
        OptionalInt ask(int asked) throws Exception;
    }

    private int whoever(String what, Question question) {
        int[] found = new int[1];
        Await.until(
                ANSWER_LIMIT,
                "somebody who " + what,
                () -> {
                    for (int asked : cluster.nodes()) {
                        found[0] = question.ask(asked).orElse(found[0]);
                    }
                    return found[0] > 0;
                });
        return found[0];
    }

    private int neighbour(int node, Neighbour neighbour) {
        List<Integer> others = cluster.othersThan(node);
        return switch (neighbour) {
            case NEXT -> others.getFirst();
            case AFTER_NEXT -> others.getLast();
        };
    }

    private static String names(List<Integer> nodes) {
        return String.join(", ", nodes.stream().map(node -> "node-" + node).toList());
    }

    private void tell(Step step, String what) {
        System.out.printf(
                "%7.1f s  step %d: %s, for %d ms (%s)%n",
                passed().toMillis() / 1e3, steps, what, step.lasts().toMillis(), topic.counts());
    }

    private Duration passed() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    /** What was done, for the end of a run. */
    String summary() {
        return "%d faults in %d s %s; everybody got on at most %d ms after each and its calm; %s"
                .formatted(
                        steps,
                        passed().toSeconds(),
                        counts,
                        longestRecovery.toMillis(),
                        topic.counts());
    }
}
