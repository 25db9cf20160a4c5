package io.mlog.client.why;

import io.mlog.model.TopicPartition;
import io.mlog.protocol.DescribeGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * A group, with how far the partitions that it reads go.
 *
 * @param group as its coordinator describes it
 * @param ends high watermarks, by partition; one that did not answer is missing
 */
public record GroupOverview(DescribeGroup.Response group, Map<TopicPartition, Long> ends) {
    public GroupOverview {
        ends = Map.copyOf(ends);
    }

    /**
     * A partition as the group has it.
     *
     * @param committed the next offset to read; empty when nothing was committed
     * @param committedAtMs when that was, ms since the epoch; -1 when unknown
     * @param end its high watermark; empty when unknown
     * @param member who reads it; empty when nobody does
     */
    public record Place(
            TopicPartition partition,
            OptionalLong committed,
            long committedAtMs,
            OptionalLong end,
            Optional<DescribeGroup.Member> member) {
        /** Records that are left to read, as far as it is known. */
        public OptionalLong lag() {
            return committed.isPresent() && end.isPresent()
                    ? OptionalLong.of(Math.max(0, end.getAsLong() - committed.getAsLong()))
                    : OptionalLong.empty();
        }
    }

    /** Every partition that the group has committed for or that a member reads, in order. */
    public List<Place> places() {
        Map<TopicPartition, DescribeGroup.Offset> offsets = new HashMap<>();
        group.offsets().forEach(each -> offsets.put(each.partition(), each));
        Map<TopicPartition, DescribeGroup.Member> readers = new HashMap<>();
        group.members().forEach(each -> each.assigned().forEach(of -> readers.put(of, each)));
        TreeSet<TopicPartition> all =
                new TreeSet<>(
                        Comparator.comparing(TopicPartition::topic)
                                .thenComparingInt(TopicPartition::partition));
        all.addAll(offsets.keySet());
        all.addAll(readers.keySet());
        List<Place> places = new ArrayList<>();
        for (TopicPartition each : all) {
            DescribeGroup.Offset offset = offsets.get(each);
            Long end = ends.get(each);
            places.add(
                    new Place(
                            each,
                            offset == null
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(offset.offset()),
                            offset == null ? -1 : offset.committedAtMs(),
                            end == null ? OptionalLong.empty() : OptionalLong.of(end),
                            Optional.ofNullable(readers.get(each))));
        }
        return places;
    }
}
