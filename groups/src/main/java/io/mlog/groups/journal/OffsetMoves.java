package io.mlog.groups.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Offsets of one group that one batch of records moved unusually, for one sentence about them. */
final class OffsetMoves {
    private static final int NAMED = 5;

    private final List<String> named = new ArrayList<>();
    private int moves;
    private boolean deleted;

    void moved(String topic, int partition, long from, long to) {
        add(topic + "-" + partition + " from " + from + " to " + to);
    }

    void deleted(String topic, int partition, long from) {
        deleted = true;
        add(topic + "-" + partition + ", which was " + from);
    }

    private void add(String move) {
        moves++;
        if (named.size() < NAMED) {
            named.add(move);
        }
    }

    /** What happened. */
    String sentence(String who) {
        String more = moves > named.size() ? " and " + (moves - named.size()) + " more" : "";
        return named.stream()
                .collect(
                        Collectors.joining(
                                "; ",
                                (deleted ? "offsets deleted" : "offsets set") + who + ": ",
                                more));
    }
}
