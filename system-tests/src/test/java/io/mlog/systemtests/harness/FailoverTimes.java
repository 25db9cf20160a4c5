package io.mlog.systemtests.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** How long nothing was acknowledged after each kill, and the table that tells it. One thread. */
public final class FailoverTimes {
    private final List<Failover> all = new ArrayList<>();

    /**
     * One client's wait after one kill.
     *
     * @param metadataLeader whether the killed broker led the metadata, too
     * @param client whose records the killed broker took
     * @param took from the kill to the first acknowledgement of a record sent after it
     */
    public record Failover(boolean metadataLeader, String client, Duration took) {}

    public void add(Failover failover) {
        all.add(failover);
    }

    /** The one in the middle of all. */
    public Duration median() {
        return atShare(sorted(_ -> true), 0.5);
    }

    public Duration worst() {
        return sorted(_ -> true).getLast();
    }

    /** A Markdown table: a line for each client and kind of kill, and one for all. */
    public String table() {
        StringBuilder table =
                new StringBuilder(
                        "| killed | client | kills | median ms | 90 % ms | worst ms |\n|---|---|---|---|---|---|\n");
        for (boolean metadata : new boolean[] {false, true}) {
            all.stream()
                    .map(Failover::client)
                    .distinct()
                    .forEach(client ->
                            line(
                                    table,
                                    metadata
                                            ? "leader, also of the metadata"
                                            : "leader of the partition",
                                    client,
                                    each ->
                                            each.metadataLeader == metadata
                                                    && each.client.equals(client)));
        }
        line(table, "all", "both", _ -> true);
        return table.toString();
    }

    private void line(
            StringBuilder table, String killed, String client, Predicate<Failover> which) {
        List<Duration> times = sorted(which);
        if (!times.isEmpty()) {
            table.append(
                    "| %s | %s | %d | %d | %d | %d |%n"
                            .formatted(
                                    killed,
                                    client,
                                    times.size(),
                                    atShare(times, 0.5).toMillis(),
                                    atShare(times, 0.9).toMillis(),
                                    times.getLast().toMillis()));
        }
    }

    private List<Duration> sorted(Predicate<Failover> which) {
        return all.stream().filter(which).map(Failover::took).sorted().toList();
    }

    private static Duration atShare(List<Duration> sorted, double share) {
        return sorted.get((int) ((sorted.size() - 1) * share));
    }
}
