package io.mlog.client.why;

import io.mlog.protocol.DescribeGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a group is where it is: its members and what they read, who is behind and does not get on,
 * who left and why. One use.
 */
final class GroupWhy {
    /** A member that has records to read and commits nothing for longer is told of. */
    private static final long STANDSTILL_MS = 5_000;

    private static final int MAX_PLACES = 10;
    private static final int MAX_EVENTS = 10;

    private final DescribeGroup.Response group;
    private final List<GroupOverview.Place> places;
    private final long nowMs;
    private final List<String> sentences = new ArrayList<>();

    private GroupWhy(GroupOverview overview, long nowMs) {
        this.group = overview.group();
        this.places = overview.places();
        this.nowMs = nowMs;
    }

    static List<String> sentences(GroupOverview overview, long nowMs) {
        GroupWhy why = new GroupWhy(overview, nowMs);
        why.state();
        why.members();
        why.lag();
        why.events();
        return why.sentences;
    }

    private void state() {
        say(
                "%s is a group of the %s protocol, %s in %s %d; %s coordinates it."
                        .formatted(
                                group.group(),
                                group.groupType().equals("consumer") ? "new (KIP-848)" : "classic",
                                group.state(),
                                group.groupType().equals("consumer") ? "epoch" : "generation",
                                group.epoch(),
                                group.coordinatorNodeId()));
        switch (group.state()) {
            case "Empty" ->
                    say(
                            "It has no members, so nobody reads for it; its committed offsets are kept.");
            case "PreparingRebalance" ->
                    say(
                            "It is waiting for its members to join the next generation; one that does not poll holds the others up until its rebalance timeout.");
            case "CompletingRebalance" ->
                    say("It is waiting for the member that leads it to assign the partitions.");
            case "Assigning", "Reconciling" ->
                    say(
                            "Its partitions are on their way between members; one that does not give partitions up in time is taken out.");
            default -> {}
        }
    }

    private void members() {
        for (DescribeGroup.Member member : group.members()) {
            say(
                    "%s reads %s."
                            .formatted(
                                    name(member),
                                    member.assigned().isEmpty()
                                            ? "nothing: there are more members than partitions, or it has just joined"
                                            : Words.list(
                                                    member.assigned().stream()
                                                            .map(Object::toString)
                                                            .toList())));
        }
    }

    private void lag() {
        long behind = places.stream().mapToLong(each -> each.lag().orElse(0)).sum();
        if (places.isEmpty()) {
            say("It has committed nothing.");
            return;
        }
        if (behind == 0) {
            say("It has read everything that it has committed for.");
        } else {
            say("It is %s behind.".formatted(Words.count(behind, "record")));
        }
        standstills();
        places.stream()
                .filter(each -> each.lag().orElse(0) > 0 && each.member().isEmpty())
                .limit(MAX_PLACES)
                .forEach(each ->
                        say(
                                "%s is %s behind and no member reads it."
                                        .formatted(
                                                each.partition(),
                                                Words.count(each.lag().orElse(0), "record"))));
        places.stream()
                .filter(each -> each.end().isEmpty())
                .limit(MAX_PLACES)
                .forEach(each ->
                        say(
                                "The leader of %s did not tell how far it goes: see mlog why partition %s."
                                        .formatted(each.partition(), each.partition())));
    }

    /** Members that are alive, have something to read, and do not commit. */
    private void standstills() {
        Map<String, List<GroupOverview.Place>> byMember = new LinkedHashMap<>();
        for (GroupOverview.Place place : places) {
            place.member()
                    .ifPresent(member ->
                            byMember.computeIfAbsent(member.memberId(), _ -> new ArrayList<>())
                                    .add(place));
        }
        byMember.values().forEach(this::standstill);
    }

    private void standstill(List<GroupOverview.Place> read) {
        long behind = read.stream().mapToLong(each -> each.lag().orElse(0)).sum();
        Optional<Long> lastMs =
                read.stream()
                        .map(GroupOverview.Place::committedAtMs)
                        .filter(at -> at >= 0)
                        .max(Comparator.naturalOrder());
        String who = name(read.getFirst().member().orElseThrow());
        if (behind > 0 && lastMs.isPresent() && nowMs - lastMs.get() > STANDSTILL_MS) {
            say(
                    "%s is %s behind and has committed nothing for %s, although it gives signs of life: it does not poll, is still busy with what it polled, or does not commit."
                            .formatted(
                                    who,
                                    Words.count(behind, "record"),
                                    Words.span(nowMs - lastMs.get())));
        } else if (behind > 0) {
            say("%s is %s behind.".formatted(who, Words.count(behind, "record")));
        }
        long never =
                read.stream()
                        .filter(each -> each.committed().isEmpty() && each.end().orElse(0) > 0)
                        .count();
        if (never > 0) {
            say(
                    "%s has committed nothing yet for %s with records that it reads."
                            .formatted(who, Words.count(never, "partition")));
        }
    }

    private void events() {
        List<DescribeGroup.Event> events = group.events();
        List<DescribeGroup.Event> last =
                events.subList(Math.max(0, events.size() - MAX_EVENTS), events.size());
        for (DescribeGroup.Event event : last) {
            say("%s ago: %s".formatted(Words.span(nowMs - event.atMs()), event.what()));
        }
    }

    private static String name(DescribeGroup.Member member) {
        String client = member.clientId().isEmpty() ? "a client" : member.clientId();
        return "%s at %s (member %s)".formatted(client, member.host(), member.memberId());
    }

    private void say(String sentence) {
        sentences.add(sentence);
    }
}
