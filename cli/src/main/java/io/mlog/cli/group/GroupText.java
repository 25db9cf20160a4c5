package io.mlog.cli.group;

import io.mlog.cli.terminal.Table;
import io.mlog.client.why.GroupOverview;
import io.mlog.protocol.DescribeGroup;
import io.mlog.protocol.ListGroups;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What is said about consumer groups to people. */
final class GroupText {
    private static final String NONE = "-";

    private GroupText() {}

    static String list(List<ListGroups.Group> groups) {
        if (groups.isEmpty()) {
            return "no groups\n";
        }
        Table table = new Table("GROUP", "TYPE", "STATE", "MEMBERS ARE");
        for (ListGroups.Group group : groups) {
            table.row(
                    group.group(), group.groupType(), group.state(), orNone(group.protocolType()));
        }
        return table.text();
    }

    static String describe(GroupOverview overview) {
        DescribeGroup.Response group = overview.group();
        StringBuilder text =
                new StringBuilder(
                        "group %s   %s   %s   %s %d   assigned by %s   coordinator %s\n"
                                .formatted(
                                        group.group(),
                                        group.groupType(),
                                        group.state(),
                                        group.groupType().equals("classic")
                                                ? "generation"
                                                : "epoch",
                                        group.epoch(),
                                        orNone(group.assignor()),
                                        group.coordinatorNodeId()));
        text.append('\n').append(places(overview));
        text.append('\n').append(members(group));
        if (!group.events().isEmpty()) {
            text.append('\n').append(events(group));
        }
        return text.toString();
    }

    private static String places(GroupOverview overview) {
        List<GroupOverview.Place> places = overview.places();
        if (places.isEmpty()) {
            return "nothing was committed\n";
        }
        Table table =
                new Table("TOPIC", "PARTITION", "OFFSET", "END", "LAG", "COMMITTED", "READ BY");
        for (GroupOverview.Place place : places) {
            table.row(
                    place.partition().topic(),
                    place.partition().partition(),
                    number(place.committed()),
                    number(place.end()),
                    number(place.lag()),
                    place.committedAtMs() < 0 ? NONE : time(place.committedAtMs()),
                    place.member().map(DescribeGroup.Member::memberId).orElse(NONE));
        }
        return table.text();
    }

    private static String members(DescribeGroup.Response group) {
        if (group.members().isEmpty()) {
            return "no members\n";
        }
        Table table = new Table("MEMBER", "INSTANCE", "CLIENT", "HOST", "EPOCH", "READS");
        for (DescribeGroup.Member member : group.members()) {
            table.row(
                    member.memberId(),
                    member.instanceId().orElse(NONE),
                    orNone(member.clientId()),
                    orNone(member.host()),
                    member.epoch(),
                    orNone(
                            member.assigned().stream()
                                    .map(Object::toString)
                                    .collect(Collectors.joining(","))));
        }
        return table.text();
    }

    private static String events(DescribeGroup.Response group) {
        Table table = new Table("TIME", "EPOCH", "WHAT HAPPENED");
        for (DescribeGroup.Event event : group.events()) {
            table.row(time(event.atMs()), event.epoch() < 0 ? NONE : event.epoch(), event.what());
        }
        return table.text();
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : NONE;
    }

    private static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }
}
