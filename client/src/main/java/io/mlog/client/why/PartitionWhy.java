package io.mlog.client.why;

import io.mlog.protocol.DescribeCluster;
import io.mlog.protocol.DescribeTopic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why a partition is as it is: who leads it, who is in sync, what holds the high watermark back,
 * what was refused. One use.
 */
final class PartitionWhy {
    /** Refusals that are older say nothing about the present. */
    private static final long RECENT_MS = 10 * 60_000;

    private static final String MIN_ISR = "min.insync.replicas";
    private static final String UNCLEAN = "unclean.leader.election.enable";

    private final String name;
    private final DescribeTopic.Partition partition;
    private final Map<String, String> configs;
    private final Map<String, DescribeCluster.Node> nodes;
    private final long nowMs;
    private final List<String> sentences = new ArrayList<>();

    private PartitionWhy(
            DescribeTopic.Response topic,
            DescribeTopic.Partition partition,
            DescribeCluster.Response cluster,
            long nowMs) {
        this.name = topic.topic() + "-" + partition.partition();
        this.partition = partition;
        this.configs =
                topic.configs().stream()
                        .filter(config -> config.value().isPresent())
                        .collect(
                                Collectors.toMap(
                                        DescribeTopic.Config::name,
                                        config -> config.value().orElseThrow()));
        this.nodes =
                cluster.nodes().stream()
                        .collect(Collectors.toMap(DescribeCluster.Node::id, Function.identity()));
        this.nowMs = nowMs;
    }

    /**
     * Explains a partition.
     *
     * @param topic as its leaders describe it; a partition's log is missing where its leader did
     *     not answer
     */
    static List<String> sentences(
            DescribeTopic.Response topic,
            DescribeTopic.Partition partition,
            DescribeCluster.Response cluster,
            long nowMs) {
        return new PartitionWhy(topic, partition, cluster, nowMs).explain();
    }

    /** Whether there is nothing to say but that all is well. */
    static boolean isWell(DescribeTopic.Partition partition, DescribeCluster.Response cluster) {
        return partition.leaderNodeId().isPresent()
                && partition.isr().size() == partition.replicas().size()
                && partition.log().filter(DescribeTopic.Log::online).isPresent()
                && cluster.nodes().stream()
                        .filter(node -> partition.replicas().contains(node.id()))
                        .allMatch(node -> node.state().equals("up"));
    }

    private List<String> explain() {
        leader();
        replicas();
        partition.log().filter(_ -> partition.leaderNodeId().isPresent()).ifPresent(this::log);
        return sentences;
    }

    private void leader() {
        if (partition.leaderNodeId().isEmpty()) {
            leaderless();
            return;
        }
        String leader = partition.leaderNodeId().get();
        String address = partition.leaderAddr().map(at -> " at " + at).orElse("");
        say(
                "%s is led by %s%s, in leader epoch %d."
                        .formatted(name, leader, address, partition.leaderEpoch()));
        if (partition.log().isEmpty()) {
            say(
                    "%s did not answer (the metadata says it is %s), so what follows is only what the metadata knows; when it is gone, an in-sync replica is elected in its place."
                            .formatted(leader, state(leader)));
        }
    }

    private void leaderless() {
        say(
                "%s has no leader: it can be neither written nor read until one is elected (the last leader epoch was %d)."
                        .formatted(name, partition.leaderEpoch()));
        List<String> others =
                partition.replicas().stream()
                        .filter(node -> !partition.isr().contains(node))
                        .toList();
        say(
                "Only an in-sync replica may lead, since it has every acknowledged record: %s."
                        .formatted(
                                Words.list(
                                        partition.isr().stream().map(this::withState).toList())));
        say(
                "What to do: start %s again; it leads as soon as it is back, and nothing is lost."
                        .formatted(Words.list(partition.isr())));
        if (!others.isEmpty()) {
            say(
                    "%s may lack acknowledged records and %s lead while %s is %s."
                            .formatted(
                                    Words.list(others.stream().map(this::withState).toList()),
                                    "true".equals(configs.get(UNCLEAN)) ? "may" : "does not",
                                    UNCLEAN,
                                    configs.getOrDefault(UNCLEAN, "false")));
        }
    }

    private void replicas() {
        if (partition.replicas().size() == 1) {
            say(
                    "It has one replica: while %s is down, nobody else has its records."
                            .formatted(only()));
            return;
        }
        List<String> missing =
                partition.replicas().stream()
                        .filter(node -> !partition.isr().contains(node))
                        .toList();
        if (missing.isEmpty()) {
            say("All its replicas are in sync: %s.".formatted(Words.list(partition.isr())));
        } else if (partition.leaderNodeId().isPresent()) {
            say(
                    "In sync: %s, of %s."
                            .formatted(
                                    Words.list(partition.isr()),
                                    Words.count(partition.replicas().size(), "replica")));
            missing.forEach(
                    node -> say("%s is not in sync: %s.".formatted(node, whyMissing(node))));
        }
        minIsr();
    }

    private String only() {
        return partition.replicas().getFirst();
    }

    private String whyMissing(String node) {
        String state = state(node);
        Optional<DescribeTopic.Follower> seen = follower(node);
        String lag =
                seen.map(follower ->
                                ", lacks %s and last kept up %s ago"
                                        .formatted(
                                                Words.count(follower.lag(), "record"),
                                                Words.span(follower.sinceCurrentMs())))
                        .orElse("");
        return state.equals("up")
                ? "its broker is up" + lag + "; it is taken in again once it has caught up"
                : "its broker is %s%s; it catches up when it is back".formatted(state, lag);
    }

    private void minIsr() {
        int min = Integer.parseInt(configs.getOrDefault(MIN_ISR, "1"));
        if (partition.isr().size() < min) {
            say(
                    "%s is %d and %s in sync, so produce with acks=all is refused (NOT_ENOUGH_REPLICAS) until %s more caught up; acks=1 goes on."
                            .formatted(
                                    MIN_ISR,
                                    min,
                                    partition.isr().size()
                                            + " "
                                            + Words.are(partition.isr().size()),
                                    min - partition.isr().size()));
        }
    }

    private void log(DescribeTopic.Log log) {
        if (!log.online()) {
            say("Its log is offline: %s.".formatted(log.problem().orElse("unknown problem")));
        }
        highWatermark(log);
        log.refusals().stream()
                .filter(each -> nowMs - each.lastMs() < RECENT_MS)
                .forEach(this::refused);
    }

    private void highWatermark(DescribeTopic.Log log) {
        long waiting = log.logEndOffset() - log.highWatermark();
        if (waiting <= 0) {
            say(
                    "All %s up to offset %d are committed and can be read."
                            .formatted(
                                    Words.count(
                                            log.logEndOffset() - log.logStartOffset(), "record"),
                                    log.highWatermark()));
            return;
        }
        say(
                "Consumers can read up to offset %d (the high watermark); %s above it %s not committed yet."
                        .formatted(
                                log.highWatermark(),
                                Words.count(waiting, "record"),
                                Words.are((int) Math.min(2, waiting))));
        List<DescribeTopic.Follower> holding =
                log.followers().stream()
                        .filter(each -> partition.isr().contains(each.nodeId()) && each.lag() > 0)
                        .sorted(Comparator.comparingLong(DescribeTopic.Follower::lag).reversed())
                        .toList();
        holding.forEach(this::holds);
        if (log.flushedOffset() < log.logEndOffset() && holding.isEmpty()) {
            say(
                    "The leader's own disk holds it back: it is flushed up to offset %d."
                            .formatted(log.flushedOffset()));
        } else if (holding.isEmpty()) {
            say("The in-sync replicas have them and are about to confirm it.");
        }
    }

    private void holds(DescribeTopic.Follower follower) {
        say(
                "%s holds it back: it counts as in sync, but lacks %s and last kept up %s ago; its broker is %s. %s"
                        .formatted(
                                follower.nodeId(),
                                Words.count(follower.lag(), "record"),
                                Words.span(follower.sinceCurrentMs()),
                                state(follower.nodeId()),
                                "When it does not catch up it is taken out of the in-sync replicas, and the others go on without it."));
    }

    private void refused(DescribeTopic.Refusals refusals) {
        say(
                "Refused: %s with %s, last %s ago: %s"
                        .formatted(
                                Words.count(refusals.count(), "request"),
                                refusals.code(),
                                Words.span(nowMs - refusals.lastMs()),
                                refusals.message()));
    }

    private Optional<DescribeTopic.Follower> follower(String node) {
        return partition
                .log()
                .flatMap(log ->
                        log.followers().stream()
                                .filter(each -> each.nodeId().equals(node))
                                .findFirst());
    }

    private String withState(String node) {
        return "%s (%s)".formatted(node, state(node));
    }

    private String state(String node) {
        DescribeCluster.Node known = nodes.get(node);
        return known == null ? "not in the cluster any more" : known.state();
    }

    private void say(String sentence) {
        sentences.add(sentence);
    }
}
